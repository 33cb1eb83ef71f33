/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/bundle.h"
#include "policy/bundle_include.h"

/* Calls of this kind end with an all-zero file. */
#define FILES(...) ((const struct bundle_file[]){__VA_ARGS__, {{0}, {0}}})
#define FILE_OF(name, text)                                                    \
    {                                                                          \
        STR(name), STR(text)                                                   \
    }

static size_t count(const struct bundle_file *files)
{
    size_t n = 0;

    while (files[n].name.at != NULL)
        n++;
    return n;
}

static struct bundle *make(const struct bundle_file *files)
{
    struct fault fault;
    struct bundle *bundle = bundle_new(files, count(files), &fault);

    if (bundle == NULL)
        fail_msg("%s", fault.text);
    return bundle;
}

static void check_fault(const struct bundle_file *files, const char *text)
{
    struct fault fault = {0};

    assert_null(bundle_new(files, count(files), &fault));
    assert_int_equal(fault.code, FAULT_POLICYERR);
    assert_string_equal(fault.text, text);
}

static bool holds(const struct bundle *bundle, const char *name)
{
    for (size_t i = 0; i < bundle_files(bundle); i++) {
        if (str_is(bundle_file(bundle, i)->name, str_of(name)))
            return true;
    }
    return false;
}

static void test_keeps_what_is_included(void **state UNUSED)
{
    struct bundle *bundle = make(FILES(
        FILE_OF("notes.lua", "never"), FILE_OF("b.lua", "include 'deep/c.lua'"),
        FILE_OF("program.lua", "include \"a.lua\"\ninclude [[b.lua]]"),
        FILE_OF("deep/c.lua", "include 'a.lua' include 'program.lua'"),
        FILE_OF("a.lua", "include('b.lua')")));

    assert_true(holds(bundle, "program.lua"));
    assert_true(holds(bundle, "a.lua"));
    assert_true(holds(bundle, "b.lua"));
    assert_true(holds(bundle, "deep/c.lua"));
    assert_false(holds(bundle, "notes.lua"));
    bundle_unref(bundle);
}

static void test_adds_the_language_in_order(void **state UNUSED)
{
    struct bundle *bundle = make(FILES(FILE_OF("program.lua", "")));
    size_t language = 0;

    for (size_t i = 0; i < bundle_files(bundle); i++) {
        const struct bundle_file *file = bundle_file(bundle, i);
        language += str_has_prefix(file->name, STR("language/"));
        if (i > 0)
            assert_true(
                str_order(bundle_file(bundle, i - 1)->name, file->name) < 0);
    }
    assert_true(language > 0);
    assert_int_equal(language + 1, bundle_files(bundle));
    bundle_unref(bundle);
}

static void test_only_real_includes_count(void **state UNUSED)
{
    struct bundle *bundle = make(FILES(FILE_OF(
        "program.lua", "-- include 'a.lua'\n--[[ include 'b.lua' ]]\n"
                       "local s = \"include 'c.lua'\" p.include 'd.lua'\n"
                       "p:include 'e.lua' local include = 1 + 2\n"
                       "include(name) include")));

    bundle_unref(bundle);
}

static void test_faults_of_includes(void **state UNUSED)
{
    check_fault(FILES(FILE_OF("a.lua", "")),
                "program.lua: no such file; a policy begins with it");
    check_fault(FILES(FILE_OF("program.lua", "\n\ninclude \"markets.lua\"")),
                "program.lua:3: include \"markets.lua\": no such file");
    check_fault(FILES(FILE_OF("program.lua", "include 'a.lua'"),
                      FILE_OF("a.lua", "\ninclude '../b.lua'")),
                "a.lua:2: include \"../b.lua\": a file is named like "
                "\"markets.lua\" or \"emea/markets.lua\"");
    check_fault(FILES(FILE_OF("program.lua", "include 'language/tier.lua'")),
                "program.lua:1: include \"language/tier.lua\": the language is "
                "always there");
}

