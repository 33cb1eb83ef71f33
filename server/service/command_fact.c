/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Changes of facts. All five say the same thing in different words: a change,
 * checked here against the policy in force, made in Redis by one script. */
#include "service/command.h"
#include "service/loop.h"

/* Ends a change: the connection's reads may go on. */
static void change_over(struct request *rq)
{
    rq->conn->changes--;
    request_done(rq);
}

static void fact_on_change(void *arg, enum store_result result, int64_t ver,
                           const struct fault *fault)
{
    struct request *rq = arg;

    if (result == STORE_OK)
        reply_int(&rq->reply, ver);
    else
        request_fail(rq, fault);
    change_over(rq);
}

/* For the ledger: a day that was left out is the one that it came to mean. */
static struct change dated(const struct change *change, int32_t today)
{
    struct change whole = *change;

    if (change->op == CHANGE_GRANT && change->from == DAY_NONE)
        whole.from = today;
    if (change->op != CHANGE_GRANT && change->on == DAY_NONE)
        whole.on = today;
    return whole;
}

static bool read_change(struct request *rq, struct change *change,
                        struct buf *op, struct fault *fault)
{
    struct policy *policy = engine_policy(rq->engine, DAY_NONE, fault);

    if (!policy)
        return false;
    const struct schema *schema = &policy_program(policy)->schema;
    if (!change_parse(rq->words + 1, rq->n - 1, schema,
                      engine_today(rq->engine), rq->arena, change, fault))
        return false;
    const struct change whole = dated(change, engine_today(rq->engine));
    change_say(&whole, schema, op);
    return true;
}

static void make_change(struct request *rq, const struct change *change,
                        struct str op)
{
    struct request *later = request_later(rq);

    later->conn->changes++;
    ensure(engine_change(rq->engine, change, conn_who(rq->conn), op,
                         fact_on_change, later));
}

void command_fact_change(struct request *rq)
{
    struct change change;
    struct fault fault = {0};
    struct buf op;

    if (!engine_has_room(rq->engine)) {
        request_retry(rq);
        return;
    }
    buf_init(&op);
    if (read_change(rq, &change, &op, &fault)) {
        make_change(rq, &change, buf_peek(&op));
    } else {
        worker_count(rq->worker, COUNTER_facts_refused, 1);
        request_fail(rq, &fault);
    }
    buf_fini(&op);
}

static void fact_on_forget(void *arg, enum store_result result,
                           const struct fault *fault)
{
    struct request *rq = arg;

    if (result == STORE_OK || result == STORE_NOT_FOUND)
        reply_int(&rq->reply, result == STORE_OK);
    else
        request_fail(rq, fault);
    change_over(rq);
}

void command_fact_forget(struct request *rq)
{
    if (!engine_has_room(rq->engine)) {
        request_retry(rq);
        return;
    }
    struct request *later = request_later(rq);
    later->conn->changes++;
    ensure(engine_forget(rq->engine, later->words[2], fact_on_forget, later));
}
