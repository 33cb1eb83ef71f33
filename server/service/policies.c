/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A policy comes from a folder, from Redis or from the binary, and may change
 * at any moment by a save, by another process, or by the day. All roads lead
 * through Redis: a folder that passed its rehearsal is published there, and
 * what is published there is answered by, here and in every other process. So
 * there are two wishes, "look at the folder" and "look at the list", which may
 * be uttered at any time, any number of times, and one job at a time that
 * fulfils them; a job that fails for want of Redis leaves its wish standing.
 * A refusal changes nothing but the log and the program's ledger. Where Redis
 * itself has lost the list (it was flushed, or came back empty), what is
 * answered by is published again, so that the list tells the truth. */
#include "service/policies.h"

#include <event2/event.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "service/archive.h"
#include "service/candidate.h"
#include "service/regime.h"

enum { LOOK_MS = 1000 };

/* A job is under way where `reading` or `candidate.bundle` is set. */
struct policies {
    struct policies_options options;
    struct archive *archive;
    struct event *tick;
    enum policies_state state;
    struct fault fault;
    bool wants_list, wants_folder;
    bool reading;               /* the list is being read */
    bool refused;               /* what the folder last held */
    struct candidate candidate; /* being published */
    struct regime regime;
    char *author;
};

/* --- in force ------------------------------------------------------------- */

static bool settle(struct policies *policies, struct fault *fault)
{
    if (!regime_settle(&policies->regime, fault))
        return false;
    if (policies->regime.timeline)
        policies->options.on_timeline(policies->options.arg,
                                      policies->regime.timeline);
    return true;
}

/* Whatever was in force before goes on. */
static void settle_or_say(struct policies *policies)
{
    struct fault fault = {0};
    if (!settle(policies, &fault))
        log_error("a published policy does not load", KV("error", fault.text));
}

/* --- the first decision --------------------------------------------------- */

static void decide(struct policies *policies)
{
    struct fault fault = {0};
    if (policies->state != POLICIES_DECIDING)
        return;
    bool settled = settle(policies, &fault);
    if (settled && policies->regime.current) {
        policies->state = POLICIES_DECIDED;
        return;
    }
    policies->state = POLICIES_FAILED;
    if (!settled)
        fault_set(&policies->fault, FAULT_POLICYERR,
                  "the policy in force in Redis does not load: %s", fault.text);
}

/* --- refusals ------------------------------------------------------------- */

static void on_refused(void *arg UNUSED, enum store_result result,
                       const struct fault *fault)
{
    if (result != STORE_OK)
        log_warn("a refusal was not kept", KV("error", fault->text));
}

/* A folder of which no bundle could be made has no digest: empty. */
static void refuse(struct policies *policies, const struct candidate *candidate,
                   const char *folder, const struct fault *fault)
{
    struct str sha = {0};
    policies->refused = true;
    if (candidate->bundle)
        sha = bundle_sha(candidate->bundle);
    log_error("policy refused", KV("folder", folder), KV("error", fault->text));
    if (!store_refuse(policies->options.store, sha, str_of(policies->author),
                      str_of(fault->text), on_refused, NULL))
        log_warn("a refusal was not kept", KV("error", "the store is busy"));
    if (policies->state == POLICIES_DECIDING)
        fault_set(&policies->fault, FAULT_POLICYERR,
                  "no policy to answer by; the one in %s was refused: %s",
                  folder, fault->text);
}

/* --- publishing ----------------------------------------------------------- */

static void advance(struct policies *policies);

static void on_published(void *arg, enum store_result result,
                         const struct fault *fault)
{
    struct policies *policies = arg;
    policies->wants_list = true;
    if (result == STORE_OK) {
        archive_hold(policies->archive, policies->candidate.bundle);
    } else if (result == STORE_UNAVAILABLE) {
        log_warn("policy not published yet: Redis is away", KV_NONE);
        policies->wants_folder = true;
    } else {
        log_error("policy not published", KV("error", fault->text));
        policies->fault = *fault;
    }
    candidate_fini(&policies->candidate);
    advance(policies);
}

