/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The words of an inline command, by the rules of redis-cli. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "resp/words.h"

/* `words` ends with NULL; NULL itself stands for unbalanced quotes. */
static void expect(struct str line, const char *const *expected)
{
    struct buf unquoted;
    buf_init(&unquoted);
    buf_reserve(&unquoted, line.len + 1);
    struct words words = {.line = line, .unquoted = &unquoted};
    struct str word;
    for (; expected && *expected; expected++) {
        assert_int_equal(words_next(&words, &word), WORDS_WORD);
        assert_true(str_is(word, str_of(*expected)));
    }
    enum words_result last = words_next(&words, &word);
    while (!expected && last == WORDS_WORD)
        last = words_next(&words, &word);
    assert_int_equal(last, expected ? WORDS_END : WORDS_UNBALANCED);
    buf_fini(&unquoted);
}

#define EXPECT(line, ...)                                                      \
    expect(STR(line), (const char *const[]){__VA_ARGS__, NULL})
#define UNBALANCED(line) expect(STR(line), NULL)

static void blanks_part_words(void **state UNUSED)
{
    EXPECT("TIER northwind", "TIER", "northwind");
    EXPECT("  a\tb \r\v\f c ", "a", "b", "c");
    EXPECT("a\vb", "a\vb"); /* ends no word, though it may stand before one */
    EXPECT("", NULL);
    EXPECT(" \t ", NULL);
}

static void quotes_hold_blanks(void **state UNUSED)
{
    EXPECT("a \"b c\" 'd e'", "a", "b c", "d e");
    EXPECT("\"\" ''", "", "");
    EXPECT("lang\"uage\" x", "language", "x");
    EXPECT("it\"'\"", "it'");
    EXPECT("'\"'", "\"");
    EXPECT("\"a\"\v\"b\"", "a", "b");
}

static void escapes(void **state UNUSED)
{
    EXPECT("\"\\n\\r\\t\\a\\b\\q\\\\\\\"\"", "\n\r\t\a\bq\\\"");
    EXPECT("\"\\x41\\x7a\\xFf\"", "Az\xff");
    EXPECT("\"\\x4\\xg1\\x\"", "x4xg1x");
    EXPECT("'\\n\\x41\\''", "\\n\\x41'");
    EXPECT("a\\nb", "a\\nb");
}

static void an_escaped_nul_is_a_byte(void **state UNUSED)
{
    struct buf unquoted;
    buf_init(&unquoted);
    buf_reserve(&unquoted, 100);
    struct words words = {.line = STR("\"a\\x00b\""), .unquoted = &unquoted};
    struct str word;
    assert_int_equal(words_next(&words, &word), WORDS_WORD);
    assert_true(str_is(word, STR("a\0b")));
    buf_fini(&unquoted);
}

static void quotes_must_be_closed_at_the_end_of_a_word(void **state UNUSED)
{
    UNBALANCED("\"");
    UNBALANCED("'");
    UNBALANCED("a \"b");
    UNBALANCED("a 'b");
    UNBALANCED("\"a\"b");
    UNBALANCED("'a'b");
    UNBALANCED("\"a\"\"b\"");
    UNBALANCED("\"a\\\"");
    UNBALANCED("\"a\\");
    UNBALANCED("'a\\'");
    UNBALANCED("\"\\x4");
}

/* Unquoted text is never longer than the line: words do not move. */
static void words_do_not_move(void **state UNUSED)
{
    static char line[70000];
    for (size_t i = 0; i < sizeof(line); i++)
        line[i] = i % 2 ? 'a' : ' ';
    struct buf unquoted;
    buf_init(&unquoted);
    const char *begin = buf_reserve(&unquoted, sizeof(line) + 1);
    struct words words = {.line = {line, sizeof(line)}, .unquoted = &unquoted};
    struct str word;
    size_t n = 0;
    while (words_next(&words, &word) == WORDS_WORD)
        assert_ptr_equal(word.at, begin + n++);
    assert_int_equal(n, sizeof(line) / 2);
    buf_fini(&unquoted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_part_words),
        cmocka_unit_test(quotes_hold_blanks),
        cmocka_unit_test(escapes),
        cmocka_unit_test(an_escaped_nul_is_a_byte),
        cmocka_unit_test(quotes_must_be_closed_at_the_end_of_a_word),
        cmocka_unit_test(words_do_not_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
