/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_BASE_MEM_H
#define PALIER_BASE_MEM_H

#include <stddef.h>

/* Memory whose size no peer, script or store decides: a failure ends the
 * process with a message (die). Release with free(). */
void *mem_new(size_t size);                 /* zeroed */
void *mem_new_array(size_t n, size_t size); /* zeroed, product checked */
void *mem_resize(void *p, size_t size);
void *mem_copy(const void *p, size_t size);
char *mem_copy_text(const char *text);

#endif
