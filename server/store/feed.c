/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A near-cache is as true as its last invalidation, and a link that has died
 * quietly sends none. Hence the beat. Redis writes what it owes to the feed
 * before it answers whoever made the change: so when a beat comes back, every
 * change that anyone knew of when that beat was sent has been heard.
 *
 * Redis 6 on RESP2 can send invalidations to the same connection, provided that
 * it tracks on behalf of itself and is subscribed: CLIENT ID, CLIENT TRACKING
 * ON REDIRECT <that id>, SUBSCRIBE. A connection that was subscribed is never
 * used for anything else, nor unsubscribed: hiredis aborts on that. */
#include <event2/event.h>
#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <sys/random.h>

#include "store/feed.h"
#include "store/inside.h"
#include "store/redis_answer.h"

static const char INVALIDATE[] = "__redis__:invalidate";
enum { SILENT_BEATS = 3, CHANNELS = 2 };

static void next_epoch(struct store *store)
{
    store->feed.epoch++;
    store_tell(store);
}

static void say(struct link *link, struct redis_command *command, link_fn *fn)
{
    if (!link_send(link, command, fn, NULL))
        link_drop_soon(link);
    redis_command_fini(command);
}

/* --- the beat ------------------------------------------------------------- */

static void on_beat_sent(struct redisAsyncContext *context, void *reply,
                         void *arg UNUSED)
{
    struct link *link = link_of_reply(context, reply);

    if (link && redis_answer_is_error(reply, ""))
        log_warn("beat refused",
                 KV_STR("why", str_of(((redisReply *)reply)->str)));
}

/* The moment is the beat's number: it grows, and the answer says it. */
static void send_beat(struct store *store)
{
    struct feed *feed = &store->feed;
    struct redis_command command;
    int64_t now_ms = clock_ms();

    if (!link_is_ready(&store->link) || !link_is_ready(&feed->link))
        return;
    feed->unheard++;
    redis_command_init(&command);
    redis_command_add(&command, STR("PUBLISH"));
    redis_command_add(&command, str_of(feed->channel));
    redis_command_add_int(&command, now_ms);
    say(&store->link, &command, on_beat_sent);
}

/* Beats are counted, not timed: had this process slept, one that waits to be
 * read would be late by our own fault. */
static void on_beat_timer(evutil_socket_t fd UNUSED, short what UNUSED,
                          void *arg)
{
    struct store *store = arg;
    struct feed *feed = &store->feed;

    if (feed->unheard >= SILENT_BEATS)
        link_drop(&feed->link, "silent");
    else
        send_beat(store);
}

static void hear_beat(struct store *store, struct str text)
{
    struct feed *feed = &store->feed;
    int64_t sent_ms;

    if (!str_to_int64(text, &sent_ms) || sent_ms < feed->heard_ms ||
        sent_ms > clock_ms())
        return; /* not ours */
    feed->heard_ms = sent_ms;
    feed->unheard = 0;
    if (feed->state == FEED_DEAF) {
        feed->state = FEED_HEARS;
        next_epoch(store);
    }
}

/* --- messages ------------------------------------------------------------- */

static void hear_key(struct store *store, struct str key)
{
    struct str prefix = str_of(store->prefix);
    struct str kind = STR("partner:");
    struct str rest = str_part(key, prefix.len, key.len);

    if (str_has_prefix(key, prefix) && str_has_prefix(rest, kind) &&
        store->events.on_changed)
        store->events.on_changed(store->events.arg,
                                 str_part(rest, kind.len, rest.len));
}

/* An array of keys; nil when all was flushed. */
static void hear_keys(struct store *store, const struct redisReply *keys)
{
    if (keys && keys->type == REDIS_REPLY_NIL)
        next_epoch(store);
    store_hold(store);
    for (size_t i = 0; i < redis_answer_count(keys) && !store->closed; i++)
        hear_key(store, redis_answer_text(redis_answer_at(keys, i)));
    store_let(store);
}

/* Each confirmation says how many channels there are now. */
static void hear_subscribed(struct store *store, const struct redisReply *reply)
{
    int64_t channels;

    if (!redis_answer_int(redis_answer_at(reply, 2), &channels) ||
        channels < CHANNELS)
        return;
    link_greeted(&store->feed.link);
    send_beat(store);
}

static void on_message(struct redisAsyncContext *context, void *data,
                       void *arg UNUSED)
{
    const struct redisReply *reply = data;
    struct link *link = link_of_reply(context, reply);
    struct str what = redis_answer_text(redis_answer_at(reply, 0));
    struct str channel = redis_answer_text(redis_answer_at(reply, 1));
    struct store *store;

    if (!link)
        return;
    store = link->owner;
    if (str_is(what, STR("subscribe")))
        hear_subscribed(store, reply);
    else if (str_is(channel, str_of(INVALIDATE)))
        hear_keys(store, redis_answer_at(reply, 2));
    else if (str_is(channel, str_of(store->feed.channel)))
        hear_beat(store, redis_answer_text(redis_answer_at(reply, 2)));
}

