/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A change comes as words, from whoever can reach the port. It is checked here
 * to the last value, left to right, before the store hears of it: what passes
 * can be written without another look, and what does not leaves nothing
 * behind. Operations differ only in their body and in which keys may follow,
 * so there is a table of them. */
#include <stdio.h>

#include "facts/change_parts.h"
#include "facts/day.h"
#include "facts/expect.h"

enum { LEAST_WORDS = 4 }; /* op, partner and the two that each one has */

static const struct change_form forms[] = {
    [CHANGE_SET] = {STR_INIT("SET"), KEY_ON, 0, change_read_attributes},
    [CHANGE_ADD] = {STR_INIT("ADD"), KEY_ON | KEY_COUNT | KEY_ID | KEY_WITH, 0,
                    change_read_amount},
    [CHANGE_PUT] = {STR_INIT("PUT"), KEY_ON | KEY_COUNT | KEY_WITH, KEY_ON,
                    change_read_amount},
    [CHANGE_GRANT] = {STR_INIT("GRANT"),
                      KEY_FROM | KEY_UNTIL | KEY_VALUE | KEY_WITH, 0,
                      change_read_term},
    [CHANGE_REVOKE] = {STR_INIT("REVOKE"), KEY_ON, 0, change_read_term},
};

const struct change_form *change_form(enum change_op op)
{
    ensure((size_t)op < COUNT_OF(forms));
    return &forms[op];
}

const struct change_form *change_form_of(struct str word)
{
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        if (str_is_nocase(forms[i].word, word))
            return &forms[i];
    return NULL;
}

enum change_op change_op_of(const struct change_form *form)
{
    return (enum change_op)(form - forms);
}

bool change_syntax(struct change_reading *reading, const char *format, ...)
{
    char reason[256];
    va_list values;
    va_start(values, format);
    int len = vsnprintf(reason, sizeof(reason), format, values);
    va_end(values);
    return fault_set(reading->fault, FAULT_ERR,
                     "syntax error in FACT " STR_FMT ": %s",
                     STR_ARG(reading->form->word), len < 0 ? "?" : reason);
}

/* As Redis says it, in lower case: clients look for these texts. */
static bool wrong_arity(struct change_reading *reading)
{
    char word[16];
    struct str op = reading->form->word;
    size_t i = 0;
    for (; i < op.len && i + 1 < sizeof(word); i++)
        word[i] = (char)(op.at[i] - 'A' + 'a');
    word[i] = '\0';
    return fault_set(reading->fault, FAULT_ERR,
                     "wrong number of arguments for 'fact|%s' command", word);
}

static bool read_form(struct change_reading *reading)
{
    if (reading->n == 0) {
        fault_set(reading->fault, FAULT_ERR,
                  "wrong number of arguments for 'fact' command");
        return false;
    }
    reading->form = change_form_of(reading->words[0]);
    if (!reading->form) {
        fault_set(reading->fault, FAULT_ERR,
                  "unknown subcommand '" SHOWN_FMT "'. Try FACT HELP.",
                  SHOWN_ARG(reading->words[0]));
        return false;
    }
    reading->change->op = change_op_of(reading->form);
    return reading->n >= LEAST_WORDS || wrong_arity(reading);
}

static bool read_partner(struct change_reading *reading)
{
    struct str partner = reading->words[1];
    if (!name_is_partner(partner))
        return expect_failed(reading->fault, "partner", partner,
                             "is not a partner's id; expected 1 to %d printable"
                             " bytes without spaces and ':'",
                             NAME_ID_BYTES);
    reading->change->partner = partner;
    reading->at = 2;
    return true;
}

/* A term that ends before it begins. */
static bool check_term(struct change_reading *reading)
{
    const struct change *change = reading->change;
    int32_t from = change->from == DAY_NONE ? reading->today : change->from;
    if (change->until >= from)
        return true;
    char first[DAY_TEXT], last[DAY_TEXT];
    return expect_failed(reading->fault, "until", day_text(change->until, last),
                         "is before the term's from; expected " STR_FMT
                         " or later",
                         STR_ARG(day_text(from, first)));
}

bool change_parse(const struct str *words, size_t n,
                  const struct schema *schema, int32_t today,
                  struct arena *arena, struct change *change,
                  struct fault *fault)
{
    struct change_reading reading = {.words = words,
                                     .n = n,
                                     .schema = schema,
                                     .today = today,
                                     .arena = arena,
                                     .change = change,
                                     .fault = fault};
    *change = (struct change){
        .count = 1, .on = DAY_NONE, .from = DAY_NONE, .until = DAY_NEVER};
    return read_form(&reading) && read_partner(&reading) &&
           reading.form->body(&reading) && change_read_keys(&reading) &&
           (change->op != CHANGE_GRANT || check_term(&reading));
}
