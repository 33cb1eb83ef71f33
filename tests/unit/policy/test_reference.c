/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Every example of the language reference loads: the blocks of Lua in
 * scripts/README.md, each a page of its own. */
#include "pages.h"

static char *read_reference(void)
{
    char path[512];
    const char *slash = strstr(__FILE__, "tests/unit/policy/");
    snprintf(path, sizeof path, "%.*sscripts/README.md",
             (int)(slash - __FILE__), __FILE__);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = calloc(1, PAGE_FILE_BYTES);
    assert_true(fread(text, 1, PAGE_FILE_BYTES - 1, file) > 0);
    fclose(file);
    return text;
}

static void load_block(const char *block, size_t len)
{
    char page[8192];
    struct fault fault = {0};
    snprintf(page, sizeof page, "%s%.*s",
             memmem(block, len, "program {", 9)
                 ? ""
                 : "program { name = \"x\", currency = \"EUR\" }",
             (int)len, block);
    struct policy *policy = page_try(page, &fault);
    if (!policy)
        fail_msg("%s in:\n%s", fault.text, page);
    policy_free(policy);
}

static void test_blocks(void **state UNUSED)
{
    char *text = read_reference();
    int n = 0;
    for (char *at = text; (at = strstr(at, "```lua\n")); n++) {
        char *block = at + strlen("```lua\n");
        at = strstr(block, "```");
        assert_non_null(at);
        load_block(block, (size_t)(at - block));
        at += 3;
    }
    assert_true(n >= 4);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
