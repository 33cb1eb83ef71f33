/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Whoever reads an error must find the place and know what to write there: so
 * every refusal names the field, shows the value and says what was expected,
 * always in the same form. Values come from outside and may be long: they are
 * clipped. */
#include <stdio.h>

#include "facts/expect.h"

struct str expect_clip(struct str value)
{
    if (value.len <= EXPECT_SHOWN)
        return value;
    size_t len = EXPECT_SHOWN;
    while (len > 0 && ((unsigned char)value.at[len] & 0xc0) == 0x80)
        len--;
    return str_part(value, 0, len);
}

const char *expect_dots(struct str value)
{
    return value.len > EXPECT_SHOWN ? "..." : "";
}

bool expect_failed(struct fault *fault, const char *field, struct str value,
                   const char *format, ...)
{
    char reason[256];
    va_list values;
    va_start(values, format);
    int len = vsnprintf(reason, sizeof reason, format, values);
    va_end(values);
    return fault_set(fault, FAULT_INVALID, "%s: \"" SHOWN_FMT "\" %s", field,
                     SHOWN_ARG(value), len < 0 ? "is not valid" : reason);
}

/* "a, b or c", as many as fit. */
static void list_names(char *out, size_t size, const struct str *known,
                       size_t n)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        const char *between = i == 0 ? "" : i + 1 == n ? " or " : ", ";
        int len = snprintf(out + used, size - used, "%s" STR_FMT, between,
                           STR_ARG(expect_clip(known[i])));
        if (len < 0 || (size_t)len >= size - used) {
            snprintf(out + used, size - used, "...");
            return;
        }
        used += (size_t)len;
    }
}

bool expect_known(struct fault *fault, struct str name, const char *what,
                  const struct str *known, size_t n)
{
    struct str near = str_nearest(name, known, n);
    if (near.len > 0)
        return fault_set(fault, FAULT_INVALID,
                         SHOWN_FMT ": no such %s; did you mean " SHOWN_FMT "?",
                         SHOWN_ARG(name), what, SHOWN_ARG(near));
    if (n == 0)
        return fault_set(fault, FAULT_INVALID,
                         SHOWN_FMT ": no such %s; none is known",
                         SHOWN_ARG(name), what);
    char names[200];
    list_names(names, sizeof names, known, n);
    return fault_set(fault, FAULT_INVALID,
                     SHOWN_FMT ": no such %s; expected %s", SHOWN_ARG(name),
                     what, names);
}
