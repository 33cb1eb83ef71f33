/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "with_redis.h"

struct heard {
    int runs;
    enum store_result result;
    struct record *record;
    struct buf text; /* rows, one a line */
};

static bool is_heard(void *arg)
{
    return ((struct heard *)arg)->runs > 0;
}

static void begin(struct heard *heard)
{
    *heard = (struct heard){0};
    buf_init(&heard->text);
}

/* Waits for the answer, compares, gives all back. */
static void expect(struct rig *rig, struct heard *heard,
                   enum store_result result, const char *text)
{
    rig_wait(rig, is_heard, heard);
    buf_add_byte(&heard->text, '\0');
    assert_int_equal(heard->runs, 1);
    assert_int_equal(heard->result, result);
    assert_string_equal(buf_peek(&heard->text).at, text);
    buf_fini(&heard->text);
}

/* --- fetch ---------------------------------------------------------------- */

static void on_record(void *arg, enum store_result result,
                      struct record *record, const struct fault *fault)
{
    struct heard *heard = arg;

    heard->runs++;
    heard->result = result;
    heard->record = record;
    buf_print(&heard->text, "%s", fault->text);
}

static void test_fetch(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome;
    struct heard heard;
    struct amount amount;

    begin(&heard);
    rig_do(rig, "FLUSHALL");
    rig_change_now(rig, "SET p kind reseller", &outcome);
    rig_change_now(rig, "ADD p revenue/cloud 12.50", &outcome);
    assert_true(store_fetch(rig->store, STR("p"), on_record, &heard));
    assert_int_equal(heard.runs, 0);
    expect(rig, &heard, STORE_OK, "");
    assert_int_equal(record_ver(heard.record), 2);
    assert_int_equal(record_amounts(heard.record), 1);
    record_amount(heard.record, 0, &amount);
    assert_int_equal(amount.number, 1250);
    assert_int_equal(amount.day, rig_today());
    record_unref(heard.record);
}

static void test_fetch_unknown(void **state)
{
    struct rig *rig = *state;
    struct heard heard;

    begin(&heard);
    assert_true(store_fetch(rig->store, STR("nobody"), on_record, &heard));
    expect(rig, &heard, STORE_NOT_FOUND, "");
    assert_null(heard.record);
}

/* A key of another type is no partner that we know of, and no crash. */
static void test_fetch_wrong_type(void **state)
{
    struct rig *rig = *state;
    struct heard heard;

    begin(&heard);
    rig_do(rig, "SET palier:{demo}:partner:odd text");
    assert_true(store_fetch(rig->store, STR("odd"), on_record, &heard));
    expect(rig, &heard, STORE_REFUSED,
           "Redis refuses: WRONGTYPE Operation against a key holding the wrong "
           "kind of value");
    assert_null(heard.record);
    rig_do(rig, "DEL palier:{demo}:partner:odd");
}

/* --- log ------------------------------------------------------------------ */

static void on_log(void *arg, enum store_result result,
                   const struct ledger_line *lines, size_t n)
{
    struct heard *heard = arg;

    heard->runs++;
    heard->result = result;
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(lines[i].time.len, 20);
        buf_print(&heard->text, "%d " STR_FMT " " STR_FMT "\n",
                  (int)lines[i].ver, STR_ARG(lines[i].who),
                  STR_ARG(lines[i].op));
    }
}

static void expect_log(struct rig *rig, const char *partner, size_t count,
                       enum store_result result, const char *text)
{
    struct heard heard;

    begin(&heard);
    assert_true(store_log(rig->store, str_of(partner), count, on_log, &heard));
    expect(rig, &heard, result, text);
}

static void test_log(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome;

    rig_do(rig, "FLUSHALL");
    expect_log(rig, "p", 10, STORE_NOT_FOUND, "");
    rig_change_now(rig, "SET p kind reseller", &outcome);
    rig_change_now(rig, "SET p name \"ä\\/", &outcome);
    rig_change_now(rig, "ADD p visits 1", &outcome);
    expect_log(rig, "p", 10, STORE_OK,
               "3 tester ADD p visits 1\n2 tester SET p name \"ä\\/\n"
               "1 tester SET p kind reseller\n");
    expect_log(rig, "p", 1, STORE_OK, "3 tester ADD p visits 1\n");
    expect_log(rig, "p", 0, STORE_OK, "");
    expect_log(rig, "p", SIZE_MAX, STORE_OK,
               "3 tester ADD p visits 1\n2 tester SET p name \"ä\\/\n"
               "1 tester SET p kind reseller\n");
}

/* Lines by another hand, and a partner without any. */
static void test_log_foreign(void **state)
{
    struct rig *rig = *state;

    rig_do(rig, "FLUSHALL");
    rig_do(rig, "HSET palier:{demo}:partner:p attr:kind x");
    expect_log(rig, "p", 10, STORE_OK, "");
    rig_do(rig, "RPUSH palier:{demo}:ledger:p {} [] nonsense {\"ver\":\"1\"} "
                "{\"ver\":7,\"time\":\"2026-01-01T00:00:00Z\",\"who\":3}");
    expect_log(rig, "p", 10, STORE_OK, "7  \n");
}

