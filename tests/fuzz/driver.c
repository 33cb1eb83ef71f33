/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A main for fuzz targets where libFuzzer is not: every file, and every file
 * of every folder named on the command line, is given to the target once, so
 * that the seeds are ordinary tests. Arguments with a '-' are libFuzzer's and
 * are ignored. */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool failed(const char *path)
{
    perror(path);
    return false;
}

/* Memory of exactly the file's size: a sanitizer sees a byte read too many. */
static bool give(FILE *file, size_t size)
{
    uint8_t *data = malloc(size ? size : 1);
    if (!data)
        return false;
    bool whole = fread(data, 1, size, file) == size;
    if (whole)
        LLVMFuzzerTestOneInput(data, size);
    free(data);
    return whole;
}

static bool run_file(const char *path, size_t size, int *ran)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return failed(path);
    bool good = give(file, size);
    fclose(file);
    *ran += good;
    return good ? true : failed(path);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool run(const char *path, int *ran);

static bool run_folder(const char *path, int *ran)
{
    struct dirent **entries;
    int n = scandir(path, &entries, is_visible, alphasort);
    if (n < 0)
        return failed(path);
    bool good = true;
    for (int i = 0; i < n; i++) {
        char *inside;
        if (asprintf(&inside, "%s/%s", path, entries[i]->d_name) >= 0) {
            good &= run(inside, ran);
            free(inside);
        } else {
            good = failed(path);
        }
        free(entries[i]);
    }
    free(entries);
    return good;
}

static bool run(const char *path, int *ran)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return failed(path);
    if (S_ISDIR(about.st_mode))
        return run_folder(path, ran);
    return run_file(path, (size_t)about.st_size, ran);
}

int main(int argc, char **argv)
{
    int ran = 0;
    bool good = true;
    for (int i = 1; i < argc; i++)
        if (argv[i][0] != '-')
            good &= run(argv[i], &ran);
    printf("%d seeds ran\n", ran);
    return good && ran > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
