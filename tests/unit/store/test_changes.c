/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What each operation makes of the hash, told as a table: the operations, what
 * the last one answered, and the whole hash afterwards. Today is 2026-03-14. */
#include "with_redis.h"

#define NEW "SET p kind reseller;"
#define BORN "attr:kind:2026-03-14= attr:kind=reseller "
#define REVENUE "revenue:EUR:2026-03-14"

struct row {
    const char *operations; /* separated by ';' */
    const char *answer;     /* of the last: "ver", or "CODE text" */
    const char *hash;
};

static const struct row set_rows[] = {
    {NEW, "1", BORN "ver=1"},
    {"SET p market FR",
     "INVALID kind: a new partner needs one, for example "
     "kind reseller",
     ""},
    {"SET p market FR kind reseller", "1",
     BORN "attr:market:2026-03-14= attr:market=FR ver=1"},
    {NEW "SET p kind reseller", "1", BORN "ver=1"},
    {NEW "SET p kind referral", "2",
     "attr:kind:2026-03-14= attr:kind=referral ver=2"},
    {NEW "SET p kind referral ON 2026-05-01", "2",
     "attr:kind:2026-03-14= attr:kind:2026-05-01=reseller "
     "attr:kind=referral ver=2"},
    {NEW "SET p kind reseller ON 2026-05-01", "2",
     "attr:kind:2026-03-14= attr:kind:2026-05-01=reseller "
     "attr:kind=reseller ver=2"},
    {NEW "SET p kind reseller ON 2026-05-01;SET p kind reseller ON 2026-05-01",
     "2",
     "attr:kind:2026-03-14= attr:kind:2026-05-01=reseller "
     "attr:kind=reseller ver=2"},
    {NEW "SET p kind reseller ON 2026-03-14", "1", BORN "ver=1"},
    {NEW "SET p kind referral ON 2026-01-01", "2",
     "attr:kind:2026-01-01= attr:kind:2026-03-14=referral "
     "attr:kind=reseller ver=2"},
    {NEW "SET p kind reseller ON 2026-01-01", "2",
     "attr:kind:2026-01-01= attr:kind:2026-03-14=reseller "
     "attr:kind=reseller ver=2"},
    {NEW "SET p kind referral ON 2026-05-01;"
         "SET p kind reseller ON 2026-05-01",
     "3",
     "attr:kind:2026-03-14= attr:kind:2026-05-01=reseller "
     "attr:kind=reseller ver=3"},
    {NEW "SET p kind b ON 2026-05-01;SET p kind c ON 2026-04-01", "3",
     "attr:kind:2026-03-14= attr:kind:2026-04-01=reseller "
     "attr:kind:2026-05-01=c attr:kind=b ver=3"},
    {NEW "SET p kind b ON 2026-05-01;SET p kind b ON 2026-04-01", "3",
     "attr:kind:2026-03-14= attr:kind:2026-04-01=reseller "
     "attr:kind:2026-05-01=b attr:kind=b ver=3"},
    {NEW "SET p csat 4.6 market FR,BE ON 2026-03-01", "2",
     "attr:csat:2026-03-01= attr:csat=4.6 " BORN
     "attr:market:2026-03-01= attr:market=FR,BE ver=2"},
};

