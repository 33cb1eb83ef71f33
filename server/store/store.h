/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The door of store: partners and policies in Redis, asynchronously. One store
 * belongs to one event loop: a link for data and, where asked, a link that
 * hears invalidations.
 *
 * The callback law: where a call returns true its `done` runs exactly once,
 * from the event loop, never before the call returned; unless store_close came
 * first, after which nothing is called. Where it returns false (too many calls
 * or bytes under way: see store_has_room) `done` is never called. What `done`
 * is given is borrowed until it returns, unless said otherwise.
 *
 * What callers must know:
 * - A call made while the data link is not ready ends STORE_UNAVAILABLE in the
 *   next turn of the loop. When calls are under way and none has been
 *   answered for `call_ms`, or one for five times that, the link is taken for
 *   sick: it is dropped, every call under way ends STORE_UNAVAILABLE, and
 *   another link is made. The same where Redis answers
 *   READONLY, MASTERDOWN or LOADING, but then old calls may still be answered.
 * - Changes, forgetting, publishing and refusing take effect in the order they
 *   were called, also when Redis has lost our scripts (call.c says how, and
 *   what an operator must not do). Reads may overtake changes that are being
 *   repeated: who must read his own writes waits for their replies.
 * - A callback may call anything here, store_close included.
 * - The process must ignore SIGPIPE. Sockets are close-on-exec.
 * - Host names are looked up with a blocking getaddrinfo() at each attempt to
 *   connect; numbers and Unix sockets never block. */
#ifndef PALIER_STORE_STORE_H
#define PALIER_STORE_STORE_H

#include "base/base.h"
#include "facts/facts.h"

struct event_base;
struct store;

struct store_options {
    const char *url;    /* redis://[[user]:password@]host[:port][/db],
                           unix:PATH; see redis_url.h */
    struct str program; /* keys begin "palier:{program}:" */
    bool feed;          /* listen to invalidations */
    int64_t connect_ms; /* 1000 */
    int64_t call_ms;    /* 1000: of silence, and for a greeting */
    int64_t beat_ms;    /* 1000: how often the feed proves that it lives; after
                           three without a proof it is made anew */
    size_t calls_max;   /* 4096 under way */
    size_t bytes_max;   /* 16 MiB written and not answered; the call that
                           passes it is still taken */
};
extern const struct store_options store_options_default; /* url NULL */

/* What the store tells by itself, from the event loop. */
struct store_events {
    void *arg;
    /* The partner's hash has changed. */
    void (*on_changed)(void *arg, struct str partner);
    /* All may have changed (FLUSHALL), or the feed was lost: what was known
     * before belongs to an older epoch. store_epoch() has grown. */
    void (*on_epoch)(void *arg);
    /* The data link has become ready, or stopped being so. */
    void (*on_ready)(void *arg, bool ready);
    /* There was no room (see store_has_room), calls have ended, now there is
     * some. Whatever calls they were: who waits for room waits for this. */
    void (*on_room)(void *arg);
};

/* Is it an address that store_open takes? False with `fault`. */
bool store_url_check(const char *url, struct fault *fault) MUST_USE;

/* Starts connecting; goes on for ever, with backoff. NULL with `fault` where
 * the URL cannot be read. `events` may hold NULL functions. Options and events
 * are copied. */
struct store *store_open(struct event_base *base,
                         const struct store_options *options,
                         const struct store_events *events,
                         struct fault *fault);
/* Ends all at once, without a word to those who wait: the `arg` of a call under
 * way is not released by anyone, so whoever gives away owned memory keeps a
 * list of it himself. A change under way may be made all the same. NULL:
 * nothing. */
void store_close(struct store *store);

bool store_is_ready(const struct store *store); /* the data link */
bool store_has_room(const struct store *store); /* for one more call */
size_t store_calls(const struct store *store);  /* under way */

/* The feed. Grows when the feed is lost, when it is there again (the first time
 * too: it begins as 0, deaf), and when all was flushed; what was fetched in an
 * older epoch may be untrue. It grows at once; on_epoch follows from the
 * loop. */
uint64_t store_epoch(const struct store *store);
/* Is the feed subscribed, its first beat back? */
bool store_is_hearing(const struct store *store);
/* Monotonic ms of the moment up to which every change that Redis had answered
 * is known to have been heard: when the last beat that came back was sent. 0:
 * never. */
int64_t store_heard_ms(const struct store *store);

enum store_result {
    STORE_OK,
    STORE_NOT_FOUND,   /* no such partner, log, version */
    STORE_REFUSED,     /* by our rules or by Redis; nothing was changed */
    STORE_UNAVAILABLE, /* no answer, or none that has a form, or a Redis that
                          says that it is loading or no master */
};

