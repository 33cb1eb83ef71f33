/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Editors save in many ways: write in place, write beside and rename, remove
 * and write anew; a deployment may replace the whole folder, or the link that
 * leads to it. inotify reports each as several events of inodes. What is asked
 * for is simpler: "a script may differ now". So every event is judged by its
 * name alone, all within ten milliseconds are one, and whenever the folders
 * themselves changed they are watched anew from the path, before anybody reads
 * them. What happens further up the path (a link turned, a parent replaced)
 * has no event at all; so the path is asked each second where it leads.
 * Reading too often costs little, missing a save costs trust. */
#include "service/watch.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/folder.h"

enum {
    SETTLE_MS = 10,      /* quiet for so long: one save */
    SETTLE_MOST_MS = 50, /* but never waited for longer */
    RETRY_MS = 100,      /* the folder is away: look again */
    LOOK_MS = 1000,      /* does the path lead where it did? */
};

#define HAPPENS_INSIDE                                                         \
    (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE)
#define HAPPENS_TO_ITSELF (IN_MOVE_SELF | IN_DELETE_SELF)
#define HAPPENS_BESIDE (IN_MOVED_TO | IN_CREATE)
#define HAPPENS_TO_TARGET                                                      \
    (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)

/* One folder under watch; "" is the policy folder itself. */
struct place {
    int wd;
    char *name;
    int depth;
};

/* A script that is a link: the file it leads to, by its folder and its name
 * there. The folder may be one under watch for another reason too. */
struct target {
    int wd;
    char *name;
};

/* What is armed tells the state; watch_settle() and on_retry() move on.
 *   QUIET     no timer                 all places watched
 *   SETTLING  settle timer             something happened since first_ms
 *   AWAY      retry timer              the folder cannot be walked
 * In each the parent may tell that the folder's name was given anew. */
struct watch {
    char *folder;
    void (*on_change)(void *arg);
    void *arg;
    int fd;
    int parent_wd;    /* -1: none */
    const char *leaf; /* the folder's own name, a tail of `folder` */
    struct place *places;
    size_t nplaces;
    struct target *targets;
    size_t ntargets;
    bool moved; /* the places have to be found anew */
    dev_t device;
    ino_t inode; /* of the folder, when the places were found */
    int64_t first_ms;
    struct event *readable, *settle, *retry, *look;
};

static void arm(struct event *timer, int64_t ms)
{
    struct timeval in = {ms / 1000, (suseconds_t)(ms % 1000 * 1000)};
    if (evtimer_add(timer, &in))
        die("a timer could not be armed");
}

/* --- places --------------------------------------------------------------- */

/* It fails where the folder is gone, and its watch with it; or where the same
 * folder was watched for another reason too. */
static void forget_wd(struct watch *watch, int wd)
{
    if (wd >= 0 && inotify_rm_watch(watch->fd, wd))
        errno = 0;
}

static void forget_places(struct watch *watch)
{
    for (size_t i = 0; i < watch->nplaces; i++) {
        forget_wd(watch, watch->places[i].wd);
        free(watch->places[i].name);
    }
    for (size_t i = 0; i < watch->ntargets; i++) {
        forget_wd(watch, watch->targets[i].wd);
        free(watch->targets[i].name);
    }
    watch->nplaces = watch->ntargets = 0;
    forget_wd(watch, watch->parent_wd);
    watch->parent_wd = -1;
}

static char *path_of(const struct watch *watch, const char *place,
                     const char *name)
{
    struct buf path;
    buf_init(&path);
    buf_print(&path, "%s/%s%s%s", watch->folder, place, *place ? "/" : "",
              name);
    buf_add_byte(&path, 0);
    return path.at; /* head is 0: nothing was drained */
}

static int depth_of(const char *name)
{
    int depth = *name ? 1 : 0;
    for (; *name; name++)
        depth += *name == '/';
    return depth;
}

struct adding {
    struct watch *watch;
    struct fault *fault;
};

static bool add_place(void *arg, const char *name)
{
    struct adding *adding = arg;
    struct watch *watch = adding->watch;
    char *path = path_of(watch, name, "");
    int wd = inotify_add_watch(watch->fd, path,
                               HAPPENS_INSIDE | HAPPENS_TO_ITSELF | IN_ONLYDIR |
                                   IN_MASK_ADD);
    int error = errno;
    free(path);
    if (wd < 0)
        return fault_set(adding->fault, FAULT_ERR, "cannot watch %s/%s: %s",
                         watch->folder, name, strerror(error));
    watch->places =
        mem_resize(watch->places, (watch->nplaces + 1) * sizeof *watch->places);
    watch->places[watch->nplaces++] =
        (struct place){wd, mem_copy_text(name), depth_of(name)};
    return true;
}

static void keep_target(struct watch *watch, int wd, const char *name)
{
    watch->targets = mem_resize(watch->targets,
                                (watch->ntargets + 1) * sizeof *watch->targets);
    watch->targets[watch->ntargets++] =
        (struct target){wd, mem_copy_text(name)};
}

