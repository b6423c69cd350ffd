#ifndef C_VECTOR_LOOPS_H
#define C_VECTOR_LOOPS_H

#include <stddef.h>
#include <stdint.h>

/// Innermost loops, compiled for several widths of vector registers: the widest that the machine has is taken at run time.
///
/// No product is fused with the sum it goes into and every sum is taken in one order, so all widths give the same bits.
///
/// `width` stands for the doubles of a register: 2 (what every machine has), 4 (AVX2) or 8 (AVX-512).

/// The widest that this machine has.
int cq_vector_width(void);

/// Doubles that `cq_add_product` needs to work with.
size_t cq_product_space(size_t inner, size_t column_count);

/// `C += sign · A · B` for row-major blocks inside larger matrices, `a_stride` and so on apart.
/// The terms of an element are added to it one after the other.
void cq_add_product(
    int width, const double *a, size_t a_stride, const double *b, size_t b_stride, double *c, size_t c_stride,
    size_t row_count, size_t inner, size_t column_count, double sign, double *space);

enum {
  /// Rows that `cq_sum_columns` takes at most.
  CQ_STRIP_WIDTH = 64,
  /// Columns that it adds while a strip of them is in the nearest cache.
  CQ_NEAR_COLUMNS = 64,
};

/// `target[i][j] = Σ_k rows[j][k]` over the indices `k` of sum `i`, which ascend and are below `inner`; `totals[j]` is the sum over all.
/// Indices of sum `i` that are `CQ_NEAR_COLUMNS` × `c` or more and below the next multiple are `indices[starts[c × sum_count + i]]` until
/// before `starts[(c + 1) × sum_count + i]`. The terms are added one after the other.
void cq_sum_columns(
    int width, const double *rows, size_t row_count, size_t inner, size_t stride, const int32_t *indices,
    const ptrdiff_t *starts, size_t sum_count, double *target, size_t target_stride, double *totals);

/// `counts[j] += Σ_k rows[indices[k]][j]` of bytes that are 0 or 1; `space` is for `column_count` bytes.
void cq_count_rows(
    int width, const uint8_t *rows, size_t stride, const int32_t *indices, size_t index_count, int32_t *counts,
    size_t column_count, uint8_t *space);

/// `target[j] = counts[j] / max(own, sizes[j])`.
void cq_divide_by_larger(
    int width, const int32_t *counts, double own, const double *sizes, double *target, size_t count);

/// What `cq_combine` does; squares are those of `left`.
enum { CQ_ADD, CQ_SUBTRACT, CQ_MULTIPLY, CQ_DIVIDE, CQ_SQUARE };

/// `left[i] = left[i] ○ right[i]` for arrays that do not overlap. Returns whether some result is not finite.
int cq_combine(int width, int operation, double *left, const double *right, size_t count);

/// Says that an address will be read soon. Any address will do.
static inline void cq_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

/// The sum of `values`, in eight running sums whatever the width.
double cq_sum(int width, const double *values, size_t count);

/// `values[i] = sums[i] * scale`; `states[i]` is 0 where `is_present[i]`, else `absent[i]`. Returns the bits of all states.
uint8_t cq_write_cells(
    int width, const int64_t *sums, const uint8_t *is_present, const uint8_t *absent, double scale, double *values,
    uint8_t *states, size_t count);

/// Says of each of `64 * word_count` values whether it is at least `first` and at most `last`: of value `i` in bit `i % 64` of
/// `marks[i / 64]`. Bits lie that way on machines that store the lowest byte of a number first.
void cq_mark_between(
    int width, const int32_t *values, size_t word_count, int32_t first, int32_t last, uint64_t *marks);

/// Columns of a panel that `cq_eliminate` works on.
enum { CQ_PANEL_WIDTH = 32 };

/// Gaussian elimination of a panel of `CQ_PANEL_WIDTH` columns, rows one after the other, of which `column_count` are in use and the
/// rest 0: multipliers take the place of what is eliminated. `pivots[p]` is the row that was exchanged with row `p`.
/// Returns the number of columns that were eliminated: `column_count` unless a pivot is not above `threshold`.
size_t cq_eliminate(
    int width, double *panel, size_t row_count, size_t column_count, double threshold, size_t *pivots);

#endif
