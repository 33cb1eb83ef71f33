/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Addresses are written by people: on the command line, in a file, for a
 * server and for those who reach it. All are cut here, so that what one takes
 * the other takes too. Pure. */
#include "service/address.h"

static const struct str unix_prefix = {"unix:", 5};

/* Of a host only the last colon can begin a port, and none inside brackets. */
static size_t find_port(struct str text)
{
    size_t at = text.len;
    while (at > 0 && text.at[at - 1] != ':' && text.at[at - 1] != ']')
        at--;
    return at > 0 && text.at[at - 1] == ':' ? at : 0;
}

static bool cut_brackets(struct str *host)
{
    if (host->len > 2 && host->at[0] == '[' && host->at[host->len - 1] == ']') {
        *host = str_part(*host, 1, host->len - 1);
        return true;
    }
    return host->len > 0 && host->at[0] != '[' &&
           str_find(*host, ':', 0) == host->len;
}

bool address_split(struct str text, struct address *address)
{
    *address = (struct address){.port = ADDRESS_NO_PORT};
    address->is_unix = str_has_prefix(text, unix_prefix);
    if (address->is_unix) {
        address->host = str_part(text, unix_prefix.len, text.len);
        return address->host.len > 0;
    }
    size_t port = find_port(text);
    address->host = port ? str_part(text, 0, port - 1) : text;
    if (port &&
        (!str_to_int64(str_part(text, port, text.len), &address->port) ||
         address->port < 0 || address->port > 65535))
        return false;
    return cut_brackets(&address->host);
}

struct str address_place(struct str url)
{
    size_t at = str_has_prefix(url, unix_prefix) ? 0 : url.len;
    while (at && url.at[at - 1] != '@')
        at--;
    return str_part(url, at, url.len);
}
