/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_IMPORT_CHECK_H
#define PALIER_MAIN_IMPORT_CHECK_H

#include "main/client.h"

/* The checks of a dry run, made here with the policies that the server has: it
 * is asked for the versions in force, scheduled and staged, and a fact is
 * known where one of them knows it. */
struct import_check;

/* NULL with `fault` where the server has no policy, or this program cannot
 * load it. */
struct import_check *import_check_new(struct client *client,
                                      struct fault *fault);
void import_check_free(struct import_check *check); /* NULL is fine */

/* Would the server take these words of FACT? `exists`: is the partner known,
 * to the server or by an earlier line; set where this line makes it so. False
 * with the `fault` the server would answer. */
bool import_check_line(struct import_check *check, const struct str *words,
                       size_t n, bool *exists, struct arena *arena,
                       struct fault *fault) MUST_USE;

#endif
