/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A policy declares a few dozen series at most, and only changes of facts ask
 * for them: one look at each is enough. */
#include "facts/schema.h"

#include "facts/decimal.h"
#include "facts/name.h"

const struct series *schema_series(const struct schema *schema, struct str path,
                                   enum series_kind kind)
{
    const struct series *nearest = NULL;
    for (size_t i = 0; i < schema->nseries; i++) {
        const struct series *series = &schema->series[i];
        if (series->kind != kind || !path_is_under(path, series->path))
            continue;
        if (!nearest || series->path.len > nearest->path.len)
            nearest = series;
    }
    return nearest;
}

bool schema_has_attribute(const struct schema *schema, struct str name)
{
    for (size_t i = 0; i < schema->nattributes; i++)
        if (str_is(schema->attributes[i], name))
            return true;
    return false;
}

int schema_decimals(const struct schema *schema, struct str unit)
{
    if (unit.len == 0)
        return 0;
    int decimals = currency_decimals(unit);
    for (size_t i = 0; decimals < 0 && i < schema->nseries; i++)
        if (str_is(schema->series[i].unit, unit))
            decimals = schema->series[i].decimals;
    return decimals;
}
