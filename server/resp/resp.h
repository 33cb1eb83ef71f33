/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The door of resp: bytes to commands, replies to bytes (RESP2 and RESP3, and
 * inline commands). Pure: no sockets, no clocks. */
#ifndef PALIER_RESP_RESP_H
#define PALIER_RESP_RESP_H

#include "base/base.h"
#include "resp/parser.h"
#include "resp/reply.h"

#endif
