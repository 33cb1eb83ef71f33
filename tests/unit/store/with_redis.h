/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A real Redis for one test program: a child on a Unix socket in a folder of
 * its own, ended by its id; a store on it; a plain connection to look behind
 * the store's back. Waiting is for a condition, never for a time; WAIT_MS only
 * ends a test that hangs. */
#ifndef PALIER_TEST_WITH_REDIS_H
#define PALIER_TEST_WITH_REDIS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <event2/event.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store.h"

enum { WAIT_MS = 20000 };

struct rig {
    struct event_base *base;
    struct store *store;
    struct store_options options;
    struct redisContext *plain; /* NULL until rig_ask needs it */
    pid_t redis;
    char folder[32];
    char socket[48];
    char url[64];
    int readies, losses, epochs, changes, rooms; /* events heard */
    char changed[64];                            /* the last partner */
};

/* --- the child ------------------------------------------------------------ */

static inline void rig_exec(const struct rig *rig)
{
    const char *names[] = {"redis-server", "valkey-server"};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        execlp(names[i], names[i], "--port", "0", "--unixsocket", rig->socket,
               "--save", "", "--appendonly", "no", "--dir", rig->folder,
               "--logfile", "log", (char *)NULL);
    _exit(127);
}

static inline void rig_start_redis(struct rig *rig)
{
    fflush(NULL);
    rig->redis = fork();
    assert_true(rig->redis >= 0);
    if (rig->redis == 0)
        rig_exec(rig);
}

static inline void rig_kill_redis(struct rig *rig)
{
    assert_int_equal(kill(rig->redis, SIGKILL), 0);
    assert_int_equal(waitpid(rig->redis, NULL, 0), rig->redis);
    rig->redis = 0;
    if (rig->plain)
        redisFree(rig->plain);
    rig->plain = NULL;
}

/* --- the store ------------------------------------------------------------ */

static inline void rig_on_changed(void *arg, struct str partner)
{
    struct rig *rig = arg;

    rig->changes++;
    snprintf(rig->changed, sizeof(rig->changed), STR_FMT, STR_ARG(partner));
}

static inline void rig_on_epoch(void *arg)
{
    struct rig *rig = arg;

    rig->epochs++;
}

static inline void rig_on_ready(void *arg, bool ready)
{
    struct rig *rig = arg;

    if (ready)
        rig->readies++;
    else
        rig->losses++;
}

static inline void rig_on_room(void *arg)
{
    struct rig *rig = arg;

    rig->rooms++;
}

/* Runs the loop until the condition holds. */
static inline void rig_wait(struct rig *rig, bool (*is_so)(void *arg),
                            void *arg)
{
    int64_t end_ms = clock_ms() + WAIT_MS;

    while (!is_so(arg)) {
        struct timeval tick = {.tv_usec = 5000};

        assert_true(clock_ms() < end_ms);
        event_base_loopexit(rig->base, &tick);
        event_base_loop(rig->base, EVLOOP_ONCE);
    }
}

static inline bool rig_is_ready(void *arg)
{
    struct rig *rig = arg;

    return rig->readies > rig->losses && store_is_ready(rig->store);
}

static inline void rig_open_store(struct rig *rig)
{
    struct store_events events = {.arg = rig,
                                  .on_changed = rig_on_changed,
                                  .on_epoch = rig_on_epoch,
                                  .on_ready = rig_on_ready,
                                  .on_room = rig_on_room};
    struct fault fault;

    rig->store = store_open(rig->base, &rig->options, &events, &fault);
    assert_non_null(rig->store);
}

/* Options may be changed between the two. */
static inline void rig_init(struct rig *rig)
{
    memset(rig, 0, sizeof(*rig));
    signal(SIGPIPE, SIG_IGN);
    log_set_level(LOG_ERROR);
    strncpy(rig->folder, "/tmp/palier-test-XXXXXX", sizeof(rig->folder) - 1);
    assert_non_null(mkdtemp(rig->folder));
    snprintf(rig->socket, sizeof(rig->socket), "%s/redis.sock", rig->folder);
    snprintf(rig->url, sizeof(rig->url), "unix:%s", rig->socket);
    rig->base = event_base_new();
    rig->options = store_options_default;
    rig->options.url = rig->url;
    rig->options.program = STR("demo");
    rig->options.call_ms = WAIT_MS;
}

static inline void rig_start(struct rig *rig)
{
    rig_start_redis(rig);
    rig_open_store(rig);
    rig_wait(rig, rig_is_ready, rig);
}

static inline void rig_remove(const struct rig *rig, const char *name)
{
    char path[96];

    snprintf(path, sizeof(path), "%s/%s", rig->folder, name);
    unlink(path);
}

static inline void rig_fini(struct rig *rig)
{
    store_close(rig->store);
    event_base_free(rig->base);
    if (rig->redis)
        rig_kill_redis(rig);
    rig_remove(rig, "redis.sock");
    rig_remove(rig, "log");
    assert_int_equal(rmdir(rig->folder), 0);
}

/* --- behind the store's back ---------------------------------------------- */

