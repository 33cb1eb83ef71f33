/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The door of base: what any C program could use. Knows nothing of partners,
 * policies or protocols. */
#ifndef PALIER_BASE_BASE_H
#define PALIER_BASE_BASE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"

#endif
