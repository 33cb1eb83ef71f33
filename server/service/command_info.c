/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The state of the process, in Redis's sections and ours. Counters are each
 * worker's own; they are added up here, when somebody asks. */
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "service/command.h"
#include "service/loop.h"

/* What clients that look at Redis's version may take for granted. */
static const char REDIS_ALIKE[] = "7.0.0";

static uint64_t total(const struct house *house, enum counter which)
{
    uint64_t n = 0;

    for (size_t i = 0; i < house->workers; i++)
        n += counter_read(&house->counters[i], which);
    return n;
}

static void print_counters(struct buf *out, const struct house *house,
                           const char *section)
{
    for (int i = 0; i < COUNTERS; i++)
        if (str_is(str_of(counter_section((enum counter)i)), str_of(section)))
            buf_print(out, "%s:%" PRIu64 "\r\n", counter_name((enum counter)i),
                      total(house, (enum counter)i));
}

static void print_server(struct request *rq, struct buf *out)
{
    const struct house *house = rq->worker->house;
    int64_t up_ms = clock_wall_ms() - house->started_ms;

    buf_print(out,
              "redis_version:%s\r\npalier_version:%s\r\nredis_mode:standalone"
              "\r\nprocess_id:%d\r\nuptime_in_seconds:%" PRId64
              "\r\nprogram:" STR_FMT "\r\nworkers:%zu\r\n",
              REDIS_ALIKE, house->options->version, (int)getpid(), up_ms / 1000,
              STR_ARG(house->options->program), house->workers);
}

static void print_clients(struct request *rq, struct buf *out)
{
    print_counters(out, rq->worker->house, "Clients");
    buf_print(out, "maxclients:%zu\r\n",
              rq->worker->house->options->clients_max);
}

static void print_memory(struct request *rq, struct buf *out)
{
    struct rusage usage = {0};
    int failed = getrusage(RUSAGE_SELF, &usage);

    ensure(failed == 0);
    buf_print(out, "used_memory_peak_rss:%ld\r\ncache_bytes_max:%zu\r\n",
              usage.ru_maxrss * 1024L, rq->worker->house->options->cache_bytes);
}

static void print_persistence(struct request *rq, struct buf *out)
{
    bool private_redis = rq->worker->house->options->redis == NULL;

    buf_print(out, "loading:0\r\nstore:%s\r\nstore_ready:%d\r\n",
              private_redis ? "private, appendfsync always"
                            : "external, as durable as it is configured",
              engine_is_ready(rq->engine));
}

static void print_stats(struct request *rq, struct buf *out)
{
    print_counters(out, rq->worker->house, "Stats");
}

static void print_replication(struct request *rq UNUSED, struct buf *out)
{
    buf_print(out, "role:master\r\nconnected_slaves:0\r\n");
}

static void print_policy(struct request *rq, struct buf *out)
{
    struct fault fault = {0};
    const struct policy *policy = engine_policy(rq->engine, DAY_NONE, &fault);
    char day[DAY_TEXT];

    buf_print(out, "today:" STR_FMT "\r\n",
              STR_ARG(day_text(engine_today(rq->engine), day)));
    if (policy)
        buf_print(out, "policy:" STR_FMT "\r\npolicy_peak_bytes:%zu\r\n",
                  STR_ARG(bundle_sha(policy_bundle(policy))),
                  policy_peak_bytes(policy));
    print_counters(out, rq->worker->house, "Policy");
}

static void print_cache(struct request *rq, struct buf *out)
{
    buf_print(out, "worker_entries:%zu\r\nworker_bytes:%zu\r\n",
              engine_cache_entries(rq->engine), engine_cache_bytes(rq->engine));
    print_counters(out, rq->worker->house, "Cache");
}

static void print_facts(struct request *rq, struct buf *out)
{
    print_counters(out, rq->worker->house, "Facts");
}

static void print_store(struct request *rq, struct buf *out)
{
    struct store *store = engine_store(rq->engine);
    int64_t heard = store_heard_ms(store);

    buf_print(out, "store_hearing:%d\r\nstore_heard_ms_ago:%" PRId64 "\r\n",
              store_is_hearing(store), heard ? clock_ms() - heard : -1);
    print_counters(out, rq->worker->house, "Store");
}

static void print_cpu(struct request *rq UNUSED, struct buf *out)
{
    struct rusage usage = {0};
    int failed = getrusage(RUSAGE_SELF, &usage);

    ensure(failed == 0);
    buf_print(out, "used_cpu_sys:%ld.%06ld\r\nused_cpu_user:%ld.%06ld\r\n",
              (long)usage.ru_stime.tv_sec, (long)usage.ru_stime.tv_usec,
              (long)usage.ru_utime.tv_sec, (long)usage.ru_utime.tv_usec);
}

static const struct section {
    const char *name;
    void (*print)(struct request *rq, struct buf *out);
} sections[] = {
    {"Server", print_server}, {"Clients", print_clients},
    {"Memory", print_memory}, {"Persistence", print_persistence},
    {"Stats", print_stats},   {"Replication", print_replication},
    {"CPU", print_cpu},       {"Policy", print_policy},
    {"Cache", print_cache},   {"Facts", print_facts},
    {"Store", print_store},
};

static bool is_wanted(const struct request *rq, const char *section)
{
    for (size_t i = 1; i < rq->n; i++)
        if (str_is_nocase(rq->words[i], str_of(section)) ||
            str_is_nocase(rq->words[i], STR("all")) ||
            str_is_nocase(rq->words[i], STR("default")) ||
            str_is_nocase(rq->words[i], STR("everything")))
            return true;
    return rq->n == 1;
}

void command_info(struct request *rq)
{
    struct buf out;

    buf_init(&out);
    for (size_t i = 0; i < COUNT_OF(sections); i++) {
        if (!is_wanted(rq, sections[i].name))
            continue;
        buf_print(&out, "%s# %s\r\n", buf_len(&out) ? "\r\n" : "",
                  sections[i].name);
        sections[i].print(rq, &out);
    }
    reply_verbatim(&rq->reply, buf_peek(&out));
    buf_fini(&out);
}

void command_time(struct request *rq)
{
    struct timeval now;
    int failed = gettimeofday(&now, NULL);

    ensure(failed == 0);
    reply_array(&rq->reply, 2);
    reply_text(&rq->reply,
               arena_print(rq->arena, "%lld", (long long)now.tv_sec));
    reply_text(&rq->reply, arena_print(rq->arena, "%ld", (long)now.tv_usec));
}

/* --- CONFIG GET ----------------------------------------------------------- */

static bool matches(struct request *rq, const char *name)
{
    for (size_t i = 2; i < rq->n; i++) {
        struct str pattern = arena_copy(rq->arena, rq->words[i]);
        if (fnmatch(pattern.at, name, FNM_CASEFOLD) == 0)
            return true;
    }
    return false;
}

void command_config_get(struct request *rq)
{
    const struct service_options *options = rq->worker->house->options;
    size_t n = 0;

    for (size_t i = 0; i < options->nsettings; i++)
        n += matches(rq, options->settings[i].name);
    reply_map(&rq->reply, n);
    for (size_t i = 0; i < options->nsettings; i++) {
        if (!matches(rq, options->settings[i].name))
            continue;
        reply_text(&rq->reply, str_of(options->settings[i].name));
        reply_text(&rq->reply, options->settings[i].value);
    }
}
