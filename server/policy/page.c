/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The words of the language have checked what a person may have written; they
 * hand over plain tables and lists. Here those become C values. The language
 * is part of a stored version and may be of another age than this binary, so
 * nothing is taken on trust: a table of the wrong shape is a fault that says
 * so, and every length has a cap. */
#include "policy/page.h"
#include "policy/exact.h"

#include <lauxlib.h>
#include <math.h>
#include <stdio.h>

static _Noreturn void page_broken(struct page *page, const char *key)
{
    lua_pushfstring(page->L,
                    "the language of this version does not fit this "
                    "server: field %s",
                    key);
    lua_error(page->L);
    die("lua_error returned");
}

void page_fail(struct page *page, int entry, const char *format, ...)
{
    char text[sizeof((struct fault *)0)->text];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    lua_getfield(page->L, entry, "at");
    lua_getfield(page->L, entry, "title");
    if (!lua_isstring(page->L, -1) || !lua_isstring(page->L, -2))
        page_broken(page, "at");
    lua_pushfstring(page->L, "%s: %s: %s", lua_tostring(page->L, -2),
                    lua_tostring(page->L, -1), text);
    lua_error(page->L);
    die("lua_error returned");
}

void page_expect(struct page *page, int entry, bool good, const char *what,
                 struct str value, const char *expected)
{
    if (!good)
        page_fail(page, entry, "%s = \"" STR_FMT "\": expected %s", what,
                  STR_ARG(str_part(value, 0, 100)), expected);
}

bool page_has(struct page *page, int entry, const char *key)
{
    int type = lua_getfield(page->L, entry, key);
    lua_pop(page->L, 1);
    return type != LUA_TNIL;
}

struct str page_text(struct page *page, int entry, const char *key)
{
    struct str text = {NULL, 0};
    int type = lua_getfield(page->L, entry, key);
    if (type == LUA_TSTRING)
        text.at = lua_tolstring(page->L, -1, &text.len);
    else if (type != LUA_TNIL)
        page_broken(page, key);
    if (text.at)
        text = arena_copy(page->arena, text);
    lua_pop(page->L, 1);
    return text;
}

int64_t page_integer(struct page *page, int entry, const char *key,
                     int64_t otherwise)
{
    int64_t value = otherwise;
    if (lua_getfield(page->L, entry, key) != LUA_TNIL) {
        if (!lua_isinteger(page->L, -1))
            page_broken(page, key);
        value = lua_tointeger(page->L, -1);
    }
    lua_pop(page->L, 1);
    return value;
}

size_t page_list(struct page *page, int from, const char *key, size_t max)
{
    luaL_checkstack(page->L, 8, NULL);
    int type = lua_getfield(page->L, from, key);
    if (type == LUA_TNIL) {
        lua_pop(page->L, 1);
        lua_newtable(page->L);
    } else if (type != LUA_TTABLE) {
        page_broken(page, key);
    }
    sandbox_push_contents(page->L, -1);
    lua_remove(page->L, -2);
    size_t n = (size_t)lua_rawlen(page->L, -1);
    if (n > max) {
        lua_pushfstring(page->L, "program.lua: %s: %d, at most %d", key, (int)n,
                        (int)max);
        lua_error(page->L);
    }
    return n;
}

void page_item(struct page *page, int list, size_t i)
{
    luaL_checkstack(page->L, 8, NULL);
    sandbox_charge(page->L, PAGE_ITEM_COST);
    if (lua_rawgeti(page->L, list, (lua_Integer)i + 1) != LUA_TTABLE)
        page_broken(page, "list");
}

static struct pair read_pair(struct page *page, int item)
{
    struct pair pair = {page_text(page, item, "name"),
                        page_text(page, item, "value")};
    if (!pair.name.at || !pair.value.at)
        page_broken(page, "name, value");
    return pair;
}

const struct pair *page_pairs(struct page *page, int entry, const char *key,
                              size_t *n)
{
    *n = page_list(page, entry, key, LABELS_MAX);
    int list = lua_gettop(page->L);
    struct pair *pairs = arena_take_array(page->arena, *n, sizeof *pairs);
    for (size_t i = 0; i < *n; i++) {
        page_item(page, list, i);
        pairs[i] = read_pair(page, list + 1);
        page_expect(page, entry, name_is_word(pairs[i].name), key,
                    pairs[i].name, "a label's name, such as class");
        page_expect(page, entry, name_is_label_value(pairs[i].value), key,
                    pairs[i].value,
                    "a label's value, without spaces, ',', '=' and ':'");
        lua_pop(page->L, 1);
    }
    lua_pop(page->L, 1);
    return pairs;
}

static size_t language_of(struct page *page, int entry, struct str code)
{
    const struct program *program = &page->plan->program;
    if (!code.len)
        return 0;
    for (size_t i = 0; i < program->nlanguages; i++)
        if (str_is(program->languages[i], code))
            return i;
    page_fail(page, entry,
              "label." STR_FMT
              ": none of the program's languages; add \"" STR_FMT
              "\" to languages, or leave it out",
              STR_ARG(code), STR_ARG(code));
}

const struct str *page_labels(struct page *page, int entry)
{
    size_t nlanguages = page->plan->program.nlanguages;
    struct str *labels =
        arena_take_array(page->arena, nlanguages, sizeof *labels);
    size_t n = page_list(page, entry, "label", PLAN_LANGUAGES);
    int list = lua_gettop(page->L);
    for (size_t i = 0; i < n; i++) {
        page_item(page, list, i);
        struct pair label = read_pair(page, list + 1);
        page_expect(page, entry, name_is_value(label.value), "label",
                    label.value, "a printable text");
        labels[language_of(page, entry, label.name)] = label.value;
        lua_pop(page->L, 1);
    }
    lua_pop(page->L, 1);
    return labels;
}

int64_t page_number(struct page *page, int entry, int index, int decimals,
                    const char *what)
{
    int64_t value = 0;
    enum decimal_result result = exact_number(page->L, index, decimals, &value);
    const char *shown = luaL_typename(page->L, index);
    if (lua_type(page->L, index) == LUA_TNUMBER)
        shown = luaL_tolstring(page->L, index, NULL);
    if (result == DECIMAL_TOO_PRECISE && decimals == 0)
        page_fail(page, entry, "%s = %s: expected a whole number", what, shown);
    if (result == DECIMAL_TOO_PRECISE)
        page_fail(page, entry,
                  "%s = %s: expected at most %d places after the "
                  "point",
                  what, shown, decimals);
    if (result != DECIMAL_NOT_A_NUMBER &&
        !isfinite(lua_tonumber(page->L, index)))
        page_fail(page, entry, "%s: expected a finite number", what);
    if (result == DECIMAL_OUT_OF_RANGE)
        page_fail(page, entry, "%s = %s is out of range", what, shown);
    if (result != DECIMAL_OK)
        page_fail(page, entry, "%s: expected a number, got %s", what, shown);
    lua_pop(page->L, 1);
    return value;
}

void page_read(lua_State *L, struct policy *policy)
{
    struct page page = {.L = L,
                        .policy = policy,
                        .plan = &policy->plan,
                        .arena = &policy->arena,
                        .table = lua_gettop(L)};
    page_program(&page);
    page_facts(&page);
    page_metrics(&page);
    page_margins(&page);
    page_settle(&page);
    page_tiers(&page);
    page_margins_sum(&page);
    page_expectations(&page);
    lua_pop(L, 1);
}
