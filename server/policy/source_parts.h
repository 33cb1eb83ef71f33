/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Inside source*.c only: where the look at a source stands, and the checks,
 * each of one kind of slip. A check is asked of every token before it is
 * followed; it returns false once it has refused. What it refuses anywhere is
 * an error of Lua too; what Lua would take is refused on the page only. */
#ifndef PALIER_POLICY_SOURCE_PARTS_H
#define PALIER_POLICY_SOURCE_PARTS_H

#include "policy/token.h"

enum {
    SOURCE_BEFORE = 6,  /* tokens that are remembered */
    SOURCE_DEPTH = 100, /* what is nested deeper is refused elsewhere */
    SOURCE_SHOWN = 40,  /* bytes of a text that a sentence shows */
};

struct source {
    struct str name, text;
    struct fault *fault;
    struct token_reader reader;       /* after the current token */
    struct token last[SOURCE_BEFORE]; /* the latest at the end */
    struct token open[SOURCE_DEPTH];  /* a bracket, or a block's word */
    bool is_call[SOURCE_DEPTH];       /* does a word or a value call it? */
    size_t depth, blocks;             /* open ones; those that are blocks */
    bool was_call;                    /* the bracket closed last */
    struct token remark;              /* the last // or # */
    struct str word, title;           /* of the declaration: tier, gold */
    struct buf keys;                  /* struct str: of the open tables */
    size_t keys_from[SOURCE_DEPTH];
};

/* The token `n` before the current one, from 1; TOKEN_END before the first. */
struct token source_before(const struct source *s, size_t n);
/* The token `n` after it, from 1. */
struct token source_after(const struct source *s, size_t n);
/* Directly in a table; in any bracket; outside of every block. */
bool source_in_table(const struct source *s);
bool source_in_bracket(const struct source *s);
bool source_on_page(const struct source *s);
/* Refuses: "program.lua:9: tier "gold": <text>". Returns false. */
bool source_refuse(struct source *s, int line, const char *format, ...)
    PRINTF_LIKE(3, 4);

bool source_is_mark(struct token token, const char *mark);
/* Is it one of the words, a list that ends with NULL? */
bool source_is_any(struct token token, enum token_kind kind,
                   const char *const *words);
/* A name that is not reserved. */
bool source_is_word(struct token token);
/* The last token of a value. */
bool source_ends_value(struct token token);
/* "{", "," or ";" */
bool source_starts_field(struct token token);
/* tier, metric, margin, expect: a name in quotes follows. */
bool source_is_declaration(struct token token);
/* What a sentence says for a value that begins with the token. */
struct str source_show(struct token token, char *out, size_t size);

bool source_encoding_check(struct source *s) MUST_USE;
bool source_glyph_check(struct source *s, struct token token) MUST_USE;
bool source_remark_check(struct source *s, struct token token) MUST_USE;
/* Fills `out` with what to write for the remark of that line. */
void source_remark_advise(const struct source *s, char *out, size_t size);
bool source_bracket_check(struct source *s, struct token token) MUST_USE;
bool source_head_check(struct source *s, struct token token) MUST_USE;
bool source_number_check(struct source *s, struct token token) MUST_USE;
bool source_unit_check(struct source *s, struct token token) MUST_USE;
bool source_field_check(struct source *s, struct token token) MUST_USE;

#endif
