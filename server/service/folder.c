/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A policy folder is whatever a program manager has on disk: besides scripts
 * there are editors' swap files, backups, a version control's own folder. So a
 * walk takes plain names ending in .lua only, and is bounded in depth, files
 * and bytes, whatever links point where. */
#include "service/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- what belongs to it --------------------------------------------------- */

bool folder_is_script(const char *name)
{
    size_t len = strlen(name);
    return name[0] != '.' && len > 4 && !strcmp(name + len - 4, ".lua");
}

bool folder_is_part(const char *name, int depth)
{
    static const char *const not_the_programs[] = {"language", "redis",
                                                   "programs"};
    if (name[0] == '.')
        return false;
    for (size_t i = 0; i < COUNT_OF(not_the_programs) && depth == 0; i++)
        if (!strcmp(name, not_the_programs[i]))
            return false;
    return true;
}

/* --- the walk ------------------------------------------------------------- */

/* One folder of the walk; `name` as in struct folder_visitor. */
struct step {
    const struct folder_visitor *visitor;
    struct arena *arena;
    int fd;
    struct str name;
    int depth;
};

static bool walk_folder(struct step *step);

static bool walk_part(struct step *step, const char *entry, struct str name)
{
    if (!folder_is_part(entry, step->depth) || step->depth + 1 == FOLDER_DEPTH)
        return true;
    struct step part = {step->visitor, step->arena, -1, name, step->depth + 1};
    part.fd = openat(step->fd, entry, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (part.fd < 0)
        return errno == ENOENT ||
               fault_set(step->visitor->fault, FAULT_POLICYERR, "%s: %s",
                         name.at, strerror(errno));
    return walk_folder(&part);
}

static bool walk_entry(struct step *step, const char *entry)
{
    struct stat status;
    if (fstatat(step->fd, entry, &status, 0))
        return true; /* gone meanwhile, or a link to nowhere */
    struct str name =
        step->name.len ? arena_print(step->arena, "%s/%s", step->name.at, entry)
                       : arena_copy(step->arena, str_of(entry));
    if (S_ISDIR(status.st_mode))
        return walk_part(step, entry, name);
    if (!S_ISREG(status.st_mode) || !folder_is_script(entry))
        return true;
    const struct folder_visitor *visitor = step->visitor;
    return !visitor->on_script || visitor->on_script(visitor->arg, name.at);
}

/* Closes step->fd. */
static bool walk_folder(struct step *step)
{
    const struct folder_visitor *visitor = step->visitor;
    DIR *dir = fdopendir(step->fd);
    if (!dir)
        die("fdopendir: %s", strerror(errno));
    bool ok =
        !visitor->on_folder || visitor->on_folder(visitor->arg, step->name.at);
    const struct dirent *entry;
    while (ok && (entry = readdir(dir)))
        ok = walk_entry(step, entry->d_name);
    closedir(dir);
    return ok;
}

bool folder_walk(const char *path, const struct folder_visitor *visitor)
{
    struct arena arena;
    arena_init(&arena);
    struct step step = {visitor, &arena, -1, STR(""), 0};
    step.fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = step.fd >= 0;
    if (!ok)
        fault_set(visitor->fault, FAULT_POLICYERR, "%s: %s", path,
                  strerror(errno));
    else
        ok = walk_folder(&step);
    arena_fini(&arena);
    return ok;
}

/* --- reading -------------------------------------------------------------- */

/* The files read so far. One that cannot be read has a reason, and no text: it
 * may be a draft that the program does not include. */
struct reading {
    int fd;
    struct bundle_file files[BUNDLE_FILES];
    char *reasons[BUNDLE_FILES]; /* NULL: it was read */
    size_t n, bytes;
    struct fault *fault;
};

/* At most one byte more than a file may have, so that more is noticed. */
static ssize_t read_whole(int fd, char *text)
{
    size_t len = 0;
    while (len <= BUNDLE_FILE_BYTES) {
        ssize_t n = read(fd, text + len, BUNDLE_FILE_BYTES + 1 - len);
        if (n == 0)
            return (ssize_t)len;
        if (n < 0 && errno != EINTR)
            return -1;
        len += n > 0 ? (size_t)n : 0;
    }
    return (ssize_t)len;
}

static bool keep_file(struct reading *reading, const char *name,
                      struct str text, const char *reason)
{
    reading->bytes += text.len;
    if (reading->n == BUNDLE_FILES || reading->bytes > BUNDLE_BYTES)
        return fault_set(reading->fault, FAULT_POLICYERR,
                         "%s: too much: at most %d files of together %d bytes",
                         name, BUNDLE_FILES, BUNDLE_BYTES);
    struct bundle_file *file = &reading->files[reading->n];
    file->name = str_of(mem_copy_text(name));
    file->text = (struct str){mem_copy(text.at, text.len + 1), text.len};
    reading->reasons[reading->n++] = reason ? mem_copy_text(reason) : NULL;
    return true;
}

static bool keep_reason(struct reading *reading, const char *name,
                        const char *why)
{
    struct fault reason = {0};
    fault_set(&reason, FAULT_POLICYERR, "%s: %s", name, why);
    return keep_file(reading, name, STR(""), reason.text);
}

static bool keep_text(struct reading *reading, const char *name,
                      const char *text, ssize_t len)
{
    char large[64];
    if (len < 0)
        return keep_reason(reading, name, strerror(errno));
    snprintf(large, sizeof large, "larger than %d bytes", BUNDLE_FILE_BYTES);
    if (len > BUNDLE_FILE_BYTES)
        return keep_reason(reading, name, large);
    return keep_file(reading, name, (struct str){text, (size_t)len}, NULL);
}

static bool read_script(void *arg, const char *name)
{
    struct reading *reading = arg;
    int fd = openat(reading->fd, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return keep_reason(reading, name, strerror(errno));
    char *text = mem_new(BUNDLE_FILE_BYTES + 1);
    ssize_t len = read_whole(fd, text);
    bool ok = keep_text(reading, name, text, len);
    free(text);
    close(fd);
    return ok;
}

static void free_files(struct reading *reading)
{
    for (size_t i = 0; i < reading->n; i++) {
        free((char *)reading->files[i].name.at);
        free((char *)reading->files[i].text.at);
        free(reading->reasons[i]);
    }
    free(reading);
}

static bool is_included(const struct bundle *bundle, struct str name)
{
    for (size_t i = 0; i < bundle_files(bundle); i++)
        if (str_is(bundle_file(bundle, i)->name, name))
            return true;
    return false;
}

/* What the program includes is in the bundle. NULL with `fault` where one of
 * those files could not be read. */
static struct bundle *bundle_of(struct reading *reading)
{
    struct bundle *bundle =
        bundle_new(reading->files, reading->n, reading->fault);
    for (size_t i = 0; bundle && i < reading->n; i++) {
        if (!reading->reasons[i] ||
            !is_included(bundle, reading->files[i].name))
            continue;
        fault_set(reading->fault, FAULT_POLICYERR, "%s", reading->reasons[i]);
        bundle_unref(bundle);
        bundle = NULL;
    }
    return bundle;
}

struct bundle *folder_read(const char *path, struct fault *fault)
{
    int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        fault_set(fault, FAULT_POLICYERR, "%s: %s", path, strerror(errno));
        return NULL;
    }
    struct reading *reading = mem_new(sizeof *reading);
    reading->fd = fd;
    reading->fault = fault;
    struct folder_visitor visitor = {
        .on_script = read_script, .arg = reading, .fault = fault};
    struct bundle *bundle = NULL;
    if (folder_walk(path, &visitor))
        bundle = bundle_of(reading);
    free_files(reading);
    close(fd);
    return bundle;
}