/* From today, by the zone in force; where there is none yet, by its own. */
static int32_t begins(const struct policies *policies,
                      const struct candidate *candidate)
{
    if (policies->regime.current)
        return regime_today(&policies->regime);
    return calendar_today(policies->options.calendar,
                          policy_program(candidate->policy)->timezone);
}

static bool start_publishing(struct policies *policies, struct bundle *bundle,
                             int32_t from, struct str note, store_on_done *done)
{
    size_t n = bundle_files(bundle);
    struct field *files = mem_new_array(n, sizeof *files);
    for (size_t i = 0; i < n; i++)
        files[i] = (struct field){.name = bundle_file(bundle, i)->name,
                                  .value = bundle_file(bundle, i)->text};
    struct publication publication = {.sha = bundle_sha(bundle),
                                      .files = files,
                                      .nfiles = n,
                                      .from = from,
                                      .author = str_of(policies->author),
                                      .note = note};
    bool started =
        store_publish(policies->options.store, &publication, done, policies);
    free(files);
    return started;
}

static void publish(struct policies *policies, struct candidate *candidate,
                    const char *folder)
{
    struct arena arena;
    arena_init(&arena);
    struct str note =
        !folder ? STR("the house program")
                : arena_print(&arena, "%s %s",
                              policies->options.scripts ? "saved in"
                                                        : "seeded from",
                              folder);
    if (start_publishing(policies, candidate->bundle,
                         begins(policies, candidate), note, on_published)) {
        policies->candidate = *candidate;
        *candidate = (struct candidate){0};
    } else {
        policies->wants_folder = true; /* with the next tick */
    }
    arena_fini(&arena);
}

/* --- publishing again ------------------------------------------------------
 */

/* Done or refused, it is not tried twice; while Redis is away the loss will be
 * noticed again. */
static void on_restored(void *arg, enum store_result result,
                        const struct fault *fault)
{
    struct policies *policies = arg;
    struct str sha = bundle_sha(policies->candidate.bundle);
    policies->wants_list = true;
    if (result != STORE_UNAVAILABLE)
        policies->regime.seq = 0;
    if (result == STORE_OK)
        log_error("the policy in force is gone from Redis; published again",
                  KV_STR("version", sha));
    else
        log_error("the policy in force is gone from Redis",
                  KV_STR("version", sha), KV("error", fault->text));
    candidate_fini(&policies->candidate);
    advance(policies);
}

/* As it was: from the day it began. Where the store is busy, the next tick
 * looks again. */
static void restore(struct policies *policies)
{
    struct bundle *bundle = policy_bundle(policies->regime.current);
    archive_hold(policies->archive, bundle);
    if (start_publishing(policies, bundle, policies->regime.from,
                         STR("published again: it was gone from Redis"),
                         on_restored))
        policies->candidate.bundle = bundle_ref(bundle);
}

/* --- the folder ----------------------------------------------------------- */

static bool is_in_force(const struct policies *policies,
                        const struct candidate *candidate)
{
    const struct archive_row *row =
        archive_at(policies->archive, regime_today(&policies->regime));
    return row && str_is(bundle_sha(candidate->bundle), str_of(row->sha));
}

/* Of interest to whoever has just taken a mistake back. */
static void say_in_force(struct policies *policies,
                         const struct candidate *candidate, const char *folder)
{
    struct str sha = bundle_sha(candidate->bundle);
    if (policies->refused)
        log_info("policy as before", KV_STR("version", sha));
    else
        log_debug("the policy in the folder is in force already",
                  KV("folder", folder ? folder : "-"));
    policies->refused = false;
}

