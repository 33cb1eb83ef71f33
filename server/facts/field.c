/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Other services write partners' hashes too, so a field is not trusted: a name
 * or a value that is not exactly as agreed makes the field unreadable, and it
 * is left alone, rather than counted as something it may not be. */
#include "facts/field.h"

#include "facts/day.h"
#include "facts/decimal.h"
#include "facts/name.h"

enum { DAY_BYTES = DAY_TEXT - 1 };

/* The text before the next `byte`; `rest` becomes what follows it. False where
 * it is not there. */
static bool take_until(struct str *rest, char byte, struct str *taken)
{
    size_t at = str_find(*rest, byte, 0);
    if (at == rest->len)
        return false;
    *taken = str_part(*rest, 0, at);
    *rest = str_part(*rest, at + 1, rest->len);
    return true;
}

static bool is_labels(struct str s)
{
    struct pair pairs[LABELS_MAX];
    return labels_parse(s, pairs, LABELS_MAX) >= 0;
}

static bool read_number(struct str s, int64_t *number)
{
    return str_to_int64(s, number) && *number <= DECIMAL_ENTRY_MAX &&
           *number >= -DECIMAL_ENTRY_MAX;
}

static bool is_unit_or_none(struct str s)
{
    return s.len == 0 || name_is_unit(s);
}

/* Empty: open. */
static bool read_until(struct str s, int32_t *until)
{
    *until = DAY_NEVER;
    return s.len == 0 || day_parse(s, until);
}

/* <name>[:<day>] */
static bool read_attribute(struct str rest, struct str value,
                           struct field_read *read)
{
    size_t colon = str_find(rest, ':', 0);
    read->key = str_part(rest, 0, colon);
    read->value = value;
    bool empty = value.len == 0;
    if (!name_is_word(read->key) || (!empty && !name_is_value(value)))
        return false;
    if (colon == rest.len)
        return !empty;
    read->kind = FIELD_PAST;
    return day_parse(str_part(rest, colon + 1, rest.len), &read->day);
}

/* <series>:<unit>:<day>[:<labels>] */
static bool read_amount(struct str rest, struct str value,
                        struct field_read *read)
{
    if (!take_until(&rest, ':', &read->key) || !name_is_path(read->key))
        return false;
    if (!take_until(&rest, ':', &read->unit) || !is_unit_or_none(read->unit))
        return false;
    if (!day_parse(str_part(rest, 0, DAY_BYTES), &read->day))
        return false;
    if (rest.len > DAY_BYTES) {
        read->labels = str_part(rest, DAY_BYTES + 1, rest.len);
        if (rest.at[DAY_BYTES] != ':' || read->labels.len == 0)
            return false;
    }
    read->has_number = true;
    return is_labels(read->labels) && read_number(value, &read->number);
}

/* <until>/<number>/<unit>/<labels> */
static bool read_term_value(struct str rest, struct field_read *read)
{
    struct str until, number;
    if (!take_until(&rest, '/', &until) || !read_until(until, &read->until))
        return false;
    if (!take_until(&rest, '/', &number))
        return false;
    read->has_number = number.len > 0;
    if (read->has_number && !read_number(number, &read->number))
        return false;
    if (!take_until(&rest, '/', &read->unit) || !is_unit_or_none(read->unit))
        return false;
    read->labels = rest;
    return is_labels(rest);
}

/* <series>:<id>:<from>; an id may have colons of its own. */
static bool read_term(struct str rest, struct str value,
                      struct field_read *read)
{
    if (!take_until(&rest, ':', &read->key) || !name_is_path(read->key))
        return false;
    if (rest.len < DAY_BYTES + 2 || rest.at[rest.len - DAY_BYTES - 1] != ':')
        return false;
    read->id = str_part(rest, 0, rest.len - DAY_BYTES - 1);
    struct str from = str_part(rest, rest.len - DAY_BYTES, rest.len);
    return name_is_id(read->id) && day_parse(from, &read->day) &&
           read_term_value(value, read) && read->until >= read->day;
}

/* <tier>:<from> = <until>/<version> */
static bool read_held(struct str rest, struct str value,
                      struct field_read *read)
{
    struct str until;
    if (!take_until(&rest, ':', &read->key) || !name_is_path(read->key))
        return false;
    if (!day_parse(rest, &read->day) || !take_until(&value, '/', &until))
        return false;
    read->value = value;
    return read_until(until, &read->until) && read->until >= read->day;
}

static bool read_standing(struct str rest, struct str value,
                          struct field_read *read)
{
    read->key = rest;
    read->value = value;
    return rest.len > 0;
}

static bool read_ver(struct str rest, struct str value, struct field_read *read)
{
    read->has_number = true;
    return rest.len == 0 && str_to_int64(value, &read->number);
}

struct spelling {
    struct str prefix;
    enum field_kind kind;
    /* Fills what it finds after the prefix; false: unreadable. */
    bool (*read)(struct str rest, struct str value, struct field_read *read);
};

static const struct spelling spellings[] = {
    {STR_INIT("attr:"), FIELD_ATTRIBUTE, read_attribute},
    {STR_INIT("sum:"), FIELD_SUM, read_amount},
    {STR_INIT("cnt:"), FIELD_COUNT, read_amount},
    {STR_INIT("has:"), FIELD_TERM, read_term},
    {STR_INIT("held:"), FIELD_HELD, read_held},
    {STR_INIT("standing:"), FIELD_STANDING, read_standing},
    {STR_INIT("ver"), FIELD_VER, read_ver},
};

void field_decode(const struct field *field, struct field_read *read)
{
    const struct field_read nothing = {.day = DAY_NONE, .until = DAY_NEVER};
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        const struct spelling *s = &spellings[i];
        if (!str_has_prefix(field->name, s->prefix))
            continue;
        struct str rest = str_part(field->name, s->prefix.len, field->name.len);
        *read = nothing;
        read->kind = s->kind;
        if (s->read(rest, field->value, read))
            return;
        break;
    }
    *read = nothing;
}
