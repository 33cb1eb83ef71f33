/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Bytes to commands. Each input is parsed in one piece, cut in two at every
 * place, and byte by byte, always from fresh memory that is gone afterwards:
 * the answers must be the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "resp/resp.h"

/* What a parser answered to a run of bytes, written down. */
struct answer {
    struct buf text;
};

static void note_command(struct answer *answer, const struct resp_parser *p)
{
    buf_print(&answer->text, "(%zu", p->argc);
    for (size_t i = 0; i < p->argc; i++) {
        buf_print(&answer->text, " %zu:", p->args[i].len);
        buf_add(&answer->text, p->args[i]);
    }
    buf_add_byte(&answer->text, ')');
}

/* The bytes `given` so far lie in memory of exactly their size, elsewhere each
 * time. True while more may follow. */
static bool feed(struct resp_parser *p, struct str given, size_t *dropped,
                 struct answer *answer)
{
    char *copy = mem_copy(given.at, given.len);
    enum resp_result result = RESP_COMMAND;
    while (result == RESP_COMMAND) {
        size_t used = 0;
        struct str left = {copy + *dropped, given.len - *dropped};
        result = resp_parse(p, left, &used);
        if (result == RESP_COMMAND) {
            assert_in_range(used, 1, left.len);
            note_command(answer, p);
            *dropped += used;
        }
    }
    if (result == RESP_BAD)
        buf_print(&answer->text, "!%s", p->error);
    free(copy);
    return result == RESP_MORE;
}

/* Cut at `first`, then every `step` bytes. */
static void parse(struct str bytes, size_t first, size_t step,
                  const struct resp_limits *limits, struct answer *answer)
{
    struct resp_parser p;
    resp_parser_init(&p);
    p.limits = limits;
    size_t dropped = 0;
    bool more = true;
    for (size_t end = first; more && end < bytes.len; end += step)
        more = feed(&p, str_part(bytes, 0, end), &dropped, answer);
    if (more)
        more = feed(&p, bytes, &dropped, answer);
    if (more && dropped < bytes.len)
        buf_add(&answer->text, STR("..."));
    resp_parser_fini(&p);
}

static void check(struct str bytes, size_t first, size_t step,
                  const struct resp_limits *limits, struct str expected)
{
    struct answer answer;
    buf_init(&answer.text);
    parse(bytes, first, step, limits, &answer);
    if (!str_is(buf_peek(&answer.text), expected))
        fail_msg("cut at %zu, then each %zu: '" STR_FMT "', not '" STR_FMT "'",
                 first, step, STR_ARG(buf_peek(&answer.text)),
                 STR_ARG(expected));
    buf_fini(&answer.text);
}

static void expect_with(const struct resp_limits *limits, struct str bytes,
                        struct str expected)
{
    check(bytes, bytes.len, 1, limits, expected);
    check(bytes, 0, 1, limits, expected);
    for (size_t at = 0; at <= bytes.len; at++)
        check(bytes, at, bytes.len + 1, limits, expected);
}

#define EXPECT(bytes, expected)                                                \
    expect_with(&resp_limits_open, STR(bytes), STR(expected))
#define EXPECT_BEFORE_AUTH(bytes, expected)                                    \
    expect_with(&resp_limits_before_auth, STR(bytes), STR(expected))

static void commands_with_a_count(void **state UNUSED)
{
    EXPECT("*2\r\n$4\r\nTIER\r\n$9\r\nnorthwind\r\n", "(2 4:TIER 9:northwind)");
    EXPECT("*1\r\n$0\r\n\r\n", "(1 0:)");
    EXPECT("*2\r\n$2\r\n\r\n\r\n$3\r\na\0b\r\n", "(2 2:\r\n 3:a\0b)");
    EXPECT("*3\r\n$1\r\n*\r\n$1\r\n$\r\n$2\r\n*1\r\n", "(3 1:* 1:$ 2:*1)");
    EXPECT("*1\r\n$12\r\nabcdefghijkl\r\n", "(1 12:abcdefghijkl)");
}

static void many_commands_in_a_row(void **state UNUSED)
{
    EXPECT("*1\r\n$4\r\nPING\r\nPING\r\n*0\r\n*1\r\n$1\r\na\r\n\r\nb c\n*1",
           "(1 4:PING)(1 4:PING)(0)(1 1:a)(0)(2 1:b 1:c)...");
}

