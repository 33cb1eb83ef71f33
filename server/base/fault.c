/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The text of a fault goes into replies and logs, where a line ends it. It may
 * quote what a stranger sent or what a script made up, so it is made one line
 * of valid UTF-8 here, once, and not in each place that shows it. */
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/fault.h"

static const struct str words[FAULT_CODES] = {
#define X(name, word, meaning) [FAULT_##name] = STR_INIT(word),
#include "palier/errors.def"
#undef X
};

/* A text cut in the middle of a character ends before it instead. */
static size_t whole_characters(const char *text, size_t len)
{
    size_t start = len;
    while (start > 0 && len - start < 4) {
        start--;
        if (((unsigned char)text[start] & 0xc0) != 0x80)
            break;
    }
    struct str s = {text, len};
    return str_utf8_at(s, start) ? len : start;
}

/* Anything that is not a printable character becomes '?', byte by byte. */
static void make_printable(char *text, size_t len)
{
    struct str s = {text, len};
    for (size_t at = 0; at < len;) {
        size_t size = str_utf8_at(s, at);
        unsigned char c = (unsigned char)text[at];
        if (size == 0 || c < 0x20 || c == 0x7f)
            text[at] = '?';
        at += size ? size : 1;
    }
}

bool fault_set(struct fault *fault, enum fault_code code, const char *format,
               ...)
{
    va_list values;
    va_start(values, format);
    fault_set_list(fault, code, format, values);
    va_end(values);
    return false;
}

bool fault_set_list(struct fault *fault, enum fault_code code,
                    const char *format, va_list values)
{
    ensure(code > FAULT_NONE && code < FAULT_CODES);
    /* A value may be the old text of this very fault. */
    char text[sizeof(fault->text)];
    int printed = vsnprintf(text, sizeof(text), format, values);
    ensure(printed >= 0);
    size_t len = (size_t)printed;
    if (len >= sizeof(text))
        len = whole_characters(text, sizeof(text) - 1);
    make_printable(text, len);
    memcpy(fault->text, text, len);
    fault->text[len] = '\0';
    fault->code = code;
    return false;
}

void fault_clear(struct fault *fault)
{
    fault->code = FAULT_NONE;
    fault->text[0] = '\0';
}

const char *fault_word(enum fault_code code)
{
    ensure(code >= FAULT_NONE && code < FAULT_CODES);
    return code == FAULT_NONE ? "" : words[code].at;
}

enum fault_code fault_code_of(struct str word)
{
    for (int code = FAULT_NONE + 1; code < FAULT_CODES; code++)
        if (str_is(word, words[code]))
            return (enum fault_code)code;
    return FAULT_NONE;
}
