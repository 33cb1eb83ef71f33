/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * "Works in an empty folder" and "loses nothing" at the same time: a private
 * Redis, writing through to disk, that needs no hand. Two servers on the same
 * append-only file would ruin it, so the folder has a lock that both this
 * process and its child hold: whoever comes next waits until the last of them
 * has gone, however they went. The socket is reached through the open folder's
 * descriptor, because socket addresses end after 107 bytes and paths do not. */
#include "service/keeper.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "service/child.h"

enum {
    LOCK_WAIT_MS = 10000,
    LOCK_LOOK_MS = 20,
    BACKOFF_FIRST_MS = 50,
    BACKOFF_MOST_MS = 2000,
    GOOD_LIFE_MS = 10000, /* after it the next death counts as the first */
    END_MS = 10000,
};

struct keeper {
    struct event_base *base;
    char *data, *program;
    int folder, lock;
    char url[64];
    struct child child;
    struct event *ended, *again;
    int64_t started_ms, backoff_ms;
};

/* --- the folder ----------------------------------------------------------- */

static bool open_folder(struct keeper *keeper, struct fault *fault)
{
    /* Whether it was there or could not be made: open says it better. */
    if (mkdir(keeper->data, 0700) && errno != EEXIST)
        return fault_set(fault, FAULT_ERR, "data folder %s: %s", keeper->data,
                         strerror(errno));
    keeper->folder = open(keeper->data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (keeper->folder < 0)
        return fault_set(fault, FAULT_ERR, "data folder %s: %s", keeper->data,
                         strerror(errno));
    snprintf(keeper->url, sizeof keeper->url,
             "unix:/proc/self/fd/%d/redis.sock", keeper->folder);
    return true;
}

/* In the loop, where signals arrive. False: whoever runs it broke it off. */
static bool rest(struct keeper *keeper)
{
    struct timeval look = {0, LOCK_LOOK_MS * 1000};
    if (event_base_loopexit(keeper->base, &look) ||
        event_base_loop(keeper->base, 0) < 0)
        die("the event loop failed");
    return !event_base_got_break(keeper->base);
}

static bool lock_folder(struct keeper *keeper, struct fault *fault)
{
    keeper->lock =
        openat(keeper->folder, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (keeper->lock < 0)
        return fault_set(fault, FAULT_ERR, "%s/lock: %s", keeper->data,
                         strerror(errno));
    int64_t until = clock_ms() + LOCK_WAIT_MS;
    bool waiting = false;
    while (flock(keeper->lock, LOCK_EX | LOCK_NB)) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return fault_set(fault, FAULT_ERR, "%s/lock: %s", keeper->data,
                             strerror(errno));
        if (clock_ms() > until)
            return fault_set(fault, FAULT_ERR,
                             "data folder %s is in use; another palier? choose "
                             "another with --data",
                             keeper->data);
        if (!waiting)
            log_info("waiting for the data folder's previous owner to end",
                     KV("data", keeper->data));
        waiting = true;
        if (!rest(keeper))
            return fault_set(fault, FAULT_ERR, "asked to end");
    }
    return true;
}

static bool find_program(struct keeper *keeper, struct fault *fault)
{
    static const char *const names[] = {"redis-server", "valkey-server"};
    keeper->program = child_find(names, COUNT_OF(names));
    return keeper->program ||
           fault_set(fault, FAULT_ERR,
                     "no redis-server or valkey-server found; apt-get install "
                     "redis-server, or name one with --redis");
}

/* --- the child ------------------------------------------------------------ */

static const char *const redis_settings[][2] = {
    {"--port", "0"}, /* nobody else's: the socket only */
    {"--unixsocket", "redis.sock"},
    {"--unixsocketperm", "700"},
    {"--dir", "."},
    {"--appendonly", "yes"},
    {"--appendfsync", "always"}, /* one fsync a turn; pipelining shares it */
    {"--save", ""},
    {"--hash-max-listpack-entries", "512"}, /* a partner is one small hash */
    {"--hash-max-listpack-value", "128"},
    {"--maxmemory-policy", "noeviction"},
    {"--daemonize", "no"},
    {"--logfile", "redis.log"},
    {"--loglevel", "notice"},
};

static bool run(struct keeper *keeper, struct fault *fault)
{
    /* execv wants char *, and writes to none of them. */
    char *argv[2 + 2 * COUNT_OF(redis_settings)];
    size_t n = 0;
    argv[n++] = keeper->program;
    for (size_t i = 0; i < COUNT_OF(redis_settings); i++) {
        argv[n++] = (char *)redis_settings[i][0];
        argv[n++] = (char *)redis_settings[i][1];
    }
    argv[n] = NULL;
    keeper->started_ms = clock_ms();
    return child_start(&keeper->child, argv, keeper->folder, keeper->lock,
                       fault);
}

static void on_ended(evutil_socket_t fd, short what, void *arg);

static void listen_to_child(struct keeper *keeper)
{
    keeper->ended =
        event_new(keeper->base, keeper->child.fd, EV_READ, on_ended, keeper);
    if (!keeper->ended || event_add(keeper->ended, NULL))
        die("no memory for events");
}

static void wait_a_while(struct keeper *keeper)
{
    struct timeval in = {keeper->backoff_ms / 1000,
                         (suseconds_t)(keeper->backoff_ms % 1000 * 1000)};
    if (evtimer_add(keeper->again, &in))
        die("a timer could not be armed");
    keeper->backoff_ms *= 2;
    if (keeper->backoff_ms > BACKOFF_MOST_MS)
        keeper->backoff_ms = BACKOFF_MOST_MS;
}

static void on_again(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
    struct keeper *keeper = arg;
    struct fault fault = {0};
    if (run(keeper, &fault)) {
        listen_to_child(keeper);
        log_info("the private Redis is started again",
                 KV_INT("pid", keeper->child.pid));
        return;
    }
    log_error("the private Redis does not start", KV("error", fault.text));
    wait_a_while(keeper);
}

static void log_end(const struct keeper *keeper, int status)
{
    char how[64];
    if (WIFSIGNALED(status))
        snprintf(how, sizeof how, "signal %d", WTERMSIG(status));
    else
        snprintf(how, sizeof how, "exit %d", WEXITSTATUS(status));
    log_error("the private Redis has ended", KV("how", how),
              KV_INT("lived_ms", clock_ms() - keeper->started_ms),
              KV_INT("again_in_ms", keeper->backoff_ms),
              KV("data", keeper->data), KV("see", "redis.log"));
}

static void on_ended(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
    struct keeper *keeper = arg;
    int status = 0;
    if (!child_reap(&keeper->child, &status)) {
        if (event_add(keeper->ended, NULL))
            die("no memory for events");
        return;
    }
    event_free(keeper->ended);
    keeper->ended = NULL;
    if (clock_ms() - keeper->started_ms >= GOOD_LIFE_MS)
        keeper->backoff_ms = BACKOFF_FIRST_MS;
    log_end(keeper, status);
    wait_a_while(keeper);
}

/* --- the door ------------------------------------------------------------- */

struct keeper *keeper_start(struct event_base *base, const char *data,
                            struct fault *fault)
{
    struct keeper *keeper = mem_new(sizeof *keeper);
    keeper->base = base;
    keeper->data = mem_copy_text(data);
    keeper->folder = keeper->lock = keeper->child.fd = -1;
    keeper->backoff_ms = BACKOFF_FIRST_MS;
    if (find_program(keeper, fault) && open_folder(keeper, fault) &&
        lock_folder(keeper, fault) && run(keeper, fault)) {
        keeper->again = evtimer_new(base, on_again, keeper);
        if (!keeper->again)
            die("no memory for events");
        listen_to_child(keeper);
        return keeper;
    }
    keeper_stop(keeper);
    return NULL;
}

const char *keeper_url(const struct keeper *keeper)
{
    return keeper->url;
}

bool keeper_is_listening(const struct keeper *keeper)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    snprintf(at.sun_path, sizeof at.sun_path, "%s",
             keeper->url + strlen("unix:"));
    bool connected = !connect(fd, (const void *)&at, sizeof at);
    close(fd);
    return connected;
}

void keeper_stop(struct keeper *keeper)
{
    if (!keeper)
        return;
    if (keeper->ended)
        event_free(keeper->ended); /* before its descriptor is closed */
    if (keeper->again)
        event_free(keeper->again);
    if (keeper->child.pid)
        child_stop(&keeper->child, END_MS);
    if (keeper->lock >= 0)
        close(keeper->lock);
    if (keeper->folder >= 0)
        close(keeper->folder);
    free(keeper->program);
    free(keeper->data);
    free(keeper);
}
