/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What a policy declares decides which series and attributes are known, in
 * which unit a series counts, and with how many decimals. */
#include <stdlib.h>

#include "facts/change_parts.h"
#include "facts/decimal.h"
#include "facts/expect.h"

/* The first `depth` words of a path; all of it where it has fewer. */
static struct str path_head(struct str path, size_t depth)
{
    size_t end = 0;
    for (size_t i = 0; i < depth && end < path.len; i++)
        end = str_find(path, '/', end + (i > 0));
    return str_part(path, 0, end);
}

/* A slip may be in the declared part of a path ("revenu/cloud") with anything
 * below it: compare part for part. */
static struct str nearest_path(struct change_reading *reading, struct str path,
                               const struct str *known, size_t n)
{
    size_t depth = 1;
    for (size_t i = 0; i < path.len; i++)
        depth += path.at[i] == '/';
    for (; depth > 0; depth--) {
        struct str head = path_head(path, depth);
        struct str near = str_nearest(head, known, n);
        if (near.len > 0 && !str_is(near, head))
            return arena_print(reading->arena, STR_FMT STR_FMT, STR_ARG(near),
                               STR_ARG(str_part(path, head.len, path.len)));
    }
    return (struct str){NULL, 0};
}

static bool unknown_series(struct change_reading *reading, struct str path,
                           enum series_kind kind)
{
    const struct schema *schema = reading->schema;
    struct str *known =
        arena_take_array(reading->arena, schema->nseries + 1, sizeof(*known));
    size_t n = 0;
    for (size_t i = 0; i < schema->nseries; i++)
        if (schema->series[i].kind == kind)
            known[n++] = schema->series[i].path;
    struct str near = {NULL, 0};
    if (path.len <= NAME_PATH_BYTES)
        near = nearest_path(reading, path, known, n);
    if (near.len > 0)
        return expect_known(reading->fault, path, "series", &near, 1);
    if (!name_is_path(path))
        return expect_failed(reading->fault, "series", path,
                             "is not a series; expected words of a-z, 0-9 and"
                             " _ joined by /");
    return expect_known(reading->fault, path, "series", known, n);
}

static bool is_series(const struct change_reading *reading, struct str path,
                      enum series_kind kind)
{
    return name_is_path(path) && schema_series(reading->schema, path, kind);
}

/* Declared, but as what another operation takes. */
static bool declared_as(struct change_reading *reading, struct str name,
                        const char *what, const char *operations)
{
    return fault_set(reading->fault, FAULT_INVALID,
                     SHOWN_FMT ": is declared as %s; use FACT %s",
                     SHOWN_ARG(name), what, operations);
}

static bool unfit_series(struct change_reading *reading, struct str path,
                         enum series_kind kind)
{
    if (kind == SERIES_AMOUNT && is_series(reading, path, SERIES_TERM))
        return declared_as(reading, path, "a term", "GRANT or FACT REVOKE");
    if (kind == SERIES_TERM && is_series(reading, path, SERIES_AMOUNT))
        return declared_as(reading, path, "an amount", "ADD or FACT PUT");
    if (schema_has_attribute(reading->schema, path))
        return declared_as(reading, path, "an attribute", "SET");
    return unknown_series(reading, path, kind);
}

static const struct series *read_series(struct change_reading *reading,
                                        enum series_kind kind)
{
    struct str path = reading->words[reading->at++];
    reading->change->series = path;
    if (is_series(reading, path, kind))
        return schema_series(reading->schema, path, kind);
    unfit_series(reading, path, kind);
    return NULL;
}

static bool read_number(struct change_reading *reading, const char *field,
                        struct str word)
{
    struct change *change = reading->change;
    int decimals = schema_decimals(reading->schema, change->unit);
    int64_t *number = &change->number;
    change->has_number = true;
    if (decimals < 0)
        decimals = 0;
    enum decimal_result result =
        decimal_parse(word, decimals, DECIMAL_ENTRY_MAX, number);
    if (result == DECIMAL_TOO_PRECISE && change->unit.len > 0)
        return expect_failed(reading->fault, field, word,
                             "has too many decimals; " SHOWN_FMT " has %d",
                             SHOWN_ARG(change->unit), decimals);
    return decimal_expect(word, decimals, field, number, reading->fault);
}

/* Is there a next word that can only be a unit? */
static bool take_unit(struct change_reading *reading, struct str *unit)
{
    if (reading->at == reading->n)
        return false;
    struct str word = reading->words[reading->at];
    if (!name_is_unit(word) || change_key_of(reading->form, word))
        return false;
    *unit = word;
    reading->at++;
    return true;
}

/* The series' own unit; where that is a currency, another currency too: it is
 * kept beside, and counts where the policy knows a rate. */
static bool check_unit(struct change_reading *reading, struct str unit,
                       const struct series *series)
{
    bool money = currency_decimals(series->unit) >= 0;

    if (str_is(unit, series->unit) || (money && currency_decimals(unit) >= 0))
        return true;
    if (series->unit.len == 0)
        return expect_failed(reading->fault, "unit", unit,
                             "does not fit; " SHOWN_FMT " has no unit",
                             SHOWN_ARG(series->path));
    return expect_failed(
        reading->fault, "unit", unit, "does not fit; expected " SHOWN_FMT "%s",
        SHOWN_ARG(series->unit), money ? " or another currency's code" : "");
}

