/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * string.format, by hand: each directive is read into a struct, checked, and
 * only then given to snprintf in a form of our own. %p would show an address,
 * %q and %a nobody needs. */
#include "policy/sandbox_format.h"

#include <stdio.h>
#include <string.h>

#include "policy/sandbox_libs.h"

enum {
    FORMAT_NUMBER_BYTES = 512, /* %99.99f of the greatest double */
    FORMAT_COST = 64,
};

struct directive {
    char flags[6];
    size_t nflags;
    int width, precision; /* -1: not said */
    char letter;
};

/* At most two digits; -1 where there is none. */
static int read_digits(struct str format, size_t *at)
{
    int n = -1;

    for (int i = 0; i < 2 && *at < format.len; i++) {
        char c = format.at[*at];
        if (c < '0' || c > '9')
            break;
        n = (n < 0 ? 0 : n) * 10 + (c - '0');
        ++*at;
    }
    return n;
}

/* After a '%'. */
static struct directive read_directive(lua_State *L, struct str format,
                                       size_t *at)
{
    struct directive d = {.width = -1, .precision = -1};

    while (*at < format.len && memchr("-+ 0", format.at[*at], 4) != NULL &&
           d.nflags < sizeof(d.flags) - 1)
        d.flags[d.nflags++] = format.at[(*at)++];
    d.width = read_digits(format, at);
    if (*at < format.len && format.at[*at] == '.') {
        ++*at;
        d.precision = read_digits(format, at);
        d.precision = d.precision < 0 ? 0 : d.precision;
    }
    if (*at >= format.len)
        luaL_error(L, "format: a directive is cut off at the end");
    d.letter = format.at[(*at)++];
    return d;
}

/* "%-08.2lld" for snprintf. */
static void spell(const struct directive *d, const char *length, char spec[32])
{
    char width[4] = "", precision[5] = "";

    if (d->width >= 0)
        snprintf(width, sizeof(width), "%d", d->width % 100);
    if (d->precision >= 0)
        snprintf(precision, sizeof(precision), ".%d", d->precision % 100);
    snprintf(spec, 32, "%%%s%s%s%s%c", d->flags, width, precision, length,
             d->letter);
}

static void add_integer(struct sandbox_text *text, const struct directive *d,
                        lua_Integer n)
{
    char spec[32], number[FORMAT_NUMBER_BYTES];
    int len;

    spell(d, "ll", spec);
    len = snprintf(number, sizeof(number), spec, (long long)n);
    ensure(len >= 0 && len < (int)sizeof(number));
    sandbox_text_add(text, (struct str){number, (size_t)len});
}

static void add_float(struct sandbox_text *text, const struct directive *d,
                      lua_Number n)
{
    char spec[32], number[FORMAT_NUMBER_BYTES];
    int len;

    spell(d, "", spec);
    len = snprintf(number, sizeof(number), spec, n);
    ensure(len >= 0 && len < (int)sizeof(number));
    sandbox_text_add(text, (struct str){number, (size_t)len});
}

static void add_padded(struct sandbox_text *text, const struct directive *d,
                       struct str s)
{
    bool left = memchr(d->flags, '-', d->nflags) != NULL;
    size_t width = d->width > 0 ? (size_t)d->width : 0;
    size_t pad = width > s.len ? width - s.len : 0;

    sandbox_text_fill(text, ' ', left ? 0 : pad);
    sandbox_text_add(text, s);
    sandbox_text_fill(text, ' ', left ? pad : 0);
}

/* What `tostring` says of the argument, cut to the precision. */
static void add_value(lua_State *L, struct sandbox_text *text,
                      const struct directive *d, int arg)
{
    struct str s;

    sandbox_push_said(L, arg);
    s = sandbox_check_text(L, lua_gettop(L));
    if (d->precision >= 0)
        s = str_part(s, 0, (size_t)d->precision);
    add_padded(text, d, s);
    lua_pop(L, 1);
}

static void add_number(lua_State *L, struct sandbox_text *text,
                       const struct directive *d, int arg)
{
    lua_Number n;

    luaL_checktype(L, arg, LUA_TNUMBER);
    n = lua_tonumber(L, arg);
    if (n != n) /* its sign differs by machine */
        add_padded(text, d, STR("nan"));
    else
        add_float(text, d, n);
}

static void add_directive(lua_State *L, struct sandbox_text *text,
                          const struct directive *d, int arg)
{
    luaL_checkany(L, arg);
    switch (d->letter) {
    case 's':
        add_value(L, text, d, arg);
        break;
    case 'd':
    case 'i':
    case 'x':
    case 'X':
        add_integer(text, d, sandbox_check_integer(L, arg));
        break;
    case 'e':
    case 'E':
    case 'f':
    case 'g':
    case 'G':
        add_number(L, text, d, arg);
        break;
    default:
        luaL_error(L, "format: there is no directive '%%%c'", d->letter);
    }
}

int sandbox_format(lua_State *L)
{
    struct str format = sandbox_check_text(L, 1);
    struct sandbox_text text;
    int arg = 1;

    sandbox_text_begin(L, &text);
    for (size_t at = 0; at < format.len;) {
        size_t percent = str_find(format, '%', at);
        sandbox_text_add(&text, str_part(format, at, percent));
        at = percent + 1;
        if (percent >= format.len)
            break;
        if (at < format.len && format.at[at] == '%') {
            sandbox_text_add(&text, STR("%"));
            at++;
        } else {
            struct directive d = read_directive(L, format, &at);
            if (++arg >= text.slot)
                luaL_argerror(L, arg, "no value");
            sandbox_charge(L, FORMAT_COST);
            add_directive(L, &text, &d, arg);
        }
    }
    sandbox_text_push(&text);
    return 1;
}
