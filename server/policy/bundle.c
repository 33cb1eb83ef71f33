/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A policy version as a set of files with a name of its own. A folder holds
 * more than the program (notes, drafts, other programs), and what is not
 * included must not change the digest: so the sources are searched for
 * `include` before anything runs, from program.lua on. Files are copied once,
 * sorted, and never change: threads share them by counting references. */
#include "policy/bundle.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "policy/bundle_include.h"
#include "policy/embedded.h"

struct bundle {
    atomic_size_t refs;
    size_t n, cap;
    struct bundle_file *files; /* sorted by name once sealed; copies */
    size_t bytes;
    char sha[DIGEST_HEX + 1];
};

static const struct str program_name = {"program.lua", 11};

/* --- building ------------------------------------------------------------- */

static struct bundle *bundle_start(void)
{
    struct bundle *bundle = mem_new(sizeof(*bundle));

    atomic_init(&bundle->refs, 1);
    return bundle;
}

static struct str copy(struct str s)
{
    return (struct str){mem_copy(s.len > 0 ? s.at : "", s.len > 0 ? s.len : 1),
                        s.len};
}

static bool add_file(struct bundle *bundle, struct str name, struct str text,
                     struct fault *fault)
{
    if (bundle->n == BUNDLE_FILES)
        return fault_set(fault, FAULT_POLICYERR,
                         STR_FMT ": a policy has at most %d files",
                         STR_ARG(name), BUNDLE_FILES);
    if (text.len > BUNDLE_FILE_BYTES)
        return fault_set(fault, FAULT_POLICYERR,
                         STR_FMT ": %zu bytes; a file has at most %d",
                         STR_ARG(name), text.len, BUNDLE_FILE_BYTES);
    if (bundle->bytes + text.len > BUNDLE_BYTES)
        return fault_set(fault, FAULT_POLICYERR,
                         STR_FMT ": a policy has at most %d bytes in all",
                         STR_ARG(name), BUNDLE_BYTES);
    if (bundle->n == bundle->cap) {
        bundle->cap = bundle->cap > 0 ? 2 * bundle->cap : 16;
        bundle->files =
            mem_resize(bundle->files, bundle->cap * sizeof(*bundle->files));
    }
    bundle->files[bundle->n++] = (struct bundle_file){copy(name), copy(text)};
    bundle->bytes += text.len;
    return true;
}

static const struct bundle_file *find(const struct bundle_file *files, size_t n,
                                      struct str name)
{
    for (size_t i = 0; i < n; i++) {
        if (str_is(files[i].name, name))
            return &files[i];
    }
    return NULL;
}

static bool add_language(struct bundle *bundle, struct fault *fault)
{
    const struct embedded *row;

    for (row = policy_embedded; row->name != NULL; row++) {
        if (str_has_prefix(str_of(row->name), STR("language/")) &&
            !add_file(bundle, str_of(row->name),
                      (struct str){row->text, row->len}, fault))
            return false;
    }
    return true;
}

/* Adds what the file `at` includes and is not there yet. */
static bool add_included(struct bundle *bundle, size_t at,
                         const struct bundle_file *files, size_t n,
                         struct fault *fault)
{
    struct str from = bundle->files[at].name;
    struct include_reader reader;
    struct include include;

    include_init(&reader, bundle->files[at].text);
    while (include_next(&reader, &include)) {
        const struct bundle_file *file = find(files, n, include.file);
        if (!include_check(from, &include, file != NULL, fault) || file == NULL)
            return false;
        if (find(bundle->files, bundle->n, file->name) == NULL &&
            !add_file(bundle, file->name, file->text, fault))
            return false;
    }
    return true;
}

/* program.lua, then what each file in turn includes. */
static bool add_program(struct bundle *bundle, const struct bundle_file *files,
                        size_t n, struct fault *fault)
{
    const struct bundle_file *program = find(files, n, program_name);

    if (program == NULL)
        return fault_set(fault, FAULT_POLICYERR,
                         "program.lua: no such file; a policy begins with it");
    if (!add_file(bundle, program->name, program->text, fault))
        return false;
    for (size_t i = 0; i < bundle->n; i++) {
        if (!add_included(bundle, i, files, n, fault))
            return false;
    }
    return true;
}

