/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Inside the room only: the forms of the operations, and one reading of the
 * words of one. */
#ifndef PALIER_FACTS_CHANGE_PARTS_H
#define PALIER_FACTS_CHANGE_PARTS_H

#include "base/base.h"
#include "facts/change.h"

enum change_key {
    KEY_ON = 1,
    KEY_FROM = 2,
    KEY_UNTIL = 4,
    KEY_VALUE = 8,
    KEY_COUNT = 16,
    KEY_ID = 32,
    KEY_WITH = 64,
};

struct change_reading;

/* FACT <word> partner <two words or more> [keys] */
struct change_form {
    struct str word;
    unsigned keys;     /* may follow */
    unsigned required; /* must */
    /* Reads what stands between the partner and the keys. */
    bool (*body)(struct change_reading *reading);
};

/* The form of an operation; by its word, in any case, NULL where it is none. */
const struct change_form *change_form(enum change_op op);
const struct change_form *change_form_of(struct str word);
enum change_op change_op_of(const struct change_form *form);

struct change_reading {
    const struct str *words;
    size_t n, at; /* `at`: the next word */
    const struct schema *schema;
    int32_t today;
    struct arena *arena;
    const struct change_form *form;
    unsigned seen; /* keys already read */
    struct pair labels[LABELS_MAX];
    size_t nlabels;
    struct change *change;
    struct fault *fault;
};

/* Fills the fault: ERR syntax error in FACT <word>: <format>. Returns false. */
bool change_syntax(struct change_reading *reading, const char *format, ...)
    PRINTF_LIKE(2, 3);

/* Is the word a key of the form? 0 where it is not. */
enum change_key change_key_of(const struct change_form *form, struct str word);
/* Reads the key at `at` and its words. False with a fault. */
bool change_read_key(struct change_reading *reading) MUST_USE;
/* Reads keys to the last word; the labels are then joined. */
bool change_read_keys(struct change_reading *reading) MUST_USE;

/* Bodies, by what is declared. */
bool change_read_attributes(struct change_reading *reading) MUST_USE;
bool change_read_amount(struct change_reading *reading) MUST_USE;
bool change_read_term(struct change_reading *reading) MUST_USE;
/* VALUE n [unit] */
bool change_read_value(struct change_reading *reading) MUST_USE;

#endif
