/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_FACTS_DECIMAL_H
#define PALIER_FACTS_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"

/* A decimal number is an int64_t counted in 10^-decimals, decimals 0 to 9:
 * 1250.00 EUR is 125000 with 2. A percentage is an int64_t in hundredths of a
 * basis point: 20 % is 200000. */
enum { DECIMAL_TEXT = 24, PERCENT_DECIMALS = 4 };
#define DECIMAL_ENTRY_MAX INT64_C(10000000000000) /* 10^13: one entry, +/- */
#define PERCENT(n) ((int64_t)(n)*10000)
#define PERCENT_WHOLE PERCENT(100)

enum decimal_result {
    DECIMAL_OK,
    DECIMAL_NOT_A_NUMBER, /* "12a", "", "1,000", "1e3", "+1", ".5", "1." */
    DECIMAL_TOO_PRECISE,  /* non-zero digits after `decimals` places */
    DECIMAL_OUT_OF_RANGE, /* above `limit` in magnitude */
};
enum decimal_result decimal_parse(struct str s, int decimals, int64_t limit,
                                  int64_t *value) MUST_USE;
/* As decimal_parse with DECIMAL_ENTRY_MAX, else fills `fault` with INVALID,
 * the field, the value and what was expected. */
bool decimal_expect(struct str s, int decimals, const char *field,
                    int64_t *value, struct fault *fault) MUST_USE;

/* All places, "700000.00"; returns `text` as a str. */
struct str decimal_text(int64_t value, int decimals, char text[DECIMAL_TEXT]);
/* The shortest: "20", "27.5". */
struct str decimal_short(int64_t value, int decimals, char text[DECIMAL_TEXT]);

/* amount * percent, rounded half-even to the amount's own places. */
int64_t decimal_share(int64_t amount, int64_t percent);
/* value from one number of decimals to another, rounded half-even; false
 * where it overflows. */
bool decimal_rescale(int64_t value, int from, int to, int64_t *out) MUST_USE;
/* A free number, rounded half-even from its "%.15g" decimal. False for nan,
 * infinities, and what int64_t does not hold. */
bool decimal_of_double(double number, int decimals, int64_t *value) MUST_USE;

bool add_checked(int64_t a, int64_t b, int64_t *sum) MUST_USE;

/* The places of a currency's minor unit (ISO 4217): 2 for EUR, 0 for JPY; -1
 * where the code is none. */
int currency_decimals(struct str code);

#endif
