/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_EXPORT_H
#define PALIER_MAIN_EXPORT_H

/* `palier export [FILE]`: every partner's facts as lines that `palier import`
 * reads. argv[0] is "export". Returns the exit code: 0, 1 (the
 * export could not be made), 2 (usage). */
int export_main(int argc, char **argv);

#endif
