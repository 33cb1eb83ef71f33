/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A cache holds a record for long and asks it often, and it is built once: so
 * the building may cost. First the rows are sorted, then their texts are laid
 * out to learn how long they are together, then one allocation takes all. */
#include "facts/day.h"
#include "facts/record_parts.h"
#include "facts/record_rows.h"

/* What the record points to, in the order in which it lies, so that nothing
 * needs more alignment than what lies before it. */
enum piece {
    SUMS,
    COUNTS,
    TERMS,
    ATTRIBUTES,
    STEPS,
    RUNS,
    GROUPS,
    DAYS,
    LABELS,
    IGNORED,
    TEXT,
    PIECES
};

static uint32_t place(struct buf *text, struct str s)
{
    size_t at = buf_len(text);
    uint16_t len = (uint16_t)s.len;
    ensure(s.len <= UINT16_MAX && at <= UINT32_MAX - s.len);
    buf_add(text, (struct str){(const char *)&len, sizeof(len)});
    buf_add(text, s);
    return (uint32_t)at;
}

/* Texts are laid out row by row; one that equals the same text of the row
 * above is that text. */
static void place_texts(struct rows *rows, struct buf *text)
{
    buf_add_byte(text, '\0'); /* so that no text begins at 0 */
    for (size_t i = 0; i < rows->n; i++) {
        struct row *row = &rows->rows[i];
        for (int t = 0; t < ROW_TEXTS; t++) {
            struct str s = row->text[t];
            bool shared = i > 0 && str_is(s, row[-1].text[t]);
            if (s.len > 0)
                row->at[t] = shared ? row[-1].at[t] : place(text, s);
        }
    }
}

static uint32_t rows_of(const struct rows *rows, enum row_kind kind)
{
    return (uint32_t)(rows->first[kind + 1] - rows->first[kind]);
}

/* How many series (attributes) the rows of a kind have; with `second`, how
 * many series and units. */
static uint32_t runs_of(const struct rows *rows, enum row_kind kind,
                        bool second)
{
    uint32_t n = 0;
    for (size_t i = rows->first[kind]; i < rows->first[kind + 1]; i++)
        n += rows_joins(rows, i, second) ? 0 : 1;
    return n;
}

static struct record *allocate(const size_t sizes[PIECES], char *pieces[PIECES])
{
    size_t bytes = sizeof(struct record);
    for (int i = 0; i < PIECES; i++)
        bytes += sizes[i];
    struct record *record = mem_new(bytes);
    record->bytes = bytes;
    record->refs = 1;
    char *at = (char *)(record + 1);
    for (int i = 0; i < PIECES; i++) {
        pieces[i] = at;
        at += sizes[i];
    }
    return record;
}

static void point(struct record *record, char *const pieces[PIECES])
{
    record->sums = (uint64_t *)(void *)pieces[SUMS];
    record->counts = (uint64_t *)(void *)pieces[COUNTS];
    record->terms = (struct term_row *)(void *)pieces[TERMS];
    record->attributes = (struct attribute_row *)(void *)pieces[ATTRIBUTES];
    record->steps = (struct step *)(void *)pieces[STEPS];
    record->runs = (struct run *)(void *)pieces[RUNS];
    record->groups = (struct run *)(void *)pieces[GROUPS];
    record->days = (int32_t *)(void *)pieces[DAYS];
    record->labels = (uint32_t *)(void *)pieces[LABELS];
    record->ignored = (uint32_t *)(void *)pieces[IGNORED];
    record->text = pieces[TEXT];
}

static struct record *shape(const struct rows *rows, struct str text)
{
    struct record count = {
        .nattributes = runs_of(rows, ROW_ATTRIBUTE, false),
        .nruns = runs_of(rows, ROW_AMOUNT, true),
        .namounts = rows_of(rows, ROW_AMOUNT),
        .ngroups = runs_of(rows, ROW_TERM, false),
        .nterms = rows_of(rows, ROW_TERM),
        .nignored = rows_of(rows, ROW_IGNORED),
    };
    /* The steps: each row, and a last one where the latest value is none. */
    size_t steps = rows_of(rows, ROW_ATTRIBUTE) + (size_t)count.nattributes;
    const size_t sizes[PIECES] = {
        [SUMS] = sizeof(uint64_t) * (count.namounts + (size_t)1),
        [COUNTS] = sizeof(uint64_t) * (count.namounts + (size_t)1),
        [TERMS] = sizeof(struct term_row) * count.nterms,
        [ATTRIBUTES] = sizeof(struct attribute_row) * count.nattributes,
        [STEPS] = sizeof(struct step) * steps,
        [RUNS] = sizeof(struct run) * count.nruns,
        [GROUPS] = sizeof(struct run) * count.ngroups,
        [DAYS] = sizeof(int32_t) * count.namounts,
        [LABELS] = sizeof(uint32_t) * count.namounts,
        [IGNORED] = sizeof(uint32_t) * count.nignored,
        [TEXT] = text.len,
    };
    char *pieces[PIECES];
    struct record *record = allocate(sizes, pieces);
    count.bytes = record->bytes;
    count.refs = record->refs;
    count.ver = rows->ver;
    *record = count;
    point(record, pieces);
    memcpy(record->text, text.at, text.len);
    return record;
}

