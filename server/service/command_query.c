/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Which tier, since when, and why: the questions about one partner's standing,
 * and the list of partners. */
#include "service/answer.h"
#include "service/command.h"
#include "service/loop.h"
#include "service/option.h"

/* --- TIER, MTIER ---------------------------------------------------------- */

/* nil for an unknown partner; false where the policy failed. */
static bool write_tier(struct engine *engine, const struct subject *subject,
                       struct reply *reply, struct fault *fault)
{
    struct str tier;

    if (!subject->record) {
        reply_nil(reply);
        return true;
    }
    if (!engine_tier(engine, subject, &tier, fault))
        return false;
    reply_text(reply, tier);
    return true;
}

static void tier_in_ladder(struct request *rq)
{
    struct asked asked = {.ladder_name = {0}};
    const struct option options[] = {{"IN", &asked.ladder_name}};
    struct answer answer;
    struct subject subject;

    if (!ask_words(rq, options, COUNT_OF(options), &asked) ||
        !request_subject(rq, rq->words[1], &subject))
        return;
    if (!subject.record)
        reply_nil(&rq->reply);
    else if (ask(rq, &asked, &subject, &answer))
        reply_text(&rq->reply,
                   ladder_tier_name(answer.ladder, answer.standing.tier));
}

void command_tier(struct request *rq)
{
    struct subject subject;
    struct fault fault = {0};

    if (rq->n > 2) {
        tier_in_ladder(rq);
        return;
    }
    if (!request_subject(rq, rq->words[1], &subject))
        return;
    if (!write_tier(rq->engine, &subject, &rq->reply, &fault))
        request_fail(rq, &fault);
}

/* One that waits for many: replies are made one by one as partners arrive, in
 * any order, and put together at the end. At most MTIER_FETCHES are under way;
 * the next one starts as one lands. */
enum { MTIER_FETCHES = 256 };

struct mtier {
    struct request *rq;
    struct str *replies; /* one a partner, in the request's arena */
    size_t next, under_way;
    bool starved; /* waits for room, by `hunger` */
    struct hunger hunger;
};

struct mtier_part {
    struct mtier *mtier;
    size_t i;
};

static void mtier_answer(struct mtier *mtier, size_t i,
                         const struct subject *subject, const struct fault *why)
{
    struct request *rq = mtier->rq;
    struct fault fault = {0};
    struct buf out;
    struct reply reply = {&out, rq->reply.proto};

    buf_init(&out);
    if (!subject)
        fault = *why;
    if (!subject || !write_tier(rq->engine, subject, &reply, &fault))
        reply_error(&reply, &fault);
    mtier->replies[i] = arena_copy(rq->arena, buf_peek(&out));
    buf_fini(&out);
}

static void mtier_finish(struct mtier *mtier)
{
    struct request *rq = mtier->rq;

    reply_array(&rq->reply, rq->n - 1);
    for (size_t i = 0; i < rq->n - 1; i++)
        buf_add(rq->reply.out, mtier->replies[i]);
    if (rq->state == REQUEST_LATER)
        request_done(rq);
}

static void mtier_go_on(struct mtier *mtier);

static void mtier_on_subject(void *arg, const struct subject *subject,
                             const struct fault *fault)
{
    struct mtier_part *part = arg;
    struct mtier *mtier = part->mtier;

    mtier_answer(mtier, part->i, subject, fault);
    mtier->under_way--;
    mtier_go_on(mtier);
}

/* False: the store is full; a landing of ours will try again. */
static bool mtier_fetch(struct mtier *mtier, size_t i)
{
    struct request *rq = mtier->rq;
    struct mtier_part *part = arena_take(rq->arena, sizeof(*part));

    part->mtier = mtier;
    part->i = i;
    if (!engine_fetch(rq->engine, rq->words[1 + i], mtier_on_subject, part))
        return false;
    mtier->under_way++;
    return true;
}

