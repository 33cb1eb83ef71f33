/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_SECRET_H
#define PALIER_MAIN_SECRET_H

#include "base/base.h"

enum { SECRET_BYTES = 512 };

/* The first line of a password file, without its end (LF or CR LF) and with
 * all its blanks: the same for who asks for the password and who gives it. */
struct secret {
    struct str text; /* 1 to SECRET_BYTES bytes, in `bytes` */
    char bytes[SECRET_BYTES + 3];
};

bool secret_read(struct secret *secret, const char *path,
                 struct fault *fault) MUST_USE;
void secret_forget(struct secret *secret); /* overwrites it */

#endif
