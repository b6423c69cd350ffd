#ifndef C_BUNDLED_DATA_H
#define C_BUNDLED_DATA_H

#include <stddef.h>

/// One embedded file. The bytes are in the read-only data of the binary, aligned to 64 bytes.
typedef struct {
  const char *name;
  const unsigned char *start;
  size_t size;
} cq_bundled_file;

extern const cq_bundled_file cq_bundled_file_table[];
extern const size_t cq_bundled_file_table_count;

// Swift reads the table through functions: a global array would count as shared mutable state.
static inline size_t cq_bundled_file_count(void) { return cq_bundled_file_table_count; }

static inline cq_bundled_file cq_bundled_file_at(size_t index) { return cq_bundled_file_table[index]; }

#endif
