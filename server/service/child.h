/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to service: a program as a child of this process. */
#ifndef PALIER_SERVICE_CHILD_H
#define PALIER_SERVICE_CHILD_H

#include <sys/types.h>

#include "base/base.h"

struct child {
    pid_t pid; /* 0: none */
    int fd;    /* a pidfd: readable when the child has ended; -1: none */
};

/* The first of `names` that is an executable file on PATH, in /usr/bin or in
 * /usr/sbin; NULL: none. Release with free(). */
char *child_find(const char *const *names, size_t n);
/* Runs `argv` in the folder `cwd`. The child has a process group of its own, is
 * killed when this thread ends, and inherits standard input (as /dev/null),
 * output, error and `inherited`; nothing else. argv[0] is the program's path,
 * the last is NULL. */
bool child_start(struct child *child, char *const *argv, int cwd, int inherited,
                 struct fault *fault) MUST_USE;
/* Collects an ended child: how it ended as a wait status. False where it is
 * still alive. */
bool child_reap(struct child *child, int *status) MUST_USE;
/* SIGTERM, at most `ms`, SIGKILL; then as child_reap. */
int child_stop(struct child *child, int64_t ms);

#endif
