/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_BASE_DIE_H
#define PALIER_BASE_DIE_H

#include "base/attr.h"

/* The impossible ends the process, in every build: one line on stderr with the
 * place, then abort(). Never for input, I/O or capped memory. */
#define ensure(condition)                                                      \
    ((condition) ? (void)0 : die_ensure(#condition, __FILE__, __LINE__))

_Noreturn void die_ensure(const char *condition, const char *file, int line);

/* One line on stderr, then abort(): for a failure after which going on would
 * lie (memory exhausted, a broken invariant that has values to show). */
_Noreturn void die(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