/* --- the greeting --------------------------------------------------------- */

/* The link, where the step before was answered well; else it is dropped. */
static struct link *step(struct redisAsyncContext *context, const void *reply)
{
    struct link *link = link_of_reply(context, reply);
    struct fault fault;

    if (link && redis_answer_result(reply, &fault) != STORE_OK) {
        link_drop(link, fault.text);
        return NULL;
    }
    return link;
}

static void on_tracking(struct redisAsyncContext *context, void *reply,
                        void *arg UNUSED)
{
    struct link *link = step(context, reply);
    struct redis_command command;
    struct store *store;

    if (!link)
        return;
    store = link->owner;
    redis_command_init(&command);
    redis_command_add(&command, STR("SUBSCRIBE"));
    redis_command_add(&command, str_of(INVALIDATE));
    redis_command_add(&command, str_of(store->feed.channel));
    say(link, &command, on_message);
}

static void on_id(struct redisAsyncContext *context, void *reply,
                  void *arg UNUSED)
{
    struct link *link = step(context, reply);
    struct redis_command command;
    int64_t id;

    if (!link)
        return;
    if (!redis_answer_int(reply, &id)) {
        link_drop(link, "CLIENT ID did not answer with a number");
        return;
    }
    redis_command_init(&command);
    redis_command_add(&command, STR("CLIENT"));
    redis_command_add(&command, STR("TRACKING"));
    redis_command_add(&command, STR("ON"));
    redis_command_add(&command, STR("REDIRECT"));
    redis_command_add_int(&command, id);
    redis_command_add(&command, STR("BCAST"));
    redis_command_add(&command, STR("PREFIX"));
    buf_print(&command.bytes,
              "%spartner:", ((struct store *)link->owner)->prefix);
    redis_command_close_arg(&command);
    say(link, &command, on_tracking);
}

static void greet(struct link *link)
{
    struct redis_command command;

    redis_command_init(&command);
    redis_command_add(&command, STR("CLIENT"));
    redis_command_add(&command, STR("ID"));
    say(link, &command, on_id);
}

static void on_state(struct link *link, enum link_state was UNUSED)
{
    struct store *store = link->owner;
    struct feed *feed = &store->feed;

    if (link_is_ready(link))
        return;
    feed->unheard = 0;
    if (feed->state == FEED_HEARS) {
        feed->state = FEED_DEAF;
        next_epoch(store);
    }
}

static const struct link_role feed_role = {
    .name = "feed", .greet = greet, .on_state = on_state};

/* --- open and closed ------------------------------------------------------ */

/* A channel that nobody else publishes on. */
static char *make_channel(const char *prefix)
{
    uint64_t random[2];
    struct buf name;
    char *channel;

    if (getrandom(random, sizeof(random), 0) != sizeof(random))
        die("the system gives no random bytes");
    buf_init(&name);
    buf_print(&name, "%sbeat:%016llx%016llx", prefix,
              (unsigned long long)random[0], (unsigned long long)random[1]);
    buf_add_byte(&name, '\0');
    channel = mem_copy_text(buf_peek(&name).at);
    buf_fini(&name);
    return channel;
}

static void start_beat(struct store *store)
{
    int64_t ms = store->options.beat_ms;
    struct timeval every = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    struct event *beat =
        event_new(store->base, -1, EV_PERSIST, on_beat_timer, store);

    if (!beat || event_add(beat, &every) != 0)
        die("libevent refuses a timer");
    store->feed.beat = beat;
}

void feed_init(struct store *store)
{
    struct feed *feed = &store->feed;

    if (!store->options.feed)
        return;
    feed->state = FEED_DEAF;
    feed->channel = make_channel(store->prefix);
    feed->link = (struct link){.role = &feed_role,
                               .owner = store,
                               .url = &store->url,
                               .base = store->base,
                               .connect_ms = store->options.connect_ms,
                               .answer_ms = store->options.call_ms};
    link_open(&feed->link);
    start_beat(store);
}

void feed_fini(struct store *store)
{
    struct feed *feed = &store->feed;

    if (feed->state == FEED_OFF)
        return;
    event_free(feed->beat);
    link_close(&feed->link);
    free(feed->channel);
    feed->state = FEED_OFF;
}

/* Beats that were on their way down a lost data link prove nothing, neither
 * that the feed hears nor that it does not. */
void feed_on_data(struct store *store, bool ready)
{
    if (store->feed.state == FEED_OFF)
        return;
    if (ready)
        send_beat(store);
    else
        store->feed.unheard = 0;
}
