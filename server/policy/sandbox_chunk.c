/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * From a source to a function. Lua's compiler runs where no hook does, and some
 * of what it compiles runs there too: extra arguments that are copied whole by
 * one instruction, bit operators that read long texts as numbers, attributes
 * that need metamethods. A policy page has no use for them, so the gate below
 * turns them away by name, with what to write instead. It also measures how
 * deep functions stand in one another, because the compiler looks for each name
 * in all of them, and charges for it. And it counts operators that the compiler
 * stacks up, as in `not not not x` or `a .. b .. c`: where there are too many,
 * the compiler stops without saying in which line. */
#include "policy/sandbox_libs.h"
#include "policy/token.h"

enum {
    CHUNK_DEPTH = 100,    /* of brackets and blocks in one another */
    CHUNK_CHAIN = 150,    /* of operators that the compiler stacks up */
    CHUNK_NAME_COST = 16, /* for each function around a name */
    CHUNK_BYTES_COST = 4, /* bytes read for one */
    CHUNK_BYTES = 1024 * 1024,
};

/* Where the gate stands: `blocks` holds what is open, innermost last. */
struct gate {
    struct token_reader reader;
    struct str name;
    /* In the names that a `local` declares: before one, after one. */
    enum { LOCALS_NONE, LOCALS_BEFORE, LOCALS_AFTER } locals;
    char blocks[CHUNK_DEPTH];
    unsigned chains[CHUNK_DEPTH + 1]; /* operators stacked up, at each depth */
    bool operand;                     /* has one just ended? */
    size_t depth, functions;
};

static const struct refused {
    enum token_kind kind;
    const char *word;
    const char *advice;
} refused[] = {
    {TOKEN_NAME, "_ENV", "globals cannot be changed"},
    {TOKEN_NAME, "goto", "write a loop or a function"},
    {TOKEN_MARK, "::", "write a loop or a function"},
    {TOKEN_MARK, "...", "name the arguments"},
    {TOKEN_MARK, "&", "write 'and'"},
    {TOKEN_MARK, "|", "write 'or'"},
    {TOKEN_MARK, "~", "write 'not', or '~=' for unequal"},
    {TOKEN_MARK, "<<", "write '<', or multiply"},
    {TOKEN_MARK, ">>", "write '>', or divide"},
};

static _Noreturn void turn_away(lua_State *L, const struct gate *gate, int line,
                                const char *what, const char *advice)
{
    lua_pushlstring(L, gate->name.at, gate->name.len);
    luaL_error(L, "%s:%d: %s%s%s", lua_tostring(L, -1), line, what,
               advice[0] != '\0' ? ": " : "", advice);
    die("lua_error came back");
}

static void check_words(lua_State *L, const struct gate *gate,
                        struct token token)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        const struct refused *row = &refused[i];
        if (token_is(token, row->kind, row->word))
            turn_away(
                L, gate, token.line,
                lua_pushfstring(L, "'%s' is not of the language", row->word),
                row->advice);
    }
    if (gate->locals == LOCALS_AFTER && token_is(token, TOKEN_MARK, "<"))
        turn_away(L, gate, token.line, "a local has no attribute", "");
    if (token.kind == TOKEN_BAD)
        turn_away(L, gate, token.line,
                  "a text or a comment begins here and does not end", "");
    if (token.kind == TOKEN_TEXT && token.text.len > SANDBOX_TEXT_BYTES)
        turn_away(L, gate, token.line,
                  lua_pushfstring(L, "a text longer than %d bytes",
                                  (int)SANDBOX_TEXT_BYTES),
                  "");
}

static bool is_any(struct token token, enum token_kind kind,
                   const char *const *words)
{
    for (; *words != NULL; words++) {
        if (token_is(token, kind, *words))
            return true;
    }
    return false;
}

/* Follows what opens and closes. Where a source closes what it did not open,
 * Lua stops there too, so the count need not be right beyond. */
static void follow_blocks(lua_State *L, struct gate *gate, struct token token)
{
    static const char *const opening[] = {"if", "do", "repeat", NULL};
    static const char *const closing[] = {"end", "until", NULL};
    static const char *const left[] = {"(", "[", "{", NULL};
    static const char *const right[] = {")", "]", "}", NULL};
    bool function = token_is(token, TOKEN_NAME, "function");

    if (function || is_any(token, TOKEN_NAME, opening) ||
        is_any(token, TOKEN_MARK, left)) {
        if (gate->depth == CHUNK_DEPTH)
            turn_away(L, gate, token.line, "nested too deep", "");
        gate->blocks[gate->depth++] = function;
        gate->chains[gate->depth] = 0;
        gate->functions += function;
    } else if (gate->depth > 0 && (is_any(token, TOKEN_NAME, closing) ||
                                   is_any(token, TOKEN_MARK, right))) {
        gate->functions -= (size_t)gate->blocks[--gate->depth];
    }
}

