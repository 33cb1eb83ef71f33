/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "facts_test.h"

static void sorted_pairs_parse(void **state UNUSED)
{
    struct pair pairs[LABELS_MAX];
    assert_int_equal(labels_parse((struct str){NULL, 0}, pairs, 16), 0);
    assert_int_equal(labels_parse(STR("class=license,deal=D-9"), pairs, 16), 2);
    assert_text(pairs[0].name, "class");
    assert_text(pairs[0].value, "license");
    assert_text(pairs[1].name, "deal");
    assert_text(pairs[1].value, "D-9");
}

static void other_forms_are_refused(void **state UNUSED)
{
    static const char *const wrong[] = {
        "a",       "a=",       "=b",     "a=1,",  ",a=1",   "b=1,a=2",
        "a=1,a=2", "a=1,,b=2", "A=1",    "a=b=c", "a=1 ",   "a=x:y",
        ",",       "=",        "a=\xff", "a=1,b", "a=1;b=2"};
    struct pair pairs[LABELS_MAX];
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_int_equal(labels_parse(str_of(wrong[i]), pairs, 16), -1);
}

static void no_more_than_asked_for(void **state UNUSED)
{
    struct pair pairs[2];
    assert_int_equal(labels_parse(STR("a=1,b=2"), pairs, 2), 2);
    assert_int_equal(labels_parse(STR("a=1,b=2,c=3"), pairs, 2), -1);
    assert_int_equal(labels_parse(STR("a=1"), pairs, 0), -1);
}

static void all_wanted_pairs_must_be_there(void **state UNUSED)
{
    const struct pair wanted[] = {{STR("deal"), STR("D-9")},
                                  {STR("class"), STR("license")}};
    const struct pair shorter[] = {{STR("deal"), STR("D-")}};
    const struct pair tail[] = {{STR("eal"), STR("D-9")}};
    assert_true(labels_hold(STR("class=license,deal=D-9"), wanted, 2));
    assert_true(labels_hold(STR("a=1,deal=D-9,z=2"), wanted, 1));
    assert_false(labels_hold(STR("deal=D-9"), wanted, 2));
    assert_false(labels_hold(STR("deal=D-9"), shorter, 1));
    assert_false(labels_hold(STR("deal=D-9"), tail, 1));
    assert_false(labels_hold((struct str){NULL, 0}, wanted, 1));
    assert_true(labels_hold((struct str){NULL, 0}, NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorted_pairs_parse),
        cmocka_unit_test(other_forms_are_refused),
        cmocka_unit_test(no_more_than_asked_for),
        cmocka_unit_test(all_wanted_pairs_must_be_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
