/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The callback law: whatever happens to Redis, the link or the store, each
 * `done` runs once or, after store_close, never; and writes keep their order.
 */
#include "with_redis.h"

#include "store/inside.h"

enum { MANY = 300 };

static void on_flushed(struct redisAsyncContext *context, void *reply,
                       void *arg UNUSED)
{
    const struct link *link UNUSED = link_of_reply(context, reply);
}

/* SCRIPT FLUSH down the store's own connection, between two of its calls. */
static void flush_scripts(struct rig *rig)
{
    struct redis_command command;

    redis_command_init(&command);
    redis_command_add(&command, STR("SCRIPT"));
    redis_command_add(&command, STR("FLUSH"));
    assert_true(link_send(&rig->store->link, &command, on_flushed, NULL));
    redis_command_fini(&command);
}

static bool none_under_way(void *arg)
{
    struct rig *rig = arg;

    return store_calls(rig->store) == 0;
}

static void birth(struct rig *rig)
{
    struct outcome outcome;

    rig_do(rig, "FLUSHALL");
    rig_change_now(rig, "SET p kind reseller", &outcome);
    assert_int_equal(outcome.result, STORE_OK);
}

/* What is due now. */
static void rig_turn(struct rig *rig)
{
    for (int i = 0; i < 3; i++)
        event_base_loop(rig->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

static void put(struct rig *rig, int i, struct outcome *outcome)
{
    char text[64];

    snprintf(text, sizeof(text), "PUT p visits %d ON 2026-03-14", i);
    rig_change(rig, text, outcome);
}

static void on_log(void *arg, enum store_result result,
                   const struct ledger_line *lines UNUSED, size_t n UNUSED)
{
    int *good = arg;

    *good += result == STORE_OK;
}

/* `every`: how many changes between two times that Redis forgets all scripts.
 * `turn`: how many until the loop may run once. */
static void run_order(struct rig *rig, int every, int turn)
{
    static struct outcome outcomes[MANY];
    int reads = 0;

    birth(rig);
    for (int i = 0; i < MANY; i++) {
        put(rig, i, &outcomes[i]);
        if (i % every == 0)
            flush_scripts(rig);
        if (i % 10 == 0)
            assert_true(store_log(rig->store, STR("p"), 1, on_log, &reads));
        if (i % turn == 0)
            event_base_loop(rig->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
    }
    rig_wait(rig, none_under_way, rig);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(outcomes[i].runs, 1);
        assert_int_equal(outcomes[i].result, STORE_OK);
        assert_int_equal(outcomes[i].ver, i + 2);
    }
    assert_int_equal(reads, MANY / 10);
}

static void test_order_without_scripts(void **state)
{
    run_order(*state, 1, 1000);
    run_order(*state, 7, 1000);
    run_order(*state, 7, 3);
    run_order(*state, 50, 1);
    run_order(*state, 100, 9);
}

static void test_unready_ends_later(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome;
    int64_t ready = rig->readies;

    birth(rig);
    link_drop(&rig->store->link, "test");
    put(rig, 1, &outcome);
    assert_int_equal(outcome.runs, 0);
    assert_int_equal(store_calls(rig->store), 1);
    rig_wait(rig, outcome_is_there, &outcome);
    assert_int_equal(outcome.result, STORE_UNAVAILABLE);
    assert_int_equal(outcome.fault.code, FAULT_UNAVAILABLE);
    assert_string_equal(outcome.fault.text,
                        "Redis cannot be reached; nothing was sent");
    rig_wait(rig, rig_is_ready, rig);
    assert_int_equal(rig->readies, ready + 1);
}

static void test_room(void **state)
{
    struct rig *rig = *state;
    struct outcome outcomes[3];
    struct store *store = rig->store;

    birth(rig);
    store->options.calls_max = 2;
    put(rig, 1, &outcomes[0]);
    assert_true(store_has_room(store));
    put(rig, 2, &outcomes[1]);
    assert_false(store_has_room(store));
    assert_false(store_forget(store, STR("p"), outcome_of_done, &outcomes[2]));
    rig_wait(rig, none_under_way, rig);
    store->options.calls_max = store_options_default.calls_max;
    store->options.bytes_max = 100;
    put(rig, 3, &outcomes[0]);
    assert_false(store_has_room(store));
    rig_wait(rig, none_under_way, rig);
    assert_true(store_has_room(store));
    store->options.bytes_max = store_options_default.bytes_max;
}

static bool has_room(void *arg)
{
    struct rig *rig = arg;

    return rig->rooms > 0;
}

/* Whoever waits for room is told, whatever call it was that ended, answered or
 * lost, once for each time there was none. */
static void test_room_is_told(void **state)
{
    struct rig *rig = *state;
    int reads = 0;

    birth(rig);
    rig->rooms = 0;
    assert_true(store_log(rig->store, STR("p"), 1, on_log, &reads));
    rig_wait(rig, none_under_way, rig);
    rig_turn(rig);
    assert_int_equal(rig->rooms, 0);
    rig->store->options.calls_max = 1;
    assert_true(store_log(rig->store, STR("p"), 1, on_log, &reads));
    assert_false(store_log(rig->store, STR("p"), 1, on_log, &reads));
    rig_wait(rig, has_room, rig);
    assert_true(store_has_room(rig->store));
    assert_int_equal(reads, 2);
    link_drop(&rig->store->link, "test");
    assert_true(store_log(rig->store, STR("p"), 1, on_log, &reads));
    assert_int_equal(rig->rooms, 1);
    rig_wait(rig, none_under_way, rig);
    rig_turn(rig);
    assert_int_equal(rig->rooms, 2);
    assert_int_equal(reads, 2);
    rig->store->options.calls_max = store_options_default.calls_max;
    rig_wait(rig, rig_is_ready, rig);
}

/* A `done` that takes the room again at once: it is not told until there is
 * some. */
static void log_again(void *arg, enum store_result result UNUSED,
                      const struct ledger_line *lines UNUSED, size_t n UNUSED)
{
    struct rig *rig = arg;
    static int reads;

    assert_int_equal(rig->rooms, 0);
    assert_true(store_log(rig->store, STR("p"), 1, on_log, &reads));
    assert_false(store_has_room(rig->store));
}

static void test_room_taken_again(void **state)
{
    struct rig *rig = *state;

    birth(rig);
    rig->rooms = 0;
    rig->store->options.calls_max = 1;
    assert_true(store_log(rig->store, STR("p"), 1, log_again, rig));
    rig_wait(rig, has_room, rig);
    assert_int_equal(store_calls(rig->store), 0);
    assert_int_equal(rig->rooms, 1);
    rig->store->options.calls_max = store_options_default.calls_max;
}

static void reopen(struct rig *rig, int64_t call_ms)
{
    store_close(rig->store);
    rig->readies = rig->losses = 0;
    rig->options.call_ms = call_ms;
    rig_open_store(rig);
    rig_wait(rig, rig_is_ready, rig);
}

/* A Redis that does not answer: the oldest call ends the link. */
static void test_deadline(void **state)
{
    struct rig *rig = *state;
    static struct outcome outcomes[20];
    int losses;

    birth(rig);
    reopen(rig, 60);
    losses = rig->losses;
    assert_int_equal(kill(rig->redis, SIGSTOP), 0);
    for (int i = 0; i < 20; i++)
        put(rig, i, &outcomes[i]);
    rig_wait(rig, none_under_way, rig);
    assert_int_equal(kill(rig->redis, SIGCONT), 0);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(outcomes[i].runs, 1);
        assert_int_equal(outcomes[i].result, STORE_UNAVAILABLE);
        assert_string_equal(outcomes[i].fault.text,
                            "Redis cannot be reached in time; the change may "
                            "have been made all the same");
    }
    assert_int_equal(rig->losses, losses + 1);
    rig_wait(rig, rig_is_ready, rig);
    reopen(rig, WAIT_MS);
    put(rig, 77, &outcomes[0]);
    rig_wait(rig, outcome_is_there, &outcomes[0]);
    assert_int_equal(outcomes[0].result, STORE_OK);
}

/* Killed with calls under way, some of them answered, some waiting for the
 * scripts. */
static void run_loss(struct rig *rig, int turns)
{
    static struct outcome outcomes[MANY];
    bool lost = false;

    birth(rig);
    flush_scripts(rig);
    for (int i = 0; i < MANY; i++)
        put(rig, i, &outcomes[i]);
    for (int i = 0; i < turns; i++)
        event_base_loop(rig->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
    rig_kill_redis(rig);
    rig_wait(rig, none_under_way, rig);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(outcomes[i].runs, 1);
        lost |= outcomes[i].result != STORE_OK;
        assert_int_equal(outcomes[i].result,
                         lost ? STORE_UNAVAILABLE : STORE_OK);
    }
    rig_start_redis(rig);
    rig_wait(rig, rig_is_ready, rig);
}

/* Lost while it waited for its script: it was never sent. */
static void test_lost_unsent(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome;

    birth(rig);
    rig->store->calls.recovering = true;
    put(rig, 1, &outcome);
    link_drop(&rig->store->link, "test");
    rig_wait(rig, outcome_is_there, &outcome);
    assert_int_equal(outcome.result, STORE_UNAVAILABLE);
    assert_string_equal(outcome.fault.text,
                        "Redis cannot be reached; nothing was sent");
    rig_wait(rig, rig_is_ready, rig);
}

static void test_loss(void **state)
{
    for (int turns = 0; turns < 8; turns += 2)
        run_loss(*state, turns);
}

/* After a failover the server refuses writes: another connection is made. */
static void test_readonly_drains(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome;
    int losses = rig->losses;

    birth(rig);
    rig_do(rig, "REPLICAOF 127.0.0.1 1");
    rig_change_now(rig, "ADD p visits 1", &outcome);
    assert_int_equal(outcome.result, STORE_UNAVAILABLE);
    assert_memory_equal(outcome.fault.text, "Redis refuses: READONLY ", 24);
    rig_do(rig, "REPLICAOF NO ONE");
    rig_wait(rig, rig_is_ready, rig);
    assert_int_equal(rig->losses, losses + 1);
    rig_change_now(rig, "ADD p visits 1", &outcome);
    assert_int_equal(outcome.result, STORE_OK);
}

/* --- closing -------------------------------------------------------------- */

struct closer {
    struct rig *rig;
    int runs;
};

static void close_and_open(void *arg, enum store_result result UNUSED,
                           int64_t ver UNUSED, const struct fault *fault UNUSED)
{
    struct closer *closer = arg;

    closer->runs++;
    store_close(closer->rig->store);
    closer->rig->readies = closer->rig->losses = 0;
    rig_open_store(closer->rig);
}

static bool has_run(void *arg)
{
    return ((struct closer *)arg)->runs > 0;
}

static void run_close(struct rig *rig, bool lost)
{
    struct pair kind = {STR("kind"), STR("reseller")};
    struct change change = {.op = CHANGE_SET,
                            .partner = STR("p"),
                            .attributes = &kind,
                            .nattributes = 1,
                            .on = DAY_NONE};
    struct closer closer = {.rig = rig};

    if (lost)
        link_drop(&rig->store->link, "test");
    for (int i = 0; i < 50; i++)
        assert_true(store_change(rig->store, &change, rig_today(), STR("who"),
                                 STR("op"), close_and_open, &closer));
    rig_wait(rig, has_run, &closer);
    rig_wait(rig, rig_is_ready, rig);
    assert_int_equal(closer.runs, 1);
}

static void test_close_in_done(void **state)
{
    run_close(*state, false);
    run_close(*state, true);
}

/* With a call under way, in whatever state the link is after some turns. */
static void test_close_any_time(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome;

    for (int turns = 0; turns < 12; turns++) {
        for (int i = 0; i < turns; i++)
            event_base_loop(rig->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
        put(rig, 1, &outcome);
        store_close(rig->store);
        rig_open_store(rig);
        assert_int_equal(outcome.runs, 0);
    }
    rig->readies = rig->losses = 0;
    rig_wait(rig, rig_is_ready, rig);
}

static int setup(void **state)
{
    static struct rig rig; /* of this program's tests, one after the other */

    rig_init(&rig);
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
        cmocka_unit_test(test_order_without_scripts),
        cmocka_unit_test(test_unready_ends_later),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_room_is_told),
        cmocka_unit_test(test_room_taken_again),
        cmocka_unit_test(test_lost_unsent),
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_loss),
        cmocka_unit_test(test_readonly_drains),
        cmocka_unit_test(test_close_in_done),
        cmocka_unit_test(test_close_any_time),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
