/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Import and inbox name what FACT tells by place and key. Putting named fields
 * into the order of FACT leaves one parser to judge them all. What would mean
 * something else there, a label or a unit named as a key is, is refused here:
 * nobody could say it over the wire. */
#include "facts/change_parts.h"
#include "facts/expect.h"

/* A field, in its place in FACT, after its key where it has one. */
struct slot {
    struct str name, key;
    enum { PLAIN, NEEDED, UNIT, LABELS } kind; /* UNIT: of the number before */
};

enum { SLOTS = 7 };
static const struct slot slots[][SLOTS] = {
    [CHANGE_SET] = {{STR_INIT("name"), {0}, NEEDED},
                    {STR_INIT("value"), {0}, NEEDED},
                    {STR_INIT("on"), STR_INIT("ON"), PLAIN}},
    [CHANGE_ADD] = {{STR_INIT("series"), {0}, NEEDED},
                    {STR_INIT("amount"), {0}, NEEDED},
                    {STR_INIT("unit"), {0}, UNIT},
                    {STR_INIT("on"), STR_INIT("ON"), PLAIN},
                    {STR_INIT("count"), STR_INIT("COUNT"), PLAIN},
                    {STR_INIT("id"), STR_INIT("ID"), PLAIN},
                    {STR_INIT("with"), STR_INIT("WITH"), LABELS}},
    [CHANGE_PUT] = {{STR_INIT("series"), {0}, NEEDED},
                    {STR_INIT("amount"), {0}, NEEDED},
                    {STR_INIT("unit"), {0}, UNIT},
                    {STR_INIT("on"), STR_INIT("ON"), NEEDED},
                    {STR_INIT("count"), STR_INIT("COUNT"), PLAIN},
                    {STR_INIT("with"), STR_INIT("WITH"), LABELS}},
    [CHANGE_GRANT] = {{STR_INIT("series"), {0}, NEEDED},
                      {STR_INIT("id"), {0}, NEEDED},
                      {STR_INIT("from"), STR_INIT("FROM"), PLAIN},
                      {STR_INIT("until"), STR_INIT("UNTIL"), PLAIN},
                      {STR_INIT("value"), STR_INIT("VALUE"), PLAIN},
                      {STR_INIT("unit"), {0}, UNIT},
                      {STR_INIT("with"), STR_INIT("WITH"), LABELS}},
    [CHANGE_REVOKE] = {{STR_INIT("series"), {0}, NEEDED},
                       {STR_INIT("id"), {0}, NEEDED},
                       {STR_INIT("on"), STR_INIT("ON"), PLAIN}},
};

/* Named fields on their way to words. */
struct naming {
    const struct field *fields;
    size_t n;
    const struct change_form *form;
    const struct slot *slots; /* SLOTS; unused ones have no name */
    struct str *words;
    size_t nwords;
    struct fault *fault;
};

/* The first of that name that has a value; NULL where there is none. */
static const struct field *find(const struct naming *naming, struct str name)
{
    for (size_t i = 0; i < naming->n; i++)
        if (naming->fields[i].value.len > 0 &&
            str_is(naming->fields[i].name, name))
            return &naming->fields[i];
    return NULL;
}

static struct str value_of(const struct naming *naming, struct str name)
{
    const struct field *field = find(naming, name);
    return field ? field->value : (struct str){NULL, 0};
}

static bool missing(const struct naming *naming, const char *field,
                    const char *what)
{
    return fault_set(naming->fault, FAULT_INVALID,
                     "%s: is missing; expected %s", field, what);
}

static bool read_operation(struct naming *naming)
{
    static const struct str known[] = {STR_INIT("set"), STR_INIT("add"),
                                       STR_INIT("put"), STR_INIT("grant"),
                                       STR_INIT("revoke")};
    struct str op = value_of(naming, STR("op"));
    if (op.len == 0) {
        missing(naming, "op", "set, add, put, grant or revoke");
        return false;
    }
    naming->form = change_form_of(op);
    if (!naming->form) {
        expect_known(naming->fault, op, "op", known, COUNT_OF(known));
        return false;
    }
    naming->slots = slots[change_op_of(naming->form)];
    return true;
}

static bool unknown_field(const struct naming *naming, struct str name)
{
    struct str known[SLOTS];
    size_t n = 0;
    while (n < SLOTS && naming->slots[n].name.len > 0) {
        known[n] = naming->slots[n].name;
        n++;
    }
    return expect_known(naming->fault, name, "field of this op", known, n);
}

