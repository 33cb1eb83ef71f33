/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What a Redis client says before it asks anything: greetings, names,
 * passwords. Answered as Redis answers, so that every client connects. */
#include <stdio.h>
#include <string.h>

#include "service/command.h"
#include "service/loop.h"

void command_ping(struct request *rq)
{
    if (rq->n > 2)
        request_failf(rq, FAULT_ERR,
                      "wrong number of arguments for 'ping' command");
    else if (rq->n == 2)
        reply_text(&rq->reply, rq->words[1]);
    else
        reply_simple(&rq->reply, STR("PONG"));
}

void command_echo(struct request *rq)
{
    reply_text(&rq->reply, rq->words[1]);
}

void command_quit(struct request *rq)
{
    reply_ok(&rq->reply);
    conn_end(rq->conn);
}

void command_select(struct request *rq)
{
    int64_t index;

    if (!str_to_int64(rq->words[1], &index))
        request_failf(rq, FAULT_ERR, "value is not an integer or out of range");
    else if (index != 0)
        request_failf(rq, FAULT_ERR, "DB index is out of range");
    else
        reply_ok(&rq->reply);
}

/* --- authentication ------------------------------------------------------- */

static void let_in(struct conn *conn, bool in)
{
    conn->authenticated = in;
    conn->parser.limits = in ? &resp_limits_open : &resp_limits_before_auth;
}

static bool authenticate(struct request *rq, struct str user,
                         struct str password, struct fault *fault)
{
    struct str wanted = rq->worker->house->options->password;

    if (wanted.len == 0 && !str_is(user, STR("default")))
        return fault_set(fault, FAULT_WRONGPASS,
                         "invalid username-password pair or user is disabled.");
    bool same = digest_same(password, wanted);
    if (wanted.len > 0 && !(same && str_is(user, STR("default"))))
        return fault_set(fault, FAULT_WRONGPASS,
                         "invalid username-password pair or user is disabled.");
    let_in(rq->conn, true);
    return true;
}

void command_auth(struct request *rq)
{
    struct fault fault = {0};
    struct str user = rq->n == 3 ? rq->words[1] : STR("default");

    if (rq->n > 3)
        request_failf(rq, FAULT_ERR, "syntax error");
    else if (rq->n == 2 && rq->worker->house->options->password.len == 0)
        request_failf(rq, FAULT_ERR,
                      "AUTH <password> called without any password configured "
                      "for the default user. Are you sure your configuration "
                      "is correct?");
    else if (authenticate(rq, user, rq->words[rq->n - 1], &fault))
        reply_ok(&rq->reply);
    else
        request_fail(rq, &fault);
}

void command_reset(struct request *rq)
{
    struct conn *conn = rq->conn;

    conn->proto = rq->reply.proto = 2;
    conn->name[0] = '\0';
    let_in(conn, rq->worker->house->options->password.len == 0);
    reply_simple(&rq->reply, STR("RESET"));
}

/* --- HELLO ---------------------------------------------------------------- */

static bool name_fits(struct str name, struct fault *fault)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] < '!' || name.at[i] > '~')
            return fault_set(fault, FAULT_ERR,
                             "Client names cannot contain spaces, newlines or "
                             "special characters.");
    if (name.len > CONN_NAME_BYTES)
        return fault_set(fault, FAULT_ERR,
                         "Client names are at most %d bytes long.",
                         CONN_NAME_BYTES);
    return true;
}

static void set_name(struct conn *conn, struct str name)
{
    memcpy(conn->name, name.at, name.len);
    conn->name[name.len] = '\0';
}

struct hello {
    int64_t proto;
    struct str user, password, name;
};

