/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Words of FACT as any client may send them, one a line. A change that is
 * taken can be said, and what is said is taken again with the same digest. The
 * same lines in pairs are named fields, as an import has them. */
#include "facts/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct series series[] = {
    {STR_INIT("deal"), SERIES_TERM, {0}, 0},
    {STR_INIT("points"), SERIES_AMOUNT, STR_INIT("points"), 1},
    {STR_INIT("revenue"), SERIES_AMOUNT, STR_INIT("EUR"), 2},
    {STR_INIT("target"), SERIES_TERM, STR_INIT("EUR"), 2},
    {STR_INIT("visits"), SERIES_AMOUNT, {0}, 0},
};
static const struct str attributes[] = {STR_INIT("csat"), STR_INIT("kind"),
                                        STR_INIT("language"),
                                        STR_INIT("market"), STR_INIT("name")};
static const struct schema schema = {series, COUNT_OF(series), attributes,
                                     COUNT_OF(attributes)};
enum { TODAY = 20634 };

static size_t split(struct str bytes, struct str *words)
{
    size_t n = 0;
    for (size_t from = 0; from <= bytes.len; n++) {
        size_t end = str_find(bytes, '\n', from);
        words[n] = str_part(bytes, from, end);
        from = end + 1;
    }
    return n;
}

/* One word as redis-cli takes it; returns where the next begins. */
static size_t take_word(struct arena *arena, struct str line, size_t at,
                        struct str *word)
{
    bool quoted = line.at[at] == '"';
    char *out = arena_take(arena, line.len + 1);
    size_t len = 0;
    for (at += quoted; at < line.len; at++) {
        if (line.at[at] == (quoted ? '"' : ' '))
            break;
        if (quoted && line.at[at] == '\\')
            at++;
        ensure(at < line.len);
        out[len++] = line.at[at];
    }
    ensure(!quoted || at < line.len);
    *word = (struct str){out, len};
    return at + 1 + quoted;
}

/* The partner goes in after the operation. */
static size_t split_said(struct arena *arena, struct str line,
                         struct str partner, struct str *words, size_t most)
{
    size_t n = 0;
    for (size_t at = 0; at < line.len;) {
        ensure(n + 1 < most);
        at = take_word(arena, line, at, &words[n++]);
        if (n == 1)
            words[n++] = partner;
    }
    return n;
}

static void say_again(const struct change *change, struct arena *arena,
                      size_t nwords)
{
    struct buf said;
    struct change again;
    struct fault fault;
    char first[DIGEST_HEX + 1], second[DIGEST_HEX + 1];
    size_t most = nwords + 16;
    struct str *words = arena_take_array(arena, most, sizeof(*words));
    buf_init(&said);
    change_say(change, &schema, &said);
    size_t n = split_said(arena, buf_peek(&said), change->partner, words, most);
    ensure(change_parse(words, n, &schema, TODAY, arena, &again, &fault));
    change_digest(change, first);
    change_digest(&again, second);
    ensure(str_is(str_of(first), str_of(second)));
    buf_fini(&said);
}

static void parse(const struct str *words, size_t n, struct arena *arena)
{
    struct change change;
    struct fault fault;
    fault_clear(&fault);
    if (change_parse(words, n, &schema, TODAY, arena, &change, &fault))
        say_again(&change, arena, n);
    else
        ensure(fault.code == FAULT_INVALID || fault.code == FAULT_ERR);
}

static void name(const struct str *words, size_t n, struct arena *arena)
{
    struct field *fields = arena_take_array(arena, n / 2, sizeof(*fields));
    struct str *made;
    size_t nmade;
    struct fault fault;
    for (size_t i = 0; i < n / 2; i++)
        fields[i] = (struct field){words[2 * i], words[2 * i + 1]};
    fault_clear(&fault);
    if (change_words(fields, n / 2, arena, &made, &nmade, &fault))
        parse(made, nmade, arena);
    else
        ensure(fault.code == FAULT_INVALID);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    struct arena arena;
    size_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    arena_init(&arena);
    struct str *words = arena_take_array(&arena, lines, sizeof(*words));
    size_t n = split(bytes, words);
    parse(words, n, &arena);
    name(words, n, &arena);
    arena_fini(&arena);
    return 0;
}
