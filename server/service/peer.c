/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The other end of a socket, in words for logs and the ledger. */
#include "service/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

static void inet_name(const struct sockaddr_storage *address, char *text,
                      size_t size)
{
    const struct sockaddr_in *v4 = (const void *)address;
    const struct sockaddr_in6 *v6 = (const void *)address;
    bool is_v6 = address->ss_family == AF_INET6;
    char ip[INET6_ADDRSTRLEN] = "?";

    if (!inet_ntop(address->ss_family,
                   is_v6 ? (const void *)&v6->sin6_addr
                         : (const void *)&v4->sin_addr,
                   ip, sizeof(ip)))
        ip[0] = '?';
    snprintf(text, size, is_v6 ? "[%s]:%u" : "%s:%u", ip,
             (unsigned)ntohs(is_v6 ? v6->sin6_port : v4->sin_port));
}

void peer_name(int fd, char *text, size_t size)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof(address);
    struct ucred peer = {0};
    socklen_t peer_len = sizeof(peer);

    if (getpeername(fd, (struct sockaddr *)&address, &len) < 0)
        snprintf(text, size, "?");
    else if (address.ss_family != AF_UNIX)
        inet_name(&address, text, size);
    else if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &peer_len) == 0)
        snprintf(text, size, "unix:%d", (int)peer.pid);
    else
        snprintf(text, size, "unix:?");
}
