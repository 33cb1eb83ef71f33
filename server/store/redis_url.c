/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Addresses of Redis come from people, on a command line or in a file, so a
 * wrong one gets a line that says which part is wrong, and never a password.
 * The text is taken apart from the outside in: scheme, what stands before the
 * last '@', what stands after the first '/' behind it, and the port. */
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "store/redis_url.h"

enum { PORT_DEFAULT = 6379, PORT_LAST = 65535, DB_LAST = 1000000 };

static const char EXPECTED[] =
    "expected redis://[[user]:password@]host[:port][/db] or unix:PATH";

static bool refuse(struct fault *fault, const char *what)
{
    return fault_set(fault, FAULT_INVALID, "redis: %s; %s", what, EXPECTED);
}

static char *text_of(struct str s)
{
    char *text = mem_new(s.len + 1);

    if (s.len > 0)
        memcpy(text, s.at, s.len);
    return text;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* NULL where a '%' is not followed by two digits, or stands for a 0 byte. */
static char *unescape(struct str s)
{
    char *text = mem_new(s.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '%') {
            int high = i + 2 < s.len ? hex_digit(s.at[i + 1]) : -1;
            int low = i + 2 < s.len ? hex_digit(s.at[i + 2]) : -1;
            if (high < 0 || low < 0 || high + low == 0) {
                free(text);
                return NULL;
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        text[n++] = c;
    }
    return text;
}

static bool read_login(struct redis_url *url, struct str login,
                       struct fault *fault)
{
    size_t colon = str_find(login, ':', 0);

    if (colon == login.len)
        return refuse(fault, "what stands before '@' has no ':'");
    if (colon + 1 == login.len)
        return refuse(fault, "the password is empty");
    if (colon > 0) {
        url->user = unescape(str_part(login, 0, colon));
        if (!url->user)
            return refuse(fault, "the user has a '%' without two digits");
    }
    url->password = unescape(str_part(login, colon + 1, login.len));
    if (!url->password)
        return refuse(fault, "the password has a '%' without two digits");
    return true;
}

static bool read_number(struct str s, int64_t first, int64_t last, int *number)
{
    int64_t value;

    if (!str_to_int64(s, &value) || value < first || value > last)
        return false;
    *number = (int)value;
    return true;
}

static bool read_place(struct redis_url *url, struct str s, struct fault *fault)
{
    bool bracketed = s.len > 0 && s.at[0] == '[';
    size_t end = bracketed ? str_find(s, ']', 0) : str_find(s, ':', 0);
    struct str host = str_part(s, bracketed ? 1 : 0, end);
    struct str rest;

    if (bracketed && end == s.len)
        return refuse(fault, "a '[' without its ']'");
    if (host.len == 0 || !str_is_printable(host))
        return refuse(fault, "no host");
    rest = str_part(s, bracketed ? end + 1 : end, s.len);
    url->place = text_of(host);
    url->port = PORT_DEFAULT;
    if (rest.len == 0)
        return true;
    if (rest.at[0] != ':' ||
        !read_number(str_part(rest, 1, rest.len), 1, PORT_LAST, &url->port))
        return refuse(fault, "the port is no number from 1 to 65535");
    return true;
}

static size_t find_last(struct str s, char byte)
{
    for (size_t i = s.len; i > 0; i--)
        if (s.at[i - 1] == byte)
            return i - 1;
    return s.len;
}

static bool read_tcp(struct redis_url *url, struct str s, struct fault *fault)
{
    size_t at = find_last(s, '@');
    size_t slash;

    url->kind = REDIS_URL_TCP;
    if (at < s.len) {
        if (!read_login(url, str_part(s, 0, at), fault))
            return false;
        s = str_part(s, at + 1, s.len);
    }
    slash = str_find(s, '/', 0);
    if (slash + 1 < s.len &&
        !read_number(str_part(s, slash + 1, s.len), 0, DB_LAST, &url->db))
        return refuse(fault, "the database is no number");
    return read_place(url, str_part(s, 0, slash), fault);
}

static bool read_unix(struct redis_url *url, struct str path,
                      struct fault *fault)
{
    struct sockaddr_un longest;

    url->kind = REDIS_URL_UNIX;
    if (path.len == 0)
        return refuse(fault, "no path after unix:");
    if (path.len >= sizeof(longest.sun_path) || memchr(path.at, 0, path.len))
        return fault_set(fault, FAULT_INVALID,
                         "redis: the path has %zu bytes; expected at most %zu, "
                         "as sockets have it",
                         path.len, sizeof(longest.sun_path) - 1);
    url->place = text_of(path);
    return true;
}

bool redis_url_init(struct redis_url *url, struct str text, struct fault *fault)
{
    bool good;

    *url = (struct redis_url){0};
    if (str_has_prefix(text, STR("redis://")))
        good = read_tcp(url, str_part(text, 8, text.len), fault);
    else if (str_has_prefix(text, STR("unix:")))
        good = read_unix(url, str_part(text, 5, text.len), fault);
    else
        good = refuse(fault, "the address has no scheme that is known");
    if (!good)
        redis_url_fini(url);
    return good;
}

void redis_url_fini(struct redis_url *url)
{
    free(url->place);
    free(url->user);
    if (url->password)
        explicit_bzero(url->password, strlen(url->password));
    free(url->password);
    *url = (struct redis_url){0};
}
