/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A dry run must refuse what an import would refuse, in the same words, and
 * send no change. The server's checks are pure functions of the words and of
 * what the policy declares; so we fetch the policy and call the same ones. */
#include "main/import_check.h"

#include <stdlib.h>

#include "facts/facts.h"
#include "policy/policy.h"

enum { POLICIES_MAX = 64, DAY_MS = 24 * 60 * 60 * 1000 };

struct import_check {
    struct policy **policies;
    size_t n;
    int32_t today;
};

static struct bundle *fetch_bundle(struct client *client, struct str version,
                                   struct fault *fault)
{
    struct str words[] = {STR("POLICY"), STR("SHOW"), version};
    struct redisReply *answer = client_ask(client, words, 3, fault);
    if (!answer)
        return NULL;
    size_t n = answer_size(answer) / 2;
    struct bundle_file *files = mem_new_array(n + 1, sizeof(*files));
    for (size_t i = 0; i < n; i++) {
        files[i].name = answer_text(answer_at(answer, 2 * i));
        files[i].text = answer_text(answer_at(answer, 2 * i + 1));
    }
    struct bundle *bundle = bundle_restore(files, n, version, fault);
    free(files);
    answer_free(answer);
    return bundle;
}

static bool add_policy(struct import_check *check, struct client *client,
                       struct str version, struct fault *fault)
{
    struct bundle *bundle = fetch_bundle(client, version, fault);
    if (!bundle)
        return false;
    struct policy *policy = policy_load(bundle, &policy_limits_default, fault);
    bundle_unref(bundle);
    if (!policy)
        return false;
    check->policies[check->n++] = policy;
    return true;
}

/* Those whose declarations count; refused and past ones do not. */
static bool is_counted(const struct redisReply *row)
{
    struct str state = answer_text(answer_get(row, "state"));
    return str_is(state, STR("in force")) || str_is(state, STR("scheduled")) ||
           str_is(state, STR("staged"));
}

static bool add_policies(struct import_check *check, struct client *client,
                         struct fault *fault)
{
    struct str words[] = {STR("POLICY"), STR("LIST")};
    struct redisReply *answer = client_ask(client, words, 2, fault);
    if (!answer)
        return false;
    bool is_loaded = true;
    check->policies =
        mem_new_array(answer_size(answer) + 1, sizeof(struct policy *));
    for (size_t i = 0; i < answer_size(answer) && is_loaded; i++) {
        const struct redisReply *row = answer_at(answer, i);
        if (is_counted(row) && check->n < POLICIES_MAX)
            is_loaded = add_policy(
                check, client, answer_text(answer_get(row, "version")), fault);
    }
    answer_free(answer);
    return is_loaded &&
           (check->n > 0 || fault_set(fault, FAULT_NOPOLICY,
                                      "the server has no policy in force"));
}

/* The server's day, as INFO tells it; else the day in UTC. */
static int32_t server_day(struct client *client)
{
    static const struct str key = STR_INIT("\ntoday:");
    struct fault ignored;
    struct str words[] = {STR("INFO")};
    struct redisReply *answer = client_ask(client, words, 1, &ignored);
    struct str text = answer_text(answer);
    int32_t day = (int32_t)(clock_wall_ms() / DAY_MS);
    for (size_t i = 0; i + key.len + DAY_TEXT - 1 <= text.len; i++) {
        size_t end = i + key.len + DAY_TEXT - 1;
        int32_t told = 0;
        if (str_is(str_part(text, i, i + key.len), key) &&
            day_parse(str_part(text, i + key.len, end), &told))
            day = told;
    }
    answer_free(answer);
    return day;
}

struct import_check *import_check_new(struct client *client,
                                      struct fault *fault)
{
    struct import_check *check = mem_new(sizeof(*check));
    if (add_policies(check, client, fault)) {
        check->today = server_day(client);
        return check;
    }
    import_check_free(check);
    return NULL;
}

void import_check_free(struct import_check *check)
{
    if (!check)
        return;
    for (size_t i = 0; i < check->n; i++)
        policy_free(check->policies[i]);
    free(check->policies);
    free(check);
}

/* Does one of the policies know all that the line names? The first one's
 * fault is told: it is the one in force, or the oldest. */
static bool parse_line(const struct import_check *check,
                       const struct str *words, size_t n, struct arena *arena,
                       struct change *change, struct fault *fault)
{
    for (size_t i = 0; i < check->n; i++) {
        const struct program *program = policy_program(check->policies[i]);
        struct fault other;
        if (change_parse(words, n, &program->schema, check->today, arena,
                         change, i == 0 ? fault : &other))
            return true;
    }
    return false;
}

static bool makes_partner(const struct change *change)
{
    for (size_t i = 0; change->op == CHANGE_SET && i < change->nattributes; i++)
        if (str_is(change->attributes[i].name, STR("kind")))
            return true;
    return false;
}

bool import_check_line(struct import_check *check, const struct str *words,
                       size_t n, bool *exists, struct arena *arena,
                       struct fault *fault)
{
    struct change change;
    if (!parse_line(check, words, n, arena, &change, fault))
        return false;
    if (*exists)
        return true;
    *exists = makes_partner(&change);
    if (*exists)
        return true;
    if (change.op == CHANGE_SET)
        return fault_set(fault, FAULT_INVALID,
                         "kind: a new partner needs one, for example kind "
                         "reseller");
    return fault_set(fault, FAULT_NOPARTNER,
                     "no such partner: \"" STR_FMT "\"; FACT SET makes one",
                     STR_ARG(change.partner));
}
