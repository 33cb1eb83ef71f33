/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The server refuses to count an id twice, so a row that names itself can be
 * sent any number of times. Most files have no ids: the row's content stands
 * for one. Its spelling here is kept for ever: another one would count old
 * files again. */
#include "main/import_id.h"

#include <stdlib.h>

enum { ID_DIGITS = 32, HASH_DIGITS = 16 };

/* "1250.50" is "1250.5", "1250.00" is "1250"; other texts stay. */
static struct str short_amount(struct str amount)
{
    if (str_find(amount, '.', 0) == amount.len)
        return amount;
    while (amount.len > 1 && amount.at[amount.len - 1] == '0')
        amount.len--;
    if (amount.len > 1 && amount.at[amount.len - 1] == '.')
        amount.len--;
    return amount;
}

/* Into its place among the `n` sorted parts. */
static void insert_part(struct str *parts, size_t n, struct str part)
{
    for (; n > 0 && str_order(parts[n - 1], part) > 0; n--)
        parts[n] = parts[n - 1];
    parts[n] = part;
}

/* "b=2,a=1" is "a=1,b=2"; more labels than any server takes stay as written.
 */
static void add_labels(struct buf *content, struct str labels)
{
    struct str parts[LABELS_MAX];
    size_t n = 0, from = 0;
    while (from < labels.len && n < LABELS_MAX) {
        size_t end = str_find(labels, ',', from);
        insert_part(parts, n++, str_part(labels, from, end));
        from = end + 1;
    }
    if (from < labels.len)
        buf_add(content, labels);
    for (size_t i = 0; i < n; i++) {
        buf_add(content, parts[i]);
        buf_add_byte(content, ',');
    }
}

static void add_value(struct buf *content, struct str name, struct str value)
{
    if (str_is(name, STR("amount")))
        buf_add(content, short_amount(value));
    else if (str_is(name, STR("with")))
        add_labels(content, value);
    else if (str_is(name, STR("count")) && value.len == 0)
        buf_add(content, STR("1"));
    else
        buf_add(content, value);
}

/* What an `add` row means, each part ended by a line end. */
static void spell_content(const struct import_row *row, struct buf *content)
{
    static const char *const parts[] = {"partner", "series", "amount", "unit",
                                        "on",      "count",  "with"};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct str name = str_of(parts[i]);
        buf_add(content, name);
        buf_add_byte(content, ' ');
        add_value(content, name, import_row_value(row, name));
        buf_add_byte(content, '\n');
    }
}

void import_id_give(struct import_row *row, struct tally *seen,
                    struct arena *arena)
{
    if (!str_is_nocase(import_row_value(row, STR("op")), STR("add")) ||
        import_row_value(row, STR("id")).len > 0)
        return;
    struct buf content;
    buf_init(&content);
    spell_content(row, &content);
    char hex[DIGEST_HEX + 1];
    digest_hex(buf_peek(&content), hex);
    buf_fini(&content);
    char part[HASH_DIGITS + 1] = {0};
    for (int i = 0; i < HASH_DIGITS; i++)
        part[i] = hex[i];
    int64_t *times = tally_at(seen, strtoull(part, NULL, 16), NULL);
    *times += 1;
    struct str id = arena_print(arena, "import-%.*s-%lld", ID_DIGITS, hex,
                                (long long)*times);
    import_row_set(row, STR("id"), id, arena);
}
