// The files of stdlib/ in the order in which they are read: each may use what the ones before it define.
// A test compares this list with the folder.

#include "CStandardLibrary.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char measures[] = {
#embed "../../stdlib/measures.cq"
};

static const unsigned char specialization[] = {
#embed "../../stdlib/specialization.cq"
};

static const unsigned char growth[] = {
#embed "../../stdlib/growth.cq"
};

const cq_library_file cq_library_file_table[] = {
  {"measures.cq", measures, sizeof measures},
  {"specialization.cq", specialization, sizeof specialization},
  {"growth.cq", growth, sizeof growth},
};

const size_t cq_library_file_table_count = sizeof cq_library_file_table / sizeof cq_library_file_table[0];