static bool mtier_one(struct mtier *mtier, size_t i)
{
    struct request *rq = mtier->rq;
    struct subject subject;
    struct fault fault;

    switch (engine_find(rq->engine, rq->words[1 + i], &subject)) {
    case ENGINE_FOUND:
        mtier_answer(mtier, i, &subject, NULL);
        return true;
    case ENGINE_UNAVAILABLE:
        fault_set(&fault, FAULT_UNAVAILABLE, "Redis cannot be reached");
        mtier_answer(mtier, i, NULL, &fault);
        return true;
    case ENGINE_MISSING:
        break;
    }
    return mtier->under_way < MTIER_FETCHES && mtier_fetch(mtier, i);
}

static void mtier_on_room(void *arg)
{
    struct mtier *mtier = arg;

    mtier->starved = false;
    mtier_go_on(mtier);
}

/* A landing of its own calls it again; where nothing is under way, room in the
 * store does. */
static void mtier_go_on(struct mtier *mtier)
{
    size_t n = mtier->rq->n - 1;

    while (mtier->next < n && mtier_one(mtier, mtier->next))
        mtier->next++;
    if (mtier->under_way > 0 || mtier->starved)
        return;
    if (mtier->next == n) {
        mtier_finish(mtier);
        return;
    }
    mtier->starved = true;
    mtier->hunger.feed = mtier_on_room;
    mtier->hunger.arg = mtier;
    worker_starve(mtier->rq->worker, &mtier->hunger);
}

/* All in memory: answered at once, without a request of its own. */
static bool mtier_at_once(struct request *rq)
{
    struct mtier *mtier = arena_take(rq->arena, sizeof(*mtier));

    mtier->rq = rq;
    mtier->replies = arena_take_array(rq->arena, rq->n - 1, sizeof(struct str));
    for (; mtier->next < rq->n - 1; mtier->next++) {
        struct subject subject;
        if (engine_find(rq->engine, rq->words[1 + mtier->next], &subject) !=
            ENGINE_FOUND)
            return false;
        mtier_answer(mtier, mtier->next, &subject, NULL);
    }
    mtier_finish(mtier);
    return true;
}

void command_mtier(struct request *rq)
{
    if (mtier_at_once(rq))
        return;
    if (!engine_has_room(rq->engine)) {
        request_retry(rq);
        return;
    }
    struct request *later = request_later(rq);
    struct mtier *mtier = arena_take(later->arena, sizeof(*mtier));
    mtier->rq = later;
    mtier->replies =
        arena_take_array(later->arena, later->n - 1, sizeof(struct str));
    mtier_go_on(mtier);
}

/* --- STANDING, EXPLAIN ---------------------------------------------------- */

void command_standing(struct request *rq)
{
    struct asked asked = {.ladder_name = {0}};
    const struct option options[] = {{"IN", &asked.ladder_name},
                                     {"ASOF", &asked.asof}};
    struct subject subject;
    struct answer answer;

    if (!ask_words(rq, options, COUNT_OF(options), &asked) ||
        !request_partner(rq, rq->words[1], &subject) ||
        !ask(rq, &asked, &subject, &answer))
        return;
    reply_map(&rq->reply, ANSWER_STANDING_KEYS);
    answer_standing(rq, &subject, &answer);
}

static bool choose_target(const struct answer *answer, struct str name,
                          int *target, struct fault *fault)
{
    const struct ladder *ladder = answer->ladder;
    struct str known[64];
    size_t n = 0;

    *target = answer->standing.tier + 1 < (int)ladder->ntiers
                  ? answer->standing.tier + 1
                  : answer->standing.tier;
    if (!name.at)
        return true;
    *target = ladder_tier(ladder, name);
    if (*target != TIER_NONE)
        return true;
    for (; n < ladder->ntiers && n < COUNT_OF(known); n++)
        known[n] = ladder->tiers[n].name;
    option_unknown("tier", name, known, n, fault);
    return false;
}

/* As the policy spells it; {NULL, 0} where it does not have it. */
static struct str language_of(const struct program *program, struct str name)
{
    for (size_t i = 0; i < program->nlanguages; i++)
        if (str_is_nocase(program->languages[i], name))
            return program->languages[i];
    return (struct str){0};
}

