/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_KEEPER_H
#define PALIER_SERVICE_KEEPER_H

#include "base/base.h"

struct event_base;

/* The private Redis: redis-server or valkey-server as a supervised child on a
 * Unix socket in the data folder. The folder is locked; the lock is inherited
 * by the child, so that no second one can open the same files even while an
 * orphan is still ending. The child dies with this process, and is started
 * again, with backoff, when it dies first.
 *
 *   RUNNING   child alive
 *   BACKOFF   child has died, timer armed
 *
 * Neither outlives keeper_stop, which waits for the child itself. */
struct keeper;

/* Makes the folder where it is missing, locks it (waits up to ten seconds for
 * a previous owner that is ending, in the loop: event_base_loopbreak() ends it
 * at once), starts the child. NULL with `fault`: the folder is in use, cannot
 * be made, or no server program is installed. */
struct keeper *keeper_start(struct event_base *base, const char *data,
                            struct fault *fault);
/* For store_options.url; "unix:..." short enough for a socket address however
 * deep the folder lies. */
const char *keeper_url(const struct keeper *keeper);
/* Does the child take connections already? */
bool keeper_is_listening(const struct keeper *keeper);
/* Ends the child (SIGTERM; SIGKILL after ten seconds) and waits for it: it has
 * fsynced every answered write. Then frees. Not from a callback of its own. */
void keeper_stop(struct keeper *keeper); /* NULL: nothing */

#endif
