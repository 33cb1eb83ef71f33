/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Between the command line and the serving process: settings in, the options
 * of the service out. Whatever can be known to be wrong is said here, on one
 * line, before anything is started. */
#include "main/serve.h"

#include <stdio.h>
#include <unistd.h>

#include "main/options.h"
#include "main/privilege.h"
#include "service/service.h"

enum { EXIT_REFUSED = 1, EXIT_USAGE = 2 };

static int refuse(const struct fault *fault, int code)
{
    fprintf(stderr, "palier serve: %s\n", fault->text);
    return code;
}

static void show_settings(struct options *options, struct setting_shown *shown)
{
    for (enum setting i = 0; i < SETTINGS; i++)
        shown[i] = (struct setting_shown){
            setting_rows[i].name,
            setting_show(i, &options->values[i], &options->arena)};
}

/* The folder that seeds an empty Redis: ./scripts, where it is one. */
static const char *find_seed(void)
{
    return access("scripts/program.lua", R_OK) ? NULL : "scripts";
}

static struct service_options describe(const struct options *options,
                                       const struct setting_shown *shown)
{
    const struct setting_value *listen = &options->values[SETTING_listen];
    return (struct service_options){
        .version = PALIER_VERSION,
        .listen = listen->items,
        .nlisten = listen->nitems,
        .program = options->values[SETTING_program].text,
        .scripts = options_text(options, SETTING_scripts),
        .seed = find_seed(),
        .data = options_text(options, SETTING_data),
        .redis = options_text(options, SETTING_redis),
        .workers = (size_t)options_number(options, SETTING_workers),
        .cache_bytes = (size_t)options_number(options, SETTING_cache),
        .max_stale_ms = 1000 * options_number(options, SETTING_max_stale),
        .clients_max = (size_t)options_number(options, SETTING_max_clients),
        .today = options->today,
        .settings = shown,
        .nsettings = SETTINGS,
    };
}

static int run(struct options *options)
{
    struct fault fault = {0};
    log_set_level((enum log_level)options_number(options, SETTING_log_level));
    struct setting_value *clients = &options->values[SETTING_max_clients];
    clients->number = (int64_t)privilege_clients((size_t)clients->number);
    struct setting_shown shown[SETTINGS];
    show_settings(options, shown);
    struct service_options service = describe(options, shown);
    const char *file = options_text(options, SETTING_password_file);
    if (file &&
        !privilege_password(file, &options->arena, &service.password, &fault))
        return refuse(&fault, EXIT_USAGE);
    const char *user = options_text(options, SETTING_user);
    if (user && !privilege_drop(user, &fault))
        return refuse(&fault, EXIT_USAGE);
    return service_run(&service);
}

int serve_main(int argc, char **argv)
{
    struct options options;
    struct fault fault = {0};
    int code = 0;
    if (!options_collect(&options, argc - 1, argv + 1, environ, &fault))
        code = refuse(&fault, EXIT_USAGE);
    else if (options.help)
        options_help(stdout);
    else
        code = run(&options);
    options_fini(&options);
    return code;
}