static void a_count_of_nothing_is_an_empty_command(void **state UNUSED)
{
    EXPECT("*0\r\n", "(0)");
    EXPECT("*-1\r\n", "(0)");
    EXPECT("*-10\r\n", "(0)");
    EXPECT("*-9223372036854775808\r\n*0\r\n", "(0)(0)");
}

static void what_is_not_whole_waits(void **state UNUSED)
{
    EXPECT("", "");
    EXPECT("*", "...");
    EXPECT("*1\r", "...");
    EXPECT("*1\r\n", "...");
    EXPECT("*1\r\n$", "...");
    EXPECT("*1\r\n$3\r\nabc", "...");
    EXPECT("*1\r\n$3\r\nabc\r", "...");
    EXPECT("*1\r\n$3\r\nabX", "...");
    EXPECT("PING", "...");
    EXPECT("PING\r", "...");
    EXPECT("\"", "...");
}

static void a_count_that_is_none_is_refused(void **state UNUSED)
{
    const char *wrong[] = {"*3000000000",
                           "*1048577",
                           "*x",
                           "*",
                           "*1a",
                           "*+1",
                           "* 1",
                           "*01",
                           "*00",
                           "*-",
                           "*-0",
                           "*1.0",
                           "*12345678",
                           "*1\n*1",
                           "**1",
                           "*1 ",
                           "*99999999999999999999",
                           "*1\rX"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        char text[64];
        int n = snprintf(text, sizeof(text), "%s\r\n$1\r\n", wrong[i]);
        expect_with(&resp_limits_open, (struct str){text, (size_t)n},
                    STR("!Protocol error: invalid multibulk length"));
    }
}

static void a_length_that_is_none_is_refused(void **state UNUSED)
{
    const char *wrong[] = {
        "$-1",         "$-10", "$",   "$x",  "$+1",   "$1048577",
        "$2000000000", "$ 1",  "$01", "$1a", "$1\rX", "$99999999999999999999"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        char text[64];
        int n = snprintf(text, sizeof(text), "*1\r\n%s\r\na", wrong[i]);
        expect_with(&resp_limits_open, (struct str){text, (size_t)n},
                    STR("!Protocol error: invalid bulk length"));
    }
}

static void an_argument_must_end_where_it_says(void **state UNUSED)
{
    EXPECT("*1\r\n$3\r\nabcd\r\n", "!Protocol error: invalid bulk length");
    EXPECT("*1\r\n$3\r\nab\r\n*1\r\n", "!Protocol error: invalid bulk length");
    EXPECT("*1\r\n$3\r\nabc\rX", "!Protocol error: invalid bulk length");
    EXPECT("*1\r\n$3\r\nabc\n\n", "!Protocol error: invalid bulk length");
}

static void only_bulk_strings_are_arguments(void **state UNUSED)
{
    EXPECT("*1\r\nfoo\r\n", "!Protocol error: expected '$', got 'f'");
    EXPECT("*2\r\n$1\r\na\r\n:1\r\n", "!Protocol error: expected '$', got ':'");
    EXPECT("*1\r\n*1\r\n", "!Protocol error: expected '$', got '*'");
    EXPECT("*1\r\n\r\n", "!Protocol error: expected '$', got ' '");
    EXPECT("*1\r\n\0", "!Protocol error: expected '$', got ' '");
    EXPECT("*1\r\n\xff", "!Protocol error: expected '$', got ' '");
}

static void inline_commands(void **state UNUSED)
{
    EXPECT("TIER northwind\r\n", "(2 4:TIER 9:northwind)");
    EXPECT("TIER northwind\n", "(2 4:TIER 9:northwind)");
    EXPECT("\n\r\n \t\n", "(0)(0)(0)");
    EXPECT("\r\r\n", "(0)");
    EXPECT("set x \"a \\x41\\n\" 'b'\n", "(4 3:set 1:x 4:a A\n 1:b)");
    EXPECT("a \"b\n", "!Protocol error: unbalanced quotes in request");
    EXPECT("a 'b'c\n", "!Protocol error: unbalanced quotes in request");
    EXPECT("$1\r\n", "(1 2:$1)");
}

