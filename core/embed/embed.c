/* embed.c - looking up the files in the binary. */
#include "embed/embed.h"

/* Made by tools/mkembed, sorted by path. */
extern const struct embed_file embed_files[];
extern const size_t embed_files_n;

/* Index of the first file whose path is not before `path`. */
static size_t first_from(struct str path)
{
    size_t low = 0, high = embed_files_n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(embed_files[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct embed_file *embed_find(struct str path)
{
    size_t i = first_from(path);
    return i < embed_files_n && str_eq(embed_files[i].path, path) ? &embed_files[i] : NULL;
}

const struct embed_file *embed_under(struct str prefix, size_t *n)
{
    size_t first = first_from(prefix), end = first;
    while (end < embed_files_n && str_starts(embed_files[end].path, prefix))
        end++;
    *n = end - first;
    return &embed_files[first];
}
