/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "scratch.h"
#include "service/child.h"

static void programs_are_found(void **state UNUSED)
{
    static const char *const names[] = {"no-such-program-at-all", "sh"};
    char *path = child_find(names, 2);
    assert_non_null(path);
    assert_true(str_has_prefix(str_of(path), STR("/")));
    free(path);
    assert_null(child_find(names, 1));
}

/* Runs a line of shell in the folder `inside`; descriptor 9 is a file of ours,
 * open for writing, that the child must not see. */
static int run(const char *line)
{
    char *argv[] = {"/bin/sh", "-c", (char *)line, NULL};
    struct child child;
    struct fault fault = {0};
    mkdir("inside", 0700);
    int folder = open("inside", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int lock = open("lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int secret = dup2(lock, 9); /* not close-on-exec */
    assert_true(folder >= 0 && lock >= 0 && secret == 9);
    assert_true(child_start(&child, argv, folder, lock, &fault));
    struct pollfd ended = {.fd = child.fd, .events = POLLIN};
    assert_int_equal(poll(&ended, 1, 10000), 1);
    int status = -1;
    assert_true(child_reap(&child, &status));
    assert_int_equal(child.pid, 0);
    close(folder);
    close(lock);
    close(secret);
    return status;
}

static void it_runs_where_it_should(void **state UNUSED)
{
    int status = run("echo here > file; exit 7");
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    assert_int_equal(access("inside/file", F_OK), 0);
}

static void it_inherits_the_lock_and_nothing_else(void **state UNUSED)
{
    assert_int_equal(run("test ! -e /proc/self/fd/9"), 0);
    assert_int_equal(run("ls -l /proc/self/fd | grep -q /lock$"), 0);
    assert_int_equal(run("test $(readlink /proc/self/fd/0) = /dev/null"), 0);
}

static void it_has_a_group_of_its_own(void **state UNUSED)
{
    char line[128];
    snprintf(line, sizeof line,
             "test $(cut -d' ' -f5 /proc/$$/stat) = $$ && test $$ != %d",
             (int)getpgrp());
    assert_int_equal(run(line), 0);
}

static void what_cannot_be_run_ends_at_once(void **state UNUSED)
{
    char *argv[] = {"/no/such/program", NULL};
    struct child child;
    struct fault fault = {0};
    int folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(child_start(&child, argv, folder, folder, &fault));
    int status = child_stop(&child, 10000);
    assert_true(WIFEXITED(status) || WTERMSIG(status) == SIGTERM);
    close(folder);
}

static void one_that_will_not_end_is_killed(void **state UNUSED)
{
    char *argv[] = {"/bin/sh", "-c",
                    "trap '' TERM; echo > deaf; while :; do sleep 1; done",
                    NULL};
    struct child child;
    struct fault fault = {0};
    int folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(child_start(&child, argv, folder, folder, &fault));
    while (access("deaf", F_OK))
        assert_int_equal(usleep(1000), 0);
    int status = child_stop(&child, 50);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    close(folder);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(programs_are_found),
        TEST(it_runs_where_it_should),
        TEST(it_inherits_the_lock_and_nothing_else),
        TEST(it_has_a_group_of_its_own),
        TEST(what_cannot_be_run_ends_at_once),
        TEST(one_that_will_not_end_is_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
