/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_IMPORT_ID_H
#define PALIER_MAIN_IMPORT_ID_H

#include "main/import_row.h"
#include "main/tally.h"

/* Gives an `add` row without an id the id import-<digest>-<n>: 32 hexadecimal
 * digits of its content, and its being the n-th row of that content counted by
 * `seen`. So a file imported twice changes nothing, while equal rows in one
 * file count each. The content is what the row means: the order of columns,
 * of labels, and zeros at an amount's end do not matter. */
void import_id_give(struct import_row *row, struct tally *seen,
                    struct arena *arena);

#endif
