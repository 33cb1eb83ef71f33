/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_STORE_REDIS_URL_H
#define PALIER_STORE_REDIS_URL_H

#include "base/base.h"

enum redis_url_kind { REDIS_URL_TCP, REDIS_URL_UNIX };

/* Where Redis listens, and how to greet it. */
struct redis_url {
    enum redis_url_kind kind;
    char *place; /* TCP: host name or number; UNIX: path */
    int port;    /* TCP */
    int db;
    char *user;     /* NULL: not said */
    char *password; /* NULL: none, then no user either */
};

/* redis://[[user]:password@]host[:port][/db] or unix:PATH. The host may be a
 * name, an IPv4 number or an IPv6 number in brackets; port 6379 and db 0
 * unless said; %XX in user and password stands for a byte. On failure fills
 * `fault`, which never shows the password. */
bool redis_url_init(struct redis_url *url, struct str text,
                    struct fault *fault) MUST_USE;
void redis_url_fini(struct redis_url *url);

#endif
