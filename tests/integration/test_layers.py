# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""The house rules that a machine can check: the rooms' table in
server/README.md holds, third parties stay where they may be named, and
functions and files stay small."""
import collections
import pathlib
import re
import subprocess

import pytest

SERVER = pathlib.Path(__file__).resolve().parents[2] / "server"
SOURCES = sorted(path for path in SERVER.rglob("*.[ch]"))
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.M)

# What a third party's header begins with, by its name in the table.
HEADERS = {
    "lua": ("lua.h", "lualib.h", "lauxlib.h", "luaconf.h"),
    "hiredis": ("hiredis/",),
    "event2": ("event2/", "event.h", "evhttp.h"),
    "jansson": ("jansson.h",),
    "csv": ("csv.h",),
    "libmd": ("sha2.h", "md5.h", "sha.h"),
}
FUNCTION_LINES, FILE_LINES, LINE_COLUMNS = 80, 500, 80
BANNED = re.compile(
    r"\b(sprintf|vsprintf|strcpy|strcat|strtok|atoi|atol|alloca|gets)\s*\("
)
IGNORED_RESULT = re.compile(r"\(\s*void\s*\)\s*\w*(ret|res|result|rc|err)\b")
TYPEDEF_STRUCT = re.compile(r"\btypedef\s+(struct|union|enum)\b")

Room = collections.namedtuple("Room", "level below third included")


def words(cell):
    return re.findall(r"[a-z][a-z0-9]*", cell)


def rooms():
    """The table: | level | room | may include | what for | third parties |"""
    table = {}
    for line in (SERVER / "README.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 5 or not cells[0].isdigit():
            continue
        third = re.sub(r"\([^)]*\)", "", cells[4])
        forward = re.findall(r"(\w+) \(declared, not included\)", cells[4])
        table[cells[1].strip("`")] = Room(
            int(cells[0]), words(cells[2]), words(third),
            [name for name in words(third) if name not in forward])
    return table


ROOMS = rooms()


def text_of(path):
    return path.read_text("utf-8")


def code_of(path):
    """Comments and the insides of strings blanked, lines kept."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))

    return re.sub(
        r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
        blank, text_of(path), flags=re.S)


def where(path, at, text):
    line = text.count("\n", 0, at) + 1
    return f"{path.relative_to(SERVER)}:{line}"


def room_of(path):
    return path.relative_to(SERVER).parts[0]


def includes(path):
    text = text_of(path)
    for match in INCLUDE.finditer(text):
        yield where(path, match.start(), text), match[1], match[2]


def third_party_of(header):
    for name, beginnings in HEADERS.items():
        if header.startswith(beginnings):
            return name
    return None


def test_the_table_is_there():
    assert set(ROOMS) == {path.name for path in SERVER.iterdir()
                          if path.is_dir()}
    for name, room in ROOMS.items():
        assert set(room.below) <= set(ROOMS), name
        assert set(room.third) <= set(HEADERS), name
    assert SOURCES


def test_arrows_go_only_downwards():
    for name, room in ROOMS.items():
        for below in room.below:
            assert ROOMS[below].level < room.level, f"{name} -> {below}"


def test_rooms_are_entered_by_their_doors_along_the_table():
    wrong = []
    for path in SOURCES:
        here = room_of(path)
        for place, _, header in includes(path):
            there = header.split("/")[0]
            if there not in ROOMS or "/" not in header or there == here:
                continue
            if there not in ROOMS[here].below:
                wrong.append(f"{place}: {here} may not see {there}")
            elif header != f"{there}/{there}.h" and not shared(path, header):
                wrong.append(f"{place}: {header} is not the door")
    assert wrong == []


def shared(path, header):
    """A header may name just the header it needs of a room below, as long as
    that room's door gives it too."""
    there = header.split("/")[0]
    door = text_of(SERVER / there / f"{there}.h")
    return path.suffix == ".h" and f'"{header}"' in door


def test_third_parties_are_named_only_in_their_rooms():
    wrong = []
    for path in SOURCES:
        for place, _, header in includes(path):
            name = third_party_of(header)
            if name and name not in ROOMS[room_of(path)].included:
                wrong.append(f"{place}: {header}")
    assert wrong == []


def test_no_header_but_known_ones():
    """Quoted: ours. In brackets: C, POSIX and Linux, or the table's."""
    wrong = []
    for path in SOURCES:
        for place, quote, header in includes(path):
            ours = (header.split("/")[0] in ROOMS
                    or header.startswith("palier/"))
            if quote == '"' and not ours:
                wrong.append(f"{place}: {header}")
            if quote == "<" and ours:
                wrong.append(f"{place}: <{header}>")
    assert wrong == []


def test_third_partys_names_stay_in_their_rooms():
    """Also what is declared without an include: lua_State, redisReply."""
    marks = {"lua": r"\b(lua|luaL)_\w+\s*\(|\blua_State\b",
             "hiredis": r"\bredis(Async|Reply|Context|Connect)\w*",
             "event2": r"\b(event|evutil|evbuffer|bufferevent)_\w+\s*\(",
             "jansson": r"\bjson_(object|array|string|decref|loads)\w*\s*\(",
             "csv": r"\bcsv_(parse|init|fini)\s*\("}
    wrong = []
    for path in SOURCES:
        code = code_of(path)
        for name, mark in marks.items():
            if name in ROOMS[room_of(path)].included:
                continue
            wrong += [f"{where(path, match.start(), code)}: {match[0]}"
                      for match in re.finditer(mark, code)]
    assert wrong == []