/* --- the name ------------------------------------------------------------- */

static int file_order(const void *left, const void *right)
{
    const struct bundle_file *a = left, *b = right;

    return str_order(a->name, b->name);
}

static void seal(struct bundle *bundle)
{
    struct buf bytes;

    if (bundle->n > 1)
        qsort(bundle->files, bundle->n, sizeof(*bundle->files), file_order);
    buf_init(&bytes);
    for (size_t i = 0; i < bundle->n; i++) {
        buf_add(&bytes, bundle->files[i].name);
        buf_add_byte(&bytes, '\0');
        buf_print(&bytes, "%zu", bundle->files[i].text.len);
        buf_add_byte(&bytes, '\0');
        buf_add(&bytes, bundle->files[i].text);
    }
    digest_hex(buf_peek(&bytes), bundle->sha);
    buf_fini(&bytes);
}

/* --- the door ------------------------------------------------------------- */

struct bundle *bundle_new(const struct bundle_file *files, size_t n,
                          struct fault *fault)
{
    struct bundle *bundle = bundle_start();

    if (!add_program(bundle, files, n, fault) || !add_language(bundle, fault)) {
        bundle_unref(bundle);
        return NULL;
    }
    seal(bundle);
    return bundle;
}

static bool add_exactly(struct bundle *bundle, const struct bundle_file *files,
                        size_t n, struct fault *fault)
{
    for (size_t i = 0; i < n; i++) {
        if (find(files, i, files[i].name) != NULL)
            return fault_set(fault, FAULT_POLICYERR, STR_FMT ": stored twice",
                             STR_ARG(files[i].name));
        if (!add_file(bundle, files[i].name, files[i].text, fault))
            return false;
    }
    return true;
}

struct bundle *bundle_restore(const struct bundle_file *files, size_t n,
                              struct str sha, struct fault *fault)
{
    struct bundle *bundle = bundle_start();

    if (!add_exactly(bundle, files, n, fault))
        goto fail;
    seal(bundle);
    if (!str_is(sha, bundle_sha(bundle))) {
        fault_set(fault, FAULT_POLICYERR,
                  "version " STR_FMT ": the stored files are others, their "
                  "digest is %s",
                  STR_ARG(sha), bundle->sha);
        goto fail;
    }
    return bundle;
fail:
    bundle_unref(bundle);
    return NULL;
}

struct bundle *bundle_house(void)
{
    struct bundle_file *files;
    struct bundle *bundle;
    struct fault fault;
    size_t n = 0;

    while (policy_embedded[n].name != NULL)
        n++;
    files = mem_new_array(n + 1, sizeof(*files));
    for (size_t i = 0; i < n; i++) {
        const struct embedded *row = &policy_embedded[i];
        files[i].name = str_of(row->name);
        files[i].text = (struct str){row->text, row->len};
    }
    bundle = bundle_new(files, n, &fault);
    if (bundle == NULL)
        die("the embedded program cannot be read: %s", fault.text);
    free(files);
    return bundle;
}

struct bundle *bundle_ref(struct bundle *bundle)
{
    atomic_fetch_add_explicit(&bundle->refs, 1, memory_order_relaxed);
    return bundle;
}

void bundle_unref(struct bundle *bundle)
{
    if (bundle == NULL ||
        atomic_fetch_sub_explicit(&bundle->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (size_t i = 0; i < bundle->n; i++) {
        free((char *)bundle->files[i].name.at);
        free((char *)bundle->files[i].text.at);
    }
    free(bundle->files);
    free(bundle);
}

struct str bundle_sha(const struct bundle *bundle)
{
    return (struct str){bundle->sha, DIGEST_HEX};
}

size_t bundle_files(const struct bundle *bundle)
{
    return bundle->n;
}

const struct bundle_file *bundle_file(const struct bundle *bundle, size_t i)
{
    ensure(i < bundle->n);
    return &bundle->files[i];
}
