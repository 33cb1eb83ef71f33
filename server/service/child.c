/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Starting a program from a process with threads: between fork and exec the
 * child may hold locks that nobody will ever release, so it makes system calls
 * and nothing else, and signals wait meanwhile, because this process's handlers
 * would write into its event loop from the child. Its end is told by a
 * descriptor (pidfd), so there is no handler for SIGCHLD, and no id that might
 * be somebody else's by now. */
#include "service/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_NOT_RUN = 127, FIRST_FREE_FD = 3 };

/* --- finding -------------------------------------------------------------- */

static bool is_program(const char *path)
{
    struct stat status;
    return !stat(path, &status) && S_ISREG(status.st_mode) &&
           !access(path, X_OK);
}

/* In a list of folders like PATH; NULL: in none. */
static char *find_in(struct str folders, const char *name)
{
    struct arena arena;
    arena_init(&arena);
    char *found = NULL;
    for (size_t at = 0; at < folders.len && !found;) {
        size_t end = str_find(folders, ':', at);
        struct str folder = str_part(folders, at, end);
        struct str path =
            arena_print(&arena, STR_FMT "/%s", STR_ARG(folder), name);
        if (folder.len && is_program(path.at))
            found = mem_copy_text(path.at);
        at = end + 1;
    }
    arena_fini(&arena);
    return found;
}

char *child_find(const char *const *names, size_t n)
{
    char *found = NULL;
    for (size_t i = 0; i < n && !found; i++) {
        found = find_in(str_of(getenv("PATH")), names[i]);
        if (!found)
            found = find_in(STR("/usr/bin:/usr/sbin"), names[i]);
    }
    return found;
}

/* --- in the child: system calls only -------------------------------------- */

static void forget_handlers(void)
{
    struct sigaction preset = {.sa_handler = SIG_DFL};
    for (int signal = 1; signal < NSIG; signal++)
        if (sigaction(signal, &preset, NULL))
            continue; /* SIGKILL and the like cannot be changed */
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool share_descriptors(int inherited)
{
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0)
        return false;
    /* An old kernel does not know this; then it is left to each descriptor's
     * own close-on-exec, which all of ours have. */
    if (close_range(FIRST_FREE_FD, ~0U, CLOSE_RANGE_CLOEXEC))
        errno = 0;
    return fcntl(inherited, F_SETFD, 0) == 0;
}

static _Noreturn void become(char *const *argv, int cwd, int inherited,
                             pid_t parent)
{
    bool ready = !prctl(PR_SET_PDEATHSIG, SIGKILL) &&
                 getppid() == parent && /* it may have died just before */
                 !setpgid(0, 0) && !fchdir(cwd) && share_descriptors(inherited);
    forget_handlers();
    if (ready)
        execv(argv[0], argv);
    _exit(EXIT_NOT_RUN);
}

/* --- the door ------------------------------------------------------------- */

bool child_start(struct child *child, char *const *argv, int cwd, int inherited,
                 struct fault *fault)
{
    sigset_t all, before;
    sigfillset(&all);
    pid_t parent = getpid();
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0)
        become(argv, cwd, inherited, parent);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (pid < 0)
        return fault_set(fault, FAULT_ERR, "fork: %s", strerror(errno));
    int fd = pidfd_open(pid, 0);
    if (fd < 0) {
        fault_set(fault, FAULT_ERR, "pidfd_open: %s", strerror(errno));
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        return false;
    }
    *child = (struct child){pid, fd};
    return true;
}

bool child_reap(struct child *child, int *status)
{
    pid_t pid = waitpid(child->pid, status, WNOHANG);
    if (pid != child->pid)
        return false;
    close(child->fd);
    *child = (struct child){0, -1};
    return true;
}

static void wait_for(const struct child *child, int64_t ms)
{
    struct pollfd ended = {.fd = child->fd, .events = POLLIN};
    int64_t until = clock_ms() + ms, left = ms;
    while (left > 0 && poll(&ended, 1, (int)left) < 0 && errno == EINTR)
        left = until - clock_ms();
}

int child_stop(struct child *child, int64_t ms)
{
    int status = 0;
    kill(child->pid, SIGTERM); /* ours and not waited for: the id is right */
    wait_for(child, ms);
    while (!child_reap(child, &status)) {
        kill(child->pid, SIGKILL);
        wait_for(child, 1000);
    }
    return status;
}
