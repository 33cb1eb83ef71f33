/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Log lines as they arrive on stderr, read back through a pipe. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base.h"

static int real_stderr, lines[2];

static int divert(void **state UNUSED)
{
    real_stderr = dup(STDERR_FILENO);
    if (real_stderr < 0 || pipe2(lines, O_NONBLOCK) != 0)
        return -1;
    return dup2(lines[1], STDERR_FILENO) < 0 ? -1 : 0;
}

static int restore(void **state UNUSED)
{
    int result = dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    close(lines[0]);
    close(lines[1]);
    log_set_level(LOG_INFO);
    return result < 0 ? -1 : 0;
}

/* What was logged since the last call, without "time=... " at its front. */
static const char *logged(void)
{
    static char text[64 * 1024];
    ssize_t len = read(lines[0], text, sizeof(text) - 1);
    text[len > 0 ? len : 0] = '\0';
    if (len <= 0)
        return text;
    assert_memory_equal(text, "time=", 5);
    assert_memory_equal(text + 24, "Z ", 2);
    return text + 26;
}

static void fields_become_logfmt(void **state UNUSED)
{
    log_info("policy in force", KV("version", "ab12"), KV_INT("files", 3),
             KV_STR("day", STR("2026-06-30")), KV_INT("least", INT64_MIN));
    assert_string_equal(logged(),
                        "level=info msg=\"policy in force\" version=ab12 "
                        "files=3 day=2026-06-30 least=-9223372036854775808\n");
    log_warn("plain", KV_NONE);
    assert_string_equal(logged(), "level=warn msg=plain\n");
    log_write(LOG_ERROR, "x", NULL);
    assert_string_equal(logged(), "level=error msg=x\n");
}

static void values_are_quoted_where_needed(void **state UNUSED)
{
    log_info("m", KV("a", ""), KV("b", NULL), KV("c", "x=y"),
             KV("d", "say \"\\\""), KV("e", "a\nb\r\x01\x7f"),
             KV("f", "Z\xc3\xbcrich"), KV("g", "\xfc"), KV_STR("h", STR("\0")));
    assert_string_equal(logged(), "level=info msg=m a=\"\" b=\"\" c=\"x=y\" "
                                  "d=\"say \\\"\\\\\\\"\" "
                                  "e=\"a\\nb\\x0d\\x01\\x7f\" "
                                  "f=\"Z\xc3\xbcrich\" g=\"\\xfc\" "
                                  "h=\"\\x00\"\n");
}

static void levels_below_the_set_one_are_silent(void **state UNUSED)
{
    log_debug("no", KV_NONE);
    assert_string_equal(logged(), "");
    log_set_level(LOG_DEBUG);
    log_debug("yes", KV_NONE);
    assert_string_equal(logged(), "level=debug msg=yes\n");
    log_set_level(LOG_ERROR);
    log_warn("no", KV_NONE);
    assert_string_equal(logged(), "");
    log_set_level(LOG_INFO);
}

static void levels_have_names(void **state UNUSED)
{
    enum log_level level = LOG_DEBUG;
    assert_true(log_level_of(STR("warn"), &level));
    assert_int_equal(level, LOG_WARN);
    assert_false(log_level_of(STR("WARN"), &level));
    assert_false(log_level_of(STR(""), &level));
    assert_int_equal(level, LOG_WARN);
}

/* Whatever is put in, a line fits a pipe, is ended once, and has its quotes
 * closed. */
static void a_long_line_is_cut(void **state UNUSED)
{
    static char plain[5000], awkward[5000];
    for (size_t len = 3900; len < 4300; len++) {
        memset(plain, 'x', sizeof(plain));
        memset(awkward, '\n', sizeof(awkward));
        plain[len] = awkward[len / 2] = '\0';
        log_info("m", KV("a", plain), KV("b", awkward), KV_INT("c", 1));
        const char *line = logged();
        size_t size = strlen(line) + 26;
        assert_in_range(size, 3900, 4096);
        assert_ptr_equal(strchr(line, '\n'), line + size - 27);
        int quotes = 0;
        for (const char *at = line; *at; at++)
            quotes += *at == '"';
        assert_int_equal(quotes % 2, 0);
    }
}

static void errno_is_kept(void **state UNUSED)
{
    int kept = dup(STDERR_FILENO);
    close(STDERR_FILENO);
    errno = ENOENT;
    log_error("to nowhere", KV_NONE);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
    close(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_become_logfmt),
        cmocka_unit_test(values_are_quoted_where_needed),
        cmocka_unit_test(levels_below_the_set_one_are_silent),
        cmocka_unit_test(levels_have_names),
        cmocka_unit_test(a_long_line_is_cut),
        cmocka_unit_test(errno_is_kept),
    };
    return cmocka_run_group_tests(tests, divert, restore);
}
