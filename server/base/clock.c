/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What time it is, and how a log line says it. The civil date is computed
 * here: the C library's time-zone functions read files and take locks. */
#include <time.h>

#include "base/clock.h"
#include "base/die.h"

enum { SECONDS_A_DAY = 86400 };
/* Year 0 begins and year 9999 ends here, in seconds since 1970-01-01: beyond
 * them a date does not have four digits of year. */
#define FIRST_SECOND INT64_C(-62167219200)
#define LAST_SECOND INT64_C(253402300799)

static int64_t clock_read(clockid_t id, int64_t parts_a_second)
{
    struct timespec now;
    ensure(clock_gettime(id, &now) == 0);
    int64_t ns_a_part = INT64_C(1000000000) / parts_a_second;
    return (int64_t)now.tv_sec * parts_a_second + now.tv_nsec / ns_a_part;
}

int64_t clock_ms(void)
{
    return clock_read(CLOCK_MONOTONIC, 1000);
}

int64_t clock_us(void)
{
    return clock_read(CLOCK_MONOTONIC, 1000000);
}

int64_t clock_thread_ms(void)
{
    return clock_read(CLOCK_THREAD_CPUTIME_ID, 1000);
}

int64_t clock_wall_ms(void)
{
    return clock_read(CLOCK_REALTIME, 1000);
}

struct civil {
    int64_t year, month, day;
};

/* A year that begins in March has its leap day at the end, and the lengths of
 * its months follow a straight line: 153 days each five months. `days` is not
 * before year 0. */
static struct civil civil_of(int64_t days)
{
    int64_t n = days + 719468; /* since 0000-03-01 */
    n += 146097;               /* one era of 400 years: January of year 0 */
    int64_t era = n / 146097, day = n % 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= 365 * year + year / 4 - year / 100;
    int64_t march = (5 * day + 2) / 153; /* 0: March ... 11: February */
    int64_t month = march < 10 ? march + 3 : march - 9;
    return (struct civil){.year = (era - 1) * 400 + year + (month <= 2),
                          .month = month,
                          .day = day - (153 * march + 2) / 5 + 1};
}

static char *put_digits(char *at, int64_t n, int digits, char after)
{
    for (int i = digits - 1; i >= 0; i--) {
        at[i] = (char)('0' + n % 10);
        n /= 10;
    }
    at[digits] = after;
    return at + digits + 1;
}

void clock_utc(int64_t wall_ms, char text[21])
{
    int64_t second = wall_ms / 1000 - (wall_ms % 1000 < 0);
    second = second < FIRST_SECOND ? FIRST_SECOND : second;
    second = second > LAST_SECOND ? LAST_SECOND : second;
    int64_t days = second / SECONDS_A_DAY - (second % SECONDS_A_DAY < 0);
    int64_t rest = second - days * SECONDS_A_DAY;
    struct civil date = civil_of(days);
    char *at = put_digits(text, date.year, 4, '-');
    at = put_digits(at, date.month, 2, '-');
    at = put_digits(at, date.day, 2, 'T');
    at = put_digits(at, rest / 3600, 2, ':');
    at = put_digits(at, rest / 60 % 60, 2, ':');
    at = put_digits(at, rest % 60, 2, 'Z');
    *at = '\0';
}
