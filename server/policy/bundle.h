/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_POLICY_BUNDLE_H
#define PALIER_POLICY_BUNDLE_H

#include "base/base.h"

/* A policy version: an immutable set of files and the SHA-256 that names it.
 * `program.lua` is the start; the language's own files are under `language/`.
 * Counted references, any thread. */
struct bundle;
struct bundle_file {
    struct str name, text;
};
enum {
    BUNDLE_FILES = 256,
    BUNDLE_FILE_BYTES = 1024 * 1024,
    BUNDLE_BYTES = 4 * 1024 * 1024,
};

/* From a program's own files; the language embedded in this binary is added.
 * Only program.lua and what it includes, from there on, is kept. NULL with
 * `fault` (POLICYERR) where program.lua or an included file is missing
 * ("program.lua:7: include "a.lua": no such file") or a cap is exceeded. */
struct bundle *bundle_new(const struct bundle_file *files, size_t n,
                          struct fault *fault);
/* From a stored version: exactly these files, language included. NULL where
 * the digest is not `sha`. */
struct bundle *bundle_restore(const struct bundle_file *files, size_t n,
                              struct str sha, struct fault *fault);
/* The house program embedded in this binary. */
struct bundle *bundle_house(void);

struct bundle *bundle_ref(struct bundle *bundle);
void bundle_unref(struct bundle *bundle);

/* 64 hexadecimal digits: SHA-256 over, for each file in order of its name,
 * name, NUL, length in decimal, NUL, text. */
struct str bundle_sha(const struct bundle *bundle);
size_t bundle_files(const struct bundle *bundle);
const struct bundle_file *bundle_file(const struct bundle *bundle, size_t i);

#endif
