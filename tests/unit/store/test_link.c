/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Greetings and attempts: over TCP, with a password, to a database; refused;
 * to nobody. */
#include "with_redis.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "store/inside.h"

/* A port that nobody listens on, just now. */
static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static void reopen(struct rig *rig, const char *url)
{
    store_close(rig->store);
    rig->readies = rig->losses = 0;
    rig->options.url = url;
    rig_open_store(rig);
}

static void listen_on(struct rig *rig, int port)
{
    freeReplyObject(rig_ask(rig, "CONFIG SET port %d", port));
}

static void test_tcp(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome;
    int port = free_port();
    char url[64];

    listen_on(rig, port);
    snprintf(url, sizeof(url), "redis://127.0.0.1:%d/3", port);
    reopen(rig, url);
    rig_wait(rig, rig_is_ready, rig);
    rig_change_now(rig, "SET p kind reseller", &outcome);
    assert_int_equal(outcome.result, STORE_OK);
    rig_expect(rig, "EXISTS palier:{demo}:partner:p", "0");
    rig_do(rig, "SELECT 3");
    rig_expect(rig, "EXISTS palier:{demo}:partner:p", "1");
    rig_do(rig, "SELECT 0");
}

static void test_password(void **state)
{
    struct rig *rig = *state;
    int port = free_port();
    char url[64];

    listen_on(rig, port);
    rig_do(rig, "ACL SETUSER ann on >s@cret ~* &* +@all");
    rig_do(rig, "CONFIG SET requirepass other");
    snprintf(url, sizeof(url), "redis://ann:s%%40cret@127.0.0.1:%d", port);
    rig->options.feed = true;
    reopen(rig, url);
    rig_wait(rig, rig_is_ready, rig);
    snprintf(url, sizeof(url), "redis://:other@localhost:%d", port);
    reopen(rig, url);
    rig_wait(rig, rig_is_ready, rig);
    rig->options.feed = false;
    freeReplyObject(rig_ask(rig, "CONFIG SET requirepass %s", ""));
}

static bool has_tried_thrice(void *arg)
{
    return ((struct rig *)arg)->store->link.generation > 3;
}

static void expect_refused(struct rig *rig, const char *url)
{
    reopen(rig, url);
    rig_wait(rig, has_tried_thrice, rig);
    assert_int_equal(rig->readies, 0);
    assert_false(store_is_ready(rig->store));
}

/* Wrong password, wrong database, nobody there: tried for ever, never ready. */
static void test_refused(void **state)
{
    struct rig *rig = *state;
    int port = free_port(), nobody = free_port();
    char url[64];

    listen_on(rig, port);
    snprintf(url, sizeof(url), "redis://:wrong@127.0.0.1:%d", port);
    rig_do(rig, "CONFIG SET requirepass other");
    expect_refused(rig, url);
    freeReplyObject(rig_ask(rig, "CONFIG SET requirepass %s", ""));
    snprintf(url, sizeof(url), "redis://127.0.0.1:%d/9999", port);
    expect_refused(rig, url);
    snprintf(url, sizeof(url), "redis://127.0.0.1:%d", nobody);
    expect_refused(rig, url);
    expect_refused(rig, "unix:/nonexistent/redis.sock");
    reopen(rig, rig->url);
    rig_wait(rig, rig_is_ready, rig);
}

/* A server that accepts and says nothing: the greeting has a deadline. */
static void test_silent_server(void **state)
{
    struct rig *rig = *state;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char url[64];

    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    snprintf(url, sizeof(url), "redis://127.0.0.1:%d", ntohs(address.sin_port));
    rig->options.call_ms = 20;
    expect_refused(rig, url);
    rig->options.call_ms = WAIT_MS;
    reopen(rig, rig->url);
    rig_wait(rig, rig_is_ready, rig);
    close(fd);
}

static void test_bad_url(void **state)
{
    struct rig *rig = *state;
    struct store_options options = rig->options;
    struct store_events events = {0};
    struct fault fault;

    options.url = "http://h";
    assert_null(store_open(rig->base, &options, &events, &fault));
    assert_int_equal(fault.code, FAULT_INVALID);
    options.url = NULL;
    assert_null(store_open(rig->base, &options, &events, &fault));
    store_close(NULL);
}

static int setup(void **state)
{
    static struct rig rig; /* of this program's tests, one after the other */

    rig_init(&rig);
    rig_start(&rig);
    *state = &rig;
    return 0;
}

static int teardown(void **state)
{
    rig_fini(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tcp),     cmocka_unit_test(test_password),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_silent_server),
        cmocka_unit_test(test_bad_url),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
