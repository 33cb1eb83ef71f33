/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_RESP_REPLY_H
#define PALIER_RESP_REPLY_H

#include "base/base.h"

/* Where a reply is written, and for which protocol (2 or 3). */
struct reply {
    struct buf *out;
    int proto;
};

/* One call writes one element; after a map, array or push of n the caller
 * writes 2n, n, n elements. A map is a flat array of 2n in RESP2; a push is an
 * array there. */
void reply_ok(struct reply *r);
void reply_simple(struct reply *r, struct str s); /* no CR or LF in it */
void reply_error(struct reply *r, const struct fault *fault);
void reply_errorf(struct reply *r, enum fault_code code, const char *format,
                  ...) PRINTF_LIKE(3, 4);
void reply_int(struct reply *r, int64_t n);
void reply_text(struct reply *r, struct str s); /* a bulk string, any bytes */
/* Nil where s is no text or empty: we have no empty values. */
void reply_text_or_nil(struct reply *r, struct str s);
void reply_nil(struct reply *r);
void reply_bool(struct reply *r, bool b); /* :1 and :0 in RESP2 */
void reply_array(struct reply *r, size_t n);
void reply_map(struct reply *r, size_t n);
void reply_push(struct reply *r, size_t n);
/* Text for people: a verbatim string in RESP3, a bulk string in RESP2. */
void reply_verbatim(struct reply *r, struct str s);

/* A key of a map, and its value. */
void reply_key(struct reply *r, const char *key);
void reply_pair_text(struct reply *r, const char *key, struct str s);
void reply_pair_int(struct reply *r, const char *key, int64_t n);
void reply_pair_bool(struct reply *r, const char *key, bool b);

#endif