static void a_nul_byte_is_no_text(void **state UNUSED)
{
    EXPECT("\0", "!Protocol error: NUL byte in inline request");
    EXPECT("PING\0\r\n", "!Protocol error: NUL byte in inline request");
    EXPECT("$\0AAAA\n", "!Protocol error: NUL byte in inline request");
    EXPECT("\x16\x03\x01\0\n", "!Protocol error: NUL byte in inline request");
    EXPECT("PING\r\n\0", "(1 4:PING)!Protocol error: NUL byte in inline "
                         "request");
}

static void less_is_allowed_before_authentication(void **state UNUSED)
{
    EXPECT_BEFORE_AUTH("*1\r\n$4\r\nPING\r\n", "(1 4:PING)");
    EXPECT_BEFORE_AUTH("*10\r\n", "...");
    EXPECT_BEFORE_AUTH("*11\r\n",
                       "!Protocol error: unauthenticated multibulk length");
    EXPECT_BEFORE_AUTH("*1048577\r\n",
                       "!Protocol error: invalid multibulk length");
    EXPECT_BEFORE_AUTH("*1\r\n$16384\r\n", "...");
    EXPECT_BEFORE_AUTH("*1\r\n$16385\r\n",
                       "!Protocol error: unauthenticated bulk length");
    EXPECT_BEFORE_AUTH("*1\r\n$1048577\r\n",
                       "!Protocol error: invalid bulk length");
    EXPECT_BEFORE_AUTH("1 2 3 4 5 6 7 8 9 0\n",
                       "(10 1:1 1:2 1:3 1:4 1:5 1:6 1:7 1:8 1:9 1:0)");
    EXPECT_BEFORE_AUTH("1 2 3 4 5 6 7 8 9 0 1\n",
                       "!Protocol error: unauthenticated multibulk length");
}

static void a_command_has_a_greatest_size(void **state UNUSED)
{
    struct resp_limits limits = resp_limits_open;
    limits.command_bytes = 22;
    expect_with(&limits, STR("*2\r\n$3\r\nabc\r\n$3\r\nabc\r\n"),
                STR("(2 3:abc 3:abc)"));
    limits.command_bytes = 21;
    expect_with(&limits, STR("*2\r\n$3\r\nabc\r\n$3\r\nabc\r\n"),
                STR("!Protocol error: too big request"));
}

/* Long lines: `begin`, then `n` bytes, then `end`, cut at a few places. */
static void expect_long(const char *begin, char byte, size_t n, const char *end,
                        const char *expected)
{
    struct buf bytes;
    buf_init(&bytes);
    buf_add(&bytes, str_of(begin));
    memset(buf_reserve(&bytes, n), byte, n);
    buf_grown(&bytes, n);
    buf_add(&bytes, str_of(end));
    struct str all = buf_peek(&bytes);
    const size_t steps[] = {all.len, 1000, 4096, 60001};
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        check(all, steps[i], steps[i], &resp_limits_open, str_of(expected));
    for (size_t at = all.len - 20; at < all.len; at++)
        check(all, at, all.len, &resp_limits_open, str_of(expected));
    buf_fini(&bytes);
}

static void lines_that_never_end_are_refused(void **state UNUSED)
{
    const char *many = "!Protocol error: too big mbulk count string";
    const char *bulk = "!Protocol error: too big bulk count string";
    const char *line = "!Protocol error: too big inline request";
    expect_long("*", '1', 65537, "", many);
    expect_long("*", '1', 65537, "\r\n", many);
    expect_long("*", '\0', 100000, "", many);
    expect_long("*", '1', 65536, "", "...");
    expect_long("*", '1', 65536, "\r\n",
                "!Protocol error: invalid multibulk length");
    expect_long("*1\r\n$", '1', 65537, "", bulk);
    expect_long("*1\r\n$", '1', 65537, "\r\n", bulk);
    expect_long("*1\r\n$", '1', 65536, "", "...");
    expect_long("*1\r\n$", '1', 65536, "\r\n",
                "!Protocol error: invalid bulk length");
    expect_long("", 'a', 65537, "", line);
    expect_long("", 'a', 65537, "\n", line);
    expect_long("", ' ', 65536, "\n", "(0)");
    expect_long("", ' ', 65536, "", "...");
}

