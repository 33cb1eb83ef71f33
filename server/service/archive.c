/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What is published lies in Redis as a list of names and, beside it, files. A
 * name is the digest of its files, so what was fetched once is never fetched
 * again, however often the list is looked at; and files that do not give their
 * name are told apart from a policy. The next list is built beside the one
 * that is answered by, and takes its place when it is complete. Nearly always
 * it is the same one, so first only its mark is asked for. */
#include "service/archive.h"

#include <stdlib.h>
#include <string.h>

struct shelf {
    struct archive_row *rows; /* by (from, seq), a day once */
    size_t n;
};

/*   IDLE      done NULL
 *   MARKING   done set, next_mark NULL   the list's mark is asked for
 *   LISTING   next_mark set, next empty  the list is asked for
 *   FETCHING  done set, next has rows    files of next.rows[at] are asked for
 */
struct archive {
    struct store *store;
    struct shelf shelf, next;
    char *mark, *next_mark; /* `mark`: of `shelf`; NULL: nothing was read yet */
    size_t at;
    struct bundle *held; /* made here, perhaps not listed yet */
    archive_on_news *done;
    void *arg;
};

/* --- shelves -------------------------------------------------------------- */

static void shelf_fini(struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->n; i++)
        bundle_unref(shelf->rows[i].bundle);
    free(shelf->rows);
    *shelf = (struct shelf){0};
}

/* Rows come by (from, seq) ascending: a later one of the same day wins. */
static void shelf_add(struct shelf *shelf, const struct version_row *version)
{
    if (version->from == DAY_NONE || version->sha.len != DIGEST_HEX)
        return;
    if (!shelf->n || shelf->rows[shelf->n - 1].from != version->from)
        shelf->n++;
    struct archive_row *row = &shelf->rows[shelf->n - 1];
    *row = (struct archive_row){.from = version->from, .seq = version->seq};
    memcpy(row->sha, version->sha.at, DIGEST_HEX);
}

static bool shelf_is(const struct shelf *a, const struct shelf *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; i < a->n && same; i++)
        same = a->rows[i].from == b->rows[i].from &&
               a->rows[i].seq == b->rows[i].seq &&
               !strcmp(a->rows[i].sha, b->rows[i].sha);
    return same;
}

static struct bundle *shelf_find(const struct shelf *shelf, const char *sha)
{
    for (size_t i = 0; i < shelf->n; i++)
        if (shelf->rows[i].bundle && !strcmp(shelf->rows[i].sha, sha))
            return shelf->rows[i].bundle;
    return NULL;
}

/* --- reading -------------------------------------------------------------- */

/* A list that was read to its end is not read again while its mark stays. */
static void keep_mark(struct archive *archive, enum archive_news news)
{
    if (!archive->next_mark)
        return;
    if (news == ARCHIVE_UNAVAILABLE) {
        free(archive->next_mark);
    } else {
        free(archive->mark);
        archive->mark = archive->next_mark;
    }
    archive->next_mark = NULL;
}

static void end_reading(struct archive *archive, enum archive_news news)
{
    archive_on_news *done = archive->done;
    keep_mark(archive, news);
    if (news == ARCHIVE_CHANGED) {
        shelf_fini(&archive->shelf);
        archive->shelf = archive->next;
        archive->next = (struct shelf){0};
    }
    shelf_fini(&archive->next);
    archive->done = NULL;
    done(archive->arg, news);
}

static struct bundle *find_bundle(const struct archive *archive,
                                  const char *sha)
{
    if (archive->held && str_is(bundle_sha(archive->held), str_of(sha)))
        return archive->held;
    struct bundle *bundle = shelf_find(&archive->next, sha);
    return bundle ? bundle : shelf_find(&archive->shelf, sha);
}

static void restore(struct archive_row *row, const struct field *files,
                    size_t n)
{
    struct bundle_file *copies = mem_new_array(n + 1, sizeof *copies);
    for (size_t i = 0; i < n; i++)
        copies[i] = (struct bundle_file){files[i].name, files[i].value};
    row->bundle = bundle_restore(copies, n, str_of(row->sha), &row->fault);
    free(copies);
}

static void fetch(struct archive *archive);

static void on_files(void *arg, enum store_result result,
                     const struct field *files, size_t n)
{
    struct archive *archive = arg;
    struct archive_row *row = &archive->next.rows[archive->at];
    if (result == STORE_UNAVAILABLE) {
        end_reading(archive, ARCHIVE_UNAVAILABLE);
        return;
    }
    if (result == STORE_OK)
        restore(row, files, n);
    else
        fault_set(&row->fault, FAULT_POLICYERR,
                  "version %s: its files are not in Redis", row->sha);
    if (!row->bundle)
        log_error("a published policy is damaged", KV("version", row->sha),
                  KV("error", row->fault.text));
    archive->at++;
    fetch(archive);
}

