/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_IMPORT_H
#define PALIER_MAIN_IMPORT_H

/* `palier import FILE`: facts from CSV or JSON lines to a server. argv[0] is
 * "import". Returns the exit code: 0, 1 (lines refused, or the
 * import could not be made), 2 (usage). */
int import_main(int argc, char **argv);

#endif
