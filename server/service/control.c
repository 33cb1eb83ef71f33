/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The main thread serves nobody. It brings the stages up, one resting on the
 * other, then sleeps in its own event loop for what rarely happens: a signal, a
 * save, a new day, a dead child; and takes the stages down in reverse, however
 * far it came. Signals arrive here only, as events, so they may come at any
 * moment of all that, and a stage that waits is waiting in the same loop. */
#include "service/control.h"

#include <event2/event.h>
#include <stdlib.h>

enum { PULSE_MS = 5 };

/* --- signals -------------------------------------------------------------- */

static void on_end(evutil_socket_t signal, short what UNUSED, void *arg)
{
    struct control *control = arg;
    log_info("ending", KV("signal", signal == SIGINT ? "SIGINT" : "SIGTERM"));
    control->stopping = true;
    event_base_loopbreak(control->base);
}

static void on_hangup(evutil_socket_t signal UNUSED, short what UNUSED,
                      void *arg)
{
    struct control *control = arg;
    if (control->watch) /* first, so that no later save is missed */
        watch_look_again(control->watch);
    if (control->policies)
        policies_on_save(control->policies);
}

static void listen_to_signals(struct control *control)
{
    static const struct {
        int number;
        event_callback_fn call;
    } rows[CONTROL_SIGNALS] = {
        {SIGTERM, on_end}, {SIGINT, on_end}, {SIGHUP, on_hangup}};
    /* A client that went away is told by write's result. */
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < CONTROL_SIGNALS; i++) {
        control->signals[i] =
            evsignal_new(control->base, rows[i].number, rows[i].call, control);
        if (!control->signals[i] || event_add(control->signals[i], NULL))
            die("signals cannot be heard");
    }
}

/* --- waiting -------------------------------------------------------------- */

/* It only wakes the loop, so that `is_done` is asked again. */
static void on_pulse(evutil_socket_t fd UNUSED, short what UNUSED,
                     void *arg UNUSED)
{
}

bool control_await(struct control *control,
                   bool (*is_done)(const struct control *control), int64_t ms)
{
    struct timeval often = {0, PULSE_MS * 1000};
    struct event *pulse =
        event_new(control->base, -1, EV_PERSIST, on_pulse, NULL);
    if (!pulse || event_add(pulse, &often))
        die("no memory for events");
    int64_t until = clock_ms() + ms;
    while (!control->stopping && !is_done(control) && clock_ms() < until)
        event_base_loop(control->base, EVLOOP_ONCE);
    event_free(pulse);
    return !control->stopping && is_done(control);
}

/* --- the stages ----------------------------------------------------------- */

/* How many stages may have to go down: those that came up, and one that began
 * to. All of them: it serves. */
static size_t go_up(struct control *control, bool *serves)
{
    size_t n = 0;
    *serves = true;
    while (*serves && n < control_nstages) {
        const struct stage *stage = &control_stages[n++];
        struct fault fault = {0};
        *serves = stage->up(control, &fault);
        if (!*serves && !control->stopping)
            log_error("cannot start", KV("stage", stage->name),
                      KV("error", fault.text));
    }
    return n;
}

static void go_down(struct control *control, size_t n)
{
    while (n > 0)
        control_stages[--n].down(control);
}

static void serve(struct control *control)
{
    while (!control->stopping)
        if (event_base_loop(control->base, 0) < 0)
            die("the control loop failed");
}

int control_run(const struct service_options *options)
{
    struct control *control = mem_new(sizeof *control);
    control->options = options;
    control->base = event_base_new();
    if (!control->base)
        die("no event loop");
    listen_to_signals(control);
    bool serves;
    size_t n = go_up(control, &serves);
    if (serves)
        serve(control);
    bool failed = !serves && !control->stopping;
    go_down(control, n);
    for (size_t i = 0; i < CONTROL_SIGNALS; i++)
        event_free(control->signals[i]);
    event_base_free(control->base);
    free(control);
    log_info("ended", KV_INT("code", failed ? 1 : 0));
    return failed ? 1 : 0;
}
