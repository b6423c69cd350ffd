#include "CVectorLoops.h"

// A fused product and sum would round once where others round twice.
#pragma STDC FP_CONTRACT OFF

/// Before a loop that turns rows into columns: scattering registers takes longer than moving one number at a time.
#define PLAIN_LOOP _Pragma("clang loop vectorize(disable)")

enum {
  /// Columns of A, and rows of B, that are worked on at once: a panel of B stays in the nearest cache.
  DEPTH = 256,
  /// Columns of B that are worked on at once, a multiple of every tile's: with `DEPTH` rows they stay in the second cache.
  BREADTH = 240,
  /// Numbers from one column of a strip to the next: no power of 2, whose multiples would share few places of the cache.
  STRIP_STRIDE = CQ_STRIP_WIDTH + 8,
};

#define NAME(x) x##_2
#define TARGET
#define LANES 2
#define ROWS 4
#define VECTORS 2
#include "loops.inc"
#undef NAME
#undef TARGET
#undef LANES
#undef ROWS
#undef VECTORS

#if defined(__x86_64__)

#define NAME(x) x##_4
#define TARGET __attribute__((target("avx2")))
#define LANES 4
#define ROWS 4
#define VECTORS 2
#include "loops.inc"
#undef NAME
#undef TARGET
#undef LANES
#undef ROWS
#undef VECTORS

#define NAME(x) x##_8
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq"), min_vector_width(512)))
#define LANES 8
#define ROWS 8
#define VECTORS 3
#include "loops.inc"
#undef NAME
#undef TARGET
#undef LANES
#undef ROWS
#undef VECTORS

int cq_vector_width(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512dq"))
    return 8;
  return __builtin_cpu_supports("avx2") ? 4 : 2;
}

#define CHOOSE(function, ...)                  \
  if (width == 8) return function##_8(__VA_ARGS__); \
  if (width == 4) return function##_4(__VA_ARGS__); \
  return function##_2(__VA_ARGS__)

#else

int cq_vector_width(void) { return 2; }

#define CHOOSE(function, ...) return function##_2(__VA_ARGS__)

#endif

// The widest tile: 8 rows of A, and B filled up to whole tiles of 24 columns.
size_t cq_product_space(size_t inner, size_t column_count) {
  const size_t depth = inner < DEPTH ? inner : DEPTH;
  return 8 * DEPTH + depth * ((column_count < BREADTH ? column_count : BREADTH) + 24);
}

void cq_add_product(
    int width, const double *a, size_t a_stride, const double *b, size_t b_stride, double *c, size_t c_stride,
    size_t row_count, size_t inner, size_t column_count, double sign, double *space) {
  CHOOSE(add_product, a, a_stride, b, b_stride, c, c_stride, row_count, inner, column_count, sign, space);
}

void cq_sum_columns(
    int width, const double *rows, size_t row_count, size_t inner, size_t stride, const int32_t *indices,
    const ptrdiff_t *starts, size_t sum_count, double *target, size_t target_stride, double *totals) {
  CHOOSE(sum_columns, rows, row_count, inner, stride, indices, starts, sum_count, target, target_stride, totals);
}

void cq_count_rows(
    int width, const uint8_t *rows, size_t stride, const int32_t *indices, size_t index_count, int32_t *counts,
    size_t column_count, uint8_t *space) {
  CHOOSE(count_rows, rows, stride, indices, index_count, counts, column_count, space);
}

void cq_divide_by_larger(
    int width, const int32_t *counts, double own, const double *sizes, double *target, size_t count) {
  CHOOSE(divide_by_larger, counts, own, sizes, target, count);
}

int cq_combine(int width, int operation, double *left, const double *right, size_t count) {
  CHOOSE(combine, operation, left, right, count);
}

double cq_sum(int width, const double *values, size_t count) { CHOOSE(sum, values, count); }

uint8_t cq_write_cells(
    int width, const int64_t *sums, const uint8_t *is_present, const uint8_t *absent, double scale, double *values,
    uint8_t *states, size_t count) {
  CHOOSE(write_cells, sums, is_present, absent, scale, values, states, count);
}

void cq_mark_between(
    int width, const int32_t *values, size_t word_count, int32_t first, int32_t last, uint64_t *marks) {
  CHOOSE(mark_between, values, word_count, first, last, marks);
}

size_t cq_eliminate(
    int width, double *panel, size_t row_count, size_t column_count, double threshold, size_t *pivots) {
  CHOOSE(eliminate, panel, row_count, column_count, threshold, pivots);
}
