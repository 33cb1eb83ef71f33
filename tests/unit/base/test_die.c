/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The impossible ends the process with one line that says where; so does
 * memory whose size is our own. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base.h"

/* Runs `act` in a child whose stderr is read. True where it was aborted. */
static bool aborts(void (*act)(void), char *said, size_t size)
{
    int lines[2];
    assert_int_equal(pipe(lines), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGABRT, SIG_DFL); /* sanitizers report it otherwise */
        dup2(lines[1], STDERR_FILENO);
        act();
        _exit(0);
    }
    close(lines[1]);
    size_t len = 0;
    ssize_t got;
    while ((got = read(lines[0], said + len, size - 1 - len)) > 0)
        len += (size_t)got;
    said[len] = '\0';
    close(lines[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void die_with_values(void)
{
    die("state %d of %s", 7, "link");
}

static void die_at_length(void)
{
    die("%*s", 100000, "x");
}

static void break_a_promise(void)
{
    ensure(1 + 1 == 3);
}

static void keep_a_promise(void)
{
    ensure(1 + 1 == 2);
}

static void drop_too_much(void)
{
    struct buf buf;
    buf_init(&buf);
    buf_drop(&buf, 1);
}

static void take_a_product_too_big(void)
{
    free(mem_new_array(SIZE_MAX / 2, 3));
}

static void take_an_arena_array_too_big(void)
{
    struct arena arena;
    arena_init(&arena);
    arena_take_array(&arena, SIZE_MAX / 2, 3);
}

static void one_line_and_the_end(void **state UNUSED)
{
    char said[4096];
    assert_true(aborts(die_with_values, said, sizeof(said)));
    assert_non_null(strstr(said, ": state 7 of link\n"));
    assert_true(aborts(die_at_length, said, sizeof(said)));
    assert_in_range(strlen(said), 1000, 1024);
    assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
}

static void a_broken_promise_says_where(void **state UNUSED)
{
    char said[4096];
    assert_false(aborts(keep_a_promise, said, sizeof(said)));
    assert_string_equal(said, "");
    assert_true(aborts(break_a_promise, said, sizeof(said)));
    assert_non_null(strstr(said, "test_die.c:"));
    assert_non_null(strstr(said, "1 + 1 == 3\n"));
    assert_true(aborts(drop_too_much, said, sizeof(said)));
}

static void sizes_that_overflow_end_it(void **state UNUSED)
{
    char said[4096];
    assert_true(aborts(take_a_product_too_big, said, sizeof(said)));
    assert_non_null(strstr(said, "out of memory"));
    assert_true(aborts(take_an_arena_array_too_big, said, sizeof(said)));
    assert_non_null(strstr(said, "out of memory"));
}

static void memory_is_zeroed_or_copied(void **state UNUSED)
{
    char *zeros = mem_new_array(100, 10);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(zeros[i], 0);
    memset(zeros, 1, 1000);
    zeros = mem_resize(zeros, 2000);
    assert_int_equal(zeros[999], 1);
    char *copy = mem_copy(zeros, 10);
    assert_memory_equal(copy, zeros, 10);
    char *text = mem_copy_text("gold");
    assert_string_equal(text, "gold");
    void *nothing = mem_copy(NULL, 0), *none = mem_new(0);
    assert_non_null(nothing);
    assert_non_null(none);
    nothing = mem_resize(nothing, 0);
    assert_non_null(nothing);
    free(zeros);
    free(copy);
    free(text);
    free(nothing);
    free(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_line_and_the_end),
        cmocka_unit_test(a_broken_promise_says_where),
        cmocka_unit_test(sizes_that_overflow_end_it),
        cmocka_unit_test(memory_is_zeroed_or_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