def test_headers_do_not_include_in_circles():
    graph = collections.defaultdict(set)
    for path in SOURCES:
        if path.suffix == ".h":
            for _, quote, header in includes(path):
                if quote == '"':
                    graph[str(path.relative_to(SERVER))].add(header)
    seen, stack = set(), []

    def visit(header):
        assert header not in stack, " -> ".join(stack + [header])
        if header in seen:
            return
        stack.append(header)
        for below in sorted(graph.get(header, ())):
            visit(below)
        seen.add(stack.pop())

    for header in sorted(graph):
        visit(header)


@pytest.mark.parametrize(
    ("what", "pattern"),
    [("banned call", BANNED), ("ignored result", IGNORED_RESULT),
     ("typedef of a struct", TYPEDEF_STRUCT)],
    ids=["banned", "ignored", "typedef"])
def test_words_that_do_not_occur(what, pattern):
    wrong = []
    for path in SOURCES:
        code = code_of(path)
        wrong += [f"{where(path, match.start(), code)}: {match[0]}"
                  for match in pattern.finditer(code)]
    assert wrong == [], what


def functions(path):
    """(name's line, lines) of each function: a brace in the first column
    opens its body, one in the first column ends it."""
    begin = None
    signature = None
    lines = code_of(path).splitlines()
    for number, line in enumerate(lines, 1):
        if re.match(r"[A-Za-z_].*\(", line) and not line.startswith("#"):
            signature = number
        if line == "{":
            begin = signature
        elif line == "}" and begin:
            yield begin, number - begin + 1
            begin = None


def test_functions_are_small():
    wrong = [f"{path.relative_to(SERVER)}:{line}: {length} lines"
             for path in SOURCES for line, length in functions(path)
             if length > FUNCTION_LINES]
    assert wrong == []


def test_nine_functions_in_ten_are_under_45_lines():
    lengths = sorted(length for path in SOURCES
                     for _, length in functions(path))
    assert lengths, "no functions found"
    assert lengths[len(lengths) * 9 // 10] < 45


def test_files_are_honest():
    wrong = []
    for path in SOURCES:
        lines = text_of(path).splitlines()
        if len(lines) > FILE_LINES:
            wrong.append(f"{path.relative_to(SERVER)}: {len(lines)} lines")
        wrong += [f"{path.relative_to(SERVER)}:{number}: {len(line)} columns"
                  for number, line in enumerate(lines, 1)
                  if len(line) > LINE_COLUMNS]
    assert wrong == []


def test_files_have_their_head():
    wrong = [str(path.relative_to(SERVER)) for path in SOURCES
             if not text_of(path).startswith(
                 "/* SPDX-License-Identifier: Apache-2.0\n")]
    assert wrong == []


def test_sources_open_with_a_paragraph():
    """After the head, a comment: the problem, the idea."""
    wrong = []
    for path in SOURCES:
        if path.suffix == ".c":
            before = text_of(path).split("#include", 1)[0]
            prose = re.sub(r"SPDX-\S+ \S+|Copyright the Palier authors|\W+",
                           " ", before)
            if len(prose.split()) < 8:
                wrong.append(str(path.relative_to(SERVER)))
    assert wrong == []


def test_guards_are_named_after_their_files():
    wrong = []
    for path in SOURCES:
        if path.suffix == ".h":
            relative = path.relative_to(SERVER).with_suffix("")
            name = "PALIER_" + "_".join(relative.parts).upper() + "_H"
            if f"#ifndef {name}\n#define {name}\n" not in text_of(path):
                wrong.append(f"{relative}.h: {name}")
    assert wrong == []


def data_objects(library):
    """(source, name) of what may be written and outlives its function."""
    listing = subprocess.run(["objdump", "-t", library], check=True,
                             capture_output=True, encoding="utf-8").stdout
    source = None
    for line in listing.splitlines():
        if ": " in line and "file format" in line:
            source = line.split(":")[0].removesuffix(".o")
            continue
        words = line.split()
        if len(words) < 4:
            continue
        section, name = words[-3], words[-1]
        ours = re.fullmatch(r"[a-z]\w*(\.\d+)?", name)
        if ours and re.fullmatch(r"\.t?(data|bss)|\*COM\*", section):
            yield source, name


def test_no_mutable_globals(palier_binary):
    """But those that server/README.md lists, by their files."""
    readme = (SERVER / "README.md").read_text("utf-8")
    listed = re.search(r"^Mutable globals: (.*)$", readme, re.M)[1]
    allowed = {pathlib.Path(name).name
               for name in re.findall(r"`([\w/]+\.c)`", listed)}
    libraries = sorted(
        (pathlib.Path(palier_binary).parent / "server").glob("*.a"))
    assert len(libraries) >= len(ROOMS) - 1
    wrong = [f"{library.name}: {source}: {name}" for library in libraries
             for source, name in data_objects(library)
             if source not in allowed]
    assert wrong == []
