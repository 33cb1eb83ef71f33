/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The door of facts: days, money, windows; a partner's facts packed and read;
 * changes of facts parsed and said. Pure: no I/O, no clock. */
#ifndef PALIER_FACTS_FACTS_H
#define PALIER_FACTS_FACTS_H

#include "base/base.h"
#include "facts/change.h"
#include "facts/day.h"
#include "facts/decimal.h"
#include "facts/field.h"
#include "facts/measure.h"
#include "facts/name.h"
#include "facts/record.h"
#include "facts/schema.h"
#include "facts/window.h"

#endif
