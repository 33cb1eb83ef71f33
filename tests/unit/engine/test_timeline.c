/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Which version is in force when. */
#include "engine/timeline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_greatest_not_after_the_day(void **state UNUSED)
{
    struct bundle *house = bundle_house();
    const struct timeline_row rows[] = {{300, 3, house},
                                        {100, 1, house},
                                        {200, 2, house},
                                        {200, 5, house},
                                        {200, 4, house}};
    struct timeline *timeline = timeline_new(rows, COUNT_OF(rows));

    assert_int_equal(timeline_rows(timeline), 3);
    assert_int_equal(timeline_row(timeline, 1)->seq, 5);
    assert_int_equal(timeline_at(timeline, 50), 0); /* the first also before */
    assert_int_equal(timeline_at(timeline, 100), 0);
    assert_int_equal(timeline_at(timeline, 199), 0);
    assert_int_equal(timeline_at(timeline, 200), 1);
    assert_int_equal(timeline_at(timeline, 300), 2);
    assert_int_equal(timeline_at(timeline, DAY_LAST), 2);
    timeline_unref(timeline);
    bundle_unref(house);
}

static void the_next_one(void **state UNUSED)
{
    struct bundle *house = bundle_house();
    const struct timeline_row rows[] = {{100, 1, house}, {200, 2, house}};
    struct timeline *timeline = timeline_new(rows, COUNT_OF(rows));

    assert_int_equal(timeline_next(timeline, 50), 200);
    assert_int_equal(timeline_next(timeline, 199), 200);
    assert_int_equal(timeline_next(timeline, 200), DAY_NEVER);
    timeline_unref(timeline);
    bundle_unref(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_greatest_not_after_the_day),
        cmocka_unit_test(the_next_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
