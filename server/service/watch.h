/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_WATCH_H
#define PALIER_SERVICE_WATCH_H

#include "base/base.h"

struct event_base;
struct watch;

/* Calls `on_change` from the event loop when Lua files in `folder` were saved:
 * written and closed, moved in or out, or removed, the folder itself replaced
 * too. Events close together (10 ms) are one. */
struct watch *watch_start(struct event_base *base, const char *folder,
                          void (*on_change)(void *arg), void *arg,
                          struct fault *fault);
void watch_stop(struct watch *watch);

#endif
