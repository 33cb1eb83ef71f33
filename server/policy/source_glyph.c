/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Outside of quotes Lua knows ASCII only. What else is found there has come
 * from a word processor or a keyboard of another language; each kind has its
 * own advice. */
#include "policy/source_glyph.h"

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
};

const char *source_glyph_advice(struct str rest)
{
    for (size_t i = 0; i < COUNT_OF(glyphs); i++)
        if (str_has_prefix(rest, str_of(glyphs[i].bytes)))
            return glyphs[i].advice;
    return "a letter that names cannot have: names are written with a to z, 0 "
           "to 9 and _; other letters belong into quotes";
}
