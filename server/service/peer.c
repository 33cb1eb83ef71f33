/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The other end of a socket, in words for logs and the ledger. */
#include "service/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static void v4_name(const struct sockaddr_storage *address, char *text,
                    size_t size)
{
    struct sockaddr_in v4;
    char ip[INET_ADDRSTRLEN] = "?";

    memcpy(&v4, address, sizeof(v4));
    if (!inet_ntop(AF_INET, &v4.sin_addr, ip, sizeof(ip)))
        ip[0] = '?';
    snprintf(text, size, "%s:%u", ip, (unsigned)ntohs(v4.sin_port));
}

static void v6_name(const struct sockaddr_storage *address, char *text,
                    size_t size)
{
    struct sockaddr_in6 v6;
    char ip[INET6_ADDRSTRLEN] = "?";

    memcpy(&v6, address, sizeof(v6));
    if (!inet_ntop(AF_INET6, &v6.sin6_addr, ip, sizeof(ip)))
        ip[0] = '?';
    snprintf(text, size, "[%s]:%u", ip, (unsigned)ntohs(v6.sin6_port));
}

void peer_name(int fd, char *text, size_t size)
{
    struct sockaddr_storage address = {0};
    socklen_t len = sizeof(address);
    struct ucred peer = {0};
    socklen_t peer_len = sizeof(peer);

    if (getpeername(fd, (struct sockaddr *)&address, &len) < 0)
        snprintf(text, size, "?");
    else if (address.ss_family == AF_INET)
        v4_name(&address, text, size);
    else if (address.ss_family == AF_INET6)
        v6_name(&address, text, size);
    else if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &peer_len) == 0)
        snprintf(text, size, "unix:%d", (int)peer.pid);
    else
        snprintf(text, size, "unix:?");
}
