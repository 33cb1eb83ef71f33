/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/address.h"

static void assert_parts(const char *text, const char *host, int64_t port)
{
    struct address address;
    if (!address_split(str_of(text), &address))
        fail_msg("\"%s\" was not taken", text);
    assert_false(address.is_unix);
    if (!str_is(address.host, str_of(host)))
        fail_msg("\"%s\": host " STR_FMT, text, STR_ARG(address.host));
    assert_int_equal(address.port, port);
}

static void hosts_and_ports(void **state UNUSED)
{
    assert_parts("127.0.0.1:7411", "127.0.0.1", 7411);
    assert_parts("localhost:0", "localhost", 0);
    assert_parts("localhost:65535", "localhost", 65535);
    assert_parts("localhost", "localhost", ADDRESS_NO_PORT);
    assert_parts("[::1]:7411", "::1", 7411);
    assert_parts("[::1]", "::1", ADDRESS_NO_PORT);
    assert_parts("h", "h", ADDRESS_NO_PORT);
}

static void paths(void **state UNUSED)
{
    static const char *const names[] = {"unix:a", "unix:/run/p:1", "unix:[::1]",
                                        "unix:unix:"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct address address;
        assert_true(address_split(str_of(names[i]), &address));
        assert_true(address.is_unix);
        assert_true(str_is(address.host, str_of(names[i] + 5)));
    }
}

static void what_is_no_address(void **state UNUSED)
{
    static const char *const names[] = {
        "",        ":",         ":7411",   "h:",      "h:x",
        "h:65536", "h:-1",      "h:1:2",   "::1",     "::1:7411",
        "[]:1",    "[::1:7411", "[::1]x:", "[::1]:x", "unix:",
    };
    struct address address;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (address_split(str_of(names[i]), &address))
            fail_msg("\"%s\" was taken", names[i]);
}

static void a_place_holds_no_secret(void **state UNUSED)
{
    static const char *const rows[][2] = {
        {"redis://user:secret@host:6379/0", "host:6379/0"},
        {"redis://:sec@ret@host", "host"},
        {"redis://host:6379", "redis://host:6379"},
        {"user:secret@host", "host"},
        {"unix:/run/p@q.sock", "unix:/run/p@q.sock"},
        {"@", ""},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str place = address_place(str_of(rows[i][0]));
        if (!str_is(place, str_of(rows[i][1])))
            fail_msg("%s: " STR_FMT, rows[i][0], STR_ARG(place));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_and_ports),
        cmocka_unit_test(paths),
        cmocka_unit_test(what_is_no_address),
        cmocka_unit_test(a_place_holds_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