static const struct row amount_rows[] = {
    {"ADD p revenue 1.00",
     "NOPARTNER no such partner: \"p\"; FACT SET makes "
     "one",
     ""},
    {"PUT p revenue 1.00 ON 2026-03-14",
     "NOPARTNER no such partner: \"p\"; FACT SET makes one", ""},
    {NEW "ADD p revenue 12.50", "2", BORN "sum:" REVENUE "=1250 ver=2"},
    {NEW "ADD p revenue 12.50;ADD p revenue -2.50", "3",
     BORN "cnt:" REVENUE "=2 sum:" REVENUE "=1000 ver=3"},
    {NEW "ADD p revenue 0", "2", BORN "sum:" REVENUE "=0 ver=2"},
    {NEW "ADD p revenue 1 COUNT 5", "2",
     BORN "cnt:" REVENUE "=5 sum:" REVENUE "=100 ver=2"},
    {NEW "ADD p revenue 1 COUNT 5;ADD p revenue 1 COUNT -4", "3",
     BORN "sum:" REVENUE "=200 ver=3"},
    {NEW "ADD p revenue 1;ADD p revenue 0 COUNT 0", "2",
     BORN "sum:" REVENUE "=100 ver=2"},
    {NEW "ADD p revenue/cloud 1 ON 2026-01-02 WITH deal D-9 class license", "2",
     BORN "sum:revenue/cloud:EUR:2026-01-02:class=license,deal=D-9=100 ver=2"},
    {NEW "ADD p visits 3", "2", BORN "sum:visits::2026-03-14=3 ver=2"},
    {NEW "ADD p revenue 100000000000.00;ADD p revenue 0.01",
     "INVALID amount: \"0.01\" makes the entry's total "
     "100000000000.01; at most 100000000000.00",
     BORN "sum:" REVENUE "=10000000000000 ver=2"},
    {NEW "ADD p revenue -100000000000.00;ADD p revenue -0.01",
     "INVALID amount: \"-0.01\" makes the entry's total "
     "-100000000000.01; at least -100000000000.00",
     BORN "sum:" REVENUE "=-10000000000000 ver=2"},
    {NEW "ADD p revenue 99999999999.99;ADD p revenue 99999999999.99",
     "INVALID amount: \"99999999999.99\" makes the entry's total "
     "199999999999.98; at most 100000000000.00",
     BORN "sum:" REVENUE "=9999999999999 ver=2"},
    {NEW "ADD p revenue 10000000000000 JPY;ADD p revenue 1 JPY",
     "INVALID amount: \"1\" makes the entry's total 10000000000001; at most "
     "10000000000000",
     BORN "sum:revenue:JPY:2026-03-14=10000000000000 ver=2"},
    {NEW "ADD p visits 10000000000000;ADD p visits 1",
     "INVALID amount: \"1\" makes the entry's total 10000000000001; at most "
     "10000000000000 (in the unit's smallest part)",
     BORN "sum:visits::2026-03-14=10000000000000 ver=2"},
    {NEW "PUT p revenue 3 ON 2026-03-14", "2",
     BORN "sum:" REVENUE "=300 ver=2"},
    {NEW "PUT p revenue 3 ON 2026-03-14;PUT p revenue 3 ON 2026-03-14", "2",
     BORN "sum:" REVENUE "=300 ver=2"},
    {NEW "ADD p revenue 3 COUNT 2;PUT p revenue 3 ON 2026-03-14", "3",
     BORN "sum:" REVENUE "=300 ver=3"},
    {NEW "ADD p revenue 3;PUT p revenue 4 ON 2026-03-14 COUNT 7", "3",
     BORN "cnt:" REVENUE "=7 sum:" REVENUE "=400 ver=3"},
};

static const struct row identity_rows[] = {
    {NEW "ADD p revenue 1 ID k;ADD p revenue 1 ID k", "2",
     BORN "sum:" REVENUE "=100 ver=2"},
    {NEW "ADD p revenue 1 ID k;ADD p revenue 1 EUR COUNT 1 ID k", "2",
     BORN "sum:" REVENUE "=100 ver=2"},
    {NEW "ADD p revenue 1 ID k;ADD p revenue 2 ID k",
     "CONFLICT id \"k\" was used before with other content",
     BORN "sum:" REVENUE "=100 ver=2"},
    {NEW "ADD p revenue 1 ID k;ADD p revenue 1 ON 2026-03-14 ID k",
     "CONFLICT id \"k\" was used before with other content",
     BORN "sum:" REVENUE "=100 ver=2"},
    {NEW "ADD p revenue 1 ID k;ADD p revenue 1 ID l", "3",
     BORN "cnt:" REVENUE "=2 sum:" REVENUE "=200 ver=3"},
    {NEW "ADD p revenue 100000000000.00 ID k;ADD p revenue 1 ID l;"
         "PUT p revenue 0 ON 2026-03-14;ADD p revenue 1 ID l",
     "4", BORN "cnt:" REVENUE "=2 sum:" REVENUE "=100 ver=4"},
};

#define LESSON "has:training/sales:jdoe:2026-01-10"

