//===- Array.h - The numbers of a batch -------------------------------------===//
#ifndef CNNC_TEST_ORACLE_ARRAY_H
#define CNNC_TEST_ORACLE_ARRAY_H

#include "compiler/Frontend/TypedAST.h"

#include <cmath>

namespace cnnc::oracle {

/// Numbers in row-major order; those of a batch have the images first. As an image, what
/// has fewer dimensions than [N, C, H, W] has size 1 in the others.
struct Array {
  Shape shape;
  std::vector<double> values;

  Array() = default;
  explicit Array(Shape sizes) : shape(std::move(sizes)) {
    size_t elements = 1;
    for (int64_t size : shape)
      elements *= size_t(size);
    values.assign(elements, 0.0);
  }

  int64_t size(size_t axis) const { return axis < shape.size() ? shape[axis] : 1; }
  size_t offset(int64_t n, int64_t c, int64_t y, int64_t x) const {
    return size_t(((n * size(1) + c) * size(2) + y) * size(3) + x);
  }
  double &at(int64_t n, int64_t c, int64_t y, int64_t x) { return values[offset(n, c, y, x)]; }
  double at(int64_t n, int64_t c, int64_t y, int64_t x) const { return values[offset(n, c, y, x)]; }

  double largest() const {
    double most = 0;
    for (double value : values)
      most = std::fmax(most, std::fabs(value));
    return most;
  }
};

inline std::vector<Array> zerosLike(const std::vector<Array> &arrays) {
  std::vector<Array> zeros;
  for (const Array &array : arrays)
    zeros.emplace_back(array.shape);
  return zeros;
}

/// Calls visit(n, c, y, x) for each element of an image.
template <typename Visit> void forEach(const Array &array, Visit &&visit) {
  for (int64_t n = 0; n < array.size(0); ++n)
    for (int64_t c = 0; c < array.size(1); ++c)
      for (int64_t y = 0; y < array.size(2); ++y)
        for (int64_t x = 0; x < array.size(3); ++x)
          visit(n, c, y, x);
}

} // namespace cnnc::oracle

#endif // CNNC_TEST_ORACLE_ARRAY_H
