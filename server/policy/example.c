/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * An expectation's facts are read by the same parser as the wire's and spelled
 * as the store spells them, so that an example is judged exactly as a partner
 * is. An example has no past of its own: an attribute has one value, and what
 * is to be revoked is granted until the day before. */
#include "policy/example.h"

enum { EXAMPLE_WORDS = 64, EXAMPLE_LINES = 1000 };

void example_init(struct example *example, const struct schema *schema,
                  int32_t day, struct arena *arena)
{
    *example = (struct example){.schema = schema, .day = day, .arena = arena};
}

/* Room for one more of an array in the arena. */
static void *grow(struct arena *arena, void *old, size_t n, size_t *max,
                  size_t size)
{
    if (n < *max)
        return old;
    *max = *max ? *max * 2 : 8;
    char *grown = arena_take_array(arena, *max, size);
    for (size_t i = 0; i < n * size; i++)
        grown[i] = ((const char *)old)[i];
    return grown;
}

static void add_field(struct example *example, struct str name,
                      struct str value)
{
    example->fields = grow(example->arena, example->fields, example->nfields,
                           &example->maxfields, sizeof *example->fields);
    example->fields[example->nfields++] = (struct field){name, value};
}

/* The bytes of `buf`, kept; `buf` is released. */
static struct str keep(struct example *example, struct buf *buf)
{
    struct str kept = arena_copy(example->arena, buf_peek(buf));
    buf_fini(buf);
    return kept;
}

/* Where in the order the key stands, or belongs. */
static size_t order_of(const struct example *example, struct str key)
{
    size_t low = 0, high = example->nentries;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct str at = example->entries[example->order[middle]].key;
        if (str_order(at, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct example_entry *add_entry(struct example *example, size_t place,
                                       struct str key)
{
    size_t n = example->nentries;
    example->entries = grow(example->arena, example->entries, n,
                            &example->maxentries, sizeof *example->entries);
    example->order = grow(example->arena, example->order, n, &example->maxorder,
                          sizeof *example->order);
    for (size_t i = n; i > place; i--)
        example->order[i] = example->order[i - 1];
    example->order[place] = n;
    example->entries[n] = (struct example_entry){.key = key};
    example->nentries++;
    return &example->entries[n];
}

static struct example_entry *entry_of(struct example *example, struct str key)
{
    size_t place = order_of(example, key);
    if (place < example->nentries) {
        struct example_entry *entry = &example->entries[example->order[place]];
        if (str_is(entry->key, key))
            return entry;
    }
    return add_entry(example, place, key);
}

static bool add_amount(struct example *example, const struct change *change,
                       struct fault *fault)
{
    struct buf buf;
    buf_init(&buf);
    field_encode_sum(&buf, "", change->series, change->unit,
                     change->on == DAY_NONE ? example->day : change->on,
                     change->labels);
    struct example_entry *entry = entry_of(example, keep(example, &buf));
    if (change->op == CHANGE_PUT)
        entry->number = entry->count = 0;
    if (!add_checked(entry->number, change->number, &entry->number))
        return fault_set(fault, FAULT_POLICYERR, "the sum is out of range");
    entry->count += change->count;
    return true;
}

static void add_term(struct example *example, const struct change *change)
{
    struct buf name, value;
    buf_init(&name);
    buf_init(&value);
    field_encode_term(&name, change->series, change->id,
                      change->from == DAY_NONE ? example->day : change->from);
    field_encode_term_value(&value, change->until, change->has_number,
                            change->number, change->unit, change->labels);
    struct str kept = keep(example, &name);
    add_field(example, kept, keep(example, &value));
}

static void set_attributes(struct example *example, const struct change *change)
{
    for (size_t i = 0; i < change->nattributes; i++)
        add_field(example,
                  arena_print(example->arena, "attr:" STR_FMT,
                              STR_ARG(change->attributes[i].name)),
                  change->attributes[i].value);
}

static bool add_change(struct example *example, const struct change *change,
                       struct fault *fault)
{
    switch (change->op) {
    case CHANGE_SET:
        if (change->on != DAY_NONE)
            return fault_set(fault, FAULT_POLICYERR,
                             "SET in an example takes no ON");
        set_attributes(example, change);
        return true;
    case CHANGE_ADD:
    case CHANGE_PUT:
        return add_amount(example, change, fault);
    case CHANGE_GRANT:
        add_term(example, change);
        return true;
    case CHANGE_REVOKE:
        break;
    }
    return fault_set(fault, FAULT_POLICYERR,
                     "REVOKE has no place in an example; write GRANT ... "
                     "UNTIL");
}

/* The next word of a line from `*at` on; words with blanks stand in double
 * quotes. */
static bool next_word(struct str line, size_t *at, struct str *word)
{
    size_t i = *at;
    while (i < line.len && (line.at[i] == ' ' || line.at[i] == '\t'))
        i++;
    if (i == line.len)
        return false;
    bool quoted = line.at[i] == '"';
    size_t from = i + quoted;
    size_t until = str_find(line, quoted ? '"' : ' ', from);
    *word = str_part(line, from, until);
    *at = until + quoted;
    return true;
}

static bool read_line(struct example *example, struct str line,
                      struct fault *fault)
{
    struct str words[EXAMPLE_WORDS];
    struct change change;
    size_t n = 0, at = 0;
    while (n < EXAMPLE_WORDS && next_word(line, &at, &words[n]))
        if (++n == 1)
            words[n++] = STR("example"); /* the partner, after the operation */
    if (n == EXAMPLE_WORDS)
        return fault_set(fault, FAULT_POLICYERR, "a line is too long");
    if (!n)
        return true;
    return change_parse(words, n, example->schema, example->day, example->arena,
                        &change, fault) &&
           add_change(example, &change, fault);
}

bool example_facts(struct example *example, struct str lines,
                   struct fault *fault)
{
    size_t n = 0;
    for (size_t from = 0; from < lines.len;) {
        size_t end = str_find(lines, '\n', from);
        if (++n > EXAMPLE_LINES)
            return fault_set(fault, FAULT_POLICYERR, "more than %d lines",
                             EXAMPLE_LINES);
        if (!read_line(example, str_trim(str_part(lines, from, end)), fault))
            return false;
        from = end + 1;
    }
    return true;
}

void example_holds(struct example *example, struct str series, struct str id)
{
    struct change change = {.op = CHANGE_GRANT,
                            .series = series,
                            .id = id,
                            .from = DAY_NONE,
                            .until = DAY_NEVER};
    add_term(example, &change);
}

const struct field *example_fields(struct example *example, size_t *n)
{
    for (size_t i = 0; i < example->nentries; i++) {
        const struct example_entry *entry = &example->entries[i];
        struct arena *arena = example->arena;
        add_field(example,
                  arena_print(arena, "sum:" STR_FMT, STR_ARG(entry->key)),
                  arena_print(arena, "%lld", (long long)entry->number));
        if (entry->count != 1)
            add_field(example,
                      arena_print(arena, "cnt:" STR_FMT, STR_ARG(entry->key)),
                      arena_print(arena, "%lld", (long long)entry->count));
    }
    *n = example->nfields;
    return example->fields;
}
