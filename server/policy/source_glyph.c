/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Outside of quotes Lua knows ASCII only. What else is found there has come
 * from a word processor or a keyboard of another language; each kind has its
 * own advice. A file in another encoding is full of them. */
#include "policy/source_parts.h"

static const struct glyph {
    const char *bytes;
    const char *advice;
} glyphs[] = {
    {"\xc2\xa0", "a no-break space: delete it and type a blank"},
    {"\xe2\x80\xaf", "a narrow no-break space: delete it and type a blank"},
    {"\xe2\x80\x89", "a thin space: delete it and type a blank"},
    {"\xe2\x80\x8b", "an invisible space: delete it"},
    {"\xef\xbb\xbf", "an invisible mark: delete it"},
    {"\xe2\x80\x9c", "a curly quote: write \""},
    {"\xe2\x80\x9d", "a curly quote: write \""},
    {"\xe2\x80\x9e", "a low quote: write \""},
    {"\xc2\xab", "an angle quote: write \""},
    {"\xc2\xbb", "an angle quote: write \""},
    {"\xe2\x80\x98", "a curly quote: write \""},
    {"\xe2\x80\x99", "a curly quote: write \""},
    {"\xe2\x82\xac", "a currency sign: write the number alone; the currency is "
                     "the program's"},
    {"\xc2\xa3", "a currency sign: write the number alone; the currency is "
                 "the program's"},
    {"\xe2\x80\x93", "a dash: write -"},
    {"\xe2\x80\x94", "a dash: write -"},
    {"\xe2\x88\x92", "a minus sign: write -"},
    {"\xe2\x89\xa5", "a number in needs is at least that number: write ="},
    {"\xe2\x89\xa4", "at most is written at_most(...)"},
    {"\xe2\x80\xa6", "three dots in one character: leave them out"},
    {"$", "a currency sign: write the number alone; the currency is the "
          "program's"},
    {"!", "'!' is not of the language: write 'not', or '~=' for unequal"},
    {"?", "'?' is not of the language"},
    {"@", "'@' is not of the language"},
    {"`", "'`' is not of the language: write \""},
    {"\\", "'\\' is not of the language"},
};

static const char *advice_of(struct str rest)
{
    for (size_t i = 0; i < COUNT_OF(glyphs); i++)
        if (str_has_prefix(rest, str_of(glyphs[i].bytes)))
            return glyphs[i].advice;
    if ((unsigned char)rest.at[0] < 0x80)
        return NULL;
    return "a letter that names cannot have: names are written with a to z, 0 "
           "to 9 and _; other letters belong into quotes";
}

static bool refuse_bytes(struct source *s, int line)
{
    return source_refuse(s, line,
                         "a letter here is not UTF-8: save the file as UTF-8");
}

/* A text in quotes keeps its bytes; only whole characters can be shown. */
static bool check_text(struct source *s, struct token token)
{
    size_t at = 0;
    int line = token.line;
    if (str_is_utf8(token.text))
        return true;
    for (size_t n; (n = str_utf8_at(token.text, at)) > 0; at += n)
        line += token.text.at[at] == '\n';
    return refuse_bytes(s, line);
}

bool source_glyph_check(struct source *s, struct token token)
{
    if (token.kind == TOKEN_TEXT)
        return check_text(s, token);
    if (token.kind != TOKEN_MARK)
        return true;
    struct str rest = {token.text.at,
                       s->text.len - (size_t)(token.text.at - s->text.at)};
    if (!str_utf8_at(rest, 0))
        return refuse_bytes(s, token.line);
    const char *advice = advice_of(rest);
    return !advice || source_refuse(s, token.line, "%s", advice);
}

/* UTF-16 has a mark at its beginning, or a NUL beside each letter. */
bool source_encoding_check(struct source *s)
{
    struct str head = str_part(s->text, 0, 2);
    if (str_is(head, STR("\xff\xfe")) || str_is(head, STR("\xfe\xff")) ||
        str_find(head, '\0', 0) < head.len)
        return source_refuse(s, 1, "this is UTF-16: save the file as UTF-8");
    return true;
}