static inline redisReply *rig_ask(struct rig *rig, const char *format, ...)
{
    redisReply *reply;
    va_list values;

    if (!rig->plain)
        rig->plain = redisConnectUnix(rig->socket);
    assert_true(rig->plain && rig->plain->err == 0);
    va_start(values, format);
    reply = redisvCommand(rig->plain, format, values);
    va_end(values);
    assert_non_null(reply);
    return reply;
}

static inline void rig_do(struct rig *rig, const char *command)
{
    redisReply *reply = rig_ask(rig, command);

    assert_int_not_equal(reply->type, REDIS_REPLY_ERROR);
    freeReplyObject(reply);
}

static inline int rig_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What a command answers, as one line: a hash's or list's elements in order,
 * `sorted` pairs "name=value" where it is a hash. */
static inline void rig_dump_hash(struct rig *rig, const char *key,
                                 struct buf *out)
{
    redisReply *reply = rig_ask(rig, "HGETALL %s", key);
    size_t n = reply->elements / 2;
    char **pairs = mem_new_array(n, sizeof(*pairs));

    for (size_t i = 0; i < n; i++) {
        struct buf pair;

        buf_init(&pair);
        buf_print(&pair, "%s=%s", reply->element[2 * i]->str,
                  reply->element[2 * i + 1]->str);
        buf_add_byte(&pair, '\0');
        pairs[i] = mem_copy_text(buf_peek(&pair).at);
        buf_fini(&pair);
    }
    freeReplyObject(reply);
    qsort(pairs, n, sizeof(*pairs), rig_order);
    for (size_t i = 0; i < n; i++) {
        buf_print(out, "%s%s", i ? " " : "", pairs[i]);
        free(pairs[i]);
    }
    free(pairs);
    buf_add_byte(out, '\0');
}

/* The answer to a command, one element a line. */
static inline void rig_dump(struct rig *rig, const char *command,
                            struct buf *out)
{
    redisReply *reply = rig_ask(rig, command);

    if (reply->type == REDIS_REPLY_INTEGER)
        buf_print(out, "%lld", reply->integer);
    if (reply->type == REDIS_REPLY_STRING)
        buf_add(out, str_of(reply->str));
    for (size_t i = 0; i < reply->elements; i++)
        buf_print(out, "%s%s", i ? "\n" : "", reply->element[i]->str);
    freeReplyObject(reply);
    buf_add_byte(out, '\0');
}

static inline void rig_expect(struct rig *rig, const char *command,
                              const char *answer)
{
    struct buf out;

    buf_init(&out);
    rig_dump(rig, command, &out);
    assert_string_equal(buf_peek(&out).at, answer);
    buf_fini(&out);
}

/* --- changes -------------------------------------------------------------- */

struct outcome {
    int runs;
    enum store_result result;
    int64_t ver;
    struct fault fault;
};

static inline void outcome_of_change(void *arg, enum store_result result,
                                     int64_t ver, const struct fault *fault)
{
    struct outcome *outcome = arg;

    outcome->runs++;
    outcome->result = result;
    outcome->ver = ver;
    outcome->fault = *fault;
}

static inline void outcome_of_done(void *arg, enum store_result result,
                                   const struct fault *fault)
{
    outcome_of_change(arg, result, 0, fault);
}

static inline bool outcome_is_there(void *arg)
{
    return ((struct outcome *)arg)->runs > 0;
}

static const struct series rig_series[] = {
    {STR_INIT("project"), SERIES_TERM, {NULL, 0}, 0},
    {STR_INIT("revenue"), SERIES_AMOUNT, STR_INIT("EUR"), 2},
    {STR_INIT("training"), SERIES_TERM, {NULL, 0}, 0},
    {STR_INIT("visits"), SERIES_AMOUNT, {NULL, 0}, 0},
};
static const struct str rig_attributes[] = {
    STR_INIT("csat"),   STR_INIT("kind"), STR_INIT("language"),
    STR_INIT("market"), STR_INIT("name"),
};
static const struct schema rig_schema = {
    rig_series, COUNT_OF(rig_series), rig_attributes, COUNT_OF(rig_attributes)};

static inline int32_t rig_today(void)
{
    return day_of_date((struct date){2026, 3, 14});
}

/* "ADD p revenue 10.00", as after FACT; words without quotes. */
static inline void rig_change(struct rig *rig, const char *text,
                              struct outcome *outcome)
{
    struct str words[64], rest = str_of(text);
    struct change change;
    struct arena arena;
    struct fault fault;
    size_t n = 0;

    while (rest.len > 0) {
        size_t end = str_find(rest, ' ', 0);

        assert_true(n < COUNT_OF(words));
        words[n++] = str_part(rest, 0, end);
        rest = str_part(rest, end + 1, rest.len);
    }
    arena_init(&arena);
    if (!change_parse(words, n, &rig_schema, rig_today(), &arena, &change,
                      &fault))
        fail_msg("%s: %s", text, fault.text);
    *outcome = (struct outcome){0};
    assert_true(store_change(rig->store, &change, rig_today(), STR("tester"),
                             str_of(text), outcome_of_change, outcome));
    arena_fini(&arena);
}

static inline void rig_change_now(struct rig *rig, const char *text,
                                  struct outcome *outcome)
{
    rig_change(rig, text, outcome);
    rig_wait(rig, outcome_is_there, outcome);
    assert_int_equal(outcome->runs, 1);
}

#endif
