/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The near-cache: what goes in is found, what is dropped is not, the bound
 * holds, and who is asked for stays. */
#include "engine/cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint64_t SEED = 42;

static struct record *record_of(int64_t ver)
{
    char text[24];
    struct field fields[] = {{STR("ver"), {0}}, {STR("attr:kind"), STR("x")}};

    snprintf(text, sizeof(text), "%lld", (long long)ver);
    fields[0].value = str_of(text);
    return record_new(fields, COUNT_OF(fields));
}

static struct str id_of(int i, char text[24])
{
    snprintf(text, 24, "partner-%d", i);
    return str_of(text);
}

static struct entry *put(struct cache *cache, int i)
{
    char text[24];
    struct str id = id_of(i, text);
    struct record *record = record_of(i);
    struct entry *entry = cache_put(cache, id, str_hash(id, SEED), record, 0);

    record_unref(record);
    return entry;
}

static struct entry *find(struct cache *cache, int i)
{
    char text[24];
    struct str id = id_of(i, text);

    return cache_find(cache, id, str_hash(id, SEED));
}

static void what_is_put_is_found(void **state UNUSED)
{
    struct cache *cache = cache_new(64 << 20);

    for (int i = 0; i < 5000; i++)
        assert_non_null(put(cache, i));
    assert_int_equal(cache_entries(cache), 5000);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(record_ver(find(cache, i)->record), i);
    assert_null(find(cache, 5000));
    cache_free(cache);
}

static void dropping_leaves_the_others(void **state UNUSED)
{
    struct cache *cache = cache_new(64 << 20);

    for (int i = 0; i < 3000; i++)
        put(cache, i);
    for (int i = 0; i < 3000; i += 3)
        cache_drop(cache, find(cache, i));
    for (int i = 0; i < 3000; i++)
        assert_int_equal(find(cache, i) != NULL, i % 3 != 0);
    cache_clear(cache);
    assert_int_equal(cache_entries(cache), 0);
    assert_null(find(cache, 1));
    cache_free(cache);
}

static void putting_again_replaces(void **state UNUSED)
{
    struct cache *cache = cache_new(64 << 20);
    struct record *newer = record_of(99);
    char text[24];
    struct str id = id_of(1, text);

    put(cache, 1);
    size_t bytes = cache_bytes(cache);
    cache_put(cache, id, str_hash(id, SEED), newer, 7);
    record_unref(newer);
    assert_int_equal(cache_entries(cache), 1);
    assert_int_equal(cache_bytes(cache), bytes);
    assert_int_equal(record_ver(find(cache, 1)->record), 99);
    assert_int_equal(find(cache, 1)->count, 7);
    cache_free(cache);
}

static void the_bound_holds(void **state UNUSED)
{
    size_t bound = 256 * 1024;
    struct cache *cache = cache_new(bound);

    for (int i = 0; i < 20000; i++) {
        put(cache, i);
        assert_true(cache_bytes(cache) <= bound);
    }
    assert_int_equal(cache_evictions(cache), 20000 - cache_entries(cache));
    assert_true(cache_entries(cache) > 100);
    cache_free(cache);
}

static void who_is_asked_for_stays(void **state UNUSED)
{
    struct cache *cache = cache_new(256 * 1024);

    put(cache, 0);
    for (int i = 1; i < 20000; i++) {
        put(cache, i);
        assert_non_null(find(cache, 0));
    }
    assert_null(find(cache, 1));
    cache_free(cache);
}

static void what_is_too_large_is_not_kept(void **state UNUSED)
{
    struct cache *cache = cache_new(8 * 1024);
    char *value = mem_new(8000);
    struct field fields[] = {{STR("ver"), STR("1")},
                             {STR("who:knows"), {value, 8000}}};
    memset(value, 'x', 8000);
    /* a field that is not counted is still listed, by its name */
    fields[1].name = (struct str){value, 8000};
    struct record *record = record_new(fields, COUNT_OF(fields));
    struct str id = STR("big");

    assert_null(cache_put(cache, id, str_hash(id, SEED), record, 0));
    assert_int_equal(cache_entries(cache), 0);
    record_unref(record);
    free(value);
    cache_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_found),
        cmocka_unit_test(dropping_leaves_the_others),
        cmocka_unit_test(putting_again_replaces),
        cmocka_unit_test(the_bound_holds),
        cmocka_unit_test(who_is_asked_for_stays),
        cmocka_unit_test(what_is_too_large_is_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
