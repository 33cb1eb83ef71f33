/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * One object a line, read by jansson. Its only trap: a number with a fraction
 * becomes a double, and 0.1 is none. An amount must arrive as it was written,
 * so before jansson sees the line, its numbers are put into quotes. */
#include "main/import_json.h"

#include <jansson.h>
#include <string.h>

static bool is_of_number(char byte)
{
    return byte != '\0' && strchr("+-.0123456789Ee", byte) != NULL;
}

/* A copy of the line whose numbers are texts. Outside of strings, no other
 * word of JSON (true, false, null) begins as a number does. */
static void quote_numbers(struct str line, struct buf *out)
{
    bool in_string = false;
    size_t i = 0;
    while (i < line.len) {
        size_t from = i;
        char byte = line.at[i++];
        bool is_number =
            !in_string && (byte == '-' || (byte >= '0' && byte <= '9'));
        if (byte == '"')
            in_string = !in_string;
        if (in_string && byte == '\\' && i < line.len)
            i++;
        while (is_number && i < line.len && is_of_number(line.at[i]))
            i++;
        if (is_number)
            buf_add_byte(out, '"');
        buf_add(out, str_part(line, from, i));
        if (is_number)
            buf_add_byte(out, '"');
    }
}

/* False: neither a text nor a number (which is a text by now). */
static bool plain_text(const json_t *json, struct arena *arena,
                       struct str *text)
{
    if (!json_is_string(json))
        return false;
    *text = arena_copy(
        arena, (struct str){json_string_value(json), json_string_length(json)});
    return true;
}

/* {"class": "license"} to class=license */
static bool labels_text(json_t *object, struct arena *arena, struct str *text,
                        struct fault *fault)
{
    const char *name = NULL;
    json_t *member = NULL;
    *text = (struct str){0};
    json_object_foreach(object, name, member)
    {
        struct str value = {0};
        if (!plain_text(member, arena, &value) || !name_is_label_value(value))
            return fault_set(fault, FAULT_INVALID,
                             "with: %s is no label's value, expected 1 to 128 "
                             "bytes without spaces , = :",
                             name);
        *text = arena_print(arena, STR_FMT "%s%s=" STR_FMT, STR_ARG(*text),
                            text->len > 0 ? "," : "", name, STR_ARG(value));
    }
    return true;
}

static bool field_text(struct str name, json_t *json, struct arena *arena,
                       struct str *text, struct fault *fault)
{
    if (json_is_object(json) && str_is(name, STR("with")))
        return labels_text(json, arena, text, fault);
    if (plain_text(json, arena, text))
        return true;
    return fault_set(fault, FAULT_INVALID,
                     STR_FMT ": neither a text nor a number", STR_ARG(name));
}

static bool read_members(json_t *object, struct arena *arena,
                         struct import_row *row, struct fault *fault)
{
    const char *key = NULL;
    json_t *member = NULL;
    row->fields = arena_take_array(arena, json_object_size(object) + 1,
                                   sizeof(*row->fields));
    json_object_foreach(object, key, member)
    {
        int place = import_name(str_of(key), fault);
        if (place < 0)
            return false;
        struct field *field = &row->fields[row->n];
        field->name = import_names[place];
        if (json_is_null(member))
            continue;
        if (!field_text(field->name, member, arena, &field->value, fault))
            return false;
        row->n++;
    }
    return true;
}

bool import_json_row(struct str line, struct arena *arena,
                     struct import_row *row, struct fault *fault)
{
    struct buf quoted;
    buf_init(&quoted);
    quote_numbers(line, &quoted);
    struct str text = buf_peek(&quoted);
    json_error_t error;
    json_t *json =
        json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &error);
    buf_fini(&quoted);
    if (!json)
        return fault_set(fault, FAULT_INVALID, "no JSON object: %s",
                         error.text);
    bool is_read = json_is_object(json)
                       ? read_members(json, arena, row, fault)
                       : fault_set(fault, FAULT_INVALID,
                                   "no JSON object, expected {\"op\": ...}");
    json_decref(json);
    return is_read;
}