/* The `fault` of a `done` is never NULL, and is meant for whoever asked:
 * FAULT_NONE with STORE_OK and STORE_NOT_FOUND. With STORE_REFUSED it is our
 * rules' (INVALID, CONFLICT, NOPARTNER), or FAULT_UNAVAILABLE and "Redis
 * refuses: " with Redis's own text (out of memory, no permission, a key of
 * another type). With STORE_UNAVAILABLE it is FAULT_UNAVAILABLE and says
 * whether a change was sent: only then may it have been made all the same. A
 * `done` without a fault, and those of store_publish and store_refuse, are told
 * STORE_UNAVAILABLE where Redis refuses. Rows
 * are given with STORE_OK only, else there are 0. */

/* --- partners ---------------------------------------------------------- */

/* One partner's facts. `record` with STORE_OK only, ownership moves. */
typedef void store_on_record(void *arg, enum store_result result,
                             struct record *record, const struct fault *fault);
bool store_fetch(struct store *store, struct str partner, store_on_record *done,
                 void *arg) MUST_USE;

/* One atomic script: identity, change, `ver`, ledger line, due entry. What each
 * operation makes of the hash: scripts/redis/change.lua. A SET that states its
 * day is kept as a change day of its own also where the value held already (so
 * that facts may arrive in any order); without a day it changes nothing then.
 * A REVOKE of what is not held changes nothing. Changes of one store
 * take effect in the order of these calls. `who` and `op` (see
 * change_say) go to the ledger; `today` stands for left-out days. `ver` with
 * STORE_OK: the partner's after the change. */
typedef void store_on_change(void *arg, enum store_result result, int64_t ver,
                             const struct fault *fault);
bool store_change(struct store *store, const struct change *change,
                  int32_t today, struct str who, struct str op,
                  store_on_change *done, void *arg) MUST_USE;

/* Erases the partner everywhere. STORE_OK, or STORE_NOT_FOUND. Redis reads
 * through all its keys' names and through the streams meanwhile. */
typedef void store_on_done(void *arg, enum store_result result,
                           const struct fault *fault);
bool store_forget(struct store *store, struct str partner, store_on_done *done,
                  void *arg) MUST_USE;

struct ledger_line {
    int64_t ver;
    struct str time, who, op;
};
/* Newest first, at most `count` (and 100,000). A partner that another service
 * wrote may have none: STORE_OK with 0 rows. */
typedef void store_on_log(void *arg, enum store_result result,
                          const struct ledger_line *lines, size_t n);
bool store_log(struct store *store, struct str partner, size_t count,
               store_on_log *done, void *arg) MUST_USE;

/* Partner ids in byte order after `after` (empty: from the first), at most
 * `count` (and 100,000). */
typedef void store_on_ids(void *arg, enum store_result result,
                          const struct str *ids, size_t n);
bool store_page(struct store *store, struct str after, size_t count,
                store_on_ids *done, void *arg) MUST_USE;

/* --- policies ---------------------------------------------------------- */

/* One row of the published or refused versions. */
struct version_row {
    struct str sha;
    int32_t from;                  /* DAY_NONE: refused */
    int64_t seq;                   /* of the publication */
    struct str author, note, time; /* time: UTC ISO */
    struct str error;              /* refused: why */
};
/* Published by (from, seq) ascending, then the last 16 refusals, each sha's
 * newest, none that was published later, by time. */
typedef void store_on_versions(void *arg, enum store_result result,
                               const struct version_row *rows, size_t n);
bool store_versions(struct store *store, store_on_versions *done,
                    void *arg) MUST_USE;

/* A text that is another one after each publication and refusal, and costs
 * little: while it stays, so do the rows of store_versions. Ask for it first:
 * what happens between the two is then seen the next time. */
typedef void store_on_text(void *arg, enum store_result result,
                           struct str text);
bool store_versions_mark(struct store *store, store_on_text *done,
                         void *arg) MUST_USE;

/* A version's files, each name and text. */
typedef void store_on_files(void *arg, enum store_result result,
                            const struct field *files, size_t n);
bool store_files(struct store *store, struct str sha, store_on_files *done,
                 void *arg) MUST_USE;

struct publication {
    struct str sha;
    const struct field *files;
    size_t nfiles;
    int32_t from;
    struct str author, note;
};
/* The files, then the member of `policies` with the next sequence number, and
 * a line in the program's ledger: one script. STORE_OK without any change where
 * that version is in force on that day already, since then or before. The hash
 * of a version keeps `file:<name>`, and author, note, time of its first
 * publication; rows of store_versions have those of each (from the last 1,000
 * lines of the ledger). */
bool store_publish(struct store *store, const struct publication *publication,
                   store_on_done *done, void *arg) MUST_USE;
/* A refusal, in the program's ledger. */
bool store_refuse(struct store *store, struct str sha, struct str author,
                  struct str error, store_on_done *done, void *arg) MUST_USE;

/* --- the server behind it ----------------------------------------------- */

/* What `INFO` of Redis says, word for word: version, persistence. */
bool store_server_info(struct store *store, store_on_text *done,
                       void *arg) MUST_USE;

#endif
