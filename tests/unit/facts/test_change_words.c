/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "change_test.h"

#define F(n, v)                                                                \
    {                                                                          \
        STR_INIT(n), STR_INIT(v)                                               \
    }
#define CHECK(expected, ...)                                                   \
    check((const struct field[]){__VA_ARGS__},                                 \
          COUNT_OF(((const struct field[]){__VA_ARGS__})), expected, true)
#define REFUSE(expected, ...)                                                  \
    check((const struct field[]){__VA_ARGS__},                                 \
          COUNT_OF(((const struct field[]){__VA_ARGS__})), expected, false)

/* The words joined by '|', or the fault's text. */
static void check(const struct field *fields, size_t n, const char *expected,
                  bool good)
{
    struct arena arena;
    struct str *words, text = {NULL, 0};
    struct fault fault;
    size_t nwords = 0;
    arena_init(&arena);
    bool done = change_words(fields, n, &arena, &words, &nwords, &fault);
    for (size_t i = 0; done && i < nwords; i++)
        text = arena_print(&arena, STR_FMT "%s" STR_FMT, STR_ARG(text),
                           i ? "|" : "", STR_ARG(words[i]));
    assert_text(done ? text : str_of(fault.text), expected);
    assert_int_equal(done, good);
    if (!done)
        assert_int_equal(fault.code, FAULT_INVALID);
    arena_fini(&arena);
}

static void fields_become_the_words_of_fact(void **state UNUSED)
{
    CHECK("SET|p|market|FR|ON|2026-01-01", F("on", "2026-01-01"),
          F("op", "set"), F("value", "FR"), F("name", "market"),
          F("partner", "p"));
    CHECK("ADD|p|revenue|5|EUR|ON|2026-01-01|COUNT|2|ID|x|WITH|b|1|a|2",
          F("op", "Add"), F("partner", "p"), F("series", "revenue"),
          F("amount", "5"), F("unit", "EUR"), F("on", "2026-01-01"),
          F("count", "2"), F("id", "x"), F("with", "b=1,a=2"));
    CHECK("PUT|p|revenue|5|ON|2026-01-01", F("op", "put"), F("partner", "p"),
          F("series", "revenue"), F("amount", "5"), F("on", "2026-01-01"));
    CHECK("GRANT|p|deal|D-9|FROM|a|UNTIL|b|VALUE|5|EUR|WITH|x|1",
          F("op", "grant"), F("partner", "p"), F("series", "deal"),
          F("id", "D-9"), F("from", "a"), F("until", "b"), F("value", "5"),
          F("unit", "EUR"), F("with", "x=1"));
    CHECK("REVOKE|p|deal|D-9", F("op", "revoke"), F("partner", "p"),
          F("series", "deal"), F("id", "D-9"));
}

static void empty_fields_are_left_out(void **state UNUSED)
{
    CHECK("ADD|p|revenue|5", F("op", "add"), F("partner", "p"),
          F("series", "revenue"), F("amount", "5"), F("unit", ""), F("on", ""),
          F("until", ""), F("name", ""), F("colour", ""), F("with", ""));
    REFUSE("amount: is missing; expected a value", F("op", "add"),
           F("partner", "p"), F("series", "revenue"), F("amount", ""));
    REFUSE("on: is missing; expected a value", F("op", "put"),
           F("partner", "p"), F("series", "revenue"), F("amount", "5"));
    REFUSE("partner: is missing; expected a partner's id", F("op", "add"),
           F("series", "revenue"), F("amount", "5"));
    REFUSE("op: is missing; expected set, add, put, grant or revoke",
           F("partner", "p"));
}

static void fields_of_other_operations_are_refused(void **state UNUSED)
{
    REFUSE("op: no such op; expected set, add, put, grant or revoke",
           F("op", "op"));
    REFUSE("grnat: no such op; did you mean grant?", F("op", "grnat"));
    REFUSE("amout: no such field of this op; did you mean amount?",
           F("op", "add"), F("partner", "p"), F("amout", "5"));
    REFUSE("until: no such field of this op; expected series, amount, unit, "
           "on, count, id or with",
           F("op", "add"), F("partner", "p"), F("until", "2026-01-01"));
    REFUSE("id: no such field of this op; expected series, amount, unit, on, "
           "count or with",
           F("op", "put"), F("partner", "p"), F("id", "x"));
    REFUSE("amount: \"6\" is a second value; expected one", F("op", "add"),
           F("amount", "5"), F("amount", "6"));
}

static void nothing_is_taken_for_a_key(void **state UNUSED)
{
    REFUSE("unit: \"ID\" is a word of FACT ADD; expected another name",
           F("op", "add"), F("partner", "p"), F("series", "revenue"),
           F("amount", "5"), F("unit", "ID"), F("on", "x"));
    REFUSE("with: \"count\" is a word of FACT ADD; expected another name",
           F("op", "add"), F("partner", "p"), F("series", "revenue"),
           F("amount", "5"), F("with", "a=1,count=3"));
    REFUSE("name: \"on\" is a word of FACT SET; expected another name",
           F("op", "set"), F("partner", "p"), F("name", "on"),
           F("value", "2026-01-01"));
    REFUSE("unit: \"EUR\" has no number; expected one in value",
           F("op", "grant"), F("partner", "p"), F("series", "deal"),
           F("id", "x"), F("unit", "EUR"));
    REFUSE("unit: \"E R\" is not a unit; expected letters, digits and _",
           F("op", "add"), F("partner", "p"), F("series", "revenue"),
           F("amount", "5"), F("unit", "E R"));
    CHECK("SET|p|market|ON", F("op", "set"), F("partner", "p"),
          F("name", "market"), F("value", "ON"));
}

static void labels_have_one_form(void **state UNUSED)
{
    static const char *const wrong[] = {"a", "=1", "a=", ",", "a=1,", ",a=1"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct arena arena;
        struct fault fault;
        struct str *words;
        size_t n;
        arena_init(&arena);
        const struct field fields[] = {F("op", "add"),
                                       F("partner", "p"),
                                       F("series", "revenue"),
                                       F("amount", "5"),
                                       {STR("with"), str_of(wrong[i])}};
        assert_false(
            change_words(fields, COUNT_OF(fields), &arena, &words, &n, &fault));
        assert_non_null(strstr(fault.text, "expected name=value,..."));
        arena_fini(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_become_the_words_of_fact),
        cmocka_unit_test(empty_fields_are_left_out),
        cmocka_unit_test(fields_of_other_operations_are_refused),
        cmocka_unit_test(nothing_is_taken_for_a_key),
        cmocka_unit_test(labels_have_one_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
