/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Started as root with --user, the process gives root up before it opens a
 * socket, a folder or a child: nothing that a client can reach ever runs with
 * more than it needs, and all that is made belongs to the right user. (Ports
 * below 1024 are not worth root; the unit file's capability gives them.) Only
 * the password file and the configuration are read before, since an operator
 * may well keep them for root alone. */
#include "main/privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "main/secret.h"

enum {
    /* Listeners, event loops, Redis links, the watched folder, the log; a
     * handful for each of at most 256 workers. */
    FILES_OF_OUR_OWN = 64 + 8 * 256,
};

/* --- user ----------------------------------------------------------------- */

static bool become(const struct passwd *entry, struct fault *fault)
{
    if (initgroups(entry->pw_name, entry->pw_gid) || setgid(entry->pw_gid) ||
        setuid(entry->pw_uid))
        return fault_set(fault, FAULT_ERR, "--user %s: %s", entry->pw_name,
                         strerror(errno));
    if (entry->pw_uid != 0 && setuid(0) == 0)
        return fault_set(fault, FAULT_ERR, "--user %s: root came back",
                         entry->pw_name);
    return true;
}

bool privilege_drop(const char *user, struct fault *fault)
{
    errno = 0;
    const struct passwd *entry = getpwnam(user);
    if (!entry)
        return fault_set(fault, FAULT_INVALID,
                         "--user \"%s\": %s; expected a user of this system",
                         user, errno ? strerror(errno) : "not known");
    if (geteuid() == entry->pw_uid)
        return true;
    if (geteuid() != 0)
        return fault_set(fault, FAULT_INVALID,
                         "--user \"%s\": only root can become another user",
                         user);
    return become(entry, fault);
}

/* --- password ------------------------------------------------------------- */

static void warn_of_readers(const char *path)
{
    struct stat status;
    if (!stat(path, &status) && (status.st_mode & (S_IRGRP | S_IROTH)))
        log_warn("others can read the password file", KV("file", path),
                 KV("advice", "chmod 600"));
}

bool privilege_password(const char *path, struct arena *arena,
                        struct str *password, struct fault *fault)
{
    struct secret secret;
    bool ok = secret_read(&secret, path, fault);
    if (ok) {
        *password = arena_copy(arena, secret.text);
        warn_of_readers(path);
    }
    secret_forget(&secret);
    return ok;
}

/* --- open files ----------------------------------------------------------- */

size_t privilege_clients(size_t clients)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit))
        return clients;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_max == RLIM_INFINITY)
        return clients;
    size_t files = (size_t)limit.rlim_max;
    size_t fit =
        files > 2 * FILES_OF_OUR_OWN ? files - FILES_OF_OUR_OWN : files / 2;
    if (clients <= fit)
        return clients;
    log_warn("fewer clients than asked for: the limit of open files",
             KV_INT("max-clients", fit), KV_INT("files", files));
    return fit;
}
