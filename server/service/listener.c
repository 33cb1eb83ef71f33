/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * From an address as a person writes it to a socket that listens. One socket
 * serves all workers: the kernel hands each connection to whoever asks first.
 * The pitfalls are in the details: a Unix socket file outlives its server, an
 * IPv6 socket may swallow IPv4's port, a busy port deserves a better message
 * than an errno. */
#include "service/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "service/address.h"

enum { BACKLOG = 1024, HOST_BYTES = 256, PORT_BYTES = 6 };

struct endpoint {
    char host[HOST_BYTES], port[PORT_BYTES];
};

/* --- addresses ------------------------------------------------------------ */

static bool cut(char *to, size_t room, struct str from)
{
    if (!from.len || from.len >= room || memchr(from.at, 0, from.len))
        return false;
    memcpy(to, from.at, from.len);
    to[from.len] = 0;
    return true;
}

static bool split(struct str text, struct endpoint *endpoint)
{
    struct address address;
    if (!address_split(text, &address) || address.is_unix ||
        address.port == ADDRESS_NO_PORT)
        return false;
    snprintf(endpoint->port, PORT_BYTES, "%d", (int)address.port);
    return cut(endpoint->host, HOST_BYTES, address.host);
}

static struct addrinfo *resolve(const struct endpoint *endpoint, int *error)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    *error = getaddrinfo(endpoint->host, endpoint->port, &hints, &found);
    return *error ? NULL : found;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)address;
        return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
    }
    const struct sockaddr_in6 *v6 = (const void *)address;
    return address->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

bool listener_is_local(struct str address)
{
    struct endpoint endpoint;
    int error;
    if (str_has_prefix(address, STR("unix:")))
        return true;
    if (!split(address, &endpoint))
        return false;
    struct addrinfo *found = resolve(&endpoint, &error);
    bool local = found != NULL;
    for (const struct addrinfo *at = found; at; at = at->ai_next)
        local = local && is_loopback(at->ai_addr);
    if (found)
        freeaddrinfo(found);
    return local;
}

/* --- opening -------------------------------------------------------------- */

static int refuse(struct fault *fault, struct str address, const char *why)
{
    fault_set(fault, FAULT_INVALID, "cannot listen on " STR_FMT ": %s",
              STR_ARG(address), why);
    return -1;
}

/* Closes `fd` where it fails, errno kept. */
static int listen_on(int fd, const struct sockaddr *address, socklen_t len)
{
    if (!bind(fd, address, len) && !listen(fd, BACKLOG))
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static int open_one(const struct addrinfo *at)
{
    int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, on = 1;
    int fd = socket(at->ai_family, type, 0);
    if (fd < 0)
        return -1;
    /* A restart does not wait for old connections to time out; "[::]" leaves
     * IPv4 to its own line. Where either fails, bind says what is wrong. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) ||
        (at->ai_family == AF_INET6 &&
         setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on)))
        log_debug("setsockopt", KV("error", strerror(errno)));
    return listen_on(fd, at->ai_addr, at->ai_addrlen);
}

static int open_inet(struct str address, struct fault *fault)
{
    struct endpoint endpoint;
    int error;
    if (!split(address, &endpoint))
        return refuse(fault, address, "expected ADDR:PORT or [ADDR]:PORT");
    struct addrinfo *found = resolve(&endpoint, &error);
    if (!found)
        return refuse(fault, address, gai_strerror(error));
    int fd = -1;
    for (const struct addrinfo *at = found; at && fd < 0; at = at->ai_next)
        fd = open_one(at);
    error = errno;
    freeaddrinfo(found);
    if (fd < 0 && error == EADDRINUSE)
        return refuse(fault, address,
                      "Address already in use; another palier? choose another "
                      "with --listen");
    return fd < 0 ? refuse(fault, address, strerror(error)) : fd;
}

/* A socket file on which nobody listens is what a killed server left. */
static bool is_stale(const struct sockaddr_un *address)
{
    struct stat status;
    if (stat(address->sun_path, &status) || !S_ISSOCK(status.st_mode))
        return false;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool stale = connect(fd, (const void *)address, sizeof *address) &&
                 errno == ECONNREFUSED;
    close(fd);
    return stale;
}

static int open_unix(struct str address, struct fault *fault)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct str path = str_part(address, 5, address.len);
    if (!cut(at.sun_path, sizeof at.sun_path, path))
        return refuse(fault, address, "expected a path of 1 to 107 bytes");
    if (is_stale(&at) && unlink(at.sun_path))
        return refuse(fault, address, strerror(errno));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        fd = listen_on(fd, (const void *)&at, sizeof at);
    return fd < 0 ? refuse(fault, address, strerror(errno)) : fd;
}

int listener_open(struct str address, struct fault *fault)
{
    if (str_has_prefix(address, STR("unix:")))
        return open_unix(address, fault);
    return open_inet(address, fault);
}

/* --- naming --------------------------------------------------------------- */

static struct str name_inet(const struct sockaddr *at, socklen_t len,
                            struct arena *arena)
{
    char host[HOST_BYTES], port[PORT_BYTES];
    if (getnameinfo(at, len, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV))
        return STR("unknown");
    bool is_v6 = at->sa_family == AF_INET6;
    return arena_print(arena, is_v6 ? "[%s]:%s" : "%s:%s", host, port);
}

struct str listener_name(int fd, struct arena *arena)
{
    struct sockaddr_storage storage = {0};
    socklen_t len = sizeof storage;
    struct sockaddr *at = (void *)&storage;
    if (getsockname(fd, at, &len))
        return STR("unknown");
    if (at->sa_family != AF_UNIX)
        return name_inet(at, len, arena);
    const struct sockaddr_un *named = (const void *)&storage;
    return arena_print(arena, "unix:%s", named->sun_path);
}
