/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_CLIENT_H
#define PALIER_MAIN_CLIENT_H

#include "base/base.h"
#include "main/answer.h"

#define CLIENT_SERVER "127.0.0.1:7411"

/* Where the server is and how to be let in. */
struct client_options {
    const char *server;        /* ADDR:PORT, [ADDR]:PORT or unix:PATH */
    const char *password_file; /* its first line; NULL: none needed */
};

/* One blocking connection to a Palier server, for the commands that people
 * run. Requests are sent without waiting and answered in their order. */
struct client;

/* Connects, authenticates and gives the connection the name that the ledger
 * will show. NULL with a `fault` for a person where any of it fails. */
struct client *client_open(const struct client_options *options,
                           const char *name, struct fault *fault);
void client_close(struct client *client); /* NULL is fine */

/* Queues one command. Nothing may be written before the next client_receive.
 * The caller keeps what is under way small enough for the answers to wait in
 * the socket: a thousand short commands, a few dozen with long answers. */
void client_send(struct client *client, const struct str *words, size_t n);
/* The answer to the oldest command that has none yet; answer_free it. NULL
 * with `fault` where the connection is lost: it cannot be used again. */
struct redisReply *client_receive(struct client *client, struct fault *fault);
/* client_send, then client_receive; an error reply is a fault too. Only where
 * nothing is under way. */
struct redisReply *client_ask(struct client *client, const struct str *words,
                              size_t n, struct fault *fault);

#endif