/* A folder that cannot be watched is no fault: what a link leads to may be out
 * of our reach in every way but reading. */
static bool add_target(void *arg, const char *name)
{
    struct adding *adding = arg;
    struct watch *watch = adding->watch;
    struct stat itself;
    char *path = path_of(watch, "", name);
    char *real = NULL;
    if (!lstat(path, &itself) && S_ISLNK(itself.st_mode))
        real = realpath(path, NULL);
    free(path);
    char *slash = real ? strrchr(real, '/') : NULL;
    if (!slash)
        return true;
    *slash = 0;
    int wd = inotify_add_watch(watch->fd, *real ? real : "/",
                               HAPPENS_TO_TARGET | IN_ONLYDIR | IN_MASK_ADD);
    if (wd >= 0)
        keep_target(watch, wd, slash + 1);
    else
        log_warn("what a link leads to is not watched", KV("script", name),
                 KV("error", strerror(errno)));
    free(real);
    return true;
}

/* Where it cannot be watched, a folder replaced is noticed within LOOK_MS. */
static void watch_parent(struct watch *watch)
{
    if (!*watch->leaf)
        return;
    size_t len = (size_t)(watch->leaf - watch->folder);
    char *parent = len ? mem_copy(watch->folder, len + 1) : mem_copy_text(".");
    if (len)
        parent[len] = 0;
    watch->parent_wd =
        inotify_add_watch(watch->fd, parent, HAPPENS_BESIDE | IN_ONLYDIR);
    free(parent);
}

static bool is_elsewhere(const struct watch *watch)
{
    struct stat now;
    return !stat(watch->folder, &now) &&
           (now.st_dev != watch->device || now.st_ino != watch->inode);
}

/* Before the places are found: what is turned meanwhile differs then. */
static void note_folder(struct watch *watch)
{
    struct stat now = {0};
    if (stat(watch->folder, &now))
        now = (struct stat){0};
    watch->device = now.st_dev;
    watch->inode = now.st_ino;
}

static bool find_places(struct watch *watch, struct fault *fault)
{
    forget_places(watch);
    struct adding adding = {watch, fault};
    struct folder_visitor visitor = {.on_folder = add_place,
                                     .on_script = add_target,
                                     .arg = &adding,
                                     .fault = fault};
    watch->moved = false;
    watch_parent(watch);
    note_folder(watch);
    return folder_walk(watch->folder, &visitor);
}

static const struct place *place_of(const struct watch *watch, int wd)
{
    for (size_t i = 0; i < watch->nplaces; i++)
        if (watch->places[i].wd == wd)
            return &watch->places[i];
    return NULL;
}

/* --- timers --------------------------------------------------------------- */

static void happened(struct watch *watch)
{
    int64_t now = clock_ms();
    if (!evtimer_pending(watch->settle, NULL))
        watch->first_ms = now;
    int64_t left = watch->first_ms + SETTLE_MOST_MS - now;
    int64_t ms = left < SETTLE_MS ? left : SETTLE_MS;
    arm(watch->settle, ms > 0 ? ms : 0);
}

/* False: not now, but it will be tried again. */
static bool find_or_retry(struct watch *watch)
{
    struct fault fault = {0};
    if (find_places(watch, &fault))
        return true;
    log_debug("policy folder is away", KV("reason", fault.text));
    watch->moved = true;
    arm(watch->retry, RETRY_MS);
    return false;
}

static void find_again(struct watch *watch)
{
    if (find_or_retry(watch))
        watch->on_change(watch->arg);
}

static void on_settled(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
    struct watch *watch = arg;
    if (watch->moved)
        find_again(watch);
    else
        watch->on_change(watch->arg);
}

static void on_retry(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
    find_again(arg);
}

static void on_look(evutil_socket_t fd UNUSED, short what UNUSED, void *arg)
{
    struct watch *watch = arg;
    if (!is_elsewhere(watch))
        return;
    watch->moved = true;
    happened(watch);
}

/* --- events --------------------------------------------------------------- */

/* A link that was made leads somewhere without ever being written and closed;
 * one to a folder (a deployment's "..data") may lead to other scripts. */
static bool is_made_complete(const struct watch *watch,
                             const struct place *place, const char *name)
{
    struct stat itself, target;
    char *path = path_of(watch, place->name, name);
    bool complete = false;
    if (!lstat(path, &itself) && !stat(path, &target))
        complete = S_ISDIR(target.st_mode) ||
                   (folder_is_script(name) &&
                    (S_ISLNK(itself.st_mode) || itself.st_nlink > 1));
    free(path);
    return complete;
}

static bool is_folder_event(const struct watch *watch,
                            const struct place *place,
                            const struct inotify_event *event)
{
    if (event->mask & IN_ISDIR)
        return folder_is_part(event->name, place->depth);
    return (event->mask & (IN_CREATE | IN_MOVED_TO)) &&
           !folder_is_script(event->name) &&
           is_made_complete(watch, place, event->name);
}