static void test_names(void **state UNUSED)
{
    static const char *const good[] = {"a.lua", "A-1_b.c.lua", "x/y/z.lua"};
    static const char *const bad[] = {
        "",
        ".lua",
        "a",
        "a.txt",
        "/a.lua",
        "../a.lua",
        "a/../b.lua",
        "a//b.lua",
        "./a.lua",
        "a b.lua",
        "a\\b.lua",
        "a/.lua",
        "\xc3\xa9.lua",
    };
    char longest[300];

    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(include_is_name(str_of(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(include_is_name(str_of(bad[i])));
    memset(longest, 'a', sizeof(longest));
    memcpy(longest + 196, ".lua", 4);
    assert_true(include_is_name((struct str){longest, 200}));
    memcpy(longest + 197, ".lua", 4);
    assert_false(include_is_name((struct str){longest, 201}));
}

static void test_caps(void **state UNUSED)
{
    size_t len = BUNDLE_FILE_BYTES + 1;
    char *text = mem_new(len);
    struct bundle_file file = {STR("program.lua"), {text, len}};
    struct bundle *bundle;
    struct fault fault;

    memset(text, ' ', len);
    assert_null(bundle_new(&file, 1, &fault));
    assert_string_equal(fault.text, "program.lua: 1048577 bytes; a file has at "
                                    "most 1048576");
    file.text.len--;
    bundle = bundle_new(&file, 1, &fault);
    assert_non_null(bundle);
    bundle_unref(bundle);
    free(text);
}

static void test_too_many_files(void **state UNUSED)
{
    struct bundle_file files[BUNDLE_FILES + 1];
    char names[BUNDLE_FILES][24];
    struct buf program;
    struct fault fault;

    buf_init(&program);
    for (int i = 0; i < BUNDLE_FILES; i++) {
        snprintf(names[i], sizeof(names[i]), "f%d.lua", i);
        buf_print(&program, "include '%s'\n", names[i]);
        files[i] = (struct bundle_file){str_of(names[i]), STR("")};
    }
    files[BUNDLE_FILES] =
        (struct bundle_file){STR("program.lua"), buf_peek(&program)};
    assert_null(bundle_new(files, BUNDLE_FILES + 1, &fault));
    assert_string_equal(fault.text, "f255.lua: a policy has at most 256 files");
    buf_fini(&program);
}

/* --- the digest -------------------------------------------------------------
 */

static void test_digest_is_as_described(void **state UNUSED)
{
    struct bundle *bundle = make(FILES(FILE_OF("program.lua", "x")));
    struct buf bytes;
    char hex[DIGEST_HEX + 1];

    buf_init(&bytes);
    for (size_t i = 0; i < bundle_files(bundle); i++) {
        const struct bundle_file *file = bundle_file(bundle, i);
        buf_print(&bytes, STR_FMT "%c%zu%c", STR_ARG(file->name), 0,
                  file->text.len, 0);
        buf_add(&bytes, file->text);
    }
    digest_hex(buf_peek(&bytes), hex);
    assert_true(str_is(bundle_sha(bundle), str_of(hex)));
    buf_fini(&bytes);
    bundle_unref(bundle);
}

static void test_digest_knows_files_not_order(void **state UNUSED)
{
    struct bundle *a =
        make(FILES(FILE_OF("program.lua", "include 'a.lua'"),
                   FILE_OF("a.lua", ""), FILE_OF("other.lua", "")));
    struct bundle *b = make(
        FILES(FILE_OF("a.lua", ""), FILE_OF("program.lua", "include 'a.lua'")));
    struct bundle *c = make(FILES(FILE_OF("a.lua", " "),
                                  FILE_OF("program.lua", "include 'a.lua'")));

    assert_true(str_is(bundle_sha(a), bundle_sha(b)));
    assert_false(str_is(bundle_sha(b), bundle_sha(c)));
    bundle_unref(a);
    bundle_unref(b);
    bundle_unref(c);
}

static void test_restore(void **state UNUSED)
{
    struct bundle *bundle = make(FILES(FILE_OF("program.lua", "x = 1")));
    size_t n = bundle_files(bundle);
    struct bundle_file *files = mem_new_array(n + 1, sizeof(*files));
    struct fault fault = {0};
    struct bundle *again;

    for (size_t i = 0; i < n; i++)
        files[n - 1 - i] = *bundle_file(bundle, i);
    again = bundle_restore(files, n, bundle_sha(bundle), &fault);
    assert_non_null(again);
    assert_true(str_is(bundle_sha(again), bundle_sha(bundle)));
    bundle_unref(again);

    assert_null(bundle_restore(files, n - 1, bundle_sha(bundle), &fault));
    assert_int_equal(fault.code, FAULT_POLICYERR);
    assert_non_null(strstr(fault.text, "the stored files are others"));
    files[n] = files[0];
    assert_null(bundle_restore(files, n + 1, bundle_sha(bundle), &fault));
    assert_non_null(strstr(fault.text, "stored twice"));
    assert_null(bundle_restore(NULL, 0, STR("abc"), &fault));
    free(files);
    bundle_unref(bundle);
}

static void test_house(void **state UNUSED)
{
    struct bundle *bundle = bundle_house();

    assert_true(holds(bundle, "program.lua"));
    assert_int_equal(bundle_sha(bundle).len, DIGEST_HEX);
    bundle_unref(bundle);
    bundle_unref(NULL);
}

/* --- references --------------------------------------------------------------
 */

static void *take_and_drop(void *arg)
{
    struct bundle *bundle = arg;

    for (int i = 0; i < 20000; i++)
        bundle_unref(bundle_ref(bundle));
    bundle_unref(bundle);
    return NULL;
}

static void test_references_from_threads(void **state UNUSED)
{
    struct bundle *bundle = make(FILES(FILE_OF("program.lua", "")));
    pthread_t threads[4];

    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_drop,
                                        bundle_ref(bundle)),
                         0);
    bundle_unref(bundle);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keeps_what_is_included),
        cmocka_unit_test(test_adds_the_language_in_order),
        cmocka_unit_test(test_only_real_includes_count),
        cmocka_unit_test(test_faults_of_includes),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_caps),
        cmocka_unit_test(test_too_many_files),
        cmocka_unit_test(test_digest_is_as_described),
        cmocka_unit_test(test_digest_knows_files_not_order),
        cmocka_unit_test(test_restore),
        cmocka_unit_test(test_house),
        cmocka_unit_test(test_references_from_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