static void judge_folder(struct policies *policies, const char *folder)
{
    struct candidate candidate;
    struct fault fault = {0};
    if (!candidate_read(&candidate, folder, &fault)) {
        refuse(policies, &candidate, folder ? folder : "the binary", &fault);
        decide(policies);
    } else if (is_in_force(policies, &candidate)) {
        say_in_force(policies, &candidate, folder);
        archive_hold(policies->archive, candidate.bundle);
        decide(policies);
    } else {
        publish(policies, &candidate, folder);
        policies->refused = false;
    }
    candidate_fini(&candidate);
}

static void look_at_folder(struct policies *policies)
{
    const struct policies_options *options = &policies->options;
    policies->wants_folder = false;
    if (options->scripts)
        judge_folder(policies, options->scripts);
    else if (!archive_at(policies->archive, regime_today(&policies->regime)))
        judge_folder(policies, options->seed);
    else
        decide(policies);
}

/* --- the list ------------------------------------------------------------- */

static void on_news(void *arg, enum archive_news news)
{
    struct policies *policies = arg;
    policies->reading = false;
    if (news == ARCHIVE_UNAVAILABLE)
        return; /* the wish stands */
    if (regime_is_lost(&policies->regime)) {
        restore(policies);
        return;
    }
    policies->wants_list = false;
    if (news == ARCHIVE_CHANGED)
        settle_or_say(policies);
    if (!policies->wants_folder)
        decide(policies);
    advance(policies);
}

static void look_at_list(struct policies *policies)
{
    policies->reading = archive_read(policies->archive, on_news, policies);
}

/* --- wishes --------------------------------------------------------------- */

static void advance(struct policies *policies)
{
    bool busy = policies->reading || policies->candidate.bundle;
    if (busy || policies->state == POLICIES_FAILED ||
        !store_is_ready(policies->options.store))
        return;
    if (policies->wants_list)
        look_at_list(policies);
    else if (policies->wants_folder)
        look_at_folder(policies);
}

static void on_tick(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
    struct policies *policies = arg;
    bool is_new_day =
        policies->regime.settled_day != regime_today(&policies->regime);
    if (policies->state == POLICIES_DECIDED && is_new_day)
        settle_or_say(policies);
    policies->wants_list = true;
    advance(policies);
}

void policies_on_save(struct policies *policies)
{
    policies->wants_list = policies->wants_folder = true;
    if (!store_is_ready(policies->options.store))
        log_warn("the policy waits: Redis is away", KV_NONE);
    advance(policies);
}

void policies_on_ready(struct policies *policies)
{
    advance(policies);
}

/* --- the door ------------------------------------------------------------- */

static char *find_author(void)
{
    const struct passwd *user = getpwuid(geteuid());
    return mem_copy_text(user ? user->pw_name : "palier");
}

struct policies *policies_new(const struct policies_options *options)
{
    struct policies *policies = mem_new(sizeof *policies);
    struct timeval look = {LOOK_MS / 1000, 0};
    policies->options = *options;
    policies->archive = archive_new(options->store);
    policies->regime = (struct regime){.archive = policies->archive,
                                       .calendar = options->calendar,
                                       .commons = options->commons};
    policies->author = find_author();
    policies->wants_list = policies->wants_folder = true;
    policies->tick =
        event_new(options->base, -1, EV_PERSIST, on_tick, policies);
    if (!policies->tick || event_add(policies->tick, &look))
        die("no memory for events");
    advance(policies);
    return policies;
}

void policies_free(struct policies *policies)
{
    if (!policies)
        return;
    event_free(policies->tick);
    archive_free(policies->archive);
    candidate_fini(&policies->candidate);
    regime_fini(&policies->regime);
    free(policies->author);
    free(policies);
}

enum policies_state policies_state(const struct policies *policies)
{
    return policies->state;
}

const struct fault *policies_fault(const struct policies *policies)
{
    return &policies->fault;
}

struct timeline *policies_timeline(const struct policies *policies)
{
    return policies->regime.timeline;
}
