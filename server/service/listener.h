/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_LISTENER_H
#define PALIER_SERVICE_LISTENER_H

#include "base/base.h"

/* "127.0.0.1:7411", "[::1]:7411", "localhost:7411", "unix:PATH". Returns the
 * descriptor (non-blocking, close-on-exec, listening), or -1 with `fault`. A
 * stale Unix socket that nobody listens on is replaced. */
int listener_open(struct str address, struct fault *fault) MUST_USE;
/* Is everybody who can reach the address on this machine? */
bool listener_is_local(struct str address);
/* The address it is bound to, for the log. */
struct str listener_name(int fd, struct arena *arena);

#endif
