/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * hiredis owns its context: it frees it after an error by itself, after
 * answering all that was under way with NULL; to free it inside its connect
 * callback is a use after free; and it knows no time. So a context is ours only
 * while its `data` points to the link. Whoever ends it, we or hiredis, cuts
 * both pointers first, and every callback looks at that pointer before anything
 * else. */
#include <event2/event.h>
#include <fcntl.h>
#include <hiredis/adapters/libevent.h>
#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "store/link.h"

static uint32_t random_bits(void)
{
    uint32_t bits;

    if (getrandom(&bits, sizeof(bits), 0) != sizeof(bits))
        bits = (uint32_t)clock_us(); /* good enough for a wait */
    return bits;
}

static void arm(struct link *link, int64_t ms)
{
    struct timeval wait = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

    if (event_add(link->timer, &wait) != 0)
        die("libevent refuses a timer");
}

/* What each state owns; see the drawing in the header. */
static void check_state(const struct link *link)
{
    bool armed = evtimer_pending(link->timer, NULL);

    ensure(armed == (link->state != LINK_READY));
    ensure((link->context == NULL) == (link->state == LINK_CLOSED));
}

static void set_state(struct link *link, enum link_state state)
{
    enum link_state was = link->state;

    event_del(link->timer);
    link->state = state;
    switch (state) {
    case LINK_CLOSED:
        arm(link, backoff_next_ms(&link->backoff, random_bits()));
        break;
    case LINK_CONNECTING:
        arm(link, link->connect_ms);
        break;
    case LINK_GREETING:
    case LINK_DRAINING:
        arm(link, link->answer_ms);
        break;
    case LINK_READY:
        link->ready_ms = clock_ms();
        break;
    }
    check_state(link);
    link->role->on_state(link, was);
}

/* The first failure in a row is worth a line, the others only to those who
 * look closely. */
static void complain(struct link *link, const char *why)
{
    if (link->complained)
        log_debug("store link down", KV("link", link->role->name),
                  KV("why", why), KV_INT("generation", link->generation));
    else
        log_warn("store link down", KV("link", link->role->name),
                 KV("why", why), KV_INT("generation", link->generation));
    link->complained = true;
}

/* The context is no longer ours: hiredis frees it. A link that held for a while
 * starts its waits anew; one that is lost as soon as it is made does not. */
static void closed(struct link *link, const char *why)
{
    bool held = link->state >= LINK_READY &&
                clock_ms() - link->ready_ms >= BACKOFF_LAST_MS;

    complain(link, why);
    if (held)
        backoff_reset(&link->backoff);
    if (link->context)
        link->context->data = NULL;
    link->context = NULL;
    set_state(link, LINK_CLOSED);
}

/* Looks into the inner context: the outer one learns of a failed connect only
 * after its callback. */
static const char *reason(const struct redisAsyncContext *context)
{
    return context->c.err ? context->c.errstr : "closed by the server";
}

void link_drop(struct link *link, const char *why)
{
    struct redisAsyncContext *context = link->context;

    if (link->state == LINK_CLOSED)
        return;
    closed(link, why);
    redisAsyncFree(context);
}

void link_drop_soon(struct link *link)
{
    if (link->state != LINK_CLOSED)
        event_active(link->timer, EV_TIMEOUT, 0);
}

void link_drain(struct link *link, const char *why)
{
    if (link->state != LINK_READY)
        return;
    complain(link, why);
    set_state(link, LINK_DRAINING);
}

void link_greeted(struct link *link)
{
    ensure(link->state == LINK_GREETING);
    if (link->complained)
        log_info("store link up", KV("link", link->role->name),
                 KV_INT("generation", link->generation));
    link->complained = false;
    set_state(link, LINK_READY);
}

bool link_is_ready(const struct link *link)
{
    return link->state == LINK_READY;
}

bool link_is_draining(const struct link *link)
{
    return link->state == LINK_DRAINING;
}

/* --- what hiredis tells --------------------------------------------------- */

struct link *link_of_reply(struct redisAsyncContext *context, const void *reply)
{
    struct link *link = context->data;

    if (link && !reply) {
        closed(link, reason(context));
        return NULL;
    }
    return link;
}

