/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_SERVE_H
#define PALIER_MAIN_SERVE_H

/* `palier serve`: settings, user, then service_run. argv[0] is
 * "serve". Returns the exit code. */
int serve_main(int argc, char **argv);

#endif