static const struct row term_rows[] = {
    {"GRANT p training/sales jdoe",
     "NOPARTNER no such partner: \"p\"; FACT SET makes one", ""},
    {"REVOKE p training/sales jdoe",
     "NOPARTNER no such partner: \"p\"; FACT SET makes one", ""},
    {NEW "GRANT p training/sales jdoe", "2",
     BORN "has:training/sales:jdoe:2026-03-14=/// ver=2"},
    {NEW "GRANT p training/sales jdoe FROM 2026-01-10 UNTIL 2028-01-09", "2",
     BORN LESSON "=2028-01-09/// ver=2"},
    {NEW "GRANT p training/sales jdoe FROM 2026-01-10;"
         "GRANT p training/sales jdoe FROM 2026-01-10",
     "2", BORN LESSON "=/// ver=2"},
    {NEW "GRANT p training/sales jdoe FROM 2026-01-10;"
         "GRANT p training/sales jdoe FROM 2026-01-10 VALUE 5 WITH deal a/b",
     "3", BORN LESSON "=/5//deal=a/b ver=3"},
    {NEW "GRANT p training/sales jdoe FROM 2026-01-10;"
         "GRANT p training/sales jdoe FROM 2027-01-10",
     "3", BORN LESSON "=/// has:training/sales:jdoe:2027-01-10=/// ver=3"},
    {NEW "REVOKE p training/sales x", "1", BORN "ver=1"},
    {NEW "GRANT p training/sales jdoe FROM 2026-01-10;"
         "REVOKE p training jdoe ON 2026-01-10;"
         "REVOKE p training jdoe ON 2026-01-10",
     "3", BORN "ver=3"},
    {NEW "GRANT p training/sales jdoe;REVOKE p training/presales jdoe", "2",
     BORN "has:training/sales:jdoe:2026-03-14=/// ver=2"},
    {NEW "GRANT p training/sales jdoe FROM 2026-01-10;"
         "REVOKE p training/sales jdoe",
     "3", BORN LESSON "=2026-03-13/// ver=3"},
    {NEW "GRANT p training/sales jdoe FROM 2026-01-10;"
         "REVOKE p training jdoe ON 2026-03-01",
     "3", BORN LESSON "=2026-02-28/// ver=3"},
    {NEW "GRANT p training/sales jdoe FROM 2026-01-10;"
         "REVOKE p training jdoe ON 2026-01-10",
     "3", BORN "ver=3"},
    {NEW "GRANT p training/sales jdoe FROM 2026-01-10;"
         "REVOKE p training jdoe ON 2026-01-11",
     "3", BORN LESSON "=2026-01-10/// ver=3"},
    {NEW "GRANT p training/sales jdoe FROM 2026-01-10 UNTIL 2026-02-01;"
         "REVOKE p training jdoe ON 2026-02-02",
     "2", BORN LESSON "=2026-02-01/// ver=2"},
    {NEW "GRANT p training/sales jdoe FROM 2026-01-10 UNTIL 2026-02-01;"
         "REVOKE p training jdoe ON 2026-02-01",
     "3", BORN LESSON "=2026-01-31/// ver=3"},
    {NEW "GRANT p training/sales jdoe FROM 2026-01-10 VALUE 5 WITH deal a/b;"
         "GRANT p training/tech jdoe FROM 2026-02-01;"
         "GRANT p project jdoe FROM 2026-01-01;REVOKE p training jdoe",
     "5",
     BORN "has:project:jdoe:2026-01-01=/// " LESSON "=2026-03-13/5//deal=a/b "
          "has:training/tech:jdoe:2026-02-01=2026-03-13/// ver=5"},
    {NEW "GRANT p project a:b/c:2026-01-01 FROM 2026-01-10;"
         "REVOKE p project a:b/c:2026-01-01 ON 2026-01-12",
     "3", BORN "has:project:a:b/c:2026-01-01:2026-01-10=2026-01-11/// ver=3"},
    {NEW "GRANT p training/sales2 jdoe;REVOKE p training/sales jdoe", "2",
     BORN "has:training/sales2:jdoe:2026-03-14=/// ver=2"},
    {NEW "GRANT p project a:b FROM 2026-01-10;REVOKE p project b", "2",
     BORN "has:project:a:b:2026-01-10=/// ver=2"},
};

static void run_operations(struct rig *rig, const char *text,
                           struct outcome *outcome)
{
    struct str rest = str_of(text);
    char operation[128];

    while (rest.len > 0) {
        size_t end = str_find(rest, ';', 0);

        assert_true(end < sizeof(operation));
        snprintf(operation, sizeof(operation), "%.*s", (int)end, rest.at);
        rig_change_now(rig, operation, outcome);
        rest = str_part(rest, end + 1, rest.len);
    }
}

static void expect_answer(const struct outcome *outcome, const char *answer)
{
    char text[600];

    if (outcome->result == STORE_OK)
        snprintf(text, sizeof(text), "%lld", (long long)outcome->ver);
    else
        snprintf(text, sizeof(text), "%s %s", fault_word(outcome->fault.code),
                 outcome->fault.text);
    assert_string_equal(text, answer);
    assert_int_equal(outcome->result,
                     outcome->fault.code ? STORE_REFUSED : STORE_OK);
}

static void expect_hash(struct rig *rig, const char *hash)
{
    struct buf dump;

    buf_init(&dump);
    rig_dump_hash(rig, "palier:{demo}:partner:p", &dump);
    assert_string_equal(buf_peek(&dump).at, hash);
    buf_fini(&dump);
}

