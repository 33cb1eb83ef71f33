/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A password in a file is typed there by people, with whatever editor: the
 * line ends in one way or the other, and nothing else of it is taken away, or
 * a password with a blank at its end would be two. */
#include "main/secret.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool take_line(struct secret *secret, size_t len)
{
    struct str all = {secret->bytes, len};
    struct str line = str_part(all, 0, str_find(all, '\n', 0));
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    secret->text = line;
    return line.len > 0 && line.len <= SECRET_BYTES;
}

bool secret_read(struct secret *secret, const char *path, struct fault *fault)
{
    *secret = (struct secret){0};
    FILE *file = fopen(path, "re");
    /* Room for a carriage return, a newline and one byte too many. */
    size_t len = file ? fread(secret->bytes, 1, sizeof secret->bytes, file) : 0;
    int error = errno;
    bool failed = !file || ferror(file);
    if (file)
        fclose(file);
    if (failed)
        return fault_set(fault, FAULT_INVALID, "--password-file %s: %s", path,
                         strerror(error));
    return take_line(secret, len) ||
           fault_set(fault, FAULT_INVALID,
                     "--password-file %s: expected a first line of 1 to %d "
                     "bytes",
                     path, SECRET_BYTES);
}

void secret_forget(struct secret *secret)
{
    explicit_bzero(secret, sizeof *secret);
}
