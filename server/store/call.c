/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * hiredis has no limits and no clock, and Redis may forget our scripts. So the
 * calls under way are counted here, the oldest is watched, and a script that
 * Redis does not know is loaded and called again.
 *
 * Writes must take effect in the order they were made, also then. From the
 * first NOSCRIPT on, new writes are held; the refused ones queue up before
 * them, in the order of their answers, which is that in which they were sent;
 * when the last write under way is answered, the scripts are loaded and both
 * queues are sent, all down one connection. What remains: after SCRIPT FLUSH, a
 * script that another process loads between two writes of ours that were
 * already under way lets the later one through before the earlier is repeated.
 * Redis offers nothing against that; an operator flushes scripts when writes
 * are at rest. */
#include <event2/event.h>
#include <hiredis/hiredis.h>
#include <stdlib.h>

#include "store/call.h"
#include "store/inside.h"
#include "store/redis_answer.h"

/* A call may take so many times call_ms while others are answered. */
enum { CALL_PATIENCE = 5 };

/* --- building ------------------------------------------------------------- */

struct call *call_new(struct store *store, enum call_kind kind, call_end *end,
                      void *arg)
{
    struct call *call;

    if (!calls_have_room(store))
        return NULL;
    call = mem_new(sizeof(*call));
    call->store = store;
    call->kind = kind;
    call->script = SCRIPTS;
    call->end = end;
    call->arg = arg;
    redis_command_init(&call->command);
    return call;
}

struct call *call_new_script(struct store *store, enum call_kind kind,
                             enum script_id script, int64_t keys, call_end *end,
                             void *arg)
{
    struct call *call = call_new(store, kind, end, arg);

    if (!call)
        return NULL;
    call->script = script;
    call_add(call, STR("EVALSHA"));
    call_add(call, scripts_sha(&store->scripts, script));
    call_add_int(call, keys);
    return call;
}

void call_add_key(struct call *call, const char *kind, struct str id)
{
    struct redis_command *command = &call->command;

    buf_add(&command->bytes, str_of(call->store->prefix));
    buf_add(&command->bytes, str_of(kind));
    buf_add(&command->bytes, id);
    redis_command_close_arg(command);
}

void call_add(struct call *call, struct str arg)
{
    redis_command_add(&call->command, arg);
}

void call_add_int(struct call *call, int64_t number)
{
    redis_command_add_int(&call->command, number);
}

void call_add_time(struct call *call)
{
    char text[21];

    clock_utc(clock_wall_ms(), text);
    call_add(call, str_of(text));
}

static void call_free(struct call *call)
{
    redis_command_fini(&call->command);
    free(call);
}

/* --- ending --------------------------------------------------------------- */

enum store_result call_result(const struct call *call,
                              const struct redisReply *reply,
                              struct fault *fault)
{
    enum store_result result = redis_answer_result(reply, fault);

    if (!reply && call->kind == CALL_WRITE)
        fault_set(fault, FAULT_UNAVAILABLE,
                  call->may_have_run
                      ? "Redis cannot be reached in time; the change may have "
                        "been made all the same"
                      : "Redis cannot be reached; nothing was sent");
    return result;
}

enum store_result call_bare_result(const struct call *call,
                                   const struct redisReply *reply)
{
    struct fault fault;
    enum store_result result = call_result(call, reply, &fault);

    return result == STORE_REFUSED ? STORE_UNAVAILABLE : result;
}

/* Runs `done`. The store may be gone afterwards. */
static void finish(struct call *call, struct call_list *list,
                   const struct redisReply *reply)
{
    struct store *store = call->store;

    TAILQ_REMOVE(list, call, by_age);
    store->calls.n--;
    store->calls.bytes -= redis_command_bytes(&call->command);
    if (store->calls.full && calls_have_room(store))
        store_tell(store);
    store_hold(store);
    call->end(call, reply);
    call_free(call);
    store_let(store);
}

void calls_on_lost(struct store *store)
{
    struct calls *calls = &store->calls;
    struct call *call;

    TAILQ_FOREACH(call, &calls->live, by_age)
    call->state = CALL_ENDING;
    TAILQ_CONCAT(&calls->ending, &calls->live, by_age);
    TAILQ_INIT(&calls->refused);
    TAILQ_INIT(&calls->held);
    calls->sent = calls->writes_sent = 0;
    calls->recovering = false;
    event_del(calls->deadline);
    if (!TAILQ_EMPTY(&calls->ending))
        store_tell(store);
}

/* A `done` may make new calls, which end in the next turn, and may close the
 * store, which empties the list. */
void calls_tell(struct store *store)
{
    struct calls *calls = &store->calls;
    size_t n = 0;
    struct call *call;

    TAILQ_FOREACH(call, &calls->ending, by_age)
    n++;
    while (n-- > 0 && (call = TAILQ_FIRST(&calls->ending)))
        finish(call, &calls->ending, NULL);
    if (!TAILQ_EMPTY(&calls->ending))
        store_tell(store);
}

/* --- sending -------------------------------------------------------------- */

static void on_reply(struct redisAsyncContext *context, void *reply, void *arg);

static void hand_over(struct call *call)
{
    struct store *store = call->store;
    struct calls *calls = &store->calls;

    call->state = CALL_SENT;
    calls->sent++;
    calls->writes_sent += call->kind == CALL_WRITE;
    call->may_have_run =
        link_send(&store->link, &call->command, on_reply, call);
    if (!call->may_have_run)
        link_drop_soon(&store->link);
}

