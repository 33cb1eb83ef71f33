/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to main: what the process may do and have. */
#ifndef PALIER_MAIN_PRIVILEGE_H
#define PALIER_MAIN_PRIVILEGE_H

#include "base/base.h"

/* Become that user for good: groups, group, user. Nothing to do where the
 * process is that user already. */
bool privilege_drop(const char *user, struct fault *fault) MUST_USE;
/* The clients' password, see secret.h. Warns where others can read the file.
 * Memory of `arena`. */
bool privilege_password(const char *path, struct arena *arena,
                        struct str *password, struct fault *fault) MUST_USE;
/* Raises the limit of open files as far as it goes, and returns how many of
 * `clients` connections fit beside the process's own files. */
size_t privilege_clients(size_t clients);

#endif
