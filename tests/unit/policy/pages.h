/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What the policy's tests share: pages from texts and files, partners from
 * fields, one-line questions. */
#ifndef PALIER_TESTS_UNIT_POLICY_PAGES_H
#define PALIER_TESTS_UNIT_POLICY_PAGES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/policy.h"

enum { PAGE_FILE_BYTES = 64 * 1024 };

UNUSED static struct policy *page_try(const char *text, struct fault *fault)
{
    struct bundle_file file = {STR("program.lua"), str_of(text)};
    struct bundle *bundle = bundle_new(&file, 1, fault);
    struct policy *policy;
    if (!bundle)
        return NULL;
    policy = policy_load(bundle, &policy_limits_default, fault);
    bundle_unref(bundle);
    return policy;
}

UNUSED static struct policy *page_load(const char *text)
{
    struct fault fault = {0};
    struct policy *policy = page_try(text, &fault);
    if (!policy)
        fail_msg("%s", fault.text);
    return policy;
}

/* The page programs/<name>.lua beside this file. */
UNUSED static struct policy *page_load_file(const char *name)
{
    char path[512], text[PAGE_FILE_BYTES];
    const char *slash = strrchr(__FILE__, '/');
    snprintf(path, sizeof path, "%.*s/programs/%s.lua", (int)(slash - __FILE__),
             __FILE__, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = '\0';
    return page_load(text);
}

UNUSED static struct policy *page_house(void)
{
    struct fault fault = {0};
    struct bundle *bundle = bundle_house();
    struct policy *policy = policy_load(bundle, &policy_limits_default, &fault);
    bundle_unref(bundle);
    if (!policy)
        fail_msg("%s", fault.text);
    return policy;
}

/* A partner from "name", "value", ..., NULL. */
UNUSED static struct record *partner_from(const char *const *words)
{
    struct field fields[64];
    size_t n = 0;
    for (; words[2 * n]; n++)
        fields[n] =
            (struct field){str_of(words[2 * n]), str_of(words[2 * n + 1])};
    return record_new(fields, n);
}
#define PARTNER(...) partner_from((const char *const[]){__VA_ARGS__, NULL})

UNUSED static int32_t day_from(const char *text)
{
    int32_t day;
    assert_true(day_parse(str_of(text), &day));
    return day;
}

/* The tier that the partner qualifies for. */
UNUSED static const char *tier_on(struct policy *policy,
                                  const struct record *record, int32_t day)
{
    struct fault fault = {0};
    struct verdict verdict;
    const struct ladder *ladder = &policy_program(policy)->ladders[0];
    if (!policy_judge(policy, record, day, &verdict, &fault))
        fail_msg("%s", fault.text);
    return ladder_tier_name(ladder, verdict.qualifies[0]).at;
}

/* Is it this text? Shows both where not. */
UNUSED static void assert_str(struct str is, const char *should)
{
    if (!str_is(is, str_of(should)))
        fail_msg("is \"%.*s\", should be \"%s\"", STR_ARG(is), should);
}

#endif