/* An attribute's steps end with DAY_NEVER, whose value may be none. */
static void fill_attributes(struct record *record, const struct rows *rows)
{
    struct attribute_row *next = record->attributes, *attribute = next;
    uint32_t step = 0;
    for (size_t i = rows->first[ROW_ATTRIBUTE];
         i < rows->first[ROW_ATTRIBUTE + 1]; i++) {
        const struct row *row = &rows->rows[i];
        if (!rows_joins(rows, i, false)) {
            attribute = next++;
            *attribute = (struct attribute_row){row->at[ROW_KEY], step, 0};
        }
        record->steps[step++] = (struct step){row->day, row->at[ROW_LAST]};
        bool ends = i + 1 == rows->first[ROW_ATTRIBUTE + 1] ||
                    !rows_joins(rows, i + 1, false);
        if (ends && row->day != DAY_NEVER)
            record->steps[step++] = (struct step){DAY_NEVER, 0};
        attribute->n = step - attribute->first;
    }
}

static void fill_amounts(struct record *record, const struct rows *rows)
{
    struct run *next = record->runs, *run = next;
    size_t first = rows->first[ROW_AMOUNT];
    for (uint32_t i = 0; i < record->namounts; i++) {
        const struct row *row = &rows->rows[first + i];
        if (!rows_joins(rows, first + i, true)) {
            run = next++;
            *run = (struct run){row->at[ROW_KEY], row->at[ROW_SECOND], i, 0};
        }
        run->n++;
        record->days[i] = row->day;
        record->labels[i] = row->at[ROW_LABELS];
        record->sums[i + 1] = record->sums[i] + (uint64_t)row->number;
        record->counts[i + 1] = record->counts[i] + (uint64_t)row->count;
    }
}

static void fill_terms(struct record *record, const struct rows *rows)
{
    struct run *next = record->groups, *group = next;
    size_t first = rows->first[ROW_TERM];
    for (uint32_t i = 0; i < record->nterms; i++) {
        const struct row *row = &rows->rows[first + i];
        if (!rows_joins(rows, first + i, false)) {
            group = next++;
            *group = (struct run){row->at[ROW_KEY], 0, i, 0};
        }
        group->n++;
        record->terms[i] = (struct term_row){.number = row->number,
                                             .from = row->day,
                                             .until = row->until,
                                             .id = row->at[ROW_SECOND],
                                             .unit = row->at[ROW_LAST],
                                             .labels = row->at[ROW_LABELS],
                                             .has_number = row->has_number};
    }
}

static void fill_ignored(struct record *record, const struct rows *rows)
{
    for (uint32_t i = 0; i < record->nignored; i++)
        record->ignored[i] =
            rows->rows[rows->first[ROW_IGNORED] + i].at[ROW_KEY];
}

/* An attribute's first known day is that of its first change. */
static int32_t earliest(const struct rows *rows)
{
    int32_t day = DAY_NEVER;
    for (size_t i = 0; i < rows->first[ROW_IGNORED]; i++)
        if (rows->rows[i].day < day)
            day = rows->rows[i].day;
    return day == DAY_NEVER ? DAY_NONE : day;
}

struct record *record_new(const struct field *fields, size_t n)
{
    struct rows rows;
    struct buf text;
    rows_init(&rows, fields, n);
    buf_init(&text);
    place_texts(&rows, &text);
    struct record *record = shape(&rows, buf_peek(&text));
    record->joined = earliest(&rows);
    fill_attributes(record, &rows);
    fill_amounts(record, &rows);
    fill_terms(record, &rows);
    fill_ignored(record, &rows);
    buf_fini(&text);
    rows_fini(&rows);
    return record;
}
