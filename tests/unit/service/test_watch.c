/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "scratch.h"
#include "service/watch.h"

enum { QUIET_MS = 120, LONG_MS = 1300 };

struct bench {
    struct event_base *base;
    struct watch *watch;
    int calls;
};

static void on_change(void *arg)
{
    struct bench *bench = arg;
    bench->calls++;
}

static void start(struct bench *bench, const char *folder)
{
    struct fault fault = {0};
    bench->base = event_base_new();
    bench->calls = 0;
    bench->watch = watch_start(bench->base, folder, on_change, bench, &fault);
    if (!bench->watch)
        fail_msg("%s", fault.text);
}

static void stop(struct bench *bench)
{
    watch_stop(bench->watch);
    event_base_free(bench->base);
}

static void expect_call(struct bench *bench)
{
    scratch_run(bench->base, &bench->calls, 1);
    scratch_idle(bench->base, QUIET_MS); /* what trails behind it */
    bench->calls = 0;
}

static void expect_quiet(struct bench *bench)
{
    scratch_idle(bench->base, QUIET_MS);
    assert_int_equal(bench->calls, 0);
}

static void a_script_written_moved_or_removed(void **state UNUSED)
{
    struct bench bench;
    mkdir("p", 0700);
    start(&bench, "p");
    scratch_write("p/program.lua", "a");
    expect_call(&bench);
    scratch_write("p/program.lua", "b");
    expect_call(&bench);
    scratch_write("p/.program.lua.tmp", "c");
    expect_quiet(&bench);
    assert_int_equal(rename("p/.program.lua.tmp", "p/program.lua"), 0);
    expect_call(&bench);
    assert_int_equal(unlink("p/program.lua"), 0);
    expect_call(&bench);
    stop(&bench);
}

static void a_link_made_is_a_save(void **state UNUSED)
{
    struct bench bench;
    mkdir("p", 0700);
    scratch_write("kept.txt", "a");
    start(&bench, "p");
    assert_int_equal(symlink("../kept.txt", "p/program.lua"), 0);
    expect_call(&bench);
    assert_int_equal(link("kept.txt", "p/other.lua"), 0);
    expect_call(&bench);
    stop(&bench);
}

static void editors_leftovers_are_nothing(void **state UNUSED)
{
    static const char *const names[] = {"p/program.lua~",  "p/.program.lua.swp",
                                        "p/4913",          "p/#program.lua#",
                                        "p/.#program.lua", "p/notes.md"};
    struct bench bench;
    mkdir("p", 0700);
    start(&bench, "p");
    for (size_t i = 0; i < COUNT_OF(names); i++)
        scratch_write(names[i], "x");
    expect_quiet(&bench);
    stop(&bench);
}

static void many_events_are_one_call(void **state UNUSED)
{
    struct bench bench;
    mkdir("p", 0700);
    start(&bench, "p");
    for (int i = 0; i < 50; i++)
        scratch_write("p/program.lua", "a");
    scratch_idle(bench.base, QUIET_MS);
    assert_int_equal(bench.calls, 1);
    stop(&bench);
}

static void subfolders_are_watched_but_not_other_programs(void **state UNUSED)
{
    struct bench bench;
    mkdir("p", 0700);
    mkdir("p/parts", 0700);
    mkdir("p/programs", 0700);
    mkdir("p/language", 0700);
    mkdir("p/.git", 0700);
    start(&bench, "p/");
    scratch_write("p/programs/a.lua", "a");
    scratch_write("p/language/a.lua", "a");
    scratch_write("p/.git/a.lua", "a");
    expect_quiet(&bench);
    scratch_write("p/parts/a.lua", "a");
    expect_call(&bench);
    mkdir("p/more", 0700);
    expect_call(&bench);
    scratch_write("p/more/a.lua", "a");
    expect_call(&bench);
    stop(&bench);
}

