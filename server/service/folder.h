/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_FOLDER_H
#define PALIER_SERVICE_FOLDER_H

#include "policy/policy.h"

/* Reads a policy folder: program.lua and the *.lua files beside it and in
 * subfolders, but never language/ and redis/ (those are the binary's own) nor
 * programs/ (other programs). NULL with `fault`: POLICYERR with file and
 * reason. */
struct bundle *folder_read(const char *path, struct fault *fault);

#endif
