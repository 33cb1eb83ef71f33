/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Changes of partners. What a change means to the hash is decided inside Redis
 * by scripts/redis/change.lua; here its arguments are spelled: fields as
 * facts/field.h writes them, days as text, left-out days as today. */
#include "store/inside.h"
#include "store/redis_answer.h"

enum { DECIMALS_MAX = 9 };

static const struct str words[] = {
    [CHANGE_SET] = {"SET", 3},       [CHANGE_ADD] = {"ADD", 3},
    [CHANGE_PUT] = {"PUT", 3},       [CHANGE_GRANT] = {"GRANT", 5},
    [CHANGE_REVOKE] = {"REVOKE", 6},
};

static void add_day(struct call *call, int32_t day)
{
    char text[DAY_TEXT];

    call_add(call, day_text(day, text));
}

static void add_set(struct call *call, const struct change *change, int32_t on)
{
    add_day(call, on);
    call_add(call, change->on == DAY_NONE ? STR("") : STR("stated"));
    for (size_t i = 0; i < change->nattributes; i++) {
        call_add(call, change->attributes[i].name);
        call_add(call, change->attributes[i].value);
    }
}

static void add_entry(struct call *call, const struct change *change,
                      int32_t on)
{
    struct redis_command *command = &call->command;

    field_encode_sum(&command->bytes, "sum:", change->series, change->unit, on,
                     change->labels);
    redis_command_close_arg(command);
    field_encode_sum(&command->bytes, "cnt:", change->series, change->unit, on,
                     change->labels);
    redis_command_close_arg(command);
    call_add_int(call, change->number);
    call_add_int(call, change->count);
}

/* For the words of a refusal; empty where the unit is no currency. */
static void add_decimals(struct call *call, const struct change *change)
{
    int decimals = currency_decimals(change->unit);

    if (decimals < 0)
        call_add(call, STR(""));
    else
        call_add_int(call, decimals);
}

static void add_identity(struct call *call, const struct change *change)
{
    char digest[DIGEST_HEX + 1];

    change_digest(change, digest);
    call_add(call, change->id);
    call_add(call, str_of(digest));
}

static void add_term(struct call *call, const struct change *change,
                     int32_t today)
{
    struct redis_command *command = &call->command;
    int32_t from = change->from == DAY_NONE ? today : change->from;

    field_encode_term(&command->bytes, change->series, change->id, from);
    redis_command_close_arg(command);
    field_encode_term_value(&command->bytes, change->until, change->has_number,
                            change->number, change->unit, change->labels);
    redis_command_close_arg(command);
}

static void add_revoke(struct call *call, const struct change *change,
                       int32_t on)
{
    call_add(call, change->series);
    call_add(call, change->id);
    add_day(call, on);
    add_day(call, day_add(on, -1));
}

static void add_operation(struct call *call, const struct change *change,
                          int32_t today)
{
    int32_t on = change->on == DAY_NONE ? today : change->on;

    switch (change->op) {
    case CHANGE_SET:
        add_set(call, change, on);
        break;
    case CHANGE_ADD:
        add_entry(call, change, on);
        add_identity(call, change);
        add_decimals(call, change);
        break;
    case CHANGE_PUT:
        add_entry(call, change, on);
        break;
    case CHANGE_GRANT:
        add_term(call, change, today);
        break;
    case CHANGE_REVOKE:
        add_revoke(call, change, on);
        break;
    }
}

/* Decimals below 0: the unit's are not known. */
static void say_range(struct fault *fault, int64_t value, int64_t total,
                      int decimals)
{
    char texts[3][DECIMAL_TEXT];
    int64_t limit = total < 0 ? -DECIMAL_ENTRY_MAX : DECIMAL_ENTRY_MAX;
    int places = decimals < 0 ? 0 : decimals;
    struct str sent = decimal_text(value, places, texts[0]);
    struct str made = decimal_text(total, places, texts[1]);
    struct str most = decimal_text(limit, places, texts[2]);

    fault_set(fault, FAULT_INVALID,
              "amount: \"" STR_FMT "\" makes the entry's total " STR_FMT
              "; at %s " STR_FMT "%s",
              STR_ARG(sent), STR_ARG(made), total < 0 ? "least" : "most",
              STR_ARG(most),
              decimals < 0 ? " (in the unit's smallest part)" : "");
}

