#ifndef C_STANDARD_LIBRARY_H
#define C_STANDARD_LIBRARY_H

#include <stddef.h>

/// One file of the standard library. The text is not terminated by a zero.
typedef struct {
  const char *name;
  const unsigned char *start;
  size_t size;
} cq_library_file;

extern const cq_library_file cq_library_file_table[];
extern const size_t cq_library_file_table_count;

// Swift reads the table through functions: a global array would count as shared mutable state.
static inline size_t cq_library_file_count(void) { return cq_library_file_table_count; }

static inline cq_library_file cq_library_file_at(size_t index) { return cq_library_file_table[index]; }

#endif