/* The scripts, then the queues: Redis takes them in this order. */
static void resume(struct store *store)
{
    struct calls *calls = &store->calls;
    struct call *call;

    scripts_load(&store->scripts, &store->link);
    calls->recovering = false;
    TAILQ_CONCAT(&calls->refused, &calls->held, in_again);
    while ((call = TAILQ_FIRST(&calls->refused))) {
        TAILQ_REMOVE(&calls->refused, call, in_again);
        hand_over(call);
    }
}

static void wait_in(struct call_list *list, struct call *call)
{
    call->state = CALL_AGAIN;
    call->store->calls.recovering = true;
    TAILQ_INSERT_TAIL(list, call, in_again);
}

/* A read brings its own script only: with those of writes it would let a write
 * pass that was sent after one that Redis is about to refuse. */
static void repeat(struct call *call)
{
    struct store *store = call->store;

    call->may_have_run = false;
    if (call->kind == CALL_WRITE) {
        wait_in(&store->calls.refused, call);
    } else {
        scripts_load_one(&store->scripts, &store->link, call->script);
        hand_over(call);
    }
}

/* What follows from one more answer, before its `done` may close the store. */
static void go_on(struct store *store, const struct redisReply *reply)
{
    struct calls *calls = &store->calls;

    if (redis_answer_is_unfit(reply))
        link_drain(&store->link, reply->str);
    if (calls->recovering && calls->writes_sent == 0)
        resume(store);
    if (link_is_draining(&store->link) && calls->sent == 0)
        link_drop_soon(&store->link);
}

static void on_reply(struct redisAsyncContext *context, void *data, void *arg)
{
    const struct redisReply *reply = data;
    struct link *link = link_of_reply(context, reply);
    struct call *call = arg;
    struct store *store;

    if (!link)
        return;
    store = link->owner;
    ensure(call->state == CALL_SENT && store->calls.sent > 0);
    store->calls.replied_ms = clock_ms();
    store->calls.sent--;
    store->calls.writes_sent -= call->kind == CALL_WRITE;
    if (call->script != SCRIPTS && redis_answer_is_error(reply, "NOSCRIPT ")) {
        repeat(call);
        go_on(store, reply);
    } else {
        go_on(store, reply);
        finish(call, &store->calls.live, reply);
    }
}

static void watch(struct store *store, int64_t ms)
{
    struct timeval wait = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

    if (event_add(store->calls.deadline, &wait) != 0)
        die("libevent refuses a timer");
}

void call_start(struct call *call)
{
    struct store *store = call->store;
    struct calls *calls = &store->calls;

    calls->n++;
    calls->bytes += redis_command_bytes(&call->command);
    calls->full |= !calls_have_room(store);
    call->made_ms = clock_ms();
    if (!link_is_ready(&store->link)) {
        call->state = CALL_ENDING;
        TAILQ_INSERT_TAIL(&calls->ending, call, by_age);
        store_tell(store);
        return;
    }
    if (!evtimer_pending(calls->deadline, NULL))
        watch(store, store->options.call_ms);
    TAILQ_INSERT_TAIL(&calls->live, call, by_age);
    if (calls->recovering && call->kind == CALL_WRITE)
        wait_in(&calls->held, call);
    else
        hand_over(call);
}

/* --- all of them ---------------------------------------------------------- */

/* How long the link has been silent although it owed a reply. While replies
 * come it is slow, not sick: a long queue, or a disk that takes its time. */
static int64_t silent_ms(const struct calls *calls, const struct call *oldest)
{
    int64_t since = oldest->made_ms > calls->replied_ms ? oldest->made_ms
                                                        : calls->replied_ms;

    return clock_ms() - since;
}

/* Armed for one call, not for each: when it fires, the oldest may be a younger
 * one, and is waited for anew. */
static void on_deadline(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
    struct store *store = arg;
    struct call *oldest = TAILQ_FIRST(&store->calls.live);
    int64_t call_ms = store->options.call_ms, silence_ms;

    if (!oldest)
        return;
    silence_ms = silent_ms(&store->calls, oldest);
    if (silence_ms >= call_ms ||
        clock_ms() - oldest->made_ms >= call_ms * CALL_PATIENCE)
        link_drop(&store->link, "a call was not answered in time");
    else
        watch(store, call_ms - silence_ms);
}

void calls_init(struct store *store)
{
    struct calls *calls = &store->calls;

    TAILQ_INIT(&calls->live);
    TAILQ_INIT(&calls->ending);
    TAILQ_INIT(&calls->refused);
    TAILQ_INIT(&calls->held);
    calls->deadline = evtimer_new(store->base, on_deadline, store);
    if (!calls->deadline)
        die("out of memory: a timer");
}

static void forget(struct call_list *list)
{
    struct call *call;

    while ((call = TAILQ_FIRST(list))) {
        TAILQ_REMOVE(list, call, by_age);
        call_free(call);
    }
}

void calls_fini(struct store *store)
{
    forget(&store->calls.live);
    forget(&store->calls.ending);
    event_free(store->calls.deadline);
}

bool calls_take_room(struct store *store)
{
    struct calls *calls = &store->calls;
    bool news = calls->full && calls_have_room(store);

    if (news)
        calls->full = false;
    return news;
}

bool calls_have_room(const struct store *store)
{
    return store->calls.n < store->options.calls_max &&
           store->calls.bytes < store->options.bytes_max;
}
