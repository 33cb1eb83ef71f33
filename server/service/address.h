/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_ADDRESS_H
#define PALIER_SERVICE_ADDRESS_H

#include "base/base.h"

enum { ADDRESS_NO_PORT = -1 };

/* Where a server listens, as people write it, in its parts; both are part of
 * the text. */
struct address {
    bool is_unix;
    struct str host; /* without brackets; of a Unix socket the path */
    int64_t port;    /* 0 to 65535, or ADDRESS_NO_PORT where it is left out */
};

/* "127.0.0.1:7411", "localhost", "[::1]:7411", "unix:PATH". False where it is
 * none of these: neither host nor path may be empty. */
bool address_split(struct str text, struct address *address) MUST_USE;

/* What of Redis's address may be shown: what follows user and password, all
 * where it has none. redis://user:secret@host:6379/0 -> host:6379/0. Of what is
 * no address too. A path may have an '@' of its own. */
struct str address_place(struct str url);

#endif