static void the_folder_itself_replaced(void **state UNUSED)
{
    struct bench bench;
    mkdir("p", 0700);
    mkdir("q", 0700);
    scratch_write("q/program.lua", "q");
    start(&bench, "p");
    assert_int_equal(rename("p", "old"), 0);
    expect_quiet(&bench); /* there is nothing to read now */
    assert_int_equal(rename("q", "p"), 0);
    expect_call(&bench);
    scratch_write("old/program.lua", "x");
    expect_quiet(&bench);
    scratch_write("p/program.lua", "x");
    expect_call(&bench);
    stop(&bench);
}

static void the_folder_removed_and_made_anew(void **state UNUSED)
{
    struct bench bench;
    mkdir("p", 0700);
    start(&bench, "p");
    assert_int_equal(rmdir("p"), 0);
    expect_quiet(&bench);
    mkdir("p", 0700);
    expect_call(&bench);
    scratch_write("p/program.lua", "x");
    expect_call(&bench);
    stop(&bench);
}

static void a_link_to_the_folder_is_turned(void **state UNUSED)
{
    struct bench bench;
    mkdir("one", 0700);
    mkdir("two", 0700);
    assert_int_equal(symlink("one", "p"), 0);
    start(&bench, "p");
    assert_int_equal(symlink("two", "new"), 0);
    assert_int_equal(rename("new", "p"), 0);
    expect_call(&bench);
    scratch_write("two/program.lua", "x");
    expect_call(&bench);
    stop(&bench);
}

static void a_hidden_link_to_the_scripts_is_turned(void **state UNUSED)
{
    struct bench bench;
    mkdir("p", 0700);
    mkdir("p/.1", 0700);
    mkdir("p/.2", 0700);
    assert_int_equal(symlink(".1", "p/..data"), 0);
    assert_int_equal(symlink("..data/program.lua", "p/program.lua"), 0);
    start(&bench, "p");
    assert_int_equal(symlink(".2", "p/..data_tmp"), 0);
    assert_int_equal(rename("p/..data_tmp", "p/..data"), 0);
    expect_call(&bench);
    stop(&bench);
}

static void what_a_link_leads_to_is_watched(void **state UNUSED)
{
    struct bench bench;
    mkdir("p", 0700);
    mkdir("away", 0700);
    mkdir("more", 0700);
    scratch_write("away/page", "a");
    scratch_write("more/page", "a");
    assert_int_equal(symlink("../away/page", "p/program.lua"), 0);
    start(&bench, "p");
    scratch_write("away/page", "b");
    expect_call(&bench);
    scratch_write("away/other.lua", "b");
    expect_quiet(&bench);
    scratch_write("away/page~", "c");
    assert_int_equal(rename("away/page~", "away/page"), 0);
    expect_call(&bench);
    assert_int_equal(symlink("../more/page", "p/new"), 0);
    assert_int_equal(rename("p/new", "p/program.lua"), 0);
    expect_call(&bench);
    scratch_write("more/page", "b");
    expect_call(&bench);
    scratch_write("away/page", "d");
    expect_quiet(&bench);
    stop(&bench);
}

/* The same folder is watched for two reasons; neither may end the other. */
static void a_link_beside_the_folder(void **state UNUSED)
{
    struct bench bench;
    mkdir("p", 0700);
    scratch_write("page", "a");
    assert_int_equal(symlink("../page", "p/program.lua"), 0);
    assert_int_equal(symlink("notes.txt", "p/other.lua"), 0);
    scratch_write("p/notes.txt", "a");
    start(&bench, "p");
    scratch_write("page", "b");
    expect_call(&bench);
    scratch_write("p/notes.txt", "b");
    expect_call(&bench);
    assert_int_equal(unlink("p/program.lua"), 0);
    scratch_write("p/program.lua", "b");
    expect_call(&bench);
    scratch_write("page", "c");
    expect_quiet(&bench);
    assert_int_equal(rename("p", "old"), 0);
    expect_quiet(&bench);
    mkdir("p", 0700);
    expect_call(&bench);
    stop(&bench);
}