static bool is_script_event(const struct watch *watch,
                            const struct place *place,
                            const struct inotify_event *event)
{
    if ((event->mask & IN_ISDIR) || !folder_is_script(event->name))
        return false;
    return !(event->mask & IN_CREATE) ||
           is_made_complete(watch, place, event->name);
}

static bool is_target_event(const struct watch *watch,
                            const struct inotify_event *event)
{
    if (!event->len || !(event->mask & HAPPENS_TO_TARGET))
        return false;
    for (size_t i = 0; i < watch->ntargets; i++)
        if (watch->targets[i].wd == event->wd &&
            !strcmp(watch->targets[i].name, event->name))
            return true;
    return false;
}

/* The name stands for another file now, perhaps for a link to elsewhere. */
static bool is_replaced(const struct inotify_event *event)
{
    return (event->mask & ~(uint32_t)IN_CLOSE_WRITE & HAPPENS_INSIDE) != 0;
}

static void judge_inside(struct watch *watch, const struct place *place,
                         const struct inotify_event *event)
{
    bool moved = (event->mask & HAPPENS_TO_ITSELF) != 0;
    if (!moved && event->len)
        moved = is_folder_event(watch, place, event);
    bool saved = event->len && is_script_event(watch, place, event);
    watch->moved = watch->moved || moved || (saved && is_replaced(event));
    if (moved || saved)
        happened(watch);
}

static void judge(struct watch *watch, const struct inotify_event *event)
{
    const struct place *place = place_of(watch, event->wd);
    if (event->mask & IN_IGNORED)
        return;
    if (is_target_event(watch, event))
        happened(watch);
    if (place) {
        judge_inside(watch, place, event);
        return;
    }
    bool lost = (event->mask & IN_Q_OVERFLOW) != 0;
    bool beside = event->wd == watch->parent_wd && event->len &&
                  !strcmp(event->name, watch->leaf);
    if (lost || beside) {
        watch->moved = true;
        happened(watch);
    }
}

static void on_readable(evutil_socket_t fd, short what UNUSED, void *arg)
{
    struct watch *watch = arg;
    _Alignas(struct inotify_event) char bytes[16384];
    ssize_t n = read(fd, bytes, sizeof bytes);
    for (ssize_t at = 0; at < n;) {
        const struct inotify_event *event = (const void *)(bytes + at);
        at += (ssize_t)(sizeof *event + event->len);
        judge(watch, event);
    }
}

/* --- the door ------------------------------------------------------------- */

/* Cuts slashes at the end; finds the last name of the path, "" where that is
 * nobody's entry ("/", ".", ".."). */
static void name_folder(struct watch *watch, const char *folder)
{
    watch->folder = mem_copy_text(folder);
    size_t len = strlen(watch->folder);
    while (len > 1 && watch->folder[len - 1] == '/')
        watch->folder[--len] = 0;
    const char *slash = strrchr(watch->folder, '/');
    watch->leaf = slash ? slash + 1 : watch->folder;
    if (!strcmp(watch->leaf, ".") || !strcmp(watch->leaf, ".."))
        watch->leaf += strlen(watch->leaf);
}

static void make_events(struct watch *watch, struct event_base *base)
{
    watch->readable =
        event_new(base, watch->fd, EV_READ | EV_PERSIST, on_readable, watch);
    watch->settle = evtimer_new(base, on_settled, watch);
    watch->retry = evtimer_new(base, on_retry, watch);
    watch->look = event_new(base, -1, EV_PERSIST, on_look, watch);
    struct timeval often = {LOOK_MS / 1000, 0};
    if (!watch->readable || !watch->settle || !watch->retry || !watch->look ||
        event_add(watch->readable, NULL) || event_add(watch->look, &often))
        die("no memory for events");
}

struct watch *watch_start(struct event_base *base, const char *folder,
                          void (*on_change)(void *arg), void *arg,
                          struct fault *fault)
{
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd < 0) {
        fault_set(fault, FAULT_ERR, "cannot watch %s: %s", folder,
                  strerror(errno));
        return NULL;
    }
    struct watch *watch = mem_new(sizeof *watch);
    watch->fd = fd;
    watch->on_change = on_change;
    watch->arg = arg;
    watch->parent_wd = -1;
    name_folder(watch, folder);
    make_events(watch, base);
    if (find_places(watch, fault))
        return watch;
    watch_stop(watch);
    return NULL;
}

void watch_look_again(struct watch *watch)
{
    if (!find_or_retry(watch))
        log_warn("the policy folder is away", KV("folder", watch->folder));
}

void watch_stop(struct watch *watch)
{
    if (!watch)
        return;
    forget_places(watch);
    event_free(watch->readable);
    event_free(watch->settle);
    event_free(watch->retry);
    event_free(watch->look);
    close(watch->fd);
    free(watch->places);
    free(watch->targets);
    free(watch->folder);
    free(watch);
}
