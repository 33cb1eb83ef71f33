/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Replies, byte by byte, in both protocols. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "resp/resp.h"

static struct buf out;
static struct reply two = {&out, 2}, three = {&out, 3};

/* What was replied since the last call. */
static void expect_bytes(struct str bytes)
{
    struct str got = buf_peek(&out);
    assert_int_equal(got.len, bytes.len);
    if (bytes.len)
        assert_memory_equal(got.at, bytes.at, bytes.len);
    buf_reset(&out);
}

static void expect(const char *text)
{
    expect_bytes(str_of(text));
}

static void lines(void **state UNUSED)
{
    reply_ok(&two);
    expect("+OK\r\n");
    reply_simple(&two, STR("PONG"));
    expect("+PONG\r\n");
    reply_simple(&two, str_of(NULL));
    expect("+\r\n");
    reply_simple(&two, STR("a\r\n+b\x7f"));
    expect("+a?"
           "?+b?\r\n");
}

static void errors_are_one_line(void **state UNUSED)
{
    struct fault fault;
    fault_set(&fault, FAULT_NOPARTNER, "no partner 'x'");
    reply_error(&three, &fault);
    expect("-NOPARTNER no partner 'x'\r\n");
    reply_errorf(&two, FAULT_ERR, "unknown command '%s'", "a\r\n:1\r\n");
    expect("-ERR unknown command 'a?"
           "?:1?"
           "?'\r\n");
    struct fault by_hand = {.code = FAULT_INVALID, .text = "by\r\nhand"};
    reply_error(&two, &by_hand);
    expect("-INVALID by?"
           "?hand\r\n");
}

static void numbers(void **state UNUSED)
{
    static const int64_t values[] = {
        0, 1, 9, 10, 42, 99, 100, -1, -10, 1000000007, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        char text[32];
        snprintf(text, sizeof(text), ":%lld\r\n", (long long)values[i]);
        reply_int(&two, values[i]);
        expect(text);
    }
}

static void texts_hold_any_bytes(void **state UNUSED)
{
    reply_text(&two, STR("gold"));
    expect("$4\r\ngold\r\n");
    reply_text(&two, STR(""));
    expect("$0\r\n\r\n");
    reply_text(&two, str_of(NULL));
    expect("$0\r\n\r\n");
    reply_text(&two, STR("a\0\r\nb"));
    expect_bytes(STR("$5\r\na\0\r\nb\r\n"));
    reply_verbatim(&two, STR("why"));
    expect("$3\r\nwhy\r\n");
    reply_verbatim(&three, STR("why"));
    expect("=7\r\ntxt:why\r\n");
}

static void texts_of_every_length(void **state UNUSED)
{
    static char text[1200], reply[1300];
    for (size_t len = 0; len < sizeof(text); len++) {
        memset(text, 'a' + (int)(len % 26), len);
        reply_text(&two, (struct str){text, len});
        int n = snprintf(reply, sizeof(reply), "$%zu\r\n%.*s\r\n", len,
                         (int)len, text);
        expect_bytes((struct str){reply, (size_t)n});
    }
}

static void what_is_not_there(void **state UNUSED)
{
    reply_nil(&two);
    expect("$-1\r\n");
    reply_nil(&three);
    expect("_\r\n");
    reply_text_or_nil(&two, STR(""));
    expect("$-1\r\n");
    reply_text_or_nil(&three, str_of(NULL));
    expect("_\r\n");
    reply_text_or_nil(&three, STR("x"));
    expect("$1\r\nx\r\n");
}

static void each_protocol_has_its_types(void **state UNUSED)
{
    reply_bool(&two, true);
    reply_bool(&two, false);
    expect(":1\r\n:0\r\n");
    reply_bool(&three, true);
    reply_bool(&three, false);
    expect("#t\r\n#f\r\n");
    reply_array(&two, 0);
    reply_array(&three, 12);
    expect("*0\r\n*12\r\n");
    reply_map(&two, 3);
    reply_map(&three, 3);
    expect("*6\r\n%3\r\n");
    reply_push(&two, 2);
    reply_push(&three, 2);
    expect("*2\r\n>2\r\n");
    reply_array(&two, SIZE_MAX);
    expect("*18446744073709551615\r\n");
}

static void pairs(void **state UNUSED)
{
    reply_pair_text(&two, "tier", STR("gold"));
    reply_pair_text(&three, "until", str_of(NULL));
    expect("$4\r\ntier\r\n$4\r\ngold\r\n$5\r\nuntil\r\n_\r\n");
    reply_pair_int(&two, "ver", 7);
    reply_pair_bool(&three, "stale", false);
    expect("$3\r\nver\r\n:7\r\n$5\r\nstale\r\n#f\r\n");
}

static int forget(void **state UNUSED)
{
    buf_fini(&out);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(errors_are_one_line),
        cmocka_unit_test(numbers),
        cmocka_unit_test(texts_hold_any_bytes),
        cmocka_unit_test(texts_of_every_length),
        cmocka_unit_test(what_is_not_there),
        cmocka_unit_test(each_protocol_has_its_types),
        cmocka_unit_test(pairs),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
