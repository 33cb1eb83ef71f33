/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_STORE_SCRIPTS_H
#define PALIER_STORE_SCRIPTS_H

#include "base/base.h"

struct embedded;
struct link;

/* The scripts that run inside Redis, embedded from scripts/redis/<name>.lua;
 * what each takes and answers stands at its head. Each stands alone. */
enum script_id {
    SCRIPT_CHANGE,
    SCRIPT_FORGET,
    SCRIPT_LOG,
    SCRIPT_MARK,
    SCRIPT_PUBLISH,
    SCRIPT_REFUSE,
    SCRIPT_VERSIONS,
    SCRIPTS,
};

struct script {
    const struct embedded *source;
    char sha[41]; /* as Redis named it; empty before the first greeting */
};
struct scripts {
    struct script each[SCRIPTS];
};

void scripts_init(struct scripts *scripts);
/* Sends SCRIPT LOAD for each, or for one. An error drops the link. */
void scripts_load(struct scripts *scripts, struct link *link);
void scripts_load_one(struct scripts *scripts, struct link *link,
                      enum script_id id);
struct str scripts_sha(const struct scripts *scripts, enum script_id id);

#endif
