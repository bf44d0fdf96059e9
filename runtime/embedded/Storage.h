/*===- Storage.h - Where the elements of a tensor are stored ----------------===*
 *
 * The formula of abi.h, for one element and for all of them in order. The only
 * place that knows it: whoever moves parameters asks here.
 *
 *===----------------------------------------------------------------------===*/
#ifndef CNNC_EMBEDDED_STORAGE_H
#define CNNC_EMBEDDED_STORAGE_H

#include "cnnc/abi.h"

static inline uint64_t cnnc_block_of(const cnnc_tensor_info *tensor, uint32_t dimension) {
  return dimension < tensor->rank && tensor->block[dimension] > 1 ? tensor->block[dimension] : 1;
}

static inline int cnnc_is_blocked(const cnnc_tensor_info *tensor) {
  return cnnc_block_of(tensor, 0) > 1 || cnnc_block_of(tensor, 1) > 1;
}

static inline uint64_t cnnc_element_bytes(cnnc_dtype dtype) {
  return dtype == CNNC_F32 || dtype == CNNC_I32 ? 4 : 8;
}

/* The product of the dimensions from `first`. */
static inline uint64_t cnnc_elements_from(const cnnc_tensor_info *tensor, uint32_t first) {
  uint64_t count = 1;
  uint32_t i;
  for (i = first; i < tensor->rank; ++i)
    count *= (uint64_t)tensor->shape[i];
  return count;
}

/* Where the element of this row-major index is stored, in elements from the tensor's start. */
static inline uint64_t cnnc_stored_index(const cnnc_tensor_info *tensor, uint64_t index) {
  uint64_t b0 = cnnc_block_of(tensor, 0), b1 = cnnc_block_of(tensor, 1);
  uint64_t inner, columns, r, o, c;
  if (b0 == 1 && b1 == 1)
    return index;
  columns = tensor->rank > 1 ? (uint64_t)tensor->shape[1] : 1;
  inner = cnnc_elements_from(tensor, 2);
  r = index % inner;
  c = index / inner % columns;
  o = index / inner / columns;
  return ((o / b0 * ((columns + b1 - 1) / b1) + c / b1) * inner + r) * b1 * b0 + c % b1 * b0 +
         o % b0;
}

/* Goes through the elements in row-major order. */
typedef struct cnnc_walk {
  const cnnc_tensor_info *tensor;
  uint64_t length; /* of a row: elements of one o and c, which lie `step` apart */
  uint64_t step;
  uint64_t next; /* the index of the next row's first element */
  uint64_t left; /* elements of this row */
  uint64_t at;   /* where its next one is stored */
} cnnc_walk;

static inline cnnc_walk cnnc_walk_of(const cnnc_tensor_info *tensor) {
  cnnc_walk walk;
  int blocked = cnnc_is_blocked(tensor);
  walk.tensor = tensor;
  walk.length = cnnc_elements_from(tensor, blocked ? 2 : 0);
  walk.step = cnnc_block_of(tensor, 0) * cnnc_block_of(tensor, 1);
  walk.next = walk.left = walk.at = 0;
  return walk;
}

/* Where the next element is stored. */
static inline uint64_t cnnc_walk_on(cnnc_walk *walk) {
  uint64_t at;
  if (walk->left == 0) {
    walk->at = cnnc_stored_index(walk->tensor, walk->next);
    walk->next += walk->length;
    walk->left = walk->length;
  }
  at = walk->at;
  walk->at += walk->step;
  --walk->left;
  return at;
}

#ifdef __cplusplus
extern "C" {
#endif

/* Copies a tensor's elements, in row-major order, to its place in `blob`, which is params or
 * state, and fills its last blocks with zeros; `elements` need not be aligned. */
void cnnc_store_tensor(const cnnc_tensor_info *tensor, void *blob, const void *elements);

/* The way back. */
void cnnc_fetch_tensor(const cnnc_tensor_info *tensor, const void *blob, void *elements);

#ifdef __cplusplus
}
#endif

#endif /* CNNC_EMBEDDED_STORAGE_H */