static bool is_slot(const struct naming *naming, struct str name)
{
    for (size_t i = 0; i < SLOTS; i++)
        if (name.len > 0 && str_is(naming->slots[i].name, name))
            return true;
    return str_is(name, STR("op")) || str_is(name, STR("partner"));
}

/* Is each field with a value one of the operation's, and there once? */
static bool check_fields(const struct naming *naming)
{
    for (size_t i = 0; i < naming->n; i++) {
        const struct field *field = &naming->fields[i];
        if (field->value.len == 0)
            continue;
        if (!is_slot(naming, field->name))
            return unknown_field(naming, field->name);
        if (find(naming, field->name) != field)
            return fault_set(naming->fault, FAULT_INVALID,
                             SHOWN_FMT ": \"" SHOWN_FMT
                                       "\" is a second value; expected one",
                             SHOWN_ARG(field->name), SHOWN_ARG(field->value));
    }
    return true;
}

/* Refuses a word that FACT would read as a key. */
static bool check_word(const struct naming *naming, const char *field,
                       struct str word)
{
    return !change_key_of(naming->form, word) ||
           expect_failed(naming->fault, field, word,
                         "is a word of FACT " STR_FMT "; expected another name",
                         STR_ARG(naming->form->word));
}

static void add_word(struct naming *naming, struct str word)
{
    naming->words[naming->nwords++] = word;
}

/* name=value,... */
static bool add_labels(struct naming *naming, struct str labels)
{
    for (size_t from = 0; from <= labels.len;) {
        size_t comma = str_find(labels, ',', from);
        struct str label = str_part(labels, from, comma);
        size_t equals = str_find(label, '=', 0);
        struct str name = str_part(label, 0, equals);
        if (equals == 0 || equals + 1 >= label.len)
            return expect_failed(naming->fault, "with", label,
                                 "is not a label; expected name=value,...");
        if (!check_word(naming, "with", name))
            return false;
        add_word(naming, name);
        add_word(naming, str_part(label, equals + 1, label.len));
        from = comma + 1;
    }
    return true;
}

/* A unit that is none would be taken for the next word. */
static bool add_unit(struct naming *naming, const struct slot *slot,
                     struct str unit)
{
    if (value_of(naming, slot[-1].name).len == 0)
        return expect_failed(naming->fault, "unit", unit,
                             "has no number; expected one in " STR_FMT,
                             STR_ARG(slot[-1].name));
    if (!name_is_unit(unit))
        return expect_failed(naming->fault, "unit", unit,
                             "is not a unit; expected letters, digits and _");
    if (!check_word(naming, "unit", unit))
        return false;
    add_word(naming, unit);
    return true;
}

static bool add_slot(struct naming *naming, const struct slot *slot)
{
    struct str value = value_of(naming, slot->name);
    if (value.len == 0)
        return slot->kind != NEEDED ||
               missing(naming, slot->name.at, "a value");
    if (slot->kind == UNIT)
        return add_unit(naming, slot, value);
    if (slot->key.len > 0)
        add_word(naming, slot->key);
    if (slot->kind == LABELS)
        return add_labels(naming, value);
    if (str_is(slot->name, STR("name")) && !check_word(naming, "name", value))
        return false;
    add_word(naming, value);
    return true;
}

/* At most: op, partner, a key and a value for each slot, the labels. */
static size_t count_words(const struct naming *naming)
{
    struct str with = value_of(naming, STR("with"));
    size_t labels = 1;
    for (size_t i = 0; i < with.len; i++)
        labels += with.at[i] == ',';
    return 2 + 2 * (size_t)SLOTS + 2 * labels;
}

bool change_words(const struct field *fields, size_t n, struct arena *arena,
                  struct str **words, size_t *nwords, struct fault *fault)
{
    struct naming naming = {.fields = fields, .n = n, .fault = fault};
    if (!read_operation(&naming) || !check_fields(&naming))
        return false;
    naming.words =
        arena_take_array(arena, count_words(&naming), sizeof(*naming.words));
    struct str partner = value_of(&naming, STR("partner"));
    if (partner.len == 0)
        return missing(&naming, "partner", "a partner's id");
    add_word(&naming, naming.form->word);
    add_word(&naming, partner);
    for (size_t i = 0; i < SLOTS; i++)
        if (naming.slots[i].name.len > 0 &&
            !add_slot(&naming, &naming.slots[i]))
            return false;
    *words = naming.words;
    *nwords = naming.nwords;
    return true;
}
