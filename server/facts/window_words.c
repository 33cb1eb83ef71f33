/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Policies say windows in words. Some are fixed phrases; the others have a
 * number: "last <count> <what>". */
#include "facts/window.h"

enum { MONTHS_MOST = 1200, DAYS_MOST = 36525 };

struct phrase {
    struct str words, singular;
    enum window_kind kind;
    int32_t most; /* of the count; 0: none is said */
};

static const struct phrase phrases[] = {
    {STR_INIT("ever"), {0}, WINDOW_EVER, 0},
    {STR_INIT("calendar year"), {0}, WINDOW_YEAR, 0},
    {STR_INIT("program year"), {0}, WINDOW_PROGRAM_YEAR, 0},
    {STR_INIT("quarter"), {0}, WINDOW_QUARTER, 0},
    {STR_INIT("month"), {0}, WINDOW_MONTH, 0},
    {STR_INIT("months"), STR_INIT("month"), WINDOW_LAST_MONTHS, MONTHS_MOST},
    {STR_INIT("days"), STR_INIT("day"), WINDOW_LAST_DAYS, DAYS_MOST},
    {STR_INIT("closed quarters"), STR_INIT("closed quarter"),
     WINDOW_CLOSED_QUARTERS, MONTHS_MOST},
    {STR_INIT("closed months"), STR_INIT("closed month"), WINDOW_CLOSED_MONTHS,
     MONTHS_MOST},
};

/* Takes "last <count> " off the words; the count is 0 where it is not there,
 * -1 where it is no number. */
static int64_t take_count(struct str *words)
{
    if (!str_has_prefix(*words, STR("last ")))
        return 0;
    struct str rest = str_part(*words, 5, words->len);
    size_t blank = str_find(rest, ' ', 0);
    int64_t count;
    if (!str_to_int64(str_part(rest, 0, blank), &count) || count < 1)
        return -1;
    *words = str_part(rest, blank + 1, rest.len);
    return count;
}

static bool says(const struct phrase *phrase, struct str words, int64_t count)
{
    if (phrase->most == 0)
        return count == 0 && str_is(words, phrase->words);
    if (count < 1 || count > phrase->most)
        return false;
    return str_is(words, phrase->words) || str_is(words, phrase->singular);
}

bool window_parse(struct str words, struct window *window)
{
    int64_t count = take_count(&words);
    for (size_t i = 0; i < COUNT_OF(phrases); i++) {
        if (!says(&phrases[i], words, count))
            continue;
        *window = (struct window){.kind = phrases[i].kind,
                                  .count = (int32_t)count,
                                  .year_month = 1,
                                  .year_day = 1};
        return true;
    }
    return false;
}
