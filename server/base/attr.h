/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_BASE_ATTR_H
#define PALIER_BASE_ATTR_H

/* The result says whether it worked: it must be looked at. */
#define MUST_USE __attribute__((warn_unused_result))
/* Argument `f` is a printf format, its values begin at `v`. */
#define PRINTF_LIKE(f, v) __attribute__((format(printf, f, v)))
#define UNUSED __attribute__((unused))
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
