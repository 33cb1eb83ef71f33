/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Whatever stands in program.lua, loading ends, soon, with a policy or with one
 * printable line; a policy that loads answers, for a partner of whom nothing is
 * known and for one with a fact of each shape, and the same when asked
 * again. */
#include "policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct policy_limits small = {
    .load_instructions = 400000,
    .ask_instructions = 20000,
    .bytes = 2 * 1024 * 1024,
    .backstop_ms = 10000,
};

static void check_fault(const struct fault *fault)
{
    ensure(fault->code == FAULT_POLICYERR || fault->code == FAULT_BUDGET);
    ensure(fault->text[0]);
    ensure(str_is_printable(str_of(fault->text)));
}

static void answer(struct policy *policy, const struct record *record,
                   const struct verdict *verdict, int32_t day)
{
    const struct ladder *ladder = &policy_program(policy)->ladders[0];
    const struct standing before = {.tier = TIER_NONE, .since = DAY_NONE};
    const struct sale sale = {.deal = STR("D-9"), .line = STR("revenue")};
    struct standing standing;
    struct margin margin;
    struct fault fault;
    struct arena arena;
    size_t n;
    arena_init(&arena);
    policy_step(policy, 0, &before, verdict, day, &standing);
    ensure(standing.tier < (int)ladder->ntiers);
    for (int tier = TIER_NONE; tier < (int)ladder->ntiers; tier++)
        policy_explain(policy, verdict, 0, tier, STR("en"), &arena, &n);
    if (policy_margin(policy, standing.tier, standing.since, record, &sale, day,
                      &arena, &margin, &fault))
        ensure(margin.n > 0 || standing.tier == TIER_NONE);
    policy_differences(policy, policy, &arena, &n);
    ensure(n == 0);
    arena_fini(&arena);
}

static void ask(struct policy *policy, const struct field *fields, size_t n)
{
    struct record *record = record_new(fields, n);
    struct verdict verdict, again;
    struct fault fault = {0};
    int32_t day = 20000;
    bool judged = policy_judge(policy, record, day, &verdict, &fault);
    ensure(verdict.horizon > day);
    if (judged)
        answer(policy, record, &verdict, day);
    else
        check_fault(&fault);
    int tier = verdict.qualifies[0];
    ensure(policy_judge(policy, record, day, &again, &fault) == judged);
    ensure(again.horizon == verdict.horizon && again.qualifies[0] == tier);
    record_unref(record);
}

static void run(struct policy *policy)
{
    const struct field fields[] = {
        {STR("sum:revenue:EUR:2024-03-01:class=license"), STR("26000000")},
        {STR("has:training/sales:jo:2024-01-10"), STR("2025-01-09///")},
        {STR("has:deal:D-9:2024-01-10"), STR("/5000/EUR/")},
        {STR("attr:kind"), STR("reseller")},
        {STR("attr:csat"), STR("4.6")},
    };
    ask(policy, NULL, 0);
    ask(policy, fields, COUNT_OF(fields));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bundle_file file = {STR("program.lua"), {(const char *)data, size}};
    struct fault fault = {0};
    struct bundle *bundle = bundle_new(&file, 1, &fault);
    if (!bundle) {
        check_fault(&fault);
        return 0;
    }
    struct policy *policy = policy_load(bundle, &small, &fault);
    if (policy)
        run(policy);
    else
        check_fault(&fault);
    policy_free(policy);
    bundle_unref(bundle);
    return 0;
}
