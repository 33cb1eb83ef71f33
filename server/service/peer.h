/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_PEER_H
#define PALIER_SERVICE_PEER_H

#include <stddef.h>

/* Who is at the other end of a socket: "127.0.0.1:52344", "[::1]:52344",
 * "unix:<process id>", cut to fit, terminated. */
void peer_name(int fd, char *text, size_t size);

#endif
