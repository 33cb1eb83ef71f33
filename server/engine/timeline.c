/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Which version is in force when. Rows are few (a published version a day at
 * the most counts), so a sorted array and a binary search are all it takes. */
#include "engine/timeline.h"

#include <stdatomic.h>
#include <stdlib.h>

struct timeline {
    atomic_int refs;
    size_t n;
    struct timeline_row rows[];
};

static int row_order(const void *a, const void *b)
{
    const struct timeline_row *x = a, *y = b;

    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

struct timeline *timeline_new(const struct timeline_row *rows, size_t n)
{
    ensure(n > 0);
    struct timeline *timeline =
        mem_new(sizeof(*timeline) + n * sizeof(timeline->rows[0]));
    struct timeline_row *sorted = mem_copy(rows, n * sizeof(*rows));

    atomic_init(&timeline->refs, 1);
    qsort(sorted, n, sizeof(*sorted), row_order);
    for (size_t i = 0; i < n; i++)
        if (i + 1 == n || sorted[i + 1].from != sorted[i].from)
            timeline->rows[timeline->n++] = sorted[i];
    for (size_t i = 0; i < timeline->n; i++)
        timeline->rows[i].bundle = bundle_ref(timeline->rows[i].bundle);
    free(sorted);
    return timeline;
}

struct timeline *timeline_ref(struct timeline *timeline)
{
    atomic_fetch_add_explicit(&timeline->refs, 1, memory_order_relaxed);
    return timeline;
}

void timeline_unref(struct timeline *timeline)
{
    if (!timeline ||
        atomic_fetch_sub_explicit(&timeline->refs, 1, memory_order_acq_rel) > 1)
        return;
    for (size_t i = 0; i < timeline->n; i++)
        bundle_unref(timeline->rows[i].bundle);
    free(timeline);
}

size_t timeline_rows(const struct timeline *timeline)
{
    return timeline->n;
}

const struct timeline_row *timeline_row(const struct timeline *timeline,
                                        size_t i)
{
    ensure(i < timeline->n);
    return &timeline->rows[i];
}

size_t timeline_at(const struct timeline *timeline, int32_t day)
{
    size_t low = 0, high = timeline->n; /* rows[low] holds, rows[high] not */

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (timeline->rows[middle].from <= day)
            low = middle;
        else
            high = middle;
    }
    return low;
}

int32_t timeline_next(const struct timeline *timeline, int32_t day)
{
    size_t next = timeline_at(timeline, day) + 1;

    return next < timeline->n ? timeline->rows[next].from : DAY_NEVER;
}