/* An argument of each size around the usual ones, and the greatest. */
static void arguments_of_many_sizes(void **state UNUSED)
{
    static const size_t sizes[] = {0,    1,    9,     10,    99,     100,
                                   1023, 4096, 16384, 65536, 1048576};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        struct buf bytes;
        buf_init(&bytes);
        buf_print(&bytes, "*1\r\n$%zu\r\n%*s\r\n", sizes[i], (int)sizes[i], "");
        struct resp_parser p;
        resp_parser_init(&p);
        size_t used = 0;
        struct str all = buf_peek(&bytes), part = all;
        part.len--;
        assert_int_equal(resp_parse(&p, part, &used), RESP_MORE);
        assert_int_equal(resp_parse(&p, all, &used), RESP_COMMAND);
        assert_int_equal(used, all.len);
        assert_int_equal(p.argc, 1);
        assert_int_equal(p.args[0].len, sizes[i]);
        assert_ptr_equal(p.args[0].at, all.at + all.len - sizes[i] - 2);
        resp_parser_fini(&p);
        buf_fini(&bytes);
    }
}

/* The bytes stay in place here: this is about work, which must not grow with
 * the square of the arguments when they trickle in. */
static void as_many_arguments_as_may_be(void **state UNUSED)
{
    struct buf bytes;
    buf_init(&bytes);
    buf_print(&bytes, "*%d\r\n", RESP_ARGS);
    for (int i = 0; i < RESP_ARGS; i++)
        buf_print(&bytes, "$1\r\n%c\r\n", 'a' + i % 26);
    struct resp_parser p;
    resp_parser_init(&p);
    size_t used = 0;
    struct str all = buf_peek(&bytes);
    for (size_t len = 1; len < all.len; len++) {
        enum resp_result result = resp_parse(&p, str_part(all, 0, len), &used);
        if (result != RESP_MORE)
            fail_msg("%d after %zu bytes", (int)result, len);
    }
    assert_int_equal(resp_parse(&p, all, &used), RESP_COMMAND);
    assert_int_equal(used, all.len);
    assert_int_equal(p.argc, RESP_ARGS);
    for (size_t i = 0; i < RESP_ARGS; i++)
        if (p.args[i].len != 1 || p.args[i].at[0] != (char)('a' + i % 26))
            fail_msg("argument %zu", i);
    buf_fini(&bytes);
    assert_int_equal(resp_parse(&p, STR(""), &used), RESP_MORE);
    assert_int_equal(p.args_cap, 0); /* what it took is given back */
    resp_parser_fini(&p);
}

static void limits_may_change_between_commands(void **state UNUSED)
{
    struct resp_parser p;
    resp_parser_init(&p);
    assert_ptr_equal(p.limits, &resp_limits_open);
    p.limits = &resp_limits_before_auth;
    struct str bytes = STR("AUTH x\r\n*11\r\n");
    size_t used = 0;
    assert_int_equal(resp_parse(&p, bytes, &used), RESP_COMMAND);
    p.limits = &resp_limits_open;
    bytes = str_part(bytes, used, bytes.len);
    assert_int_equal(resp_parse(&p, bytes, &used), RESP_MORE);
    resp_parser_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_with_a_count),
        cmocka_unit_test(many_commands_in_a_row),
        cmocka_unit_test(a_count_of_nothing_is_an_empty_command),
        cmocka_unit_test(what_is_not_whole_waits),
        cmocka_unit_test(a_count_that_is_none_is_refused),
        cmocka_unit_test(a_length_that_is_none_is_refused),
        cmocka_unit_test(an_argument_must_end_where_it_says),
        cmocka_unit_test(only_bulk_strings_are_arguments),
        cmocka_unit_test(inline_commands),
        cmocka_unit_test(a_nul_byte_is_no_text),
        cmocka_unit_test(less_is_allowed_before_authentication),
        cmocka_unit_test(a_command_has_a_greatest_size),
        cmocka_unit_test(lines_that_never_end_are_refused),
        cmocka_unit_test(arguments_of_many_sizes),
        cmocka_unit_test(as_many_arguments_as_may_be),
        cmocka_unit_test(limits_may_change_between_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