static void run_rows(struct rig *rig, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct outcome outcome = {0};

        rig_do(rig, "FLUSHALL");
        run_operations(rig, rows[i].operations, &outcome);
        expect_answer(&outcome, rows[i].answer);
        expect_hash(rig, rows[i].hash);
    }
}

static void test_set(void **state)
{
    run_rows(*state, set_rows, COUNT_OF(set_rows));
}

static void test_amounts(void **state)
{
    run_rows(*state, amount_rows, COUNT_OF(amount_rows));
}

static void test_identity(void **state)
{
    run_rows(*state, identity_rows, COUNT_OF(identity_rows));
}

static void test_terms(void **state)
{
    run_rows(*state, term_rows, COUNT_OF(term_rows));
}

/* What stands in the hash by another hand. */
static void test_foreign(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome;

    rig_do(rig, "FLUSHALL");
    rig_do(rig, "HSET palier:{demo}:partner:p attr:kind reseller "
                "sum:visits::2026-03-14 x has:project:a:2026-01-01 odd "
                "note mine");
    rig_change_now(rig, "SET p kind reseller", &outcome);
    expect_answer(&outcome, "0");
    rig_change_now(rig, "ADD p visits 1", &outcome);
    expect_answer(&outcome, "INVALID amount: the entry holds \"x\", which is "
                            "no whole number in range; FACT PUT sets it");
    rig_change_now(rig, "REVOKE p project a", &outcome);
    expect_answer(&outcome, "0");
    rig_change_now(rig, "PUT p visits 1 ON 2026-03-14", &outcome);
    expect_answer(&outcome, "1");
    rig_change_now(rig, "SET p kind referral", &outcome);
    expect_hash(rig, "attr:kind:2026-03-14=reseller attr:kind=referral "
                     "has:project:a:2026-01-01=odd note=mine "
                     "sum:visits::2026-03-14=1 ver=2");
}

/* Numbers by another hand that doubles do not hold, and a count at its end. */
static void test_foreign_numbers(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome;

    rig_do(rig, "FLUSHALL");
    rig_do(rig, "HSET palier:{demo}:partner:p attr:kind reseller "
                "sum:visits::2026-03-14 123456789012345678901 "
                "sum:visits::2026-03-15 1 "
                "cnt:visits::2026-03-15 10000000000000");
    rig_change_now(rig, "ADD p visits 1", &outcome);
    expect_answer(&outcome,
                  "INVALID amount: the entry holds \"123456789012345678901\", "
                  "which is no whole number in range; FACT PUT sets it");
    rig_change_now(rig, "ADD p visits 1 ON 2026-03-15 COUNT 2", &outcome);
    expect_answer(&outcome, "INVALID count: \"2\" makes the entry's count "
                            "10000000000002; at most 10000000000000");
}

static void test_broken_ver(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome;

    rig_do(rig, "FLUSHALL");
    rig_do(rig, "HSET palier:{demo}:partner:p attr:kind reseller ver 1x");
    rig_change_now(rig, "ADD p visits 1", &outcome);
    expect_answer(&outcome,
                  "INVALID ver: the partner's is \"1x\", which is no number");
    expect_hash(rig, "attr:kind=reseller ver=1x");
}

static void expect_refusal(const struct outcome *outcome, const char *begins)
{
    assert_int_equal(outcome->result, STORE_REFUSED);
    assert_int_equal(outcome->fault.code, FAULT_UNAVAILABLE);
    if (!str_has_prefix(str_of(outcome->fault.text), str_of(begins)))
        assert_string_equal(outcome->fault.text, begins);
}

/* A key of another type refuses before anything is written. */
static void test_broken_keys(void **state)
{
    static const char *const kinds[] = {"seen:p", "ledger:p", "partners",
                                        "due"};
    struct rig *rig = *state;
    struct outcome outcome;

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        rig_do(rig, "FLUSHALL");
        freeReplyObject(rig_ask(rig, "SET palier:{demo}:%s text", kinds[i]));
        rig_change_now(rig, "SET p kind reseller", &outcome);
        expect_refusal(&outcome, "Redis refuses: WRONGTYPE ");
        expect_hash(rig, "");
    }
}

static void become(struct rig *rig, const char *command,
                   struct outcome *outcome)
{
    rig_do(rig, command);
    rig_change_now(rig, "SET p kind reseller", outcome);
}

/* The partner's own key is no hash; no memory is left; a command is forbidden:
 * Redis has answered, and nobody is told that it is away. */
