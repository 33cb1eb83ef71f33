/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "with_redis.h"

#include "store/inside.h"

static bool is_heard(void *arg)
{
    struct rig *rig = arg;

    return store_heard_ms(rig->store) > 0 && rig->epochs > 0;
}

static bool has_changed(void *arg)
{
    return ((struct rig *)arg)->changes > 0;
}

struct wanted {
    struct rig *rig;
    uint64_t epoch;
};

/* Reached, told, and a beat heard in it. */
static bool is_epoch(void *arg)
{
    const struct wanted *wanted = arg;
    struct store *store = wanted->rig->store;

    return store_epoch(store) >= wanted->epoch &&
           store->told_epoch == store_epoch(store) &&
           store->feed.state == FEED_HEARS;
}

static void wait_epoch(struct rig *rig, uint64_t epoch)
{
    struct wanted wanted = {rig, epoch};

    rig_wait(rig, is_epoch, &wanted);
    assert_int_equal(store_epoch(rig->store), epoch);
}

struct moment {
    struct store *store;
    int64_t ms;
};

static bool is_heard_after(void *arg)
{
    const struct moment *moment = arg;

    return store_heard_ms(moment->store) > moment->ms;
}

static void test_beats(void **state)
{
    struct rig *rig = *state;
    struct moment moment = {rig->store, 0};

    rig_wait(rig, is_heard, rig);
    assert_int_equal(store_epoch(rig->store), 1);
    for (int i = 0; i < 5; i++) {
        moment.ms = clock_ms();
        rig_wait(rig, is_heard_after, &moment);
        assert_true(store_heard_ms(rig->store) <= clock_ms());
    }
    assert_int_equal(store_epoch(rig->store), 1);
}

static void expect_changed(struct rig *rig, const char *command,
                           const char *partner)
{
    rig->changes = 0;
    rig_do(rig, command);
    rig_wait(rig, has_changed, rig);
    assert_int_equal(rig->changes, 1);
    assert_string_equal(rig->changed, partner);
}

static void test_invalidations(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome;

    expect_changed(rig, "HSET palier:{demo}:partner:p attr:kind x", "p");
    expect_changed(rig, "HSET palier:{demo}:partner:a/b attr:kind x", "a/b");
    expect_changed(rig, "DEL palier:{demo}:partner:p", "p");
    rig_do(rig, "HSET palier:{other}:partner:z attr:kind x");
    rig_do(rig, "SET palier:{demo}:partners2 x");
    expect_changed(rig, "HSET palier:{demo}:partner:q attr:kind x", "q");
    rig->changes = 0;
    rig_change_now(rig, "SET r kind x", &outcome);
    rig_wait(rig, has_changed, rig);
    assert_string_equal(rig->changed, "r");
}

static bool three_changed(void *arg)
{
    return ((struct rig *)arg)->changes >= 3;
}

static void test_several_in_one(void **state)
{
    struct rig *rig = *state;

    rig->changes = 0;
    rig_do(rig, "DEL palier:{demo}:partner:a/b palier:{demo}:partner:q "
                "palier:{demo}:partner:r");
    rig_wait(rig, three_changed, rig);
    assert_int_equal(rig->changes, 3);
}

static void test_flush(void **state)
{
    struct rig *rig = *state;
    uint64_t epoch = store_epoch(rig->store);

    rig_do(rig, "FLUSHALL");
    wait_epoch(rig, epoch + 1);
    assert_int_equal(rig->epochs, epoch + 1);
}

static void test_feed_lost(void **state)
{
    struct rig *rig = *state;
    uint64_t epoch = store_epoch(rig->store);

    rig_do(rig, "CLIENT KILL TYPE pubsub");
    wait_epoch(rig, epoch + 2);
    assert_int_equal(rig->epochs, epoch + 2);
    assert_int_equal(rig->losses, 0);
    expect_changed(rig, "HSET palier:{demo}:partner:p attr:kind x", "p");
}

/* The beats go astray: the feed is not trusted, and made anew. */
static void test_silent(void **state)
{
    struct rig *rig = *state;
    struct feed *feed = &rig->store->feed;
    uint64_t epoch = store_epoch(rig->store);

    feed->channel[strlen(feed->channel) - 1] ^= 1;
    wait_epoch(rig, epoch + 2);
    assert_int_equal(rig->losses, 0);
}

/* Without a data link there are no beats; that says nothing of the feed. */
static void test_data_lost(void **state)
{
    struct rig *rig = *state;
    struct store *store = rig->store;
    uint64_t epoch = store_epoch(store);
    struct moment moment = {store, 0};

    link_drop(&store->link, "test");
    rig_wait(rig, rig_is_ready, rig);
    moment.ms = clock_ms();
    rig_wait(rig, is_heard_after, &moment);
    assert_int_equal(store_epoch(store), epoch);
}

static void test_redis_lost(void **state)
{
    struct rig *rig = *state;
    uint64_t epoch = store_epoch(rig->store);

    rig_kill_redis(rig);
    rig_start_redis(rig);
    wait_epoch(rig, epoch + 2);
    rig_wait(rig, rig_is_ready, rig);
    expect_changed(rig, "HSET palier:{demo}:partner:p attr:kind x", "p");
}

/* Strangers on the channel prove nothing. */
static void test_strange_beats(void **state)
{
    static const char *const beats[] = {"", "x", "-1", "9000000000000000000"};
    struct rig *rig = *state;
    struct moment moment = {rig->store, 0};

    for (size_t i = 0; i < COUNT_OF(beats); i++)
        freeReplyObject(
            rig_ask(rig, "PUBLISH %s %s", rig->store->feed.channel, beats[i]));
    moment.ms = clock_ms();
    rig_wait(rig, is_heard_after, &moment);
    assert_true(store_heard_ms(rig->store) <= clock_ms());
}

/* The handler closes the store: nothing is called afterwards. */
static void close_on_changed(void *arg, struct str partner UNUSED)
{
    struct rig *rig = arg;

    rig->changes++;
    store_close(rig->store);
    rig->store = NULL;
}

static void test_close_in_event(void **state)
{
    struct rig *rig = *state;

    rig->store->events.on_changed = close_on_changed;
    rig->changes = 0;
    rig_do(rig, "HSET palier:{demo}:partner:p attr:kind y");
    rig_do(rig, "DEL palier:{demo}:partner:p");
    rig_wait(rig, has_changed, rig);
    for (int i = 0; i < 10; i++)
        event_base_loop(rig->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
    assert_int_equal(rig->changes, 1);
}

static int setup(void **state)
{
    static struct rig rig; /* of this program's tests, one after the other */

    rig_init(&rig);
    rig.options.feed = true;
    rig.options.beat_ms = 100;
    rig_start(&rig);
    *state = &rig;
    return 0;
}

static int teardown(void **state)
{
    rig_fini(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beats),
        cmocka_unit_test(test_invalidations),
        cmocka_unit_test(test_several_in_one),
        cmocka_unit_test(test_flush),
        cmocka_unit_test(test_feed_lost),
        cmocka_unit_test(test_silent),
        cmocka_unit_test(test_data_lost),
        cmocka_unit_test(test_strange_beats),
        cmocka_unit_test(test_redis_lost),
        cmocka_unit_test(test_close_in_event),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
