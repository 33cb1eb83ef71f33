/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_WATCH_H
#define PALIER_SERVICE_WATCH_H

#include "base/base.h"

struct event_base;
struct watch;

/* Calls `on_change` from the event loop when Lua files in `folder` were saved:
 * written and closed, moved in or out, or removed, the folder itself replaced
 * too (within a second, where that happened further up its path); and where a
 * script is a link, when the file that it leads to was saved (a link in the
 * middle of such a way is read again with the next save only). Events close
 * together (10 ms, at most 50 ms in a row) are one; there may be a call too
 * many, never one too few. While the folder is away nothing is called. NULL
 * with `fault` where the folder cannot be read or watched. */
struct watch *watch_start(struct event_base *base, const char *folder,
                          void (*on_change)(void *arg), void *arg,
                          struct fault *fault);
/* Finds the folder and its parts anew, wherever the path leads now. Whoever
 * asks reads the folder after that: on_change is not called for it. */
void watch_look_again(struct watch *watch);
void watch_stop(struct watch *watch); /* NULL: nothing. Not from on_change */

#endif