static void test_redis_refuses(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome;

    rig_do(rig, "FLUSHALL");
    become(rig, "SET palier:{demo}:partner:p text", &outcome);
    expect_refusal(&outcome, "Redis refuses: WRONGTYPE ");
    rig_do(rig, "FLUSHALL");
    become(rig, "CONFIG SET maxmemory 1", &outcome);
    rig_do(rig, "CONFIG SET maxmemory 0");
    expect_refusal(&outcome, "Redis refuses: OOM ");
    expect_hash(rig, "");
    become(rig, "ACL SETUSER default -evalsha", &outcome);
    rig_do(rig, "ACL SETUSER default +evalsha");
    expect_refusal(&outcome, "Redis refuses: NOPERM ");
    expect_hash(rig, "");
}

/* A stream that is none: nothing is erased. */
static void test_forget_refused(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome;

    rig_do(rig, "FLUSHALL");
    rig_change_now(rig, "SET p kind reseller", &outcome);
    rig_do(rig, "XADD palier:{demo}:inbox * partner p");
    rig_do(rig, "SET palier:{demo}:changes text");
    outcome = (struct outcome){0};
    assert_true(store_forget(rig->store, STR("p"), outcome_of_done, &outcome));
    rig_wait(rig, outcome_is_there, &outcome);
    expect_refusal(&outcome, "Redis refuses: WRONGTYPE ");
    expect_hash(rig, BORN "ver=1");
    rig_expect(rig, "XLEN palier:{demo}:inbox", "1");
}

/* Days stated in every order: the same history, and today the value that was
 * stated last before it. */
static void test_set_in_any_order(void **state)
{
    static const char *const facts[] = {
        "SET p market FR ON 2026-01-01", "SET p market DE ON 2026-02-01",
        "SET p market FR ON 2026-03-01", "SET p market FR ON 2026-06-01"};
    static const int orders[][4] = {{0, 1, 2, 3}, {0, 2, 3, 1}, {3, 2, 1, 0},
                                    {2, 0, 3, 1}, {1, 3, 0, 2}, {3, 0, 2, 1}};
    struct rig *rig = *state;
    struct outcome outcome;

    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        rig_do(rig, "FLUSHALL");
        rig_change_now(rig, "SET p kind reseller", &outcome);
        for (size_t j = 0; j < COUNT_OF(facts); j++)
            rig_change_now(rig, facts[orders[i][j]], &outcome);
        rig_change_now(rig, "SET p market FR", &outcome);
        expect_hash(rig, BORN "attr:market:2026-01-01= "
                              "attr:market:2026-02-01=FR "
                              "attr:market:2026-03-01=DE "
                              "attr:market:2026-06-01=FR attr:market=FR "
                              "ver=5");
    }
}

/* Ledger, due and partners move with ver, and only then. */
static void test_companions(void **state)
{
    struct rig *rig = *state;
    struct outcome outcome;
    struct buf line;

    rig_do(rig, "FLUSHALL");
    rig_change_now(rig, "SET p kind reseller", &outcome);
    rig_expect(rig, "ZRANGE palier:{demo}:partners 0 -1 WITHSCORES", "p\n0");
    rig_expect(rig, "ZRANGE palier:{demo}:due 0 -1 WITHSCORES", "p\n0");
    rig_do(rig, "ZADD palier:{demo}:due 20000 p");
    rig_change_now(rig, "SET p kind reseller", &outcome);
    rig_expect(rig, "LLEN palier:{demo}:ledger:p", "1");
    rig_expect(rig, "ZSCORE palier:{demo}:due p", "20000");
    rig_change_now(rig, "ADD p visits 1 ID k", &outcome);
    rig_expect(rig, "ZSCORE palier:{demo}:due p", "0");
    rig_expect(rig, "HKEYS palier:{demo}:seen:p", "k");
    buf_init(&line);
    rig_dump(rig, "LINDEX palier:{demo}:ledger:p 0", &line);
    assert_memory_equal(buf_peek(&line).at, "{\"ver\":2,\"time\":\"20", 19);
    assert_non_null(strstr(buf_peek(&line).at,
                           "Z\",\"who\":\"tester\",\"op\":\"ADD p visits 1 ID "
                           "k\"}"));
    buf_fini(&line);
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
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_amounts),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_terms),
        cmocka_unit_test(test_foreign),
        cmocka_unit_test(test_broken_ver),
        cmocka_unit_test(test_broken_keys),
        cmocka_unit_test(test_companions),
        cmocka_unit_test(test_foreign_numbers),
        cmocka_unit_test(test_redis_refuses),
        cmocka_unit_test(test_forget_refused),
        cmocka_unit_test(test_set_in_any_order),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
