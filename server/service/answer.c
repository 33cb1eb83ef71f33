/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Answers as others read them: the keys and the forms of numbers and days that
 * services rely on, for all commands that show a standing. */
#include "service/answer.h"

bool ask_words(struct request *rq, const struct option *options, size_t n,
               struct asked *asked)
{
    struct fault fault = {0};

    if (options_read(rq, 2, options, n, &fault) &&
        option_day(rq, asked->asof, "asof", &asked->day, &fault))
        return true;
    request_fail(rq, &fault);
    return false;
}

bool ask(struct request *rq, const struct asked *asked,
         const struct subject *subject, struct answer *answer)
{
    struct fault fault = {0};
    size_t ladder = 0;
    struct policy *policy = engine_policy(rq->engine, asked->day, &fault);

    if (policy &&
        option_ladder(policy_program(policy), asked->ladder_name, &ladder,
                      &fault) &&
        engine_standing(rq->engine, subject, ladder, asked->day, answer,
                        &fault))
        return true;
    request_fail(rq, &fault);
    return false;
}

void answer_day(struct reply *reply, int32_t day)
{
    char text[DAY_TEXT];

    reply_text_or_nil(reply, day_text(day, text));
}

void answer_percent(struct reply *reply, int64_t percent)
{
    char text[DECIMAL_TEXT];

    reply_text(reply, decimal_short(percent, PERCENT_DECIMALS, text));
}

static int64_t tier_margin(const struct answer *answer)
{
    int tier = answer->standing.tier;

    return tier == TIER_NONE ? 0 : answer->ladder->tiers[tier].margin;
}

void answer_standing(struct request *rq, const struct subject *subject,
                     const struct answer *answer)
{
    struct reply *reply = &rq->reply;
    const struct standing *standing = &answer->standing;

    reply_pair_text(reply, "partner", rq->words[1]);
    reply_pair_text(reply, "tier",
                    ladder_tier_name(answer->ladder, standing->tier));
    reply_key(reply, "since");
    answer_day(reply, standing->since);
    reply_pair_text(reply, "state",
                    str_of(standing_state_word(standing->state)));
    reply_pair_text(reply, "qualifies",
                    ladder_tier_name(answer->ladder, answer->qualifies));
    reply_key(reply, "margin");
    answer_percent(reply, tier_margin(answer));
    reply_key(reply, "review");
    answer_day(reply, standing->review);
    reply_key(reply, "until");
    answer_day(reply, answer->until);
    reply_pair_text(reply, "policy", bundle_sha(policy_bundle(answer->policy)));
    reply_pair_int(reply, "ver", record_ver(subject->record));
    reply_pair_bool(reply, "stale", subject->stale);
}

static void write_quantity(struct reply *reply, const char *key,
                           const struct quantity *quantity)
{
    char text[DECIMAL_TEXT];

    reply_key(reply, key);
    switch (quantity->kind) {
    case QUANTITY_COUNT:
        reply_int(reply, quantity->value);
        break;
    case QUANTITY_DECIMAL:
        reply_text(reply,
                   decimal_text(quantity->value, quantity->decimals, text));
        break;
    case QUANTITY_TEXT:
        reply_text_or_nil(reply, quantity->text);
        break;
    }
}

static void write_requirement(struct reply *reply,
                              const struct requirement *requirement)
{
    bool has_path = requirement->path.len > 0;

    reply_map(reply, has_path ? 8 : 7);
    reply_pair_text(reply, "name", requirement->name);
    reply_pair_text(reply, "label", requirement->label);
    write_quantity(reply, "have", &requirement->have);
    write_quantity(reply, "need", &requirement->need);
    write_quantity(reply, "gap", &requirement->gap);
    reply_pair_bool(reply, "met", requirement->met);
    reply_key(reply, "until");
    answer_day(reply, requirement->until);
    if (has_path)
        reply_pair_text(reply, "path", requirement->path);
}

void answer_explain(struct request *rq, const struct subject *subject,
                    const struct answer *answer, int target,
                    struct str language)
{
    struct reply *reply = &rq->reply;
    size_t ladder =
        (size_t)(answer->ladder - policy_program(answer->policy)->ladders);
    size_t n = 0;
    const struct requirement *requirements =
        policy_explain(answer->policy, &answer->verdict, ladder, target,
                       language, rq->arena, &n);

    reply_map(reply, ANSWER_STANDING_KEYS + 2);
    answer_standing(rq, subject, answer);
    reply_pair_text(reply, "target", ladder_tier_name(answer->ladder, target));
    reply_key(reply, "requirements");
    reply_array(reply, n);
    for (size_t i = 0; i < n; i++)
        write_requirement(reply, &requirements[i]);
}