/* Goes on from row `at` to the next whose files are not known. */
static void fetch(struct archive *archive)
{
    struct shelf *next = &archive->next;
    for (; archive->at < next->n; archive->at++) {
        struct archive_row *row = &next->rows[archive->at];
        struct bundle *known = find_bundle(archive, row->sha);
        if (!known)
            break;
        row->bundle = bundle_ref(known);
    }
    if (archive->at == next->n)
        end_reading(archive, ARCHIVE_CHANGED);
    else if (!store_files(archive->store, str_of(next->rows[archive->at].sha),
                          on_files, archive))
        end_reading(archive, ARCHIVE_UNAVAILABLE);
}

static void on_versions(void *arg, enum store_result result,
                        const struct version_row *rows, size_t n)
{
    struct archive *archive = arg;
    if (result != STORE_OK) {
        end_reading(archive, ARCHIVE_UNAVAILABLE);
        return;
    }
    archive->next.rows = mem_new_array(n + 1, sizeof(struct archive_row));
    for (size_t i = 0; i < n; i++)
        shelf_add(&archive->next, &rows[i]);
    archive->at = 0;
    if (shelf_is(&archive->next, &archive->shelf))
        end_reading(archive, ARCHIVE_SAME);
    else
        fetch(archive);
}

static char *copy_text(struct str s)
{
    char *text = mem_new(s.len + 1);
    if (s.len)
        memcpy(text, s.at, s.len);
    return text;
}

static void on_mark(void *arg, enum store_result result, struct str mark)
{
    struct archive *archive = arg;
    if (result != STORE_OK) {
        end_reading(archive, ARCHIVE_UNAVAILABLE);
        return;
    }
    if (archive->mark && str_is(mark, str_of(archive->mark))) {
        end_reading(archive, ARCHIVE_SAME);
        return;
    }
    archive->next_mark = copy_text(mark);
    if (!store_versions(archive->store, on_versions, archive))
        end_reading(archive, ARCHIVE_UNAVAILABLE);
}

bool archive_read(struct archive *archive, archive_on_news *done, void *arg)
{
    ensure(!archive->done);
    if (!store_versions_mark(archive->store, on_mark, archive))
        return false;
    archive->done = done;
    archive->arg = arg;
    return true;
}

/* --- the rest ------------------------------------------------------------- */

struct archive *archive_new(struct store *store)
{
    struct archive *archive = mem_new(sizeof *archive);
    archive->store = store;
    return archive;
}

void archive_free(struct archive *archive)
{
    if (!archive)
        return;
    shelf_fini(&archive->shelf);
    shelf_fini(&archive->next);
    bundle_unref(archive->held);
    free(archive->mark);
    free(archive->next_mark);
    free(archive);
}

void archive_hold(struct archive *archive, struct bundle *bundle)
{
    bundle_ref(bundle);
    bundle_unref(archive->held);
    archive->held = bundle;
    for (size_t i = 0; i < archive->shelf.n; i++) {
        struct archive_row *row = &archive->shelf.rows[i];
        if (!row->bundle && str_is(bundle_sha(bundle), str_of(row->sha)))
            row->bundle = bundle_ref(bundle);
    }
}

const struct archive_row *archive_at(const struct archive *archive, int32_t day)
{
    const struct shelf *shelf = &archive->shelf;
    const struct archive_row *at = shelf->n ? &shelf->rows[0] : NULL;
    for (size_t i = 1; i < shelf->n && shelf->rows[i].from <= day; i++)
        at = &shelf->rows[i];
    return at;
}

int64_t archive_last(const struct archive *archive)
{
    int64_t last = 0;
    for (size_t i = 0; i < archive->shelf.n; i++)
        if (archive->shelf.rows[i].seq > last)
            last = archive->shelf.rows[i].seq;
    return last;
}

struct timeline *archive_timeline(const struct archive *archive)
{
    const struct shelf *shelf = &archive->shelf;
    struct timeline_row *rows = mem_new_array(shelf->n + 1, sizeof *rows);
    struct timeline *timeline = NULL;
    size_t n = 0;
    for (size_t i = 0; i < shelf->n; i++)
        if (shelf->rows[i].bundle)
            rows[n++] = (struct timeline_row){
                shelf->rows[i].from, shelf->rows[i].seq, shelf->rows[i].bundle};
    if (n)
        timeline = timeline_new(rows, n);
    free(rows);
    return timeline;
}
