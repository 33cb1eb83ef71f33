/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Each part of the process needs those before it: the store a Redis, a policy
 * the store and the day, a worker the policy. So they come up in the order of
 * the table below and go down in reverse: workers answer what they have read
 * while all they need is still there, and Redis ends last. */
#include "service/control.h"

#include <event2/event.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "service/listener.h"

enum {
    REDIS_WAIT_MS = 5000,
    STORE_WAIT_MS = 30000,
    STORE_PATIENCE_MS = 1000, /* after it the log says what is waited for */
    POLICY_WAIT_MS = 30000,
    DRAIN_MS = 5000,
};

/* --- house: what all workers look at -------------------------------------- */

static bool house_up(struct control *control, struct fault *fault UNUSED)
{
    const struct service_options *options = control->options;
    struct house *house = mem_new(sizeof *house);
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        die("getrandom failed");
    house->options = options;
    house->redis = options->redis;
    house->workers = options->workers;
    house->counters = mem_new_array(house->workers, sizeof *house->counters);
    house->started_ms = clock_wall_ms();
    commons_init(&house->commons, options->today, seed);
    control->house = house;
    return true;
}

static void house_down(struct control *control)
{
    free(control->house->counters);
    free(control->house);
}

/* --- keeper: the private Redis -------------------------------------------- */

static bool has_redis(const struct control *control)
{
    return keeper_is_listening(control->keeper);
}

static bool keeper_up(struct control *control, struct fault *fault)
{
    if (control->options->redis)
        return true;
    control->keeper =
        keeper_start(control->base, control->options->data, fault);
    if (!control->keeper)
        return false;
    control->house->redis = keeper_url(control->keeper);
    /* So that the store's first attempt does not fail; it goes on trying. */
    if (!control_await(control, has_redis, REDIS_WAIT_MS))
        log_debug("the private Redis is slow", KV_NONE);
    return true;
}

static void keeper_down(struct control *control)
{
    keeper_stop(control->keeper);
}

/* --- store: this thread's link to Redis ----------------------------------- */

/* Where Redis is, for the log: without user and password. */
static struct str redis_place(const struct control *control)
{
    if (control->keeper)
        return str_of(control->options->data);
    return address_place(str_of(control->options->redis));
}

static void on_ready(void *arg, bool ready)
{
    struct control *control = arg;
    if (ready)
        log_info("Redis is there", KV_STR("redis", redis_place(control)));
    else if (!control->stopping)
        log_warn("Redis is away", KV_STR("redis", redis_place(control)));
    if (ready && control->policies)
        policies_on_ready(control->policies);
}

static bool has_store(const struct control *control)
{
    return store_is_ready(control->store);
}

static bool await_store(struct control *control, struct fault *fault)
{
    struct str place = redis_place(control);
    if (control_await(control, has_store, STORE_PATIENCE_MS))
        return true;
    if (!control->stopping)
        log_warn("waiting for Redis", KV_STR("redis", place),
                 KV_INT("at_most_ms", STORE_WAIT_MS));
    if (control_await(control, has_store, STORE_WAIT_MS - STORE_PATIENCE_MS))
        return true;
    if (control->keeper)
        return fault_set(fault, FAULT_UNAVAILABLE,
                         "the private Redis does not answer; see " STR_FMT
                         "/redis.log",
                         STR_ARG(place));
    return fault_set(fault, FAULT_UNAVAILABLE,
                     "Redis at " STR_FMT " does not answer", STR_ARG(place));
}

static bool store_up(struct control *control, struct fault *fault)
{
    struct store_options options = store_options_default;
    struct store_events events = {.arg = control, .on_ready = on_ready};
    options.url = control->house->redis;
    options.program = control->options->program;
    options.feed = false; /* it remembers nothing */
    control->store = store_open(control->base, &options, &events, fault);
    return control->store && await_store(control, fault);
}

static void store_down(struct control *control)
{
    if (control->store)
        store_close(control->store);
}

/* --- calendar: the day ---------------------------------------------------- */

static bool calendar_up(struct control *control, struct fault *fault UNUSED)
{
    control->calendar = calendar_start(control->base, &control->house->commons,
                                       control->options->today);
    return true;
}

static void calendar_down(struct control *control)
{
    calendar_stop(control->calendar);
}

/* --- watch: saves in the folder, heard from before it is first read --------
 */

static void on_save(void *arg)
{
    struct control *control = arg;
    if (control->policies)
        policies_on_save(control->policies);
}

static bool watch_up(struct control *control, struct fault *fault)
{
    const char *folder = control->options->scripts;
    if (!folder)
        return true;
    control->watch =
        watch_start(control->base, folder, on_save, control, fault);
    return control->watch != NULL;
}

