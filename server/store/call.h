/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_STORE_CALL_H
#define PALIER_STORE_CALL_H

#include <sys/queue.h>

#include "base/base.h"
#include "store/redis_command.h"
#include "store/scripts.h"
#include "store/store.h"

struct event;
struct redisReply;

/* One question to Redis, from the moment it is asked until its `done` ran.
 *   SENT    in `live`, hiredis will answer
 *   AGAIN   in `live` and in `refused` or `held`: a write that waits until the
 *           scripts are loaded and no earlier write is under way
 *   ENDING  in `ending`: there is no link; told so by the next tell
 * `live` is ordered by age: its head decides about the deadline. */
enum call_state { CALL_SENT, CALL_AGAIN, CALL_ENDING };
enum call_kind { CALL_READ, CALL_WRITE };

struct call;
/* Reads the reply (NULL: none came) and runs the `done` in it. May close the
 * store. */
typedef void call_end(struct call *call, const struct redisReply *reply);

struct call {
    TAILQ_ENTRY(call) by_age, in_again;
    struct store *store;
    struct redis_command command;
    enum call_state state;
    enum call_kind kind;
    enum script_id script; /* SCRIPTS: a plain command */
    bool may_have_run;     /* handed to the link, and not refused since */
    int64_t made_ms;
    call_end *end;
    void *arg;
    union {
        store_on_record *record;
        store_on_change *change;
        store_on_done *done;
        store_on_log *log;
        store_on_ids *ids;
        store_on_versions *versions;
        store_on_files *files;
        store_on_text *text;
    } done;
};
TAILQ_HEAD(call_list, call);

struct calls {
    struct call_list live, ending;
    struct call_list refused; /* Redis did not know the script */
    struct call_list held;    /* made since; all younger than the refused */
    size_t n, bytes;          /* in live and ending */
    size_t sent, writes_sent; /* hiredis will answer */
    bool recovering;          /* writes are held */
    bool full;                /* was without room, and on_room not run since */
    struct event *deadline;   /* armed while `live` holds any */
    int64_t replied_ms;       /* when the last reply came */
};

void calls_init(struct store *store);
void calls_fini(struct store *store); /* runs nothing */
bool calls_have_room(const struct store *store);
/* Is there room, after there was none? Once true, false until it happens
 * again. */
bool calls_take_room(struct store *store);
/* The link is gone: what lives is ending. */
void calls_on_lost(struct store *store);
/* Runs what was ending when this began. May end with the store closed: call it
 * between store_hold and store_let. */
void calls_tell(struct store *store);

/* For call_end: what became of the call, in words for whoever made it. */
enum store_result call_result(const struct call *call,
                              const struct redisReply *reply,
                              struct fault *fault);
/* The same for a `done` without a fault, to whom all that is no answer is one:
 * STORE_UNAVAILABLE. */
enum store_result call_bare_result(const struct call *call,
                                   const struct redisReply *reply);

/* A call to be filled: command, done, arg; then started. NULL: no room. */
struct call *call_new(struct store *store, enum call_kind kind, call_end *end,
                      void *arg);
/* The same, its command begun: EVALSHA, the script, the number of keys. */
struct call *call_new_script(struct store *store, enum call_kind kind,
                             enum script_id script, int64_t keys, call_end *end,
                             void *arg);
void call_start(struct call *call);
/* Adds a key: the program's prefix, `kind` ("partner:"), `id`. */
void call_add_key(struct call *call, const char *kind, struct str id);
void call_add(struct call *call, struct str arg);
void call_add_int(struct call *call, int64_t number);
void call_add_time(struct call *call); /* now, UTC ISO */

#endif