bool change_read_amount(struct change_reading *reading)
{
    const struct series *series = read_series(reading, SERIES_AMOUNT);
    if (!series)
        return false;
    struct str number = reading->words[reading->at++];
    struct str unit = arena_copy(reading->arena, series->unit);
    if (take_unit(reading, &unit) && !check_unit(reading, unit, series))
        return false;
    reading->change->unit = unit;
    return read_number(reading, "amount", number);
}

bool change_read_term(struct change_reading *reading)
{
    if (!read_series(reading, SERIES_TERM))
        return false;
    struct str id = reading->words[reading->at++];
    reading->change->id = id;
    return name_is_id(id) ||
           expect_failed(reading->fault, "id", id,
                         "is not an id; expected 1 to %d printable bytes"
                         " without spaces",
                         NAME_ID_BYTES);
}

static bool unknown_unit(struct change_reading *reading, struct str unit)
{
    const struct schema *schema = reading->schema;
    struct str *known =
        arena_take_array(reading->arena, schema->nseries + 1, sizeof(*known));
    size_t n = 0;
    for (size_t i = 0; i < schema->nseries; i++)
        if (schema->series[i].unit.len > 0)
            known[n++] = schema->series[i].unit;
    struct str near = str_nearest(unit, known, n);
    if (near.len > 0)
        return expect_known(reading->fault, unit, "unit", &near, 1);
    return expect_failed(
        reading->fault, "unit", unit,
        "is not known; expected a currency's code or a unit of the policy");
}

bool change_read_value(struct change_reading *reading)
{
    struct change *change = reading->change;
    struct str number = reading->words[reading->at++];
    const struct series *series =
        schema_series(reading->schema, change->series, SERIES_TERM);
    struct str unit;
    if (take_unit(reading, &unit))
        change->unit = unit;
    else if (series)
        change->unit = arena_copy(reading->arena, series->unit);
    if (schema_decimals(reading->schema, change->unit) < 0)
        return unknown_unit(reading, change->unit);
    return read_number(reading, "value", number);
}

/* Attributes whose values are names, one or a list. */
static bool is_of_names(struct str attribute)
{
    return str_is(attribute, STR("kind")) || str_is(attribute, STR("market")) ||
           str_is(attribute, STR("language"));
}

static bool is_names(struct str value)
{
    for (size_t from = 0; from <= value.len;) {
        size_t comma = str_find(value, ',', from);
        if (!name_is_token(str_part(value, from, comma)))
            return false;
        from = comma + 1;
    }
    return true;
}

static bool unknown_attribute(struct change_reading *reading, struct str name)
{
    const struct schema *schema = reading->schema;
    if (is_series(reading, name, SERIES_AMOUNT))
        return declared_as(reading, name, "an amount", "ADD or FACT PUT");
    if (is_series(reading, name, SERIES_TERM))
        return declared_as(reading, name, "a term", "GRANT or FACT REVOKE");
    return expect_known(reading->fault, name, "attribute", schema->attributes,
                        schema->nattributes);
}

static bool check_attribute(struct change_reading *reading,
                            const struct pair *attribute)
{
    const struct schema *schema = reading->schema;
    if (!schema_has_attribute(schema, attribute->name))
        return unknown_attribute(reading, attribute->name);
    const char *field = arena_copy(reading->arena, attribute->name).at;
    if (!name_is_value(attribute->value))
        return expect_failed(
            reading->fault, field, attribute->value,
            "is not a value; expected 1 to %d bytes of printable UTF-8",
            NAME_VALUE_BYTES);
    if (is_of_names(attribute->name) && !is_names(attribute->value))
        return expect_failed(
            reading->fault, field, attribute->value,
            "is not a name; expected letters, digits, '_' and '-', several"
            " joined by commas");
    return true;
}

static bool read_attribute(struct change_reading *reading)
{
    struct change *change = reading->change;
    struct pair attribute = {reading->words[reading->at++], {NULL, 0}};
    if (reading->at == reading->n)
        return change_syntax(reading, "\"" SHOWN_FMT "\" has no value",
                             SHOWN_ARG(attribute.name));
    attribute.value = reading->words[reading->at++];
    change->attributes[change->nattributes++] = attribute;
    return check_attribute(reading, &attribute);
}

static int by_name(const void *a, const void *b)
{
    const struct pair *left = a, *right = b;
    return str_order(left->name, right->name);
}

static bool sort_attributes(struct change_reading *reading)
{
    struct change *change = reading->change;
    struct pair *pairs = change->attributes;
    if (change->nattributes == 0)
        return change_syntax(reading, "expected a name and a value");
    qsort(pairs, change->nattributes, sizeof(*pairs), by_name);
    for (size_t i = 1; i < change->nattributes; i++)
        if (str_is(pairs[i - 1].name, pairs[i].name))
            return expect_failed(
                reading->fault, arena_copy(reading->arena, pairs[i].name).at,
                pairs[i].value,
                "is a second value; expected each attribute once");
    return true;
}

bool change_read_attributes(struct change_reading *reading)
{
    reading->change->attributes =
        arena_take_array(reading->arena, reading->n / 2, sizeof(struct pair));
    while (reading->at < reading->n) {
        bool key = change_key_of(reading->form, reading->words[reading->at]);
        if (!(key ? change_read_key(reading) : read_attribute(reading)))
            return false;
    }
    return sort_attributes(reading);
}
