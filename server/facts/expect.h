/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Inside the room only: how a refused value is said. */
#ifndef PALIER_FACTS_EXPECT_H
#define PALIER_FACTS_EXPECT_H

#include <stdarg.h>

#include "base/base.h"

enum { EXPECT_SHOWN = 64 }; /* bytes of a value that a message shows */

/* A value as messages show it: clipped at a character, then "...". Print with
 * SHOWN_FMT, SHOWN_ARG(s). */
#define SHOWN_FMT "%.*s%s"
#define SHOWN_ARG(s) STR_ARG(expect_clip(s)), expect_dots(s)
struct str expect_clip(struct str value);
const char *expect_dots(struct str value);

/* Fills `fault`: INVALID <field>: "<value>" <format>. Returns false. */
bool expect_failed(struct fault *fault, const char *field, struct str value,
                   const char *format, ...) PRINTF_LIKE(4, 5);

/* Fills `fault`: INVALID <name>: no such <what>; and the nearest of `known`,
 * else those of `known` that fit. Returns false. */
bool expect_known(struct fault *fault, struct str name, const char *what,
                  const struct str *known, size_t n);

#endif
