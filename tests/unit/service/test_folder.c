/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "scratch.h"
#include "service/folder.h"

#define PAGE "program { name = \"x\", currency = \"EUR\" }\n"

static void what_belongs_to_it(void **state UNUSED)
{
    assert_true(folder_is_script("program.lua"));
    assert_false(folder_is_script(".lua"));
    assert_false(folder_is_script(".#program.lua"));
    assert_false(folder_is_script("program.lua~"));
    assert_false(folder_is_script("program.Lua"));
    assert_false(folder_is_script("lua"));
    assert_false(folder_is_part("programs", 0));
    assert_false(folder_is_part("language", 0));
    assert_false(folder_is_part("redis", 0));
    assert_true(folder_is_part("redis", 1));
    assert_false(folder_is_part(".git", 1));
    assert_false(folder_is_part("..", 1));
}

struct seen {
    char names[1024];
    int n;
};

static bool note(void *arg, const char *name)
{
    struct seen *seen = arg;
    size_t len = strlen(seen->names);
    snprintf(seen->names + len, sizeof seen->names - len, "[%s]", name);
    seen->n++;
    return true;
}

static void the_walk_stays_inside(void **state UNUSED)
{
    mkdir("p", 0700);
    mkdir("p/programs", 0700);
    mkdir("p/a", 0700);
    mkdir("p/a/b", 0700);
    scratch_write("p/program.lua", PAGE);
    scratch_write("p/programs/other.lua", PAGE);
    scratch_write("p/a/b/deep.lua", PAGE);
    scratch_write("p/a/notes.txt", PAGE);
    assert_int_equal(symlink("nowhere", "p/gone.lua"), 0);
    struct seen seen = {0};
    struct fault fault = {0};
    struct folder_visitor visitor = {
        .on_script = note, .arg = &seen, .fault = &fault};
    assert_true(folder_walk("p", &visitor));
    assert_int_equal(seen.n, 2);
    assert_non_null(strstr(seen.names, "[program.lua]"));
    assert_non_null(strstr(seen.names, "[a/b/deep.lua]"));
}

static void a_circle_of_links_ends(void **state UNUSED)
{
    mkdir("p", 0700);
    scratch_write("p/program.lua", PAGE);
    assert_int_equal(symlink(".", "p/again"), 0);
    struct seen seen = {0};
    struct fault fault = {0};
    struct folder_visitor visitor = {
        .on_folder = note, .arg = &seen, .fault = &fault};
    assert_true(folder_walk("p", &visitor));
    assert_int_equal(seen.n, FOLDER_DEPTH);
}

static void a_bundle_is_read(void **state UNUSED)
{
    mkdir("p", 0700);
    scratch_write("p/program.lua", PAGE);
    struct fault fault = {0};
    struct bundle *bundle = folder_read("p", &fault);
    assert_non_null(bundle);
    bool found = false;
    for (size_t i = 0; i < bundle_files(bundle); i++) {
        const struct bundle_file *file = bundle_file(bundle, i);
        if (str_is(file->name, STR("program.lua")))
            found = str_is(file->text, STR(PAGE));
    }
    assert_true(found);
    bundle_unref(bundle);
}

static void assert_refused(const char *path, const char *part)
{
    struct fault fault = {0};
    assert_null(folder_read(path, &fault));
    assert_int_equal(fault.code, FAULT_POLICYERR);
    if (!strstr(fault.text, part))
        fail_msg("\"%s\" does not say \"%s\"", fault.text, part);
}

static void write_large(const char *path)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(ftruncate(fileno(file), BUNDLE_FILE_BYTES + 1), 0);
    fclose(file);
}

static void what_cannot_be_read(void **state UNUSED)
{
    assert_refused("nowhere", "nowhere: No such file or directory");
    mkdir("p", 0700);
    assert_refused("p", "program.lua");
    write_large("p/program.lua");
    assert_refused("p", "program.lua: larger than 1048576 bytes");
}

static void a_draft_is_no_part_until_it_is_included(void **state UNUSED)
{
    mkdir("p", 0700);
    mkdir("p/parts", 0700);
    scratch_write("p/program.lua", PAGE);
    write_large("p/draft.lua");
    write_large("p/parts/draft.lua");
    struct fault fault = {0};
    struct bundle *bundle = folder_read("p", &fault);
    if (!bundle)
        fail_msg("%s", fault.text);
    bundle_unref(bundle);
    scratch_write("p/program.lua", "include \"draft.lua\"\n" PAGE);
    assert_refused("p", "draft.lua: larger than 1048576 bytes");
    scratch_write("p/program.lua", "include \"more.lua\"\n" PAGE);
    scratch_write("p/more.lua", "include \"parts/draft.lua\"\n");
    assert_refused("p", "parts/draft.lua: larger than 1048576 bytes");
    scratch_write("p/more.lua", "");
    bundle = folder_read("p", &fault);
    assert_non_null(bundle);
    bundle_unref(bundle);
}

static void a_draft_that_may_not_be_read(void **state UNUSED)
{
    if (geteuid() == 0)
        skip(); /* root may read everything */
    mkdir("p", 0700);
    scratch_write("p/program.lua", PAGE);
    scratch_write("p/draft.lua", PAGE);
    assert_int_equal(chmod("p/draft.lua", 0), 0);
    struct fault fault = {0};
    struct bundle *bundle = folder_read("p", &fault);
    assert_non_null(bundle);
    bundle_unref(bundle);
    scratch_write("p/program.lua", "include \"draft.lua\"\n" PAGE);
    assert_refused("p", "draft.lua: Permission denied");
}

static void too_many_files(void **state UNUSED)
{
    mkdir("p", 0700);
    for (int i = 0; i <= BUNDLE_FILES; i++) {
        char path[32];
        snprintf(path, sizeof path, "p/f%d.lua", i);
        scratch_write(path, "");
    }
    assert_refused("p", "at most 256 files");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_belongs_to_it),
        TEST(the_walk_stays_inside),
        TEST(a_circle_of_links_ends),
        TEST(a_bundle_is_read),
        TEST(what_cannot_be_read),
        TEST(too_many_files),
        TEST(a_draft_is_no_part_until_it_is_included),
        TEST(a_draft_that_may_not_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
