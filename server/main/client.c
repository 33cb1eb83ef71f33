/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Import and export talk to a server as any other client would, so they work
 * from another machine and are held to the same rules. One blocking
 * connection is enough: what makes it fast is sending many commands before
 * reading the first answer. */
#include "main/client.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "main/secret.h"
#include "service/service.h"

enum { CONNECT_SECONDS = 5, ANSWER_SECONDS = 60, DEFAULT_PORT = 7411 };

struct client {
    redisContext *link;
    char *server; /* as given, for messages */
};

static bool split(const char *server, struct address *address,
                  struct fault *fault)
{
    bool is_good = address_split(str_of(server), address);
    if (is_good && !address->is_unix && address->port == ADDRESS_NO_PORT)
        address->port = DEFAULT_PORT;
    return (is_good && address->port != 0) ||
           fault_set(fault, FAULT_INVALID,
                     "server: \"%s\": expected ADDR:PORT, [ADDR]:PORT or "
                     "unix:PATH, and a port from 1 to 65535",
                     server);
}

static redisContext *connect_link(const char *server, struct fault *fault)
{
    struct timeval wait = {.tv_sec = CONNECT_SECONDS};
    struct address address;
    if (!split(server, &address, fault))
        return NULL;
    char *host = strndup(address.host.at, address.host.len);
    ensure(host);
    redisContext *link =
        address.is_unix
            ? redisConnectUnixWithTimeout(host, wait)
            : redisConnectWithTimeout(host, (int)address.port, wait);
    free(host);
    return link;
}

static bool connect_client(struct client *client, struct fault *fault)
{
    client->link = connect_link(client->server, fault);
    if (!client->link)
        return fault->code != FAULT_NONE
                   ? false
                   : fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
    if (client->link->err)
        return fault_set(fault, FAULT_UNAVAILABLE,
                         "cannot reach the server at %s: %s; is palier serve "
                         "running?",
                         client->server, client->link->errstr);
    struct timeval wait = {.tv_sec = ANSWER_SECONDS};
    if (redisSetTimeout(client->link, wait) != REDIS_OK)
        return fault_set(fault, FAULT_UNAVAILABLE,
                         "cannot set a time limit on the connection to %s: %s",
                         client->server, client->link->errstr);
    return true;
}

static bool authenticate(struct client *client, const char *password_file,
                         struct fault *fault)
{
    struct secret secret;
    struct redisReply *answer = NULL;
    if (secret_read(&secret, password_file, fault)) {
        struct str words[] = {STR("AUTH"), secret.text};
        answer = client_ask(client, words, 2, fault);
    }
    secret_forget(&secret);
    answer_free(answer);
    return answer != NULL;
}

static bool greet(struct client *client, const char *password_file,
                  const char *name, struct fault *fault)
{
    if (password_file && !authenticate(client, password_file, fault))
        return false;
    struct str words[] = {STR("CLIENT"), STR("SETNAME"), str_of(name)};
    struct redisReply *answer = client_ask(client, words, 3, fault);
    answer_free(answer);
    return answer != NULL;
}

struct client *client_open(const struct client_options *options,
                           const char *name, struct fault *fault)
{
    fault_clear(fault);
    signal(SIGPIPE, SIG_IGN);
    struct client *client = mem_new(sizeof(*client));
    client->server = mem_copy_text(options->server);
    if (connect_client(client, fault) &&
        greet(client, options->password_file, name, fault))
        return client;
    client_close(client);
    return NULL;
}

void client_close(struct client *client)
{
    if (!client)
        return;
    if (client->link)
        redisFree(client->link);
    free(client->server);
    free(client);
}

void client_send(struct client *client, const struct str *words, size_t n)
{
    const char **argv = mem_new_array(n, sizeof(*argv));
    size_t *lens = mem_new_array(n, sizeof(*lens));
    for (size_t i = 0; i < n; i++) {
        argv[i] = words[i].at ? words[i].at : "";
        lens[i] = words[i].len;
    }
    if (redisAppendCommandArgv(client->link, (int)n, argv, lens) != REDIS_OK)
        die("cannot queue a command: %s", client->link->errstr);
    free(lens);
    free(argv);
}

struct redisReply *client_receive(struct client *client, struct fault *fault)
{
    void *answer = NULL;
    if (redisGetReply(client->link, &answer) == REDIS_OK)
        return answer;
    bool late = client->link->err == REDIS_ERR_IO &&
                (errno == EAGAIN || errno == EWOULDBLOCK);
    if (late)
        fault_set(fault, FAULT_UNAVAILABLE,
                  "the server at %s gave no answer for %d seconds",
                  client->server, ANSWER_SECONDS);
    else
        fault_set(fault, FAULT_UNAVAILABLE, "the connection to %s was lost: %s",
                  client->server, client->link->errstr);
    return NULL;
}

struct redisReply *client_ask(struct client *client, const struct str *words,
                              size_t n, struct fault *fault)
{
    client_send(client, words, n);
    struct redisReply *answer = client_receive(client, fault);
    enum fault_code code = answer_fault(answer);
    if (code == FAULT_NONE)
        return answer;
    struct str text = answer_text(answer);
    fault_set(fault, code, "the server at %s said: " STR_FMT, client->server,
              STR_ARG(text));
    answer_free(answer);
    return NULL;
}
