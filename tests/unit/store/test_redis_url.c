/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "store/redis_url.h"

struct good {
    const char *text;
    enum redis_url_kind kind;
    const char *place;
    int port, db;
    const char *user, *password;
};

static const struct good goods[] = {
    {"redis://localhost", REDIS_URL_TCP, "localhost", 6379, 0, NULL, NULL},
    {"redis://127.0.0.1:1", REDIS_URL_TCP, "127.0.0.1", 1, 0, NULL, NULL},
    {"redis://h:65535/15", REDIS_URL_TCP, "h", 65535, 15, NULL, NULL},
    {"redis://h/3", REDIS_URL_TCP, "h", 6379, 3, NULL, NULL},
    {"redis://h/", REDIS_URL_TCP, "h", 6379, 0, NULL, NULL},
    {"redis://:pw@h", REDIS_URL_TCP, "h", 6379, 0, NULL, "pw"},
    {"redis://u:pw@h:7/1", REDIS_URL_TCP, "h", 7, 1, "u", "pw"},
    {"redis://u:p%40%2f%25@h", REDIS_URL_TCP, "h", 6379, 0, "u", "p@/%"},
    {"redis://:a@b/c:d@h", REDIS_URL_TCP, "h", 6379, 0, NULL, "a@b/c:d"},
    {"redis://[::1]", REDIS_URL_TCP, "::1", 6379, 0, NULL, NULL},
    {"redis://[::1]:7/2", REDIS_URL_TCP, "::1", 7, 2, NULL, NULL},
    {"unix:/run/redis.sock", REDIS_URL_UNIX, "/run/redis.sock", 0, 0, NULL,
     NULL},
    {"unix:r.sock", REDIS_URL_UNIX, "r.sock", 0, 0, NULL, NULL},
};

static const char *const bads[] = {
    "",
    "redis:/h",
    "http://h",
    "localhost:6379",
    "redis://",
    "redis://:6379",
    "redis:///1",
    "redis://h:0",
    "redis://h:65536",
    "redis://h:x",
    "redis://h:",
    "redis://h/x",
    "redis://h/-1",
    "redis://h/1/2",
    "redis://pw@h",
    "redis://:@h",
    "redis://:p%4@h",
    "redis://:p%zz@h",
    "redis://:p%00@h",
    "redis://u%:p@h",
    "redis://[::1",
    "redis://[]:1",
    "redis://[::1]x",
    "redis://a b\n",
    "unix:",
};

static void same_text(const char *a, const char *b)
{
    if (!a || !b)
        assert_ptr_equal(a, b);
    else
        assert_string_equal(a, b);
}

static void test_good(void **state)
{
    struct redis_url url;
    struct fault fault;

    assert_null(*state);
    for (size_t i = 0; i < COUNT_OF(goods); i++) {
        const struct good *good = &goods[i];

        if (!redis_url_init(&url, str_of(good->text), &fault))
            fail_msg("%s: %s", good->text, fault.text);
        assert_int_equal(url.kind, good->kind);
        assert_int_equal(url.port, good->port);
        assert_int_equal(url.db, good->db);
        same_text(url.place, good->place);
        same_text(url.user, good->user);
        same_text(url.password, good->password);
        redis_url_fini(&url);
    }
}

static void test_bad(void **state)
{
    struct redis_url url;
    struct fault fault;

    assert_null(*state);
    for (size_t i = 0; i < COUNT_OF(bads); i++) {
        if (redis_url_init(&url, str_of(bads[i]), &fault))
            fail_msg("accepted: %s", bads[i]);
        assert_int_equal(fault.code, FAULT_INVALID);
        assert_non_null(strstr(fault.text, "expected"));
        assert_null(url.place);
    }
}

static void test_path_limit(void **state)
{
    char text[128] = "unix:";
    struct redis_url url;
    struct fault fault;

    assert_null(*state);
    memset(text + 5, 'a', 107);
    assert_true(redis_url_init(&url, str_of(text), &fault));
    redis_url_fini(&url);
    memset(text + 5, 'a', 108);
    assert_false(redis_url_init(&url, str_of(text), &fault));
}

static void test_password_is_not_shown(void **state)
{
    struct redis_url url;
    struct fault fault;

    assert_null(*state);
    assert_false(redis_url_init(&url, STR("redis://u:secret@h:x"), &fault));
    assert_null(strstr(fault.text, "secret"));
    assert_false(redis_url_init(&url, STR("redis://secret@h"), &fault));
    assert_null(strstr(fault.text, "secret"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_path_limit),
        cmocka_unit_test(test_password_is_not_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
