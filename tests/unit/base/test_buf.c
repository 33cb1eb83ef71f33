/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The queue of bytes: held against a plain model through many random changes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

static void expect(const struct buf *buf, const char *text)
{
    assert_true(str_is(buf_peek(buf), str_of(text)));
    assert_int_equal(buf_len(buf), strlen(text));
}

static void a_new_queue_has_no_memory(void **state UNUSED)
{
    struct buf buf;
    buf_init(&buf);
    assert_null(buf.at);
    assert_null(buf_peek(&buf).at);
    buf_drop(&buf, 0);
    buf_cut(&buf, 0);
    buf_add(&buf, str_of(NULL));
    buf_reset(&buf);
    expect(&buf, "");
    assert_non_null(buf_reserve(&buf, 0));
    buf_fini(&buf);
    assert_null(buf.at);
    buf_fini(&buf);
}

static void filled_at_the_tail_drained_at_the_head(void **state UNUSED)
{
    struct buf buf;
    buf_init(&buf);
    buf_add(&buf, STR("gold"));
    buf_add_byte(&buf, '!');
    buf_print(&buf, "%d-%s", 42, "x");
    expect(&buf, "gold!42-x");
    buf_drop(&buf, 4);
    expect(&buf, "!42-x");
    buf_cut(&buf, 3);
    expect(&buf, "!42");
    memcpy(buf_reserve(&buf, 2), "ab", 2);
    expect(&buf, "!42");
    buf_grown(&buf, 1);
    expect(&buf, "!42a");
    buf_drop(&buf, 4);
    expect(&buf, "");
    assert_int_equal(buf.head, 0); /* begins at the front again */
    buf_fini(&buf);
}

static void print_may_be_longer_than_the_room(void **state UNUSED)
{
    struct buf buf;
    buf_init(&buf);
    buf_add(&buf, STR("a"));
    buf_print(&buf, "%*s", 100000, "z");
    assert_int_equal(buf_len(&buf), 100001);
    assert_int_equal(buf_peek(&buf).at[100000], 'z');
    buf_print(&buf, "%s", "");
    assert_int_equal(buf_len(&buf), 100001);
    buf_fini(&buf);
}

static void reset_gives_much_memory_back(void **state UNUSED)
{
    struct buf buf;
    buf_init(&buf);
    buf_reserve(&buf, 1000);
    buf_add(&buf, STR("abc"));
    buf_reset(&buf);
    assert_non_null(buf.at);
    expect(&buf, "");
    buf_reserve(&buf, 65 * 1024);
    buf_reset(&buf);
    assert_null(buf.at);
    buf_fini(&buf);
}

/* A slow reader: a little in, a little out. The memory must not grow with
 * what has passed through. */
static void memory_is_bound_by_what_is_held(void **state UNUSED)
{
    struct buf buf;
    buf_init(&buf);
    for (int i = 0; i < 100000; i++) {
        buf_add(&buf, STR("0123456789"));
        if (i > 10)
            buf_drop(&buf, 10);
    }
    assert_in_range(buf.cap, 110, 512);
    buf_fini(&buf);
}

struct model {
    char held[200000];
    size_t len;
};

static void add_some(struct buf *buf, struct model *model, size_t size)
{
    size_t len = model->len;
    for (size_t i = 0; i < size; i++) {
        model->held[model->len++] = (char)(size + i);
        buf_add(buf, (struct str){&model->held[len + i], 1});
    }
}

/* Adds one time in two; else drops, or seldom cuts. */
static void change(struct buf *buf, struct model *model, uint64_t random)
{
    size_t size = random >> 32 & 0x3ff, len = model->len;
    if (random >> 63) {
        add_some(buf, model, size);
    } else if (random >> 60) {
        size = size < len ? size : len;
        memmove(model->held, model->held + size, len - size);
        model->len -= size;
        buf_drop(buf, size);
    } else {
        model->len = size < len ? len - size : 0;
        buf_cut(buf, model->len);
    }
}

static void any_changes_agree_with_a_model(void **state UNUSED)
{
    static struct model model;
    struct buf buf;
    buf_init(&buf);
    uint64_t random = 1;
    for (int i = 0; i < 20000; i++) {
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
        if (model.len < sizeof(model.held) - 1024)
            change(&buf, &model, random);
        struct str expected = {model.held, model.len};
        assert_true(str_is(buf_peek(&buf), expected));
        assert_true(buf.head <= buf.tail && buf.tail <= buf.cap);
    }
    buf_fini(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_queue_has_no_memory),
        cmocka_unit_test(filled_at_the_tail_drained_at_the_head),
        cmocka_unit_test(print_may_be_longer_than_the_room),
        cmocka_unit_test(reset_gives_much_memory_back),
        cmocka_unit_test(memory_is_bound_by_what_is_held),
        cmocka_unit_test(any_changes_agree_with_a_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
