/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "facts_test.h"

static char long_text[2000];

static struct str letters(size_t n)
{
    memset(long_text, 'a', sizeof(long_text));
    return (struct str){long_text, n};
}

static void words_paths_units_and_programs(void **state UNUSED)
{
    assert_true(name_is_word(STR("a")) && name_is_word(STR("csat_2")));
    assert_false(name_is_word(STR("")) || name_is_word(STR("2a")) ||
                 name_is_word(STR("A")) || name_is_word(STR("a-b")) ||
                 name_is_word(STR("_a")) || name_is_word(STR("\xc3\xa9")));
    assert_true(name_is_path(STR("revenue")) &&
                name_is_path(STR("revenue/cloud/new_2")));
    assert_false(name_is_path(STR("")) || name_is_path(STR("/a")) ||
                 name_is_path(STR("a/")) || name_is_path(STR("a//b")) ||
                 name_is_path(STR("a/B")) || name_is_path(STR("/")));
    assert_true(name_is_unit(STR("EUR")) && name_is_unit(STR("points_2")));
    assert_false(name_is_unit(STR("")) || name_is_unit(STR("2x")) ||
                 name_is_unit(STR("E-R")) || name_is_unit(STR("E:R")));
    assert_true(name_is_program(STR("acme-emea")));
    assert_false(name_is_program(STR("Acme")) || name_is_program(STR("-a")));
    assert_true(name_is_token(STR("FR")) && name_is_token(STR("zh-Hant_1")));
    assert_false(name_is_token(STR("")) || name_is_token(STR("a b")));
}

static void lengths_end_where_promised(void **state UNUSED)
{
    assert_true(name_is_word(letters(64)) && name_is_unit(letters(64)));
    assert_false(name_is_word(letters(65)) || name_is_unit(letters(65)) ||
                 name_is_program(letters(65)) || name_is_path(letters(65)));
    assert_true(name_is_id(letters(128)) && name_is_value(letters(1024)));
    assert_false(name_is_id(letters(129)) || name_is_value(letters(1025)));
    struct str path = letters(256);
    for (size_t i = 1; i < path.len; i += 2)
        long_text[i] = '/';
    long_text[255] = 'a';
    assert_true(name_is_path(path));
    assert_false(name_is_path((struct str){long_text, 258}));
}

static void ids_and_values(void **state UNUSED)
{
    assert_true(name_is_id(STR("o'neil:\"x\"=1,2")));
    assert_true(name_is_id(STR("caf\xc3\xa9")));
    assert_false(name_is_id(STR("")) || name_is_id(STR("a b")) ||
                 name_is_id(STR("a\n")) || name_is_id(STR("a\x7f")) ||
                 name_is_id(STR("\xff")) || name_is_id(STR("a\0b")));
    assert_true(name_is_partner(STR("northwind")));
    assert_false(name_is_partner(STR("a:b")) || name_is_partner(STR("a b")));
    assert_true(name_is_label_value(STR("D-9/x")));
    assert_false(
        name_is_label_value(STR("a,b")) || name_is_label_value(STR("a=b")) ||
        name_is_label_value(STR("a:b")) || name_is_label_value(STR("")));
    assert_true(name_is_value(STR("Caf\xc3\xa9 du Nord, Lille: 4=5")));
    assert_false(name_is_value(STR("")) || name_is_value(STR("a\tb")) ||
                 name_is_value(STR("\xc3")));
}

static void a_path_is_under_itself_and_its_heads(void **state UNUSED)
{
    assert_true(path_is_under(STR("revenue"), STR("revenue")));
    assert_true(path_is_under(STR("revenue/cloud"), STR("revenue")));
    assert_true(path_is_under(STR("a/b/c"), STR("a/b")));
    assert_false(path_is_under(STR("revenue2"), STR("revenue")));
    assert_false(path_is_under(STR("revenue"), STR("revenue/cloud")));
    assert_false(path_is_under(STR("revenue_x"), STR("revenue")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_paths_units_and_programs),
        cmocka_unit_test(lengths_end_where_promised),
        cmocka_unit_test(ids_and_values),
        cmocka_unit_test(a_path_is_under_itself_and_its_heads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