static void follow_locals(struct gate *gate, struct token token)
{
    if (token_is(token, TOKEN_NAME, "local") ||
        (gate->locals == LOCALS_AFTER && token_is(token, TOKEN_MARK, ",")))
        gate->locals = LOCALS_BEFORE;
    else if (gate->locals == LOCALS_BEFORE && token.kind == TOKEN_NAME)
        gate->locals = LOCALS_AFTER;
    else
        gate->locals = LOCALS_NONE;
}

static bool is_word(struct token token)
{
    static const char *const words[] = {
        "and",      "break",  "do",   "else",  "elseif", "for",
        "function", "if",     "in",   "local", "not",    "or",
        "repeat",   "return", "then", "until", "while",  NULL};

    return is_any(token, TOKEN_NAME, words);
}

/* A chain goes on over operands; any other operator or word may end it. */
static void follow_chain(lua_State *L, struct gate *gate, struct token token)
{
    static const char *const stacking[] = {"..", "^", NULL};
    static const char *const neutral[] = {"(", ")", "[", "]", "{",
                                          "}", ".", ":", NULL};
    static const char *const ends[] = {")", "]", "}", NULL};
    unsigned *chain = &gate->chains[gate->depth];
    bool stacks = is_any(token, TOKEN_MARK, stacking) ||
                  token_is(token, TOKEN_NAME, "not") ||
                  token_is(token, TOKEN_MARK, "#") ||
                  (token_is(token, TOKEN_MARK, "-") && !gate->operand);

    gate->operand = token.kind == TOKEN_MARK ? is_any(token, TOKEN_MARK, ends)
                                             : !is_word(token);
    if (stacks)
        (*chain)++;
    else if (token.kind == TOKEN_MARK ? !is_any(token, TOKEN_MARK, neutral)
                                      : is_word(token))
        *chain = 0;
    if (*chain > CHUNK_CHAIN)
        turn_away(L, gate, token.line, "too many operators in a row",
                  "write brackets, or table.concat");
}

static void pass_gate(lua_State *L, struct str name, struct str text)
{
    struct gate gate = {.name = name, .functions = 1};
    struct token token;

    token_init(&gate.reader, text);
    do {
        token = token_next(&gate.reader);
        check_words(L, &gate, token);
        follow_blocks(L, &gate, token);
        follow_chain(L, &gate, token);
        if (token.kind == TOKEN_NAME)
            sandbox_charge_load(L, gate.functions * CHUNK_NAME_COST);
        follow_locals(&gate, token);
    } while (token.kind != TOKEN_END);
}

/* Raises the compiler's message, with the file's name where it lacks it. */
static _Noreturn void raise_syntax(lua_State *L, int status, int name)
{
    const char *file = lua_tostring(L, name);
    struct str text;

    if (status == LUA_ERRMEM)
        sandbox_out_of_memory(L);
    text.at = lua_tolstring(L, -1, &text.len);
    if (!str_has_prefix(text, str_of(file)))
        lua_pushfstring(L, "%s: %s", file, text.at);
    lua_error(L);
    die("lua_error came back");
}

void sandbox_push_chunk(lua_State *L, struct str name, struct str text, int env)
{
    int top = lua_gettop(L), status;

    env = lua_absindex(L, env);
    luaL_checkstack(L, 8, NULL);
    lua_pushlstring(L, name.at, name.len);
    if (text.len > CHUNK_BYTES)
        luaL_error(L, "%s: longer than %d bytes", lua_tostring(L, -1),
                   (int)CHUNK_BYTES);
    /* What editors of another system put before the first word. */
    if (str_has_prefix(text, STR("\xef\xbb\xbf")))
        text = str_part(text, 3, text.len);
    sandbox_charge_load(L, text.len / CHUNK_BYTES_COST);
    if (!str_has_prefix(name, STR("language/")))
        pass_gate(L, name, text);
    lua_pushfstring(L, "@%s", lua_tostring(L, top + 1));
    status = luaL_loadbufferx(L, text.at != NULL ? text.at : "", text.len,
                              lua_tostring(L, top + 2), "t");
    if (status != LUA_OK)
        raise_syntax(L, status, top + 1);
    lua_pushvalue(L, env);
    lua_setupvalue(L, -2, 1);
    lua_insert(L, top + 1);
    lua_settop(L, top + 1);
}
