/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What the page says of the program as a whole. */
#include "policy/page.h"

static const char *const months[] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December",
};

/* "1 April", a day that every year has. */
static bool read_year_day(struct str text, int *month, int *day)
{
    size_t space = str_find(text, ' ', 0);
    struct str name = str_part(text, space + 1, text.len);
    int64_t number;
    if (!str_to_int64(str_part(text, 0, space), &number))
        return false;
    for (int i = 0; i < (int)COUNT_OF(months); i++)
        if (str_is(name, str_of(months[i]))) {
            *month = i + 1;
            *day = (int)number;
            return number >= 1 && number <= date_month_days(2023, *month);
        }
    return false;
}

/* Its spelling only: which zones exist is known where time is told. */
static bool is_zone(struct str zone)
{
    if (!zone.len || zone.len > 64 || zone.at[0] == '/')
        return false;
    for (size_t i = 0; i < zone.len; i++) {
        char c = zone.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool other = (c >= '0' && c <= '9') || c == '_' || c == '/' ||
                     c == '-' || c == '+';
        if (!letter && !other)
            return false;
    }
    return true;
}

static void read_languages(struct page *page, int entry)
{
    struct program *program = &page->plan->program;
    size_t n = page_list(page, entry, "languages", PLAN_LANGUAGES);
    int list = lua_gettop(page->L);
    struct str *languages = arena_take_array(page->arena, n, sizeof *languages);
    for (size_t i = 0; i < n; i++) {
        size_t len;
        lua_rawgeti(page->L, list, (lua_Integer)i + 1);
        const char *code = lua_tolstring(page->L, -1, &len);
        struct str text = {code ? code : "", code ? len : 0};
        page_expect(page, entry, name_is_program(text), "languages", text,
                    "language codes, such as { \"en\", \"fr\" }");
        for (size_t j = 0; j < i; j++)
            page_expect(page, entry, !str_is(languages[j], text), "languages",
                        text, "each language once");
        languages[i] = arena_copy(page->arena, text);
        lua_pop(page->L, 1);
    }
    program->languages = languages;
    program->nlanguages = n;
    lua_pop(page->L, 1);
}

void page_program(struct page *page)
{
    struct program *program = &page->plan->program;
    lua_getfield(page->L, page->table, "program");
    int entry = lua_gettop(page->L);
    program->at = page_text(page, entry, "at");
    program->name = page_text(page, entry, "name");
    page_expect(page, entry, name_is_value(program->name), "name",
                program->name, "a printable text");
    program->currency = page_text(page, entry, "currency");
    page_expect(page, entry, currency_decimals(program->currency) >= 0,
                "currency", program->currency,
                "a currency's three letters (ISO 4217), such as EUR");
    program->timezone = page_text(page, entry, "timezone");
    page_expect(page, entry, is_zone(program->timezone), "timezone",
                program->timezone, "a time zone, such as Europe/Paris");
    struct str year = page_text(page, entry, "year_from");
    page_expect(
        page, entry,
        read_year_day(year, &page->plan->year_month, &page->plan->year_day),
        "year_from", year, "a day of the year, such as 1 April");
    read_languages(page, entry);
    lua_pop(page->L, 1);
}
