/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_BASE_FAULT_H
#define PALIER_BASE_FAULT_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/attr.h"
#include "base/str.h"

enum fault_code {
    FAULT_NONE,
#define X(name, word, meaning) FAULT_##name,
#include "palier/errors.def"
#undef X
    FAULT_CODES
};

/* What went wrong, for a person: a code and one printable line that names the
 * field, the value and what was expected. */
struct fault {
    enum fault_code code;
    char text[512];
};

/* Sets code and text (cut to fit at a character's boundary, control bytes and
 * what is not UTF-8 replaced by '?'); returns false, so that a function can
 * `return fault_set(...)`. */
bool fault_set(struct fault *fault, enum fault_code code, const char *format,
               ...) PRINTF_LIKE(3, 4);
bool fault_set_list(struct fault *fault, enum fault_code code,
                    const char *format, va_list values) PRINTF_LIKE(3, 0);
void fault_clear(struct fault *fault);
/* "INVALID" for FAULT_INVALID, "" for FAULT_NONE */
const char *fault_word(enum fault_code code);
/* The code whose word this is; FAULT_NONE where there is none. */
enum fault_code fault_code_of(struct str word);

#endif
