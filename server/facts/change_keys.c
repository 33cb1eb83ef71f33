/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The keys of an operation, ON COUNT ID and so on: in any case and any order,
 * each at most once. WITH goes on until the next key where a label's name is
 * due; so no label can be named as a key is. */
#include <stdio.h>

#include "facts/change_parts.h"
#include "facts/day.h"
#include "facts/expect.h"

static bool read_on(struct change_reading *reading)
{
    return day_expect(reading->words[reading->at++], "on", &reading->change->on,
                      reading->fault);
}

static bool read_from(struct change_reading *reading)
{
    return day_expect(reading->words[reading->at++], "from",
                      &reading->change->from, reading->fault);
}

static bool read_until(struct change_reading *reading)
{
    return day_expect(reading->words[reading->at++], "until",
                      &reading->change->until, reading->fault);
}

static bool read_count(struct change_reading *reading)
{
    const int64_t most = 1000000000;
    struct str word = reading->words[reading->at++];
    int64_t count;
    if (!str_to_int64(word, &count))
        return expect_failed(reading->fault, "count", word,
                             "is not a whole number");
    if (count > most || count < -most)
        return expect_failed(reading->fault, "count", word,
                             "is out of range; at most %lld", (long long)most);
    reading->change->count = count;
    return true;
}

static bool read_id(struct change_reading *reading)
{
    struct str word = reading->words[reading->at++];
    if (!name_is_id(word))
        return expect_failed(
            reading->fault, "id", word,
            "is not an id; expected 1 to %d printable bytes without spaces",
            NAME_ID_BYTES);
    reading->change->id = word;
    return true;
}

/* Keeps the labels sorted. */
static bool insert_label(struct change_reading *reading, struct pair label)
{
    size_t at = reading->nlabels;
    while (at > 0 && str_order(reading->labels[at - 1].name, label.name) >= 0)
        at--;
    if (at < reading->nlabels && str_is(reading->labels[at].name, label.name))
        return expect_failed(reading->fault, "with", label.name,
                             "is given twice; expected each label once");
    if (reading->nlabels == LABELS_MAX)
        return expect_failed(reading->fault, "with", label.name,
                             "is one label too many; expected at most %d",
                             LABELS_MAX);
    for (size_t i = reading->nlabels; i > at; i--)
        reading->labels[i] = reading->labels[i - 1];
    reading->labels[at] = label;
    reading->nlabels++;
    return true;
}

static bool read_label(struct change_reading *reading)
{
    struct pair label = {reading->words[reading->at++], {NULL, 0}};
    if (!name_is_word(label.name))
        return expect_failed(reading->fault, "with", label.name,
                             "is not a label's name; expected a word of a-z,"
                             " 0-9 and _, a letter first");
    if (reading->at == reading->n)
        return change_syntax(reading, "label " STR_FMT " has no value",
                             STR_ARG(label.name));
    label.value = reading->words[reading->at++];
    if (!name_is_label_value(label.value))
        return expect_failed(
            reading->fault, arena_copy(reading->arena, label.name).at,
            label.value,
            "is not a label's value; expected 1 to %d printable bytes without"
            " spaces, ',', '=' and ':'",
            NAME_ID_BYTES);
    return insert_label(reading, label);
}

static bool read_with(struct change_reading *reading)
{
    if (change_key_of(reading->form, reading->words[reading->at]))
        return change_syntax(reading, "WITH needs names and values");
    while (reading->at < reading->n &&
           !change_key_of(reading->form, reading->words[reading->at]))
        if (!read_label(reading))
            return false;
    return true;
}

struct key {
    struct str word;
    enum change_key key;
    /* Reads its words, of which there is one at least. */
    bool (*read)(struct change_reading *reading);
};

static const struct key keys[] = {
    {STR_INIT("ON"), KEY_ON, read_on},
    {STR_INIT("FROM"), KEY_FROM, read_from},
    {STR_INIT("UNTIL"), KEY_UNTIL, read_until},
    {STR_INIT("VALUE"), KEY_VALUE, change_read_value},
    {STR_INIT("COUNT"), KEY_COUNT, read_count},
    {STR_INIT("ID"), KEY_ID, read_id},
    {STR_INIT("WITH"), KEY_WITH, read_with},
};

static const struct key *find_key(const struct change_form *form,
                                  struct str word)
{
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (form->keys & keys[i].key && str_is_nocase(word, keys[i].word))
            return &keys[i];
    return NULL;
}

enum change_key change_key_of(const struct change_form *form, struct str word)
{
    const struct key *key = find_key(form, word);
    return key ? key->key : 0;
}

/* "ON, COUNT, ID or WITH" */
static struct str list_keys(struct arena *arena, unsigned wanted)
{
    struct str list = {NULL, 0};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (!(wanted & keys[i].key))
            continue;
        wanted &= ~(unsigned)keys[i].key;
        const char *between = list.len == 0 ? "" : wanted ? ", " : " or ";
        list = arena_print(arena, STR_FMT "%s" STR_FMT, STR_ARG(list), between,
                           STR_ARG(keys[i].word));
    }
    return list;
}

bool change_read_key(struct change_reading *reading)
{
    struct str word = reading->words[reading->at];
    const struct key *key = find_key(reading->form, word);
    if (!key)
        return change_syntax(
            reading, "unexpected word \"" SHOWN_FMT "\"; expected " STR_FMT,
            SHOWN_ARG(word),
            STR_ARG(list_keys(reading->arena, reading->form->keys)));
    if (reading->seen & key->key)
        return change_syntax(reading, STR_FMT " is given twice",
                             STR_ARG(key->word));
    reading->seen |= key->key;
    reading->at++;
    if (reading->at == reading->n)
        return change_syntax(reading, STR_FMT " needs a value",
                             STR_ARG(key->word));
    return key->read(reading);
}

/* "class=license,deal=D-9" */
static struct str join_labels(struct arena *arena, const struct pair *labels,
                              size_t n)
{
    struct str joined = {NULL, 0};
    struct buf text;
    buf_init(&text);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add_byte(&text, ',');
        buf_add(&text, labels[i].name);
        buf_add_byte(&text, '=');
        buf_add(&text, labels[i].value);
    }
    if (n > 0)
        joined = arena_copy(arena, buf_peek(&text));
    buf_fini(&text);
    return joined;
}

bool change_read_keys(struct change_reading *reading)
{
    while (reading->at < reading->n)
        if (!change_read_key(reading))
            return false;
    unsigned missing = reading->form->required & ~reading->seen;
    if (missing)
        return change_syntax(reading, "expected " STR_FMT,
                             STR_ARG(list_keys(reading->arena, missing)));
    reading->change->labels =
        join_labels(reading->arena, reading->labels, reading->nlabels);
    return true;
}
