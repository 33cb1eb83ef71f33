/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The keywords of queries, read in one way, and the faults that a person gets
 * who mistypes one. */
#include "service/option.h"

#include <stdio.h>

#include "service/command.h"

enum { SHOWN_BYTES = 64 };

static struct str clip(struct str s)
{
    return str_part(s, 0, SHOWN_BYTES);
}

static const struct option *option_find(const struct option *options, size_t n,
                                        struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_is_nocase(str_of(options[i].name), name))
            return &options[i];
    return NULL;
}

static bool unexpected(struct str word, const struct option *options, size_t n,
                       struct fault *fault)
{
    char expected[96] = "";
    size_t len = 0;

    for (size_t i = 0; i < n && len + 1 < sizeof(expected); i++)
        len += (size_t)snprintf(expected + len, sizeof(expected) - len, "%s%s",
                                i == 0       ? ""
                                : i + 1 == n ? " or "
                                             : ", ",
                                options[i].name);
    return fault_set(fault, FAULT_ERR,
                     "syntax error: unexpected \"" STR_FMT "\"; expected %s",
                     STR_ARG(clip(word)), expected);
}

bool options_read(const struct request *rq, size_t from,
                  const struct option *options, size_t n, struct fault *fault)
{
    for (size_t i = from; i < rq->n; i += 2) {
        const struct option *option = option_find(options, n, rq->words[i]);
        if (!option)
            return unexpected(rq->words[i], options, n, fault);
        if (option->value->at)
            return fault_set(fault, FAULT_ERR,
                             "syntax error: %s is there twice", option->name);
        if (i + 1 >= rq->n || rq->words[i + 1].len == 0)
            return fault_set(fault, FAULT_ERR, "syntax error: %s needs a value",
                             option->name);
        *option->value = rq->words[i + 1];
    }
    return true;
}

bool option_day(const struct request *rq, struct str text, const char *field,
                int32_t *day, struct fault *fault)
{
    *day = engine_today(rq->engine);
    return !text.at || day_expect(text, field, day, fault);
}

bool option_ladder(const struct program *program, struct str name,
                   size_t *ladder, struct fault *fault)
{
    int index = name.at ? program_ladder(program, name) : 0;

    if (index < 0) {
        fault_set(fault, FAULT_INVALID,
                  "ladder: \"" STR_FMT "\" is unknown; leave IN out for the "
                  "program's own",
                  STR_ARG(clip(name)));
        return false;
    }
    *ladder = (size_t)index;
    return true;
}

bool option_count(struct str text, const char *field, int64_t least,
                  int64_t most, int64_t *count, struct fault *fault)
{
    if (!text.at)
        return true;
    if (str_to_int64(text, count) && *count >= least && *count <= most)
        return true;
    return fault_set(fault, FAULT_INVALID,
                     "%s: \"" STR_FMT "\" is not a whole number from %lld to "
                     "%lld",
                     field, STR_ARG(clip(text)), (long long)least,
                     (long long)most);
}

void option_unknown(const char *field, struct str value,
                    const struct str *known, size_t n, struct fault *fault)
{
    struct str near = str_nearest(value, known, n);
    char list[256] = "";
    size_t len = 0;

    for (size_t i = 0; i < n && len + 1 < sizeof(list); i++)
        len += (size_t)snprintf(list + len, sizeof(list) - len, "%s" STR_FMT,
                                i ? ", " : "", STR_ARG(known[i]));
    if (near.at)
        fault_set(fault, FAULT_INVALID,
                  "%s: \"" STR_FMT "\" is unknown; did you mean " STR_FMT "?",
                  field, STR_ARG(clip(value)), STR_ARG(near));
    else
        fault_set(fault, FAULT_INVALID,
                  "%s: \"" STR_FMT "\" is unknown; expected one of %s", field,
                  STR_ARG(clip(value)), list);
}