static void on_disconnect(const struct redisAsyncContext *context, int status)
{
    struct link *link = context->data;

    if (link)
        closed(link, status == REDIS_OK ? "closed" : reason(context));
}

static void on_greeting(struct redisAsyncContext *context, void *data,
                        void *must)
{
    const redisReply *reply = data;
    struct link *link = link_of_reply(context, reply);

    if (link && must && reply->type == REDIS_REPLY_ERROR)
        link_drop(link, reply->str);
}

/* `must`: an error ends the attempt. */
static void say(struct link *link, struct redis_command *command, bool must)
{
    if (!link_send(link, command, on_greeting, must ? link : NULL))
        link_drop_soon(link);
    redis_command_fini(command);
}

static void say_auth(struct link *link)
{
    struct redis_command command;

    redis_command_init(&command);
    redis_command_add(&command, STR("AUTH"));
    if (link->url->user)
        redis_command_add(&command, str_of(link->url->user));
    redis_command_add(&command, str_of(link->url->password));
    say(link, &command, true);
}

static void say_select(struct link *link)
{
    struct redis_command command;

    redis_command_init(&command);
    redis_command_add(&command, STR("SELECT"));
    redis_command_add_int(&command, link->url->db);
    say(link, &command, true);
}

static void say_name(struct link *link)
{
    struct redis_command command;

    redis_command_init(&command);
    redis_command_add(&command, STR("CLIENT"));
    redis_command_add(&command, STR("SETNAME"));
    redis_command_add(&command, STR("palier"));
    say(link, &command, false);
}

static void on_connect(const struct redisAsyncContext *context, int status)
{
    struct link *link = context->data;

    if (!link)
        return;
    if (status != REDIS_OK) {
        closed(link, reason(context));
        return;
    }
    set_state(link, LINK_GREETING);
    if (link->url->password)
        say_auth(link);
    if (link->url->db > 0)
        say_select(link);
    say_name(link);
    link->role->greet(link);
}

/* --- attempts ------------------------------------------------------------- */

static struct redisAsyncContext *start(const struct redis_url *url)
{
    if (url->kind == REDIS_URL_UNIX)
        return redisAsyncConnectUnix(url->place);
    return redisAsyncConnect(url->place, url->port);
}

static bool attach(struct link *link, struct redisAsyncContext *context)
{
    context->data = link;
    return fcntl(context->c.fd, F_SETFD, FD_CLOEXEC) == 0 &&
           redisLibeventAttach(context, link->base) == REDIS_OK &&
           redisAsyncSetConnectCallback(context, on_connect) == REDIS_OK &&
           redisAsyncSetDisconnectCallback(context, on_disconnect) == REDIS_OK;
}

static void attempt(struct link *link)
{
    struct redisAsyncContext *context = start(link->url);

    link->generation++;
    if (!context)
        die("out of memory: a connection to Redis");
    link->context = context;
    set_state(link, LINK_CONNECTING);
    if (context->err || !attach(link, context))
        link_drop(link, reason(context));
}

static void on_timer(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
    struct link *link = arg;

    switch (link->state) {
    case LINK_CLOSED:
        attempt(link);
        break;
    case LINK_CONNECTING:
        link_drop(link, "not connected in time");
        break;
    case LINK_GREETING:
        link_drop(link, "greeting not answered in time");
        break;
    case LINK_READY:
        link_drop(link, "takes no more commands");
        break;
    case LINK_DRAINING:
        link_drop(link, "drained");
        break;
    }
}

void link_open(struct link *link)
{
    link->state = LINK_CLOSED;
    link->timer = evtimer_new(link->base, on_timer, link);
    if (!link->timer)
        die("out of memory: a timer");
    arm(link, 0);
}

void link_close(struct link *link)
{
    struct redisAsyncContext *context = link->context;

    event_free(link->timer);
    link->timer = NULL;
    link->context = NULL;
    link->state = LINK_CLOSED;
    if (context) {
        context->data = NULL;
        redisAsyncFree(context);
    }
}

bool link_send(struct link *link, struct redis_command *command, link_fn *fn,
               void *arg)
{
    return link->context &&
           redisAsyncCommandArgv(link->context, fn, arg, (int)command->n,
                                 redis_command_args(command),
                                 command->lens) == REDIS_OK;
}
