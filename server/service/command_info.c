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

/* INFO being written. */
struct page {
    struct request *rq;
    struct str redis; /* what Redis said to INFO, empty: it was not asked */
};

static void print_server(const struct page *page, struct buf *out)
{
    const struct house *house = page->rq->worker->house;
    int64_t up_ms = clock_wall_ms() - house->started_ms;

    buf_print(out,
              "redis_version:%s\r\npalier_version:%s\r\nredis_mode:standalone"
              "\r\nprocess_id:%d\r\nuptime_in_seconds:%" PRId64
              "\r\nprogram:" STR_FMT "\r\nworkers:%zu\r\n",
              REDIS_ALIKE, house->options->version, (int)getpid(), up_ms / 1000,
              STR_ARG(house->options->program), house->workers);
}

static void print_clients(const struct page *page, struct buf *out)
{
    print_counters(out, page->rq->worker->house, "Clients");
    buf_print(out, "maxclients:%zu\r\n",
              page->rq->worker->house->options->clients_max);
}

static void print_memory(const struct page *page, struct buf *out)
{
    struct rusage usage = {0};
    int failed = getrusage(RUSAGE_SELF, &usage);

    ensure(failed == 0);
    buf_print(out, "used_memory_peak_rss:%ld\r\ncache_bytes_max:%zu\r\n",
              usage.ru_maxrss * 1024L,
              page->rq->worker->house->options->cache_bytes);
}

/* Which lines of Redis's INFO bear on what is promised of facts. */
static bool is_of_durability(struct str line)
{
    static const char *const keys[] = {"redis_version:",
                                       "role:",
                                       "loading:",
                                       "aof_enabled:",
                                       "aof_last_write_status:",
                                       "rdb_last_save_time:"};

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (str_has_prefix(line, str_of(keys[i])))
            return true;
    return false;
}

static void print_redis(struct str text, struct buf *out)
{
    for (size_t from = 0; from < text.len;) {
        size_t end = str_find(text, '\n', from);
        struct str line = str_trim(str_part(text, from, end));
        if (is_of_durability(line))
            buf_print(out, "store_" STR_FMT "\r\n", STR_ARG(line));
        from = end + 1;
    }
}

static void print_persistence(const struct page *page, struct buf *out)
{
    bool private_redis = page->rq->worker->house->options->redis == NULL;

    buf_print(out, "loading:0\r\nstore:%s\r\nstore_ready:%d\r\n",
              private_redis ? "private, appendfsync always"
                            : "external, as durable as it is configured",
              engine_is_ready(page->rq->engine));
    print_redis(page->redis, out);
}

static void print_stats(const struct page *page, struct buf *out)
{
    print_counters(out, page->rq->worker->house, "Stats");
}

static void print_replication(const struct page *page UNUSED, struct buf *out)
{
    buf_print(out, "role:master\r\nconnected_slaves:0\r\n");
}

static void print_policy(const struct page *page, struct buf *out)
{
    struct fault fault = {0};
    const struct policy *policy =
        engine_policy(page->rq->engine, DAY_NONE, &fault);
    char day[DAY_TEXT];

    buf_print(out, "today:" STR_FMT "\r\n",
              STR_ARG(day_text(engine_today(page->rq->engine), day)));
    if (policy)
        buf_print(out, "policy:" STR_FMT "\r\npolicy_peak_bytes:%zu\r\n",
                  STR_ARG(bundle_sha(policy_bundle(policy))),
                  policy_peak_bytes(policy));
    print_counters(out, page->rq->worker->house, "Policy");
}

static void print_cache(const struct page *page, struct buf *out)
{
    buf_print(out, "worker_entries:%zu\r\nworker_bytes:%zu\r\n",
              engine_cache_entries(page->rq->engine),
              engine_cache_bytes(page->rq->engine));
    print_counters(out, page->rq->worker->house, "Cache");
}

static void print_facts(const struct page *page, struct buf *out)
{
    print_counters(out, page->rq->worker->house, "Facts");
}

static void print_store(const struct page *page, struct buf *out)
{
    struct store *store = engine_store(page->rq->engine);
    int64_t heard = store_heard_ms(store);

    buf_print(out, "store_hearing:%d\r\nstore_heard_ms_ago:%" PRId64 "\r\n",
              store_is_hearing(store), heard ? clock_ms() - heard : -1);
    print_counters(out, page->rq->worker->house, "Store");
}

static void print_cpu(const struct page *page UNUSED, struct buf *out)
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
    void (*print)(const struct page *page, struct buf *out);
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

static void write_info(const struct page *page)
{
    struct buf out;

    buf_init(&out);
    for (size_t i = 0; i < COUNT_OF(sections); i++) {
        if (!is_wanted(page->rq, sections[i].name))
            continue;
        buf_print(&out, "%s# %s\r\n", buf_len(&out) ? "\r\n" : "",
                  sections[i].name);
        sections[i].print(page, &out);
    }
    reply_verbatim(&page->rq->reply, buf_peek(&out));
    buf_fini(&out);
}

static void info_on_redis(void *arg, enum store_result result UNUSED,
                          struct str text)
{
    const struct page page = {arg, text};

    write_info(&page);
    request_done(arg);
}

/* Redis is asked too where its durability is, so that no more is promised than
 * it keeps. */
void command_info(struct request *rq)
{
    const struct page alone = {rq, {0}};

    if (!is_wanted(rq, "Persistence") || !engine_is_ready(rq->engine) ||
        !engine_has_room(rq->engine)) {
        write_info(&alone);
        return;
    }
    struct request *later = request_later(rq);
    ensure(store_server_info(engine_store(rq->engine), info_on_redis, later));
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
