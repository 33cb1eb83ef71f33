/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The other direction of field.c: the same spelling, written. */
#include "facts/day.h"
#include "facts/field.h"

static void add_day(struct buf *out, int32_t day)
{
    char text[DAY_TEXT];
    buf_add(out, day_text(day, text));
}

void field_encode_sum(struct buf *out, const char *prefix, struct str series,
                      struct str unit, int32_t day, struct str labels)
{
    buf_add(out, str_of(prefix));
    buf_add(out, series);
    buf_add_byte(out, ':');
    buf_add(out, unit);
    buf_add_byte(out, ':');
    add_day(out, day);
    if (labels.len == 0)
        return;
    buf_add_byte(out, ':');
    buf_add(out, labels);
}

void field_encode_term(struct buf *out, struct str series, struct str id,
                       int32_t from)
{
    buf_add(out, STR("has:"));
    buf_add(out, series);
    buf_add_byte(out, ':');
    buf_add(out, id);
    buf_add_byte(out, ':');
    add_day(out, from);
}

void field_encode_term_value(struct buf *out, int32_t until, bool has_number,
                             int64_t number, struct str unit, struct str labels)
{
    add_day(out, until);
    buf_add_byte(out, '/');
    if (has_number)
        buf_print(out, "%lld", (long long)number);
    buf_add_byte(out, '/');
    buf_add(out, unit);
    buf_add_byte(out, '/');
    buf_add(out, labels);
}
