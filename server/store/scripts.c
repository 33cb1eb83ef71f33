/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Scripts are sent to Redis once per connection and called by their SHA-1,
 * which Redis tells when it loads them. It may forget them at any time (SCRIPT
 * FLUSH); call.c knows what to do then. */
#include <string.h>

#include "store/embedded.h"
#include "store/link.h"
#include "store/redis_answer.h"
#include "store/scripts.h"

static const char *const names[SCRIPTS] = {
    [SCRIPT_CHANGE] = "redis/change.lua",
    [SCRIPT_FORGET] = "redis/forget.lua",
    [SCRIPT_LOG] = "redis/log.lua",
    [SCRIPT_MARK] = "redis/mark.lua",
    [SCRIPT_PUBLISH] = "redis/publish.lua",
    [SCRIPT_REFUSE] = "redis/refuse.lua",
    [SCRIPT_VERSIONS] = "redis/versions.lua",
};

static const struct embedded *find(const char *name)
{
    for (const struct embedded *row = store_embedded; row->name; row++)
        if (strcmp(row->name, name) == 0)
            return row;
    die("the build left out scripts/%s", name);
}

void scripts_init(struct scripts *scripts)
{
    *scripts = (struct scripts){0};
    for (int i = 0; i < SCRIPTS; i++)
        scripts->each[i].source = find(names[i]);
}

static void on_loaded(struct redisAsyncContext *context, void *reply, void *arg)
{
    struct link *link = link_of_reply(context, reply);
    struct script *script = arg;
    struct str sha = redis_answer_text(reply);
    struct fault fault;

    if (!link)
        return;
    if (redis_answer_result(reply, &fault) != STORE_OK) {
        link_drop(link, fault.text);
    } else if (sha.len != sizeof(script->sha) - 1) {
        link_drop(link, "SCRIPT LOAD did not answer with a SHA-1");
    } else {
        memcpy(script->sha, sha.at, sha.len);
        script->sha[sha.len] = '\0';
    }
}

void scripts_load_one(struct scripts *scripts, struct link *link,
                      enum script_id id)
{
    struct script *script = &scripts->each[id];
    const struct embedded *source = script->source;
    struct redis_command command;

    redis_command_init(&command);
    redis_command_add(&command, STR("SCRIPT"));
    redis_command_add(&command, STR("LOAD"));
    redis_command_add(&command, (struct str){source->text, source->len});
    if (!link_send(link, &command, on_loaded, script))
        link_drop_soon(link);
    redis_command_fini(&command);
}

void scripts_load(struct scripts *scripts, struct link *link)
{
    for (int i = 0; i < SCRIPTS; i++)
        scripts_load_one(scripts, link, (enum script_id)i);
}

struct str scripts_sha(const struct scripts *scripts, enum script_id id)
{
    return str_of(scripts->each[id].sha);
}
