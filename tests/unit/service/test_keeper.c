/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * With a real redis-server. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cmocka.h>

#include "scratch.h"
#include "service/keeper.h"

struct bench {
    struct event_base *base;
    struct keeper *keeper;
};

static struct bench start(const char *data)
{
    struct fault fault = {0};
    struct bench bench = {event_base_new(), NULL};
    bench.keeper = keeper_start(bench.base, data, &fault);
    if (!bench.keeper)
        fail_msg("%s", fault.text);
    return bench;
}

static void stop(struct bench *bench)
{
    keeper_stop(bench->keeper);
    event_base_free(bench->base);
}

/* A connected socket, or -1. */
static int try_connect(const struct bench *bench)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const char *url = keeper_url(bench->keeper);
    assert_true(str_has_prefix(str_of(url), STR("unix:")));
    snprintf(at.sun_path, sizeof at.sun_path, "%s", url + 5);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (!connect(fd, (const void *)&at, sizeof at))
        return fd;
    close(fd);
    return -1;
}

/* What it says now; empty where it does not, or is still reading its files. */
static void try_ask(const struct bench *bench, const char *query, char *answer,
                    size_t size)
{
    answer[0] = 0;
    int fd = try_connect(bench);
    if (fd < 0)
        return;
    ssize_t n = 0;
    if (send(fd, query, strlen(query), MSG_NOSIGNAL) > 0)
        n = read(fd, answer, size - 1);
    answer[n > 0 ? n : 0] = 0;
    if (str_has_prefix(str_of(answer), STR("-LOADING")))
        answer[0] = 0;
    close(fd);
}

static void ask(const struct bench *bench, const char *query,
                const char *expected)
{
    int64_t until = clock_ms() + 10000;
    char answer[256] = "";
    while (!answer[0] && clock_ms() < until) {
        scratch_idle(bench->base, 10);
        try_ask(bench, query, answer, sizeof answer);
    }
    assert_string_equal(answer, expected);
}

static void it_runs_and_keeps(void **state UNUSED)
{
    struct bench bench = start("data");
    ask(&bench, "PING\r\n", "+PONG\r\n");
    ask(&bench, "SET k v\r\n", "+OK\r\n");
    ask(&bench, "CONFIG GET appendfsync\r\n",
        "*2\r\n$11\r\nappendfsync\r\n$6\r\nalways\r\n");
    ask(&bench, "CONFIG GET save\r\n", "*2\r\n$4\r\nsave\r\n$0\r\n\r\n");
    stop(&bench);
    bench = start("data");
    ask(&bench, "GET k\r\n", "$1\r\nv\r\n");
    stop(&bench);
}

/* Who listens; 0: nobody. */
static pid_t child_of(const struct bench *bench)
{
    struct ucred peer = {0};
    socklen_t len = sizeof peer;
    int fd = try_connect(bench);
    if (fd < 0)
        return 0;
    assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len), 0);
    close(fd);
    return peer.pid;
}

static void it_is_started_again(void **state UNUSED)
{
    struct bench bench = start("data");
    ask(&bench, "SET k v\r\n", "+OK\r\n");
    pid_t first = child_of(&bench);
    assert_int_not_equal(first, 0);
    assert_int_equal(kill(first, SIGKILL), 0);
    /* Until it is gone it may still take a connection. */
    while (child_of(&bench) == first)
        scratch_idle(bench.base, 10);
    ask(&bench, "GET k\r\n", "$1\r\nv\r\n");
    assert_int_not_equal(child_of(&bench), first);
    stop(&bench);
}

static void a_deep_folder_works(void **state UNUSED)
{
    char path[256] = ".";
    for (int i = 0; i < 15; i++) {
        snprintf(path + strlen(path), sizeof path - strlen(path), "/%s",
                 "eleven_long");
        assert_int_equal(mkdir(path, 0700), 0);
    }
    struct bench bench = start(path);
    assert_true(strlen(path) > sizeof((struct sockaddr_un *)0)->sun_path);
    ask(&bench, "PING\r\n", "+PONG\r\n");
    stop(&bench);
}

static void a_folder_that_cannot_be_made(void **state UNUSED)
{
    struct fault fault = {0};
    struct event_base *base = event_base_new();
    assert_null(keeper_start(base, "no/such/parent", &fault));
    assert_string_equal(fault.text, "data folder no/such/parent: No such file "
                                    "or directory");
    scratch_write("file", "x");
    assert_null(keeper_start(base, "file", &fault));
    assert_string_equal(fault.text, "data folder file: Not a directory");
    event_base_free(base);
}

static void on_time(evutil_socket_t fd UNUSED, short what UNUSED, void *base)
{
    event_base_loopbreak(base);
}

static void waiting_for_the_lock_can_be_broken_off(void **state UNUSED)
{
    struct fault fault = {0};
    struct event_base *base = event_base_new();
    struct timeval soon = {0, 50000};
    assert_int_equal(mkdir("data", 0700), 0);
    int lock = open("data/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(flock(lock, LOCK_EX), 0);
    assert_int_equal(
        event_base_once(base, -1, EV_TIMEOUT, on_time, base, &soon), 0);
    assert_null(keeper_start(base, "data", &fault));
    assert_string_equal(fault.text, "asked to end");
    close(lock);
    event_base_free(base);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_runs_and_keeps),
        TEST(it_is_started_again),
        TEST(a_deep_folder_works),
        TEST(a_folder_that_cannot_be_made),
        TEST(waiting_for_the_lock_can_be_broken_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