static void watch_down(struct control *control)
{
    watch_stop(control->watch);
    control->watch = NULL;
}

/* --- policies ------------------------------------------------------------- */

static void on_timeline(void *arg, struct timeline *timeline)
{
    struct control *control = arg;
    for (size_t i = 0; i < control->nworkers; i++)
        worker_adopt(control->workers[i], timeline);
}

static bool has_decided(const struct control *control)
{
    return policies_state(control->policies) != POLICIES_DECIDING;
}

static bool policies_up(struct control *control, struct fault *fault)
{
    struct policies_options options = {
        .base = control->base,
        .store = control->store,
        .calendar = control->calendar,
        .commons = &control->house->commons,
        .scripts = control->options->scripts,
        .seed = control->options->seed,
        .on_timeline = on_timeline,
        .arg = control,
    };
    control->policies = policies_new(&options);
    if (!control_await(control, has_decided, POLICY_WAIT_MS))
        return fault_set(fault, FAULT_UNAVAILABLE,
                         "the published policies cannot be read");
    *fault = *policies_fault(control->policies);
    return policies_state(control->policies) == POLICIES_DECIDED;
}

static void policies_down(struct control *control)
{
    policies_free(control->policies);
    control->policies = NULL;
}

/* --- listeners ------------------------------------------------------------ */

static bool listeners_up(struct control *control, struct fault *fault)
{
    const struct service_options *options = control->options;
    control->listeners = mem_new_array(options->nlisten, sizeof(int));
    for (size_t i = 0; i < options->nlisten; i++) {
        int fd = listener_open(options->listen[i], fault);
        if (fd < 0)
            return false;
        control->listeners[control->nlisteners++] = fd;
    }
    return true;
}

static void listeners_down(struct control *control)
{
    for (size_t i = 0; i < control->nlisteners; i++)
        close(control->listeners[i]);
    free(control->listeners);
}

/* --- workers -------------------------------------------------------------- */

/* Signals are the control thread's, and a thread inherits what is blocked; but
 * for those that tell of a fault in the thread itself. */
static void block_signals(sigset_t *before)
{
    static const int own[] = {SIGSEGV, SIGBUS,  SIGFPE,
                              SIGILL,  SIGABRT, SIGTRAP};
    sigset_t blocked;
    sigfillset(&blocked);
    for (size_t i = 0; i < COUNT_OF(own); i++)
        sigdelset(&blocked, own[i]);
    pthread_sigmask(SIG_SETMASK, &blocked, before);
}

static bool start_workers(struct control *control, struct fault *fault)
{
    size_t wanted = control->options->workers;
    control->workers = mem_new_array(wanted, sizeof *control->workers);
    for (size_t i = 0; i < wanted; i++) {
        struct worker *worker = worker_start(
            control->house, i, control->listeners, control->nlisteners,
            policies_timeline(control->policies), fault);
        if (!worker)
            return false;
        control->workers[control->nworkers++] = worker;
    }
    return true;
}

static void say_ready(struct control *control)
{
    struct arena arena;
    struct buf names;
    arena_init(&arena);
    buf_init(&names);
    for (size_t i = 0; i < control->nlisteners; i++) {
        buf_add(&names, i ? STR(" ") : STR(""));
        buf_add(&names, listener_name(control->listeners[i], &arena));
    }
    log_info("ready", KV_STR("listen", buf_peek(&names)),
             KV_STR("program", control->options->program),
             KV_INT("workers", control->nworkers),
             KV_STR("redis", redis_place(control)),
             KV("version", control->options->version), KV_INT("pid", getpid()));
    buf_fini(&names);
    arena_fini(&arena);
}

static bool workers_up(struct control *control, struct fault *fault)
{
    sigset_t before;
    block_signals(&before);
    bool started = start_workers(control, fault);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started)
        say_ready(control);
    return started;
}

static void workers_down(struct control *control)
{
    atomic_store(&control->house->draining, true);
    for (size_t i = 0; i < control->nworkers; i++)
        worker_drain(control->workers[i], DRAIN_MS);
    while (control->nworkers > 0)
        worker_stop(control->workers[--control->nworkers]);
    free(control->workers);
}

/* --- the table ------------------------------------------------------------ */

const struct stage control_stages[] = {
    {"house", house_up, house_down},
    {"redis", keeper_up, keeper_down},
    {"store", store_up, store_down},
    {"calendar", calendar_up, calendar_down},
    {"scripts", watch_up, watch_down},
    {"policy", policies_up, policies_down},
    {"listen", listeners_up, listeners_down},
    {"workers", workers_up, workers_down},
};
const size_t control_nstages = COUNT_OF(control_stages);
