/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * For the tests of this room: a folder of its own for each test, and an event
 * loop that is run until something has happened. */
#ifndef PALIER_TESTS_SERVICE_SCRATCH_H
#define PALIER_TESTS_SERVICE_SCRATCH_H

#include <event2/event.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"

/* The test runs in a new folder, which becomes its working directory. */
static inline int scratch_enter(void **state)
{
    char path[] = "/tmp/palier-test-XXXXXX";
    if (!mkdtemp(path) || chdir(path))
        return -1;
    *state = mem_copy_text(path);
    return 0;
}

static inline int scratch_remove(const char *path,
                                 const struct stat *status UNUSED,
                                 int kind UNUSED, struct FTW *where UNUSED)
{
    return remove(path);
}

static inline int scratch_leave(void **state)
{
    char *path = *state;
    int failed = chdir("/") || nftw(path, scratch_remove, 8,
                                    FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    free(path);
    return failed;
}

static inline void scratch_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    if (!file || fputs(text, file) < 0 || fclose(file))
        die("cannot write %s", path);
}

/* Runs the loop until `*count` is at least `wanted`; dies after ten seconds,
 * which no working machine needs. */
static inline void scratch_run(struct event_base *base, const int *count,
                               int wanted)
{
    int64_t until = clock_ms() + 10000;
    struct timeval look = {0, 20000};
    while (*count < wanted) {
        if (clock_ms() > until)
            die("waited in vain: %d of %d", *count, wanted);
        event_base_loopexit(base, &look);
        event_base_loop(base, 0);
    }
}

/* Runs the loop for so long: enough for what must not happen. */
static inline void scratch_idle(struct event_base *base, int64_t ms)
{
    struct timeval in = {ms / 1000, (suseconds_t)(ms % 1000 * 1000)};
    event_base_loopexit(base, &in);
    event_base_loop(base, 0);
}

#endif
