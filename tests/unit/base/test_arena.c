/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Memory of one request: aligned, zeroed, apart from each other, and given
 * back at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

static bool is_zero(const char *at, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (at[i] != 0)
            return false;
    return true;
}

/* Fills each piece with its own byte and finds it again at the end. */
static void pieces_are_aligned_zeroed_and_apart(void **state UNUSED)
{
    struct arena arena;
    arena_init(&arena);
    for (int turn = 0; turn < 3; turn++) {
        enum { PIECES = 400 };
        char *pieces[PIECES];
        for (size_t i = 0; i < PIECES; i++) {
            size_t size = i * i % 5000;
            pieces[i] = arena_take(&arena, size);
            assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
            assert_true(is_zero(pieces[i], size));
            memset(pieces[i], (int)i % 255 + 1, size);
        }
        for (size_t i = 0; i < PIECES; i++)
            for (size_t at = 0; at < i * i % 5000; at++)
                assert_int_equal((unsigned char)pieces[i][at], i % 255 + 1);
        arena_reset(&arena);
        assert_int_equal(arena_used(&arena), 0);
    }
    arena_fini(&arena);
}

static void used_counts_what_was_handed_out(void **state UNUSED)
{
    struct arena arena;
    arena_init(&arena);
    assert_int_equal(arena_used(&arena), 0);
    arena_take(&arena, 100);
    assert_in_range(arena_used(&arena), 100, 128);
    arena_take(&arena, 1000000);
    assert_in_range(arena_used(&arena), 1000100, 1000200);
    assert_non_null(arena_take(&arena, 0));
    arena_fini(&arena);
    assert_int_equal(arena_used(&arena), 0);
    arena_take(&arena, 1); /* as if just made */
    arena_fini(&arena);
}

static void a_big_piece_leaves_the_room_of_the_block(void **state UNUSED)
{
    struct arena arena;
    arena_init(&arena);
    char *first = arena_take(&arena, 16);
    arena_take(&arena, 100000);
    char *second = arena_take(&arena, 16);
    assert_ptr_equal(second, first + 16);
    arena_reset(&arena);
    assert_ptr_equal(arena_take(&arena, 16), first); /* the kept block */
    arena_fini(&arena);
}

static void a_big_piece_may_come_first(void **state UNUSED)
{
    struct arena arena;
    arena_init(&arena);
    char *big = arena_take(&arena, 100000);
    memset(big, 1, 100000);
    memset(arena_take(&arena, 16), 2, 16);
    assert_int_equal(big[99999], 1);
    arena_reset(&arena);
    arena_reset(&arena);
    assert_true(is_zero(arena_take(&arena, 100000), 100000));
    arena_reset(&arena);
    arena_fini(&arena);
}

static void texts_are_terminated(void **state UNUSED)
{
    struct arena arena;
    arena_init(&arena);
    struct str copy = arena_copy(&arena, STR("gold!more"));
    assert_true(str_is(copy, STR("gold!more")));
    assert_int_equal(copy.at[copy.len], 0);
    copy = arena_copy(&arena, str_of(NULL));
    assert_int_equal(copy.len, 0);
    assert_string_equal(copy.at, "");
    struct str printed = arena_print(&arena, "%s-%05d", "partner", 42);
    assert_string_equal(printed.at, "partner-00042");
    assert_int_equal(printed.len, 13);
    printed = arena_print(&arena, "%*s", 20000, "x");
    assert_int_equal(printed.len, 20000);
    assert_int_equal(strlen(printed.at), 20000);
    arena_fini(&arena);
}

static void arrays_are_whole(void **state UNUSED)
{
    struct arena arena;
    arena_init(&arena);
    int64_t *numbers = arena_take_array(&arena, 1000, sizeof(*numbers));
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], 0);
    assert_in_range(arena_used(&arena), 8000, 8016);
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_zeroed_and_apart),
        cmocka_unit_test(used_counts_what_was_handed_out),
        cmocka_unit_test(a_big_piece_leaves_the_room_of_the_block),
        cmocka_unit_test(a_big_piece_may_come_first),
        cmocka_unit_test(texts_are_terminated),
        cmocka_unit_test(arrays_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
