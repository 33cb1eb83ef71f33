/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Single flight: a partner whom a hundred clients ask for at once is fetched
 * once. The store caps how many fetches are under way, so the buckets' chains
 * stay short. */
#include "engine/flight.h"

#include <stdlib.h>
#include <string.h>

struct flight *flights_find(struct flights *flights, struct str id,
                            uint64_t hash)
{
    struct flight *flight = flights->buckets[hash % FLIGHT_BUCKETS];

    while (flight && !(flight->hash == hash && flight->id_len == id.len &&
                       memcmp(flight->id, id.at, id.len) == 0))
        flight = flight->next;
    return flight;
}

struct flight *flight_new(struct flights *flights, struct str id, uint64_t hash)
{
    struct flight *flight = mem_new(sizeof(*flight) + id.len);
    struct flight **head = &flights->buckets[hash % FLIGHT_BUCKETS];

    flight->hash = hash;
    flight->last = &flight->first;
    flight->id_len = id.len;
    memcpy(flight->id, id.at, id.len);
    flight->next = *head;
    if (*head)
        (*head)->link = &flight->next;
    flight->link = head;
    *head = flight;
    flight->all_next = flights->all;
    if (flights->all)
        flights->all->all_link = &flight->all_next;
    flight->all_link = &flights->all;
    flights->all = flight;
    return flight;
}

void flight_unlist(struct flight *flight)
{
    if (!flight->link)
        return;
    *flight->link = flight->next;
    if (flight->next)
        flight->next->link = flight->link;
    flight->link = NULL;
    flight->next = NULL;
}

void flights_unlist_all(struct flights *flights)
{
    for (size_t i = 0; i < FLIGHT_BUCKETS; i++)
        while (flights->buckets[i])
            flight_unlist(flights->buckets[i]);
}

void flight_wait(struct flight *flight, engine_on_subject *done, void *arg)
{
    struct flight_waiter *waiter = mem_new(sizeof(*waiter));

    waiter->done = done;
    waiter->arg = arg;
    *flight->last = waiter;
    flight->last = &waiter->next;
}

void flight_free(struct flight *flight)
{
    flight_unlist(flight);
    *flight->all_link = flight->all_next;
    if (flight->all_next)
        flight->all_next->all_link = flight->all_link;
    for (struct flight_waiter *waiter = flight->first, *next; waiter;
         waiter = next) {
        next = waiter->next;
        free(waiter);
    }
    free(flight);
}

void flight_land(struct flight *flight, const struct subject *subject,
                 const struct fault *fault)
{
    flight_unlist(flight);
    for (struct flight_waiter *waiter = flight->first; waiter;
         waiter = waiter->next)
        waiter->done(waiter->arg, subject, fault);
    flight_free(flight);
}

void flights_free_all(struct flights *flights)
{
    while (flights->all)
        flight_free(flights->all);
}