/* --- page ----------------------------------------------------------------- */

static void on_ids(void *arg, enum store_result result, const struct str *ids,
                   size_t n)
{
    struct heard *heard = arg;

    heard->runs++;
    heard->result = result;
    for (size_t i = 0; i < n; i++)
        buf_print(&heard->text, STR_FMT " ", STR_ARG(ids[i]));
}

static void expect_page(struct rig *rig, const char *after, size_t count,
                        const char *ids)
{
    struct heard heard;

    begin(&heard);
    assert_true(store_page(rig->store, str_of(after), count, on_ids, &heard));
    expect(rig, &heard, STORE_OK, ids);
}

static void test_page(void **state)
{
    struct rig *rig = *state;

    rig_do(rig, "FLUSHALL");
    expect_page(rig, "", 10, "");
    rig_do(rig, "ZADD palier:{demo}:partners 0 b 0 a 0 ab 0 (c 0 B");
    expect_page(rig, "", 10, "(c B a ab b ");
    expect_page(rig, "", 2, "(c B ");
    expect_page(rig, "B", 2, "a ab ");
    expect_page(rig, "aa", 2, "ab b ");
    expect_page(rig, "(c", 1, "B ");
    expect_page(rig, "b", 10, "");
    expect_page(rig, "", 0, "");
}

/* --- forget --------------------------------------------------------------- */

static void plant(struct rig *rig)
{
    static const char *const streams[] = {"inbox", "rejected", "changes"};
    struct outcome outcome;

    rig_do(rig, "FLUSHALL");
    rig_change_now(rig, "SET p kind reseller", &outcome);
    rig_change_now(rig, "SET q kind reseller", &outcome);
    rig_change_now(rig, "ADD p visits 1 ID k", &outcome);
    rig_do(rig, "SADD palier:{demo}:tier:gold p q");
    rig_do(rig, "SADD palier:{demo}:tier:storage/expert p");
    rig_do(rig, "SADD palier:{other}:tier:gold p");
    for (size_t i = 0; i < COUNT_OF(streams); i++)
        for (int n = 0; n < 2500; n++)
            freeReplyObject(rig_ask(rig,
                                    "XADD palier:{demo}:%s * op add "
                                    "partner %s",
                                    streams[i], n % 2 ? "p" : "q"));
}

static void test_forget(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome = {0};

    plant(rig);
    assert_true(store_forget(rig->store, STR("p"), outcome_of_done, &outcome));
    rig_wait(rig, outcome_is_there, &outcome);
    assert_int_equal(outcome.result, STORE_OK);
    rig_expect(rig,
               "EXISTS palier:{demo}:partner:p palier:{demo}:seen:p "
               "palier:{demo}:ledger:p palier:{demo}:tier:storage/expert",
               "0");
    rig_expect(rig, "ZRANGE palier:{demo}:partners 0 -1", "q");
    rig_expect(rig, "ZRANGE palier:{demo}:due 0 -1", "q");
    rig_expect(rig, "SMEMBERS palier:{demo}:tier:gold", "q");
    rig_expect(rig, "SMEMBERS palier:{other}:tier:gold", "p");
    rig_expect(rig, "XLEN palier:{demo}:inbox", "1250");
    rig_expect(rig, "XLEN palier:{demo}:rejected", "1250");
    rig_expect(rig, "XLEN palier:{demo}:changes", "1250");
    rig_expect(rig, "EXISTS palier:{demo}:partner:q", "1");
}

static void test_forget_unknown(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome = {0};

    rig_do(rig, "FLUSHALL");
    assert_true(store_forget(rig->store, STR("p"), outcome_of_done, &outcome));
    rig_wait(rig, outcome_is_there, &outcome);
    assert_int_equal(outcome.result, STORE_NOT_FOUND);
    assert_int_equal(outcome.runs, 1);
}

/* --- the server ----------------------------------------------------------- */

static void on_text(void *arg, enum store_result result, struct str text)
{
    struct heard *heard = arg;

    heard->runs++;
    heard->result = result;
    assert_int_equal(str_find(text, 'r', 0) < text.len, true);
    assert_non_null(memmem(text.at, text.len, "redis_version:", 14));
}

static void test_info(void **state)
{
    struct rig *rig = *state;
    struct heard heard;

    begin(&heard);
    assert_true(store_server_info(rig->store, on_text, &heard));
    expect(rig, &heard, STORE_OK, "");
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
        cmocka_unit_test(test_fetch),
        cmocka_unit_test(test_fetch_unknown),
        cmocka_unit_test(test_fetch_wrong_type),
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_log_foreign),
        cmocka_unit_test(test_page),
        cmocka_unit_test(test_forget),
        cmocka_unit_test(test_forget_unknown),
        cmocka_unit_test(test_info),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
