/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The door of service: a process that serves. */
#ifndef PALIER_SERVICE_SERVICE_H
#define PALIER_SERVICE_SERVICE_H

#include "base/base.h"
#include "facts/facts.h"
#include "service/address.h"

/* One setting as CONFIG GET shows it. */
struct setting_shown {
    const char *name;
    struct str value;
};

struct service_options {
    const char *version;      /* Palier's own, "0.1.0" */
    const struct str *listen; /* ADDR:PORT, [ADDR]:PORT or unix:PATH */
    size_t nlisten;
    struct str program;
    const char *scripts; /* NULL: no folder is watched */
    const char *seed;    /* folder that seeds an empty Redis, or NULL */
    const char *data;    /* the private Redis's folder */
    const char *redis;   /* URL; NULL: run a private one */
    size_t workers;
    size_t cache_bytes; /* of the whole process */
    int64_t max_stale_ms;
    size_t clients_max;  /* connections, of the whole process */
    struct str password; /* empty: none */
    int32_t today;       /* DAY_NONE: by the clock */
    const struct setting_shown *settings; /* every one, for CONFIG GET */
    size_t nsettings;
};

/* Serves until SIGTERM or SIGINT, then drains. Returns the exit code: 0, or 1
 * where it could not start (logged, with the reason). */
int service_run(const struct service_options *options) MUST_USE;

#endif
