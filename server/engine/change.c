/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Changes of facts go straight to Redis. What is added here: before the caller
 * hears that one was made, no engine of this process trusts what it had read
 * earlier. An unknown outcome counts as made. */
#include <stdlib.h>

#include "engine/inner.h"

struct ticket {
    struct ticket *next, **link; /* among all under way */
    struct engine *engine;
    uint64_t hash;
    store_on_change *on_change;
    store_on_done *on_done;
    void *arg;
};

static struct ticket *ticket_new(struct engine *engine, struct str partner)
{
    struct ticket *ticket = mem_new(sizeof(*ticket));

    ticket->engine = engine;
    ticket->hash = engine_hash(engine, partner);
    ticket->next = engine->tickets;
    if (ticket->next)
        ticket->next->link = &ticket->next;
    ticket->link = &engine->tickets;
    engine->tickets = ticket;
    return ticket;
}

static void ticket_free(struct ticket *ticket)
{
    *ticket->link = ticket->next;
    if (ticket->next)
        ticket->next->link = ticket->link;
    free(ticket);
}

void tickets_free_all(struct engine *engine)
{
    while (engine->tickets)
        ticket_free(engine->tickets);
}

static void settle(struct ticket *ticket, enum store_result result,
                   const struct fault *fault)
{
    struct engine *engine = ticket->engine;
    struct counters *counters = engine->options.counters;

    commons_advance(engine->options.commons, ticket->hash);
    if (result == STORE_OK)
        counter_add(counters, COUNTER_facts_changed, 1);
    else if (fault->code == FAULT_UNAVAILABLE)
        counter_add(counters, COUNTER_store_unavailable, 1);
    else if (result == STORE_REFUSED)
        counter_add(counters, COUNTER_facts_refused, 1);
}

static void change_on_reply(void *arg, enum store_result result, int64_t ver,
                            const struct fault *fault)
{
    struct ticket *ticket = arg;

    settle(ticket, result, fault);
    ticket->on_change(ticket->arg, result, ver, fault);
    ticket_free(ticket);
}

static void forget_on_reply(void *arg, enum store_result result,
                            const struct fault *fault)
{
    struct ticket *ticket = arg;

    settle(ticket, result, fault);
    ticket->on_done(ticket->arg, result, fault);
    ticket_free(ticket);
}

bool engine_change(struct engine *engine, const struct change *change,
                   struct str who, struct str op, store_on_change *done,
                   void *arg)
{
    struct ticket *ticket = ticket_new(engine, change->partner);

    ticket->on_change = done;
    ticket->arg = arg;
    if (store_change(engine->store, change, engine_today(engine), who, op,
                     change_on_reply, ticket))
        return true;
    ticket_free(ticket);
    return false;
}

bool engine_forget(struct engine *engine, struct str partner,
                   store_on_done *done, void *arg)
{
    struct ticket *ticket = ticket_new(engine, partner);

    ticket->on_done = done;
    ticket->arg = arg;
    if (store_forget(engine->store, partner, forget_on_reply, ticket))
        return true;
    ticket_free(ticket);
    return false;
}
