/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A program's days are those of its own time zone, wherever the server stands.
 * libc knows zones, summer time included, but only one at a time and for the
 * whole process: TZ, tzset, localtime_r. That is safe here because the control
 * thread is the only one that calls any of them; all others read the day
 * number from the commons, and times are written in UTC (clock_utc), without
 * tables. A name goes into TZ only after it was found in the database, for
 * libc takes what it does not know for UTC, silently. */
#include "service/calendar.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
    ZONE_BYTES = 64,
    ZONES_MOST = 1000, /* there are 420 */
    WAITS_DAYS = 2,    /* zones lie up to 26 hours apart */
};

struct calendar {
    struct commons *commons;
    int32_t pinned;
    char zone[ZONE_BYTES];
    struct event *tick;
};

/* --- zones ---------------------------------------------------------------- */

static bool is_zone_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || (c && strchr("_+-/", c));
}

/* "Europe/Paris": no way out of the database's folder, since no dot. */
static bool is_zone_name(struct str s)
{
    if (!s.len || s.len >= ZONE_BYTES || s.at[0] == '/')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_zone_byte(s.at[i]))
            return false;
    return true;
}

/* A file that begins as RFC 8536 says, so not a folder, not a list. */
static bool is_zone_file(const char *path)
{
    char magic[4] = {0};
    struct stat status;
    if (stat(path, &status) || !S_ISREG(status.st_mode))
        return false;
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    size_t n = fread(magic, 1, sizeof magic, file);
    fclose(file);
    return n == sizeof magic && !memcmp(magic, "TZif", sizeof magic);
}

static struct str database_path(struct str name, struct arena *arena)
{
    const char *folder = getenv("TZDIR");
    return arena_print(arena, "%s/" STR_FMT,
                       folder && *folder ? folder : "/usr/share/zoneinfo",
                       STR_ARG(name));
}

bool calendar_knows(struct str zone)
{
    if (!is_zone_name(zone))
        return false;
    if (str_is(zone, STR("UTC")))
        return true; /* with or without a database */
    struct arena arena;
    arena_init(&arena);
    bool knows = is_zone_file(database_path(zone, &arena).at);
    arena_fini(&arena);
    return knows;
}

/* A line of zone.tab: country, place and zone between tabs, then perhaps a
 * remark. Empty: it is none. */
static struct str zone_of_line(struct str line)
{
    size_t place = str_find(line, '\t', 0) + 1;
    size_t zone = str_find(line, '\t', place) + 1;
    struct str name =
        str_trim(str_part(line, zone, str_find(line, '\t', zone)));
    return is_zone_name(name) ? name : (struct str){0};
}

static struct str city_of(struct str zone)
{
    size_t from = zone.len;
    while (from && zone.at[from - 1] != '/')
        from--;
    return str_part(zone, from, zone.len);
}

/* The zones listed by country: those that a person would write. */
static size_t list_zones(struct arena *arena, struct str *zones, size_t most)
{
    FILE *file = fopen(database_path(STR("zone.tab"), arena).at, "re");
    char *line = NULL;
    size_t room = 0, n = 0;
    ssize_t len;
    while (file && n < most && (len = getline(&line, &room, file)) >= 0) {
        struct str zone = zone_of_line((struct str){line, (size_t)len});
        if (line[0] != '#' && zone.len)
            zones[n++] = arena_copy(arena, zone);
    }
    free(line);
    if (file)
        fclose(file);
    return n;
}

struct str calendar_nearest(struct str zone, struct arena *arena)
{
    struct str *zones = arena_take_array(arena, ZONES_MOST, sizeof *zones);
    size_t n = list_zones(arena, zones, ZONES_MOST);
    for (size_t i = 0; i < n; i++)
        if (str_is_nocase(city_of(zones[i]), zone))
            return zones[i];
    return str_nearest(zone, zones, n);
}

/* The environment is touched only when the zone differs from the last one: the
 * first time before any other thread runs, later by replacing one entry in
 * place, so that a getenv elsewhere (the resolver's) finds a whole list. */
static void use_zone(struct str zone)
{
    char name[ZONE_BYTES + 1] = ":"; /* a file's name, not a POSIX rule */
    ensure(is_zone_name(zone));
    memcpy(name + 1, zone.at, zone.len);
    name[zone.len + 1] = 0;
    if (str_is(str_of(getenv("TZ")), str_of(name)))
        return;
    if (setenv("TZ", name, 1))
        die("TZ could not be set");
    tzset();
}

int32_t calendar_day(struct str zone, int64_t wall_ms)
{
    use_zone(zone);
    /* Rounded down, before 1970 too. */
    time_t now = (time_t)((wall_ms - (wall_ms % 1000 + 1000) % 1000) / 1000);
    struct tm local;
    if (!localtime_r(&now, &local))
        die("the clock shows no day: %lld ms", (long long)wall_ms);
    return day_of_date(
        (struct date){local.tm_year + 1900, local.tm_mon + 1, local.tm_mday});
}

/* --- the day -------------------------------------------------------------- */

int32_t calendar_today(const struct calendar *calendar, struct str zone)
{
    if (calendar->pinned != DAY_NONE)
        return calendar->pinned;
    return calendar_day(zone, clock_wall_ms());
}

static void set_day(struct calendar *calendar, int32_t day)
{
    char text[DAY_TEXT];
    int32_t before = atomic_exchange(&calendar->commons->day, day);
    if (before != day && before != DAY_NONE)
        log_info("a new day", KV_STR("day", day_text(day, text)),
                 KV("timezone", calendar->zone));
}

/* At the beginning of the next second: that of the day is one of them. */
static void arm(struct calendar *calendar)
{
    int64_t ms = 1000 - clock_wall_ms() % 1000;
    struct timeval in = {ms / 1000, (suseconds_t)(ms % 1000 * 1000)};
    if (evtimer_add(calendar->tick, &in))
        die("a timer could not be armed");
}

static void on_tick(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
    struct calendar *calendar = arg;
    arm(calendar);
    int32_t before = atomic_load(&calendar->commons->day);
    int32_t day = calendar_today(calendar, str_of(calendar->zone));
    bool waits = day < before && day >= before - WAITS_DAYS;
    if (!waits)
        set_day(calendar, day);
}

void calendar_set_zone(struct calendar *calendar, struct str zone,
                       int32_t first)
{
    ensure(is_zone_name(zone));
    memcpy(calendar->zone, zone.at, zone.len);
    calendar->zone[zone.len] = 0;
    int32_t day = calendar_today(calendar, zone);
    bool waits = day < first && calendar->pinned == DAY_NONE;
    set_day(calendar, waits ? first : day);
}

struct calendar *calendar_start(struct event_base *base,
                                struct commons *commons, int32_t pinned)
{
    struct calendar *calendar = mem_new(sizeof *calendar);
    calendar->commons = commons;
    calendar->pinned = pinned;
    calendar_set_zone(calendar, STR("UTC"), DAY_FIRST);
    calendar->tick = evtimer_new(base, on_tick, calendar);
    if (!calendar->tick)
        die("no memory for events");
    arm(calendar);
    return calendar;
}

void calendar_stop(struct calendar *calendar)
{
    if (!calendar)
        return;
    event_free(calendar->tick);
    free(calendar);
}
