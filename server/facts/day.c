/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Days as plain numbers: facts are dated by day, so comparing and counting is
 * integer arithmetic, and a calendar is needed only at months and at the text.
 * The calendar is Gregorian from year 1 on. Its years are taken to begin in
 * March, so that the leap day is a year's last and needs no special case. */
#include "facts/day.h"
#include "facts/expect.h"

enum { ERA_DAYS = 146097, ERA_YEARS = 400, FIRST_YEAR = 1, LAST_YEAR = 9999 };
/* From 0000-03-01, where the first era begins, to 1970-01-01. */
enum { EPOCH_SHIFT = 719468 };

static int32_t clamp(int64_t day)
{
    if (day < DAY_FIRST)
        return DAY_FIRST;
    return day > DAY_LAST ? DAY_LAST : (int32_t)day;
}

int32_t day_of_date(struct date date)
{
    if (date.year < FIRST_YEAR)
        return DAY_FIRST;
    if (date.year > LAST_YEAR)
        return DAY_LAST;
    int year = date.month <= 2 ? date.year - 1 : date.year;
    int month = (date.month + 9) % 12; /* March is 0 */
    int era = year / ERA_YEARS, of_era = year % ERA_YEARS;
    int of_year = (153 * month + 2) / 5 + date.day - 1;
    int days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return clamp((int64_t)era * ERA_DAYS + days - EPOCH_SHIFT);
}

struct date date_of_day(int32_t day)
{
    int shifted = clamp(day) + EPOCH_SHIFT;
    int era = shifted / ERA_DAYS, of_era = shifted % ERA_DAYS;
    int year =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * year + year / 4 - year / 100);
    int month = (5 * of_year + 2) / 153; /* March is 0 */
    struct date date = {
        .year = year + era * ERA_YEARS + (month >= 10 ? 1 : 0),
        .month = month < 10 ? month + 3 : month - 9,
        .day = of_year - (153 * month + 2) / 5 + 1,
    };
    return date;
}

int date_month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[month - 1];
}

/* `n` digits, or -1. */
static int digits(const char *at, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (at[i] < '0' || at[i] > '9')
            return -1;
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

bool day_parse(struct str s, int32_t *day)
{
    if (s.len != DAY_TEXT - 1 || s.at[4] != '-' || s.at[7] != '-')
        return false;
    struct date date = {digits(s.at, 4), digits(s.at + 5, 2),
                        digits(s.at + 8, 2)};
    if (date.year < FIRST_YEAR || date.month < 1 || date.month > 12)
        return false;
    if (date.day < 1 || date.day > date_month_days(date.year, date.month))
        return false;
    *day = day_of_date(date);
    return true;
}

bool day_expect(struct str s, const char *field, int32_t *day,
                struct fault *fault)
{
    if (day_parse(s, day))
        return true;
    return expect_failed(fault, field, s, "is not a day; expected YYYY-MM-DD");
}

/* `n` digits, written backwards into `at`. */
static void put_digits(char *at, int n, int value)
{
    while (n-- > 0) {
        at[n] = (char)('0' + value % 10);
        value /= 10;
    }
}

struct str day_text(int32_t day, char text[DAY_TEXT])
{
    text[0] = '\0';
    if (day == DAY_NONE || day == DAY_NEVER)
        return (struct str){0};
    struct date date = date_of_day(day);
    put_digits(text, 4, date.year);
    put_digits(text + 5, 2, date.month);
    put_digits(text + 8, 2, date.day);
    text[4] = text[7] = '-';
    text[DAY_TEXT - 1] = '\0';
    return (struct str){text, DAY_TEXT - 1};
}

int32_t day_add(int32_t day, int32_t days)
{
    return clamp((int64_t)day + days);
}

/* The first day of the month `months` after that of `date`, as a date; a year
 * outside the calendar stays outside. */
static struct date month_shifted(struct date date, int32_t months)
{
    int64_t index = (int64_t)date.year * 12 + date.month - 1 + months;
    if (index < (int64_t)FIRST_YEAR * 12)
        return (struct date){FIRST_YEAR - 1, 1, 1};
    if (index > (int64_t)LAST_YEAR * 12 + 11)
        return (struct date){LAST_YEAR + 1, 1, 1};
    return (struct date){(int)(index / 12), (int)(index % 12) + 1, 1};
}

int32_t day_add_months(int32_t day, int32_t months)
{
    struct date date = date_of_day(day);
    struct date moved = month_shifted(date, months);
    int last = date_month_days(moved.year, moved.month);
    moved.day = date.day < last ? date.day : last;
    return day_of_date(moved);
}

int32_t day_months_after(int32_t day, int32_t months)
{
    int32_t after = day_add_months(day, months);
    /* Where that month is too short, its last day counts back to one before
     * `day`; the next month's first does not. */
    return day_add_months(after, -months) < day ? day_add(after, 1) : after;
}

int32_t day_month_start(int32_t day)
{
    struct date date = date_of_day(day);
    return day_of_date((struct date){date.year, date.month, 1});
}

int32_t day_quarter_start(int32_t day)
{
    struct date date = date_of_day(day);
    int month = (date.month - 1) / 3 * 3 + 1;
    return day_of_date((struct date){date.year, month, 1});
}

int32_t day_year_start(int32_t day)
{
    return day_of_date((struct date){date_of_day(day).year, 1, 1});
}
