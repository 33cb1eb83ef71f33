/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "store/redis_command.h"

static void expect_arg(struct redis_command *command, size_t i, struct str arg)
{
    const char **at = redis_command_args(command);

    assert_int_equal(command->lens[i], arg.len);
    assert_memory_equal(at[i], arg.at, arg.len);
}

static void test_args(void **state)
{
    struct redis_command command;

    assert_null(*state);
    redis_command_init(&command);
    redis_command_add(&command, STR("SET"));
    redis_command_add(&command, STR(""));
    redis_command_add(&command, (struct str){"a\0b", 3});
    redis_command_add_int(&command, INT64_MIN);
    buf_add(&command.bytes, STR("pre"));
    buf_add(&command.bytes, STR("fix"));
    redis_command_close_arg(&command);
    assert_int_equal(command.n, 5);
    expect_arg(&command, 0, STR("SET"));
    expect_arg(&command, 1, STR(""));
    expect_arg(&command, 2, (struct str){"a\0b", 3});
    expect_arg(&command, 3, STR("-9223372036854775808"));
    expect_arg(&command, 4, STR("prefix"));
    assert_int_equal(redis_command_bytes(&command), 3 + 3 + 20 + 6);
    redis_command_fini(&command);
}

/* The bytes move while it grows; the arguments do not change. */
static void test_many(void **state)
{
    struct redis_command command;
    char text[16];

    assert_null(*state);
    redis_command_init(&command);
    for (int i = 0; i < 5000; i++)
        redis_command_add_int(&command, i);
    assert_int_equal(command.n, 5000);
    for (int i = 0; i < 5000; i += 499) {
        snprintf(text, sizeof(text), "%d", i);
        expect_arg(&command, (size_t)i, str_of(text));
    }
    redis_command_fini(&command);
}

static void test_only_empty(void **state)
{
    struct redis_command command;

    assert_null(*state);
    redis_command_init(&command);
    redis_command_add(&command, (struct str){NULL, 0});
    assert_non_null(redis_command_args(&command)[0]);
    assert_int_equal(command.lens[0], 0);
    redis_command_fini(&command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_args),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_only_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
