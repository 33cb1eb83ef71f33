/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A change said again: in the words of FACT, for people who read the ledger,
 * and as a digest, by which an id sent twice is told from an id used for two
 * things. What was left out stays left out; a default that was said does not
 * show. */
#include <inttypes.h>

#include "facts/change_parts.h"
#include "facts/day.h"
#include "facts/decimal.h"

static bool needs_quotes(struct str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.at[i] == ' ' || word.at[i] == '"' || word.at[i] == '\'')
            return true;
    return word.len == 0;
}

static void say_word(struct buf *out, struct str word)
{
    buf_add_byte(out, ' ');
    if (!needs_quotes(word)) {
        buf_add(out, word);
        return;
    }
    buf_add_byte(out, '"');
    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] == '"' || word.at[i] == '\\')
            buf_add_byte(out, '\\');
        buf_add_byte(out, word.at[i]);
    }
    buf_add_byte(out, '"');
}

static void say_day(struct buf *out, const char *key, int32_t day)
{
    char text[DAY_TEXT];
    struct str s = day_text(day, text);
    if (s.len > 0)
        buf_print(out, " %s " STR_FMT, key, STR_ARG(s));
}

/* A unit that is named as a key could not be read back; it is the default. */
static void say_number(struct buf *out, const struct change *change,
                       const struct schema *schema)
{
    char text[DECIMAL_TEXT];
    int decimals = schema_decimals(schema, change->unit);
    say_word(out,
             decimal_text(change->number, decimals < 0 ? 0 : decimals, text));
    if (change->unit.len > 0 &&
        !change_key_of(change_form(change->op), change->unit))
        say_word(out, change->unit);
}

static void say_labels(struct buf *out, struct str labels)
{
    struct pair pairs[LABELS_MAX];
    int n = labels_parse(labels, pairs, LABELS_MAX);
    if (n > 0)
        buf_add(out, STR(" WITH"));
    for (int i = 0; i < n; i++) {
        say_word(out, pairs[i].name);
        say_word(out, pairs[i].value);
    }
}

static void say_attributes(struct buf *out, const struct change *change)
{
    for (size_t i = 0; i < change->nattributes; i++) {
        say_word(out, change->attributes[i].name);
        say_word(out, change->attributes[i].value);
    }
    say_day(out, "ON", change->on);
}

static void say_amount(struct buf *out, const struct change *change,
                       const struct schema *schema)
{
    say_word(out, change->series);
    say_number(out, change, schema);
    say_day(out, "ON", change->on);
    if (change->count != 1)
        buf_print(out, " COUNT %" PRId64, change->count);
    if (change->id.len > 0) {
        buf_add(out, STR(" ID"));
        say_word(out, change->id);
    }
    say_labels(out, change->labels);
}

static void say_term(struct buf *out, const struct change *change,
                     const struct schema *schema)
{
    say_word(out, change->series);
    say_word(out, change->id);
    say_day(out, "ON", change->on);
    say_day(out, "FROM", change->from);
    say_day(out, "UNTIL", change->until);
    if (change->has_number) {
        buf_add(out, STR(" VALUE"));
        say_number(out, change, schema);
    }
    say_labels(out, change->labels);
}

void change_say(const struct change *change, const struct schema *schema,
                struct buf *out)
{
    buf_add(out, change_form(change->op)->word);
    switch (change->op) {
    case CHANGE_SET:
        say_attributes(out, change);
        break;
    case CHANGE_ADD:
    case CHANGE_PUT:
        say_amount(out, change, schema);
        break;
    case CHANGE_GRANT:
    case CHANGE_REVOKE:
        say_term(out, change, schema);
        break;
    }
}

static void add_line(struct buf *out, const char *name, struct str value)
{
    buf_add(out, str_of(name));
    buf_add_byte(out, ' ');
    buf_add(out, value);
    buf_add_byte(out, '\n');
}

static void add_day_line(struct buf *out, const char *name, int32_t day)
{
    char text[DAY_TEXT];
    add_line(out, name, day_text(day, text));
}

/* One line for each part, all of them always: no part has a line's end in it,
 * so no two contents give the same text. Digests are kept in the store: what
 * is written here must not change. */
void change_digest(const struct change *change, char hex[DIGEST_HEX + 1])
{
    struct buf text;
    buf_init(&text);
    add_line(&text, "op", change_form(change->op)->word);
    add_line(&text, "partner", change->partner);
    for (size_t i = 0; i < change->nattributes; i++) {
        add_line(&text, "name", change->attributes[i].name);
        add_line(&text, "value", change->attributes[i].value);
    }
    add_line(&text, "series", change->series);
    add_line(&text, "id", change->id);
    if (change->has_number)
        buf_print(&text, "number %" PRId64 "\n", change->number);
    add_line(&text, "unit", change->unit);
    buf_print(&text, "count %" PRId64 "\n", change->count);
    add_line(&text, "labels", change->labels);
    add_day_line(&text, "on", change->on);
    add_day_line(&text, "from", change->from);
    add_day_line(&text, "until", change->until);
    digest_hex(buf_peek(&text), hex);
    buf_fini(&text);
}