/* The one asked for, else the partner's own, else the policy's first. */
static bool choose_language(const struct program *program,
                            const struct record *record, int32_t day,
                            struct str *language, struct fault *fault)
{
    int32_t until;
    struct str asked = *language;
    struct str own = record_attribute_on(record, STR("language"), day, &until);

    own = str_part(own, 0, str_find(own, ',', 0)); /* of a list the first */
    *language = language_of(program, asked.at ? asked : own);
    if (!asked.at || language->at)
        return true;
    option_unknown("language", asked, program->languages, program->nlanguages,
                   fault);
    return false;
}

void command_explain(struct request *rq)
{
    struct asked asked = {.ladder_name = {0}};
    struct str target_name = {0}, language = {0};
    const struct option options[] = {
        {"FOR", &target_name}, {"ASOF", &asked.asof}, {"LANG", &language}};
    struct subject subject;
    struct answer answer;
    struct fault fault = {0};
    int target;

    if (!ask_words(rq, options, COUNT_OF(options), &asked) ||
        !request_partner(rq, rq->words[1], &subject) ||
        !ask(rq, &asked, &subject, &answer))
        return;
    if (!answer.verdict.figures &&
        !policy_judge(answer.policy, subject.record, asked.day, &answer.verdict,
                      &fault)) {
        request_fail(rq, &fault); /* before joining: what is missing, then */
        return;
    }
    if (!choose_target(&answer, target_name, &target, &fault) ||
        !choose_language(policy_program(answer.policy), subject.record,
                         asked.day, &language, &fault)) {
        request_fail(rq, &fault);
        return;
    }
    answer_explain(rq, &subject, &answer, target, language);
}

/* --- PARTNERS ------------------------------------------------------------- */

/* A cursor is the last id of the page before, behind a sign that no id has at
 * its place in "0". */
static const char CURSOR_SIGN = '>';
enum { PAGE = 100, PAGE_MAX = 10000 };

struct page {
    struct request *rq;
    size_t count;
};

static void partners_on_ids(void *arg, enum store_result result,
                            const struct str *ids, size_t n)
{
    struct page *page = arg;
    struct request *rq = page->rq;

    if (result != STORE_OK) {
        request_failf(rq, FAULT_UNAVAILABLE, "Redis cannot be reached in time");
        request_done(rq);
        return;
    }
    struct str cursor = STR("0");
    if (n > 0 && n == page->count)
        cursor = arena_print(rq->arena, "%c" STR_FMT, CURSOR_SIGN,
                             STR_ARG(ids[n - 1]));
    reply_array(&rq->reply, 2);
    reply_text(&rq->reply, cursor);
    reply_array(&rq->reply, n);
    for (size_t i = 0; i < n; i++)
        reply_text(&rq->reply, ids[i]);
    request_done(rq);
}

static bool read_cursor(struct str text, struct str *after, struct fault *fault)
{
    *after = (struct str){0};
    if (!text.at || str_is(text, STR("0")))
        return true;
    if (text.len > 1 && text.at[0] == CURSOR_SIGN) {
        *after = str_part(text, 1, text.len);
        return true;
    }
    return fault_set(fault, FAULT_INVALID,
                     "cursor: \"%.*s\" is none; expected 0 or what the page "
                     "before returned",
                     (int)(text.len < 64 ? text.len : 64), text.at);
}

void command_partners(struct request *rq)
{
    struct str cursor = {0}, count_text = {0}, after;
    const struct option options[] = {{"CURSOR", &cursor},
                                     {"COUNT", &count_text}};
    struct fault fault = {0};
    int64_t count = PAGE;

    if (!options_read(rq, 1, options, COUNT_OF(options), &fault) ||
        !option_count(count_text, "count", 1, PAGE_MAX, &count, &fault) ||
        !read_cursor(cursor, &after, &fault)) {
        request_fail(rq, &fault);
        return;
    }
    if (!engine_has_room(rq->engine)) {
        request_retry(rq);
        return;
    }
    struct request *later = request_later(rq);
    struct page *page = arena_take(later->arena, sizeof(*page));
    page->rq = later;
    page->count = (size_t)count;
    after = arena_copy(later->arena, after);
    ensure(store_page(engine_store(rq->engine), after, page->count,
                      partners_on_ids, page));
}
