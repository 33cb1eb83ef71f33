/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_FOLDER_H
#define PALIER_SERVICE_FOLDER_H

#include "policy/policy.h"

/* Reads a policy folder: program.lua and the *.lua files beside it and in
 * subfolders, but never language/ and redis/ (those are the binary's own) nor
 * programs/ (other programs). NULL with `fault`: POLICYERR with file and
 * reason. A file that cannot be read, or is too large, is none of that until
 * the program includes it. */
struct bundle *folder_read(const char *path, struct fault *fault);

/* What belongs to a policy folder, for those who walk one; hidden names never
 * do. */
bool folder_is_script(const char *name);
bool folder_is_part(const char *name, int depth); /* a subfolder; 0: topmost */
enum { FOLDER_DEPTH = 8 };

/* Walks the folder and its parts: `on_folder` before the names in it are read,
 * then `on_script` for each script; names are relative to `path`, "" for the
 * folder itself. Either may be NULL; one that returns false ends the walk, and
 * so does a folder that cannot be read (`fault`: POLICYERR). False then. */
struct folder_visitor {
    bool (*on_folder)(void *arg, const char *name);
    bool (*on_script)(void *arg, const char *name);
    void *arg;
    struct fault *fault;
};
bool folder_walk(const char *path,
                 const struct folder_visitor *visitor) MUST_USE;

#endif