static bool read_hello(const struct request *rq, struct hello *hello,
                       struct fault *fault)
{
    if (rq->n > 1 && !str_to_int64(rq->words[1], &hello->proto))
        return fault_set(fault, FAULT_ERR,
                         "Protocol version is not an integer or out of range");
    if (hello->proto != 2 && hello->proto != 3)
        return fault_set(fault, FAULT_NOPROTO, "unsupported protocol version");
    for (size_t i = 2; i < rq->n; i++) {
        size_t left = rq->n - i - 1;
        if (str_is_nocase(rq->words[i], STR("AUTH")) && left >= 2) {
            hello->user = rq->words[++i];
            hello->password = rq->words[++i];
        } else if (str_is_nocase(rq->words[i], STR("SETNAME")) && left >= 1) {
            hello->name = rq->words[++i];
        } else {
            return fault_set(
                fault, FAULT_ERR, "Syntax error in HELLO option '%.*s'",
                (int)(rq->words[i].len < 64 ? rq->words[i].len : 64),
                rq->words[i].at);
        }
    }
    return name_fits(hello->name, fault);
}

static void write_hello(struct request *rq)
{
    struct reply *reply = &rq->reply;

    reply_map(reply, 7);
    reply_pair_text(reply, "server", STR("palier"));
    reply_pair_text(reply, "version",
                    str_of(rq->worker->house->options->version));
    reply_pair_int(reply, "proto", rq->conn->proto);
    reply_pair_int(reply, "id", (int64_t)rq->conn->id);
    reply_pair_text(reply, "mode", STR("standalone"));
    reply_pair_text(reply, "role", STR("master"));
    reply_key(reply, "modules");
    reply_array(reply, 0);
}

static bool greet(struct request *rq, struct fault *fault)
{
    struct hello hello = {.proto = rq->conn->proto};

    if (!read_hello(rq, &hello, fault) ||
        (hello.password.at &&
         !authenticate(rq, hello.user, hello.password, fault)))
        return false;
    if (!rq->conn->authenticated)
        return fault_set(
            fault, FAULT_NOAUTH,
            "HELLO must be called with the client already authenticated, "
            "otherwise the HELLO <proto> AUTH <user> <pass> option can be used "
            "to authenticate the client and select the RESP protocol version "
            "at the same time");
    if (hello.name.at)
        set_name(rq->conn, hello.name);
    rq->conn->proto = rq->reply.proto = (int)hello.proto;
    return true;
}

void command_hello(struct request *rq)
{
    struct fault fault = {0};

    if (greet(rq, &fault))
        write_hello(rq);
    else
        request_fail(rq, &fault);
}

/* --- CLIENT --------------------------------------------------------------- */

void command_client_id(struct request *rq)
{
    reply_int(&rq->reply, (int64_t)rq->conn->id);
}

void command_client_info(struct request *rq)
{
    const struct conn *conn = rq->conn;

    reply_verbatim(&rq->reply,
                   arena_print(rq->arena,
                               "id=%llu addr=%s fd=%d name=%s db=0 resp=%d "
                               "qbuf=%zu obl=%zu user=default\n",
                               (unsigned long long)conn->id, conn->peer,
                               conn->fd, conn->name, conn->proto,
                               buf_len(&conn->in), buf_len(&conn->out)));
}

void command_client_setname(struct request *rq)
{
    struct fault fault = {0};

    if (!name_fits(rq->words[2], &fault)) {
        request_fail(rq, &fault);
        return;
    }
    set_name(rq->conn, rq->words[2]);
    reply_ok(&rq->reply);
}

void command_client_getname(struct request *rq)
{
    reply_text_or_nil(&rq->reply, str_of(rq->conn->name));
}

void command_client_setinfo(struct request *rq)
{
    if (str_is_nocase(rq->words[2], STR("LIB-NAME")) ||
        str_is_nocase(rq->words[2], STR("LIB-VER")))
        reply_ok(&rq->reply);
    else
        request_failf(rq, FAULT_ERR, "Unrecognized option '%.*s'",
                      (int)(rq->words[2].len < 64 ? rq->words[2].len : 64),
                      rq->words[2].at);
}
