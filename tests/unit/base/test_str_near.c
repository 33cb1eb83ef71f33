/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The word that was probably meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

static const struct str tiers[] = {
    STR_INIT("silver"),
    STR_INIT("gold"),
    STR_INIT("platinum"),
    STR_INIT("golf"),
};

static void expect(const char *word, const char *meant)
{
    struct str near = str_nearest(str_of(word), tiers, COUNT_OF(tiers));
    assert_true(str_is(near, str_of(meant)));
    assert_int_equal(near.at == NULL, meant == NULL);
}

static void a_slip_is_found(void **state UNUSED)
{
    expect("gold", "gold");
    expect("glod", "gold");     /* swapped */
    expect("gol", "gold");      /* missing; the first of two */
    expect("ggold", "gold");    /* too many */
    expect("gild", "gold");     /* wrong */
    expect("golff", "golf");    /* nearer than the first */
    expect("slivre", "silver"); /* two swaps in six letters */
    expect("platnium", "platinum");
    expect("platin", "platinum"); /* two missing, of six */
}

static void what_is_far_is_not(void **state UNUSED)
{
    expect("bronze", NULL);
    expect("Glod", NULL); /* two slips, four letters */
    expect("", NULL);
    expect("plat", NULL);
    expect("platinumplatinum", NULL);
}

static void a_short_word_may_have_one_slip(void **state UNUSED)
{
    const struct str units[] = {STR("EUR"), STR("h")};
    struct str near = str_nearest(STR("ER"), units, COUNT_OF(units));
    assert_true(str_is(near, STR("EUR")));
    near = str_nearest(STR("g"), units, COUNT_OF(units));
    assert_true(str_is(near, STR("h")));
    near = str_nearest(STR("EU"), NULL, 0);
    assert_null(near.at);
}

static void very_long_words_are_near_nothing(void **state UNUSED)
{
    char text[66];
    memset(text, 'a', sizeof(text));
    struct str longest = {text, 64}, beyond = {text, 65};
    assert_true(str_is(str_nearest(longest, &longest, 1), longest));
    assert_null(str_nearest(beyond, &beyond, 1).at);
    assert_null(str_nearest(longest, &beyond, 1).at);
    text[10] = 'b';
    struct str other = {text + 1, 64};
    assert_true(str_is(str_nearest(longest, &other, 1), other));
}

/* One random slip is always found, whatever else is known. */
static void any_one_slip_is_found(void **state UNUSED)
{
    const struct str known[] = {STR("qqqqqqqqqq"), STR("partnership")};
    for (size_t at = 0; at + 1 < known[1].len; at++) {
        char word[16];
        memcpy(word, known[1].at, known[1].len);
        word[at] = known[1].at[at + 1];
        word[at + 1] = known[1].at[at];
        struct str swapped = {word, known[1].len};
        assert_true(str_is(str_nearest(swapped, known, 2), known[1]));
        word[at] = '?';
        word[at + 1] = known[1].at[at + 1];
        assert_true(str_is(str_nearest(swapped, known, 2), known[1]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_is_found),
        cmocka_unit_test(what_is_far_is_not),
        cmocka_unit_test(a_short_word_may_have_one_slip),
        cmocka_unit_test(very_long_words_are_near_nothing),
        cmocka_unit_test(any_one_slip_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
