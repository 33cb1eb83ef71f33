/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "facts_test.h"

static struct field_read decode(const char *name, const char *value)
{
    struct field field = {str_of(name), str_of(value)};
    struct field_read read;
    field_decode(&field, &read);
    return read;
}

static void attributes(void **state UNUSED)
{
    struct field_read read = decode("attr:market", "FR,BE");
    assert_int_equal(read.kind, FIELD_ATTRIBUTE);
    assert_text(read.key, "market");
    assert_text(read.value, "FR,BE");
    read = decode("attr:market:2026-01-01", "");
    assert_int_equal(read.kind, FIELD_PAST);
    assert_text(read.key, "market");
    assert_int_equal(read.day, test_day("2026-01-01"));
    assert_text(read.value, "");
}

static void amounts(void **state UNUSED)
{
    struct field_read read =
        decode("sum:revenue/cloud:EUR:2026-03-14:class=a,deal=D-9", "-125000");
    assert_int_equal(read.kind, FIELD_SUM);
    assert_text(read.key, "revenue/cloud");
    assert_text(read.unit, "EUR");
    assert_int_equal(read.day, test_day("2026-03-14"));
    assert_text(read.labels, "class=a,deal=D-9");
    assert_int_equal(read.number, -125000);
    read = decode("cnt:visits::2026-03-14", "3");
    assert_int_equal(read.kind, FIELD_COUNT);
    assert_text(read.unit, "");
    assert_text(read.labels, "");
    assert_int_equal(read.number, 3);
}

static void terms(void **state UNUSED)
{
    struct field_read read =
        decode("has:training/sales:a:b:2026-01-10:2026-02-10", "///");
    assert_int_equal(read.kind, FIELD_TERM);
    assert_text(read.key, "training/sales");
    assert_text(read.id, "a:b:2026-01-10");
    assert_int_equal(read.day, test_day("2026-02-10"));
    assert_int_equal(read.until, DAY_NEVER);
    assert_false(read.has_number);
    read = decode("has:deal:D-9:2026-01-10", "2026-01-10/500/EUR/a=x/y");
    assert_int_equal(read.until, test_day("2026-01-10"));
    assert_true(read.has_number);
    assert_int_equal(read.number, 500);
    assert_text(read.unit, "EUR");
    assert_text(read.labels, "a=x/y");
}

static void the_rest(void **state UNUSED)
{
    struct field_read read = decode("held:gold:2026-01-01", "2026-05-01/ab12");
    assert_int_equal(read.kind, FIELD_HELD);
    assert_text(read.key, "gold");
    assert_text(read.value, "ab12");
    assert_int_equal(read.until, test_day("2026-05-01"));
    read = decode("standing:tier", "gold");
    assert_int_equal(read.kind, FIELD_STANDING);
    assert_text(read.key, "tier");
    read = decode("ver", "42");
    assert_int_equal(read.kind, FIELD_VER);
    assert_int_equal(read.number, 42);
}

static void the_largest_entries_are_read(void **state UNUSED)
{
    assert_int_equal(decode("sum:r:EUR:2026-01-01", "10000000000000").kind,
                     FIELD_SUM);
    assert_int_equal(decode("sum:r:EUR:2026-01-01", "-10000000000000").kind,
                     FIELD_SUM);
    assert_int_equal(decode("has:a:i:2026-01-01", "/10000000000000//").kind,
                     FIELD_TERM);
}

