/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Replies are written straight into the connection's output: no tree of values
 * is built first. Every query ends in one or two of these calls, so lengths
 * and digits are written by hand into room reserved once per element. */
#include <string.h>

#include "resp/reply.h"

/* A type byte, twenty digits with a sign, CR LF: what a header may take. */
enum { HEAD_BYTES = 24 };

static char *put_line_end(char *at)
{
    at[0] = '\r';
    at[1] = '\n';
    return at + 2;
}

static char *put_digits(char *at, uint64_t n)
{
    size_t len = 1;
    for (uint64_t rest = n; rest > 9; rest /= 10)
        len++;
    for (size_t i = len; i > 0; i--) {
        at[i - 1] = (char)('0' + n % 10);
        n /= 10;
    }
    return at + len;
}

static char *put_head(char *at, char type, size_t n)
{
    *at = type;
    return put_line_end(put_digits(at + 1, n));
}

static void add_head(struct reply *r, char type, size_t n)
{
    char *at = buf_reserve(r->out, HEAD_BYTES);
    buf_grown(r->out, (size_t)(put_head(at, type, n) - at));
}

/* A line ends a simple string and an error, so nothing in them may: a text
 * that a script or a stranger made could otherwise forge the next reply. */
static void add_one_line(struct reply *r, struct str s)
{
    char *at = buf_reserve(r->out, s.len + 2);
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        at[i] = c < 0x20 || c == 0x7f ? '?' : s.at[i];
    }
    put_line_end(at + s.len);
    buf_grown(r->out, s.len + 2);
}

void reply_ok(struct reply *r)
{
    buf_add(r->out, STR("+OK\r\n"));
}

void reply_simple(struct reply *r, struct str s)
{
    buf_add_byte(r->out, '+');
    add_one_line(r, s);
}

void reply_error(struct reply *r, const struct fault *fault)
{
    ensure(fault->code != FAULT_NONE);
    buf_add_byte(r->out, '-');
    buf_add(r->out, str_of(fault_word(fault->code)));
    buf_add_byte(r->out, ' ');
    add_one_line(r, str_of(fault->text));
}

void reply_errorf(struct reply *r, enum fault_code code, const char *format,
                  ...)
{
    struct fault fault;
    va_list values;
    va_start(values, format);
    fault_set_list(&fault, code, format, values);
    va_end(values);
    reply_error(r, &fault);
}

void reply_int(struct reply *r, int64_t n)
{
    char *begin = buf_reserve(r->out, HEAD_BYTES), *at = begin;
    *at++ = ':';
    if (n < 0)
        *at++ = '-';
    at = put_digits(at, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
    buf_grown(r->out, (size_t)(put_line_end(at) - begin));
}

void reply_text(struct reply *r, struct str s)
{
    char *begin = buf_reserve(r->out, HEAD_BYTES + s.len + 2);
    char *at = put_head(begin, '$', s.len);
    if (s.len)
        memcpy(at, s.at, s.len);
    buf_grown(r->out, (size_t)(put_line_end(at + s.len) - begin));
}

void reply_text_or_nil(struct reply *r, struct str s)
{
    if (s.len == 0)
        reply_nil(r);
    else
        reply_text(r, s);
}

void reply_nil(struct reply *r)
{
    buf_add(r->out, r->proto == 3 ? STR("_\r\n") : STR("$-1\r\n"));
}

void reply_bool(struct reply *r, bool b)
{
    if (r->proto == 3)
        buf_add(r->out, b ? STR("#t\r\n") : STR("#f\r\n"));
    else
        reply_int(r, b);
}

void reply_array(struct reply *r, size_t n)
{
    add_head(r, '*', n);
}

void reply_map(struct reply *r, size_t n)
{
    if (r->proto == 3)
        add_head(r, '%', n);
    else
        add_head(r, '*', n * 2);
}

void reply_push(struct reply *r, size_t n)
{
    add_head(r, r->proto == 3 ? '>' : '*', n);
}

void reply_verbatim(struct reply *r, struct str s)
{
    if (r->proto != 3) {
        reply_text(r, s);
        return;
    }
    add_head(r, '=', s.len + 4);
    buf_add(r->out, STR("txt:"));
    buf_add(r->out, s);
    buf_add(r->out, STR("\r\n"));
}

void reply_key(struct reply *r, const char *key)
{
    reply_text(r, str_of(key));
}

void reply_pair_text(struct reply *r, const char *key, struct str s)
{
    reply_key(r, key);
    reply_text_or_nil(r, s);
}

void reply_pair_int(struct reply *r, const char *key, int64_t n)
{
    reply_key(r, key);
    reply_int(r, n);
}

void reply_pair_bool(struct reply *r, const char *key, bool b)
{
    reply_key(r, key);
    reply_bool(r, b);
}