/* Nothing of that has an event: the path is asked where it leads. */
static void a_link_above_the_folder_is_turned(void **state UNUSED)
{
    struct bench bench;
    mkdir("one", 0700);
    mkdir("one/p", 0700);
    mkdir("two", 0700);
    mkdir("two/p", 0700);
    assert_int_equal(symlink("one", "now"), 0);
    start(&bench, "now/p");
    assert_int_equal(symlink("two", "new"), 0);
    assert_int_equal(rename("new", "now"), 0);
    expect_call(&bench);
    scratch_write("two/p/program.lua", "x");
    expect_call(&bench);
    scratch_write("one/p/program.lua", "x");
    expect_quiet(&bench);
    stop(&bench);
}

/* The parent's own watch moves with it. */
static void the_parent_is_replaced(void **state UNUSED)
{
    struct bench bench;
    mkdir("up", 0700);
    mkdir("up/p", 0700);
    mkdir("more", 0700);
    mkdir("more/p", 0700);
    start(&bench, "up/p");
    assert_int_equal(rename("up", "old"), 0);
    assert_int_equal(rename("more", "up"), 0);
    expect_call(&bench);
    mkdir("up/q", 0700);
    assert_int_equal(rename("up/p", "up/away"), 0);
    assert_int_equal(rename("up/q", "up/p"), 0);
    expect_call(&bench);
    scratch_write("up/p/program.lua", "x");
    expect_call(&bench);
    stop(&bench);
}

static void looking_again_follows_the_path(void **state UNUSED)
{
    struct bench bench;
    mkdir("one", 0700);
    mkdir("one/p", 0700);
    mkdir("two", 0700);
    mkdir("two/p", 0700);
    assert_int_equal(symlink("one", "now"), 0);
    start(&bench, "now/p");
    assert_int_equal(symlink("two", "new"), 0);
    assert_int_equal(rename("new", "now"), 0);
    watch_look_again(bench.watch);
    scratch_idle(bench.base, LONG_MS); /* it is known already */
    assert_int_equal(bench.calls, 0);
    scratch_write("two/p/program.lua", "x");
    expect_call(&bench);
    stop(&bench);
}

static void looking_again_while_the_folder_is_away(void **state UNUSED)
{
    struct bench bench;
    mkdir("up", 0700);
    mkdir("up/p", 0700);
    start(&bench, "up/p");
    assert_int_equal(rename("up", "old"), 0);
    watch_look_again(bench.watch);
    expect_quiet(&bench);
    assert_int_equal(rename("old", "up"), 0);
    expect_call(&bench);
    stop(&bench);
}

static void no_folder_is_a_fault(void **state UNUSED)
{
    struct fault fault = {0};
    struct event_base *base = event_base_new();
    assert_null(watch_start(base, "nowhere", on_change, NULL, &fault));
    assert_string_equal(fault.text, "nowhere: No such file or directory");
    event_base_free(base);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_enter, scratch_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_script_written_moved_or_removed),
        TEST(a_link_made_is_a_save),
        TEST(editors_leftovers_are_nothing),
        TEST(many_events_are_one_call),
        TEST(subfolders_are_watched_but_not_other_programs),
        TEST(the_folder_itself_replaced),
        TEST(the_folder_removed_and_made_anew),
        TEST(a_link_to_the_folder_is_turned),
        TEST(a_hidden_link_to_the_scripts_is_turned),
        TEST(what_a_link_leads_to_is_watched),
        TEST(a_link_beside_the_folder),
        TEST(a_link_above_the_folder_is_turned),
        TEST(the_parent_is_replaced),
        TEST(looking_again_follows_the_path),
        TEST(looking_again_while_the_folder_is_away),
        TEST(no_folder_is_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
