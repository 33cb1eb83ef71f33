/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The door: what must not even begin is refused here. A server that others can
 * reach without a password would hand every partner's figures to them. */
#include "service/service.h"

#include "service/control.h"
#include "service/listener.h"

static bool is_guarded(const struct service_options *options)
{
    bool guarded = true;
    for (size_t i = 0; i < options->nlisten && guarded; i++) {
        struct fault fault = {0};
        guarded =
            options->password.len || listener_is_local(options->listen[i]);
        if (guarded)
            continue;
        fault_set(&fault, FAULT_INVALID,
                  "listen " STR_FMT ": reachable from other machines; that "
                  "needs --password-file",
                  STR_ARG(options->listen[i]));
        log_error("cannot start", KV("error", fault.text));
    }
    return guarded;
}

int service_run(const struct service_options *options)
{
    return is_guarded(options) ? control_run(options) : 1;
}
