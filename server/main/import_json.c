/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * One object a line, read by jansson. Its only trap: a number with a fraction
 * becomes a double, and 0.1 is none. An amount must arrive as it was written,
 * so before jansson sees the line, its numbers are put into quotes. */
#include "main/import_json.h"

#include <jansson.h>
#include <string.h>

/* --- numbers as texts ----------------------------------------------------- */

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_of_number(char byte)
{
    return byte != '\0' && strchr("+-.0123456789Ee", byte) != NULL;
}

static size_t skip_digits(struct str s, size_t i)
{
    while (i < s.len && is_digit(s.at[i]))
        i++;
    return i;
}

/* -? (0 | 1-9 digits) (. digits)? (e +-? digits)? */
static bool is_number(struct str s)
{
    size_t from = s.len > 0 && s.at[0] == '-' ? 1 : 0;
    size_t i = skip_digits(s, from);
    bool is_good = i > from && (i == from + 1 || s.at[from] != '0');
    if (i < s.len && s.at[i] == '.') {
        from = i + 1;
        i = skip_digits(s, from);
        is_good = is_good && i > from;
    }
    if (i < s.len && (s.at[i] == 'e' || s.at[i] == 'E')) {
        from = i + 1;
        if (from < s.len && (s.at[from] == '+' || s.at[from] == '-'))
            from++;
        i = skip_digits(s, from);
        is_good = is_good && i > from;
    }
    return is_good && i == s.len;
}

/* Behind the text, the number or the byte that begins at `i`. */
static size_t part_end(struct str line, size_t i)
{
    char byte = line.at[i++];
    if (byte == '-' || is_digit(byte)) {
        while (i < line.len && is_of_number(line.at[i]))
            i++;
    } else if (byte == '"') {
        while (i < line.len && line.at[i] != '"')
            i += line.at[i] == '\\' ? 2 : 1;
        i++;
    }
    return i < line.len ? i : line.len;
}

static bool is_name(struct str line, size_t end)
{
    while (end < line.len && strchr(" \t\r", line.at[end]))
        end++;
    return end < line.len && line.at[end] == ':';
}

/* A copy of the line whose numbers are texts. Outside of texts, no other word
 * of JSON (true, false, null) begins as a number does. What only looks like a
 * number would become a good text by it, so it is refused here. */
static bool quote_numbers(struct str line, struct buf *out, struct fault *fault)
{
    for (size_t i = 0, end; i < line.len; i = end) {
        end = part_end(line, i);
        struct str part = str_part(line, i, end);
        if (part.at[0] != '-' && !is_digit(part.at[0])) {
            buf_add(out, part);
            continue;
        }
        if (!is_number(part) || is_name(line, end))
            return fault_set(fault, FAULT_INVALID,
                             "no JSON object: " STR_FMT " is no number of "
                             "JSON; a text needs quotes",
                             STR_ARG(part));
        buf_print(out, "\"" STR_FMT "\"", STR_ARG(part));
    }
    return true;
}

/* --- fields --------------------------------------------------------------- */

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

/* Fills `fault` where it is none. */
static json_t *parse(struct str line, struct fault *fault)
{
    struct buf quoted;
    json_error_t error;
    json_t *json = NULL;
    buf_init(&quoted);
    if (quote_numbers(line, &quoted, fault)) {
        struct str text = buf_peek(&quoted);
        json = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &error);
        if (!json)
            fault_set(fault, FAULT_INVALID, "no JSON object: %s", error.text);
    }
    buf_fini(&quoted);
    return json;
}

bool import_json_row(struct str line, struct arena *arena,
                     struct import_row *row, struct fault *fault)
{
    json_t *json = parse(line, fault);
    if (!json)
        return false;
    bool is_read = json_is_object(json)
                       ? read_members(json, arena, row, fault)
                       : fault_set(fault, FAULT_INVALID,
                                   "no JSON object, expected {\"op\": ...}");
    json_decref(json);
    return is_read;
}
