/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_IMPORT_REPORT_H
#define PALIER_MAIN_IMPORT_REPORT_H

#include "base/base.h"

/* What became of a file's lines. The first refusals are kept word for word,
 * later ones are counted. */
enum { IMPORT_REPORT_KEPT = 1000, IMPORT_REPORT_SHOWN = 50 };
struct import_refusal {
    size_t line;
    char *text; /* "INVALID revenu: ..." */
};
struct import_report {
    const char *file;
    bool dry_run;
    size_t lines, accepted, refused;
    /* Of the accepted: the partner's `ver` grew, or did not. Unless a ver was
     * not to be had: then neither is told. */
    size_t changed, unchanged;
    bool is_uncertain;
    size_t dayless; /* of the accepted: their day is left out, today is meant */
    bool is_stopped; /* before the end, `stopped` says why */
    struct fault stopped;
    struct import_refusal *refusals;
    size_t kept, cap;
};

void import_report_init(struct import_report *report, const char *file,
                        bool dry_run);
void import_report_fini(struct import_report *report);
/* A line was refused: `text` as the server says it, with its first word. */
void import_report_refuse(struct import_report *report, size_t line,
                          struct str text);
void import_report_refuse_fault(struct import_report *report, size_t line,
                                const struct fault *fault);
void import_report_stop(struct import_report *report,
                        const struct fault *fault);
/* For people on a terminal, or one JSON object; on standard output. */
void import_report_print(struct import_report *report, bool as_json);
bool import_report_is_good(const struct import_report *report);

#endif
