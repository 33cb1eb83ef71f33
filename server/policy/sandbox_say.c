/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * From what Lua and the meter know to one line for a person. The error's value
 * is a script's: it may be of any type, and nothing is called on it; its bytes
 * are cleaned where every fault's are. */
#include "policy/sandbox_say.h"

#include <inttypes.h>
#include <lauxlib.h>

static void say_budget(const struct meter *meter, enum meter_cause cause,
                       const char *place, struct fault *fault)
{
    int64_t limit = meter_limit(meter, cause);

    switch (cause) {
    case METER_TEXT:
        fault_set(fault, FAULT_BUDGET,
                  "%sthe policy made a text longer than %" PRId64 " bytes",
                  place, limit);
        break;
    case METER_CLOCK:
        fault_set(fault, FAULT_BUDGET,
                  "%sthe policy was stopped after %" PRId64 " ms", place,
                  limit);
        break;
    default:
        fault_set(fault, FAULT_BUDGET,
                  "%sthe policy used up its budget of %" PRId64 " %s", place,
                  limit, cause == METER_BYTES ? "bytes" : "instructions");
    }
}

static void say_error(lua_State *L, const char *place, struct fault *fault)
{
    struct str text;

    if (lua_type(L, -1) != LUA_TSTRING) {
        fault_set(fault, FAULT_POLICYERR, "%sthe error is no text but a %s",
                  place, luaL_typename(L, -1));
        return;
    }
    text.at = lua_tolstring(L, -1, &text.len);
    if (place[0] != '\0')
        text = place_skip_language(text);
    fault_set(fault, FAULT_POLICYERR, "%s" STR_FMT,
              place_begins(text) ? "" : place, STR_ARG(text));
}

void sandbox_say(lua_State *L, int status, const struct meter *meter,
                 const struct place *place, struct fault *fault)
{
    enum meter_cause cause = meter->cause;
    char where[PLACE_BYTES];

    place_write(place, where);
    if (cause == METER_NONE && status == LUA_ERRMEM)
        cause = meter->refused != METER_NONE ? meter->refused : METER_BYTES;
    if (cause != METER_NONE)
        say_budget(meter, cause, where, fault);
    else
        say_error(L, where, fault);
}