/* {"RANGE", number sent, total that it makes, decimals or empty} */
static enum store_result read_range(const struct redisReply *reply,
                                    struct fault *fault)
{
    int64_t value, total, decimals;

    if (!redis_answer_int(redis_answer_at(reply, 1), &value) ||
        !redis_answer_int(redis_answer_at(reply, 2), &total))
        return redis_answer_formless(fault);
    if (!redis_answer_int(redis_answer_at(reply, 3), &decimals) ||
        decimals < 0 || decimals > DECIMALS_MAX)
        decimals = -1;
    say_range(fault, value, total, (int)decimals);
    return STORE_REFUSED;
}

static enum store_result read_verdict(const struct redisReply *reply,
                                      int64_t *ver, struct fault *fault)
{
    struct str word = redis_answer_text(redis_answer_at(reply, 0));
    enum store_result result;

    if (str_is(word, STR("RANGE")))
        return read_range(reply, fault);
    result = redis_answer_verdict(reply, fault);
    if (result == STORE_OK && !redis_answer_int(redis_answer_at(reply, 1), ver))
        return redis_answer_formless(fault);
    return result;
}

static void end_change(struct call *call, const struct redisReply *reply)
{
    struct fault fault;
    enum store_result result = call_result(call, reply, &fault);
    int64_t ver = 0;

    if (result == STORE_OK)
        result = read_verdict(reply, &ver, &fault);
    call->done.change(call->arg, result, ver, &fault);
}

bool store_change(struct store *store, const struct change *change,
                  int32_t today, struct str who, struct str op,
                  store_on_change *done, void *arg)
{
    struct call *call =
        call_new_script(store, CALL_WRITE, SCRIPT_CHANGE, 5, end_change, arg);

    if (!call)
        return false;
    call->done.change = done;
    call_add_key(call, "partner:", change->partner);
    call_add_key(call, "seen:", change->partner);
    call_add_key(call, "ledger:", change->partner);
    call_add_key(call, "partners", STR(""));
    call_add_key(call, "due", STR(""));
    call_add(call, words[change->op]);
    call_add(call, change->partner);
    call_add_time(call);
    call_add(call, who);
    call_add(call, op);
    add_operation(call, change, today);
    call_start(call);
    return true;
}

/* --- forget --------------------------------------------------------------- */

static void end_forget(struct call *call, const struct redisReply *reply)
{
    struct fault fault;
    enum store_result result = call_result(call, reply, &fault);
    int64_t known = 0;

    if (result == STORE_OK && (!redis_answer_int(reply, &known) || known == 0))
        result = STORE_NOT_FOUND;
    call->done.done(call->arg, result, &fault);
}

bool store_forget(struct store *store, struct str partner, store_on_done *done,
                  void *arg)
{
    struct call *call =
        call_new_script(store, CALL_WRITE, SCRIPT_FORGET, 8, end_forget, arg);

    if (!call)
        return false;
    call->done.done = done;
    call_add_key(call, "partner:", partner);
    call_add_key(call, "seen:", partner);
    call_add_key(call, "ledger:", partner);
    call_add_key(call, "partners", STR(""));
    call_add_key(call, "due", STR(""));
    call_add_key(call, "inbox", STR(""));
    call_add_key(call, "rejected", STR(""));
    call_add_key(call, "changes", STR(""));
    call_add(call, partner);
    call_add_key(call, "tier:*", STR(""));
    call_start(call);
    return true;
}
