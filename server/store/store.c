/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Puts the parts together: the link for data, the calls on it, the scripts it
 * is greeted with, the feed beside it; and keeps the callback law for them all.
 * The caller may close the store from inside any callback: memory that is still
 * on the stack then is freed when the callback has returned. */
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "store/inside.h"
#include "store/redis_answer.h"

const struct store_options store_options_default = {
    .connect_ms = 1000,
    .call_ms = 1000,
    .beat_ms = 1000,
    .calls_max = 4096,
    .bytes_max = 16 * 1024 * 1024,
};

/* --- the data link -------------------------------------------------------- */

static void on_pong(struct redisAsyncContext *context, void *reply,
                    void *arg UNUSED)
{
    struct link *link = link_of_reply(context, reply);
    struct fault fault;

    if (!link)
        return;
    if (redis_answer_result(reply, &fault) == STORE_OK)
        link_greeted(link);
    else
        link_drop(link, fault.text);
}

/* Answers come in order: when PING is answered, so is all before it. */
static void greet(struct link *link)
{
    struct store *store = link->owner;
    struct redis_command ping;

    scripts_load(&store->scripts, link);
    redis_command_init(&ping);
    redis_command_add(&ping, STR("PING"));
    if (!link_send(link, &ping, on_pong, NULL))
        link_drop_soon(link);
    redis_command_fini(&ping);
}

static void on_state(struct link *link, enum link_state was)
{
    struct store *store = link->owner;

    if (link->state == LINK_CLOSED)
        calls_on_lost(store);
    if (link_is_ready(link) || was == LINK_READY) {
        feed_on_data(store, link_is_ready(link));
        store_tell(store);
    }
}

static const struct link_role data_role = {
    .name = "data", .greet = greet, .on_state = on_state};

/* --- telling -------------------------------------------------------------- */

void store_tell(struct store *store)
{
    event_active(store->tell, EV_TIMEOUT, 0);
}

static void tell_ready(struct store *store)
{
    bool ready = link_is_ready(&store->link);

    if (store->closed || ready == store->told_ready)
        return;
    store->told_ready = ready;
    if (store->events.on_ready)
        store->events.on_ready(store->events.arg, ready);
}

static void tell_epoch(struct store *store)
{
    if (store->closed || store->feed.epoch == store->told_epoch)
        return;
    store->told_epoch = store->feed.epoch;
    if (store->events.on_epoch)
        store->events.on_epoch(store->events.arg);
}

static void tell_room(struct store *store)
{
    if (store->closed || !calls_take_room(store))
        return;
    if (store->events.on_room)
        store->events.on_room(store->events.arg);
}

static void on_tell(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
    struct store *store = arg;

    store_hold(store);
    tell_ready(store);
    tell_epoch(store);
    if (!store->closed)
        calls_tell(store);
    tell_room(store);
    store_let(store);
}

/* --- open and closed ------------------------------------------------------ */

static char *make_prefix(struct str program)
{
    struct buf prefix;
    char *text;

    buf_init(&prefix);
    buf_print(&prefix, "palier:{" STR_FMT "}:", STR_ARG(program));
    buf_add_byte(&prefix, '\0');
    text = mem_copy_text(buf_peek(&prefix).at);
    buf_fini(&prefix);
    return text;
}

static void open_data_link(struct store *store)
{
    store->link = (struct link){.role = &data_role,
                                .owner = store,
                                .url = &store->url,
                                .base = store->base,
                                .connect_ms = store->options.connect_ms,
                                .answer_ms = store->options.call_ms};
    link_open(&store->link);
}

bool store_url_check(const char *url, struct fault *fault)
{
    struct redis_url parts;

    if (!redis_url_init(&parts, str_of(url), fault))
        return false;
    redis_url_fini(&parts);
    return true;
}

struct store *store_open(struct event_base *base,
                         const struct store_options *options,
                         const struct store_events *events, struct fault *fault)
{
    struct store *store;
    struct redis_url url;

    if (!redis_url_init(&url, str_of(options->url), fault))
        return NULL;
    store = mem_new(sizeof(*store));
    store->url = url;
    store->options = *options;
    store->options.url = NULL;
    store->options.program = (struct str){NULL, 0};
    store->events = *events;
    store->base = base;
    store->prefix = make_prefix(options->program);
    store->tell = evtimer_new(base, on_tell, store);
    if (!store->tell)
        die("out of memory: a timer");
    scripts_init(&store->scripts);
    calls_init(store);
    open_data_link(store);
    feed_init(store);
    return store;
}

void store_hold(struct store *store)
{
    store->held++;
}

void store_let(struct store *store)
{
    ensure(store->held > 0);
    store->held--;
    if (store->held > 0 || !store->closed)
        return;
    redis_url_fini(&store->url);
    free(store->prefix);
    free(store);
}

/* Everything ends here, but the memory of the store itself. */
void store_close(struct store *store)
{
    if (!store)
        return;
    ensure(!store->closed);
    store_hold(store);
    store->closed = true;
    feed_fini(store);
    link_close(&store->link);
    calls_fini(store);
    event_free(store->tell);
    store_let(store);
}

/* --- asking --------------------------------------------------------------- */

bool store_is_ready(const struct store *store)
{
    return link_is_ready(&store->link);
}

bool store_has_room(const struct store *store)
{
    return calls_have_room(store);
}

size_t store_calls(const struct store *store)
{
    return store->calls.n;
}

uint64_t store_epoch(const struct store *store)
{
    return store->feed.epoch;
}

bool store_is_hearing(const struct store *store)
{
    return store->feed.state == FEED_HEARS;
}

int64_t store_heard_ms(const struct store *store)
{
    return store->feed.heard_ms;
}