static void what_does_not_fit_is_unreadable(void **state UNUSED)
{
    static const struct {
        const char *name, *value;
    } rows[] = {
        {"", ""},
        {"colour", "red"},
        {"attr", "x"},
        {"attr:", "x"},
        {"attr:market", ""},
        {"attr:Market", "x"},
        {"attr:market", "a\nb"},
        {"attr:market:", "x"},
        {"attr:market:2026-02-30", "x"},
        {"attr:market:2026-02-03:x", "x"},
        {"sum:revenue:EUR:2026-02-30", "5"},
        {"sum:revenue:EUR:2026-02-03", ""},
        {"sum:revenue:EUR:2026-02-03", "5.0"},
        {"sum:revenue:EUR:2026-02-03", "+5"},
        {"sum:revenue:EUR:2026-02-03", "05"},
        {"sum:revenue:EUR:2026-02-03", "10000000000001"},
        {"sum:revenue:EUR:2026-02-03", "-10000000000001"},
        {"sum:revenue:EUR:2026-02-03", "99999999999999999999"},
        {"cnt:revenue:EUR:2026-02-03", "10000000000001"},
        {"sum:revenue:EUR:2026-02-03:", "5"},
        {"sum:revenue:EUR:2026-02-03x", "5"},
        {"sum:revenue:EUR:2026-02-03:b=1,a=2", "5"},
        {"sum:revenue:EUR:2026-02-03:a", "5"},
        {"sum:revenue:E R:2026-02-03", "5"},
        {"sum:revenue:2026-02-03", "5"},
        {"sum:Revenue:EUR:2026-02-03", "5"},
        {"sum::EUR:2026-02-03", "5"},
        {"sum:", "5"},
        {"has:training:jdoe:2026-02-30", "///"},
        {"has:training::2026-02-03", "///"},
        {"has:training:2026-02-03", "///"},
        {"has:training:j doe:2026-02-03", "///"},
        {"has:training:jdoe:2026-02-03", ""},
        {"has:training:jdoe:2026-02-03", "//"},
        {"has:training:jdoe:2026-02-03", "2026-02-02///"},
        {"has:training:jdoe:2026-02-03", "x///"},
        {"has:training:jdoe:2026-02-03", "/x//"},
        {"has:training:jdoe:2026-02-03", "/10000000000001//"},
        {"has:training:jdoe:2026-02-03", "//?/"},
        {"has:training:jdoe:2026-02-03", "///x"},
        {"has:Training:jdoe:2026-02-03", "///"},
        {"held:gold", "/x"},
        {"held:gold:2026-01-01", "x"},
        {"held:gold:2026-01-01", "2025-01-01/x"},
        {"standing:", "x"},
        {"ver", "x"},
        {"ver", ""},
        {"version", "1"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct field_read read = decode(rows[i].name, rows[i].value);
        if (read.kind != FIELD_UNREADABLE)
            fail_msg("%s = %s", rows[i].name, rows[i].value);
        assert_int_equal(read.key.len + read.labels.len + read.unit.len, 0);
    }
}

static void what_is_written_is_read(void **state UNUSED)
{
    struct buf name, value;
    buf_init(&name);
    buf_init(&value);
    field_encode_sum(&name, "sum:", STR("revenue"), STR("EUR"), 20000,
                     STR("a=1"));
    assert_text(buf_peek(&name), "sum:revenue:EUR:2024-10-04:a=1");
    buf_reset(&name);
    field_encode_sum(&name, "cnt:", STR("visits"), (struct str){NULL, 0}, 0,
                     (struct str){NULL, 0});
    assert_text(buf_peek(&name), "cnt:visits::1970-01-01");
    buf_reset(&name);
    field_encode_term(&name, STR("training/sales"), STR("a:b"), 0);
    field_encode_term_value(&value, 9, true, -50, STR("EUR"), STR("a=1,b=2"));
    assert_text(buf_peek(&value), "1970-01-10/-50/EUR/a=1,b=2");
    struct field field = {buf_peek(&name), buf_peek(&value)};
    struct field_read read;
    field_decode(&field, &read);
    assert_int_equal(read.kind, FIELD_TERM);
    assert_text(read.id, "a:b");
    assert_int_equal(read.number, -50);
    buf_reset(&value);
    field_encode_term_value(&value, DAY_NEVER, false, 7, (struct str){NULL, 0},
                            (struct str){NULL, 0});
    assert_text(buf_peek(&value), "///");
    buf_fini(&name);
    buf_fini(&value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attributes),
        cmocka_unit_test(amounts),
        cmocka_unit_test(terms),
        cmocka_unit_test(the_rest),
        cmocka_unit_test(the_largest_entries_are_read),
        cmocka_unit_test(what_does_not_fit_is_unreadable),
        cmocka_unit_test(what_is_written_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
