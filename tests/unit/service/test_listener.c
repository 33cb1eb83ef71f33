/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cmocka.h>

#include "scratch.h"
#include "service/listener.h"

static int open_good(const char *address, struct arena *arena, struct str *name)
{
    struct fault fault = {0};
    int fd = listener_open(str_of(address), &fault);
    if (fd < 0)
        fail_msg("%s", fault.text);
    assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    *name = listener_name(fd, arena);
    return fd;
}

static void assert_refused(const char *address, const char *expected)
{
    struct fault fault = {0};
    assert_int_equal(listener_open(str_of(address), &fault), -1);
    assert_string_equal(fault.text, expected);
}

static void a_free_port_is_named(void **state UNUSED)
{
    struct arena arena;
    struct str name;
    arena_init(&arena);
    int fd = open_good("127.0.0.1:0", &arena, &name);
    assert_true(str_has_prefix(name, STR("127.0.0.1:")));
    assert_false(str_is(name, STR("127.0.0.1:0")));
    close(fd);
    fd = open_good("localhost:0", &arena, &name);
    close(fd);
    arena_fini(&arena);
}

static void a_busy_port_is_told(void **state UNUSED)
{
    struct arena arena;
    struct str name;
    arena_init(&arena);
    int fd = open_good("127.0.0.1:0", &arena, &name);
    struct str expected = arena_print(
        &arena,
        "cannot listen on " STR_FMT ": Address already in use; another palier? "
        "choose another with --listen",
        STR_ARG(name));
    assert_refused(name.at, expected.at);
    close(fd);
    arena_fini(&arena);
}

static void a_unix_socket(void **state UNUSED)
{
    struct arena arena;
    struct str name;
    arena_init(&arena);
    int fd = open_good("unix:s.sock", &arena, &name);
    assert_true(str_is(name, STR("unix:s.sock")));
    assert_refused("unix:s.sock",
                   "cannot listen on unix:s.sock: Address already in use");
    close(fd); /* the file stays behind, as after a crash */
    fd = open_good("unix:s.sock", &arena, &name);
    close(fd);
    arena_fini(&arena);
}

static void a_file_in_the_way_is_kept(void **state UNUSED)
{
    scratch_write("s.sock", "precious");
    assert_refused("unix:s.sock",
                   "cannot listen on unix:s.sock: Address already in use");
    assert_int_equal(access("s.sock", F_OK), 0);
}

static void bad_addresses(void **state UNUSED)
{
    assert_refused("127.0.0.1", "cannot listen on 127.0.0.1: expected "
                                "ADDR:PORT or [ADDR]:PORT");
    assert_refused("127.0.0.1:x", "cannot listen on 127.0.0.1:x: expected "
                                  "ADDR:PORT or [ADDR]:PORT");
    assert_refused("127.0.0.1:65536",
                   "cannot listen on 127.0.0.1:65536: expected ADDR:PORT or "
                   "[ADDR]:PORT");
    assert_refused(":7411",
                   "cannot listen on :7411: expected ADDR:PORT or [ADDR]:PORT");
    assert_refused("::1:7411", "cannot listen on ::1:7411: expected ADDR:PORT "
                               "or [ADDR]:PORT");
    assert_refused("unix:",
                   "cannot listen on unix:: expected a path of 1 to 107 bytes");
}

static void who_can_reach_it(void **state UNUSED)
{
    static const char *const local[] = {"127.0.0.1:7411", "127.9.9.9:1",
                                        "[::1]:7411", "unix:/tmp/x"};
    static const char *const open[] = {"0.0.0.0:7411", "[::]:7411",
                                       "192.0.2.1:7411", "nonsense", ""};
    for (size_t i = 0; i < COUNT_OF(local); i++)
        assert_true(listener_is_local(str_of(local[i])));
    for (size_t i = 0; i < COUNT_OF(open); i++)
        assert_false(listener_is_local(str_of(open[i])));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_free_port_is_named), TEST(a_busy_port_is_told),
        TEST(a_unix_socket),        TEST(a_file_in_the_way_is_kept),
        TEST(bad_addresses),        TEST(who_can_reach_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
