//===- Oracle.h - Ops by their formulas -------------------------------------===//
//
// The values of an op, computed in plain loops from the formula of its description.
// Shares nothing with the compiler but the op's attributes.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TEST_AUTODIFF_ORACLE_H
#define CNNC_TEST_AUTODIFF_ORACLE_H

#include "dialect/CnnOps.h"

#include <optional>
#include <vector>

namespace cnnc::test {

/// Numbers in row-major order. Labels and indices are numbers too.
struct Tensor {
  std::vector<int64_t> shape;
  std::vector<double> values;

  Tensor() = default;
  explicit Tensor(llvm::ArrayRef<int64_t> sizes) : shape(sizes.begin(), sizes.end()) {
    int64_t elements = 1;
    for (int64_t size : shape)
      elements *= size;
    values.assign(elements, 0.0);
  }
  int64_t size(unsigned dim) const { return shape[dim]; }
  double &at(int64_t a, int64_t b, int64_t c, int64_t d) {
    return values[((a * shape[1] + b) * shape[2] + c) * shape[3] + d];
  }
  double at(int64_t a, int64_t b, int64_t c, int64_t d) const {
    return const_cast<Tensor *>(this)->at(a, b, c, d);
  }
};

/// The coordinates of the element with the number `index`, and back.
std::vector<int64_t> coordinates(llvm::ArrayRef<int64_t> shape, int64_t index);
int64_t number(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> position);

/// The results of `op`, or nothing where it has no formula here.
std::optional<std::vector<Tensor>> evaluate(mlir::Operation *op, llvm::ArrayRef<Tensor> operands);

/// The result of an op that pads, joins or changes the resolution, or nothing.
std::optional<Tensor> evaluateResolution(mlir::Operation *op, llvm::ArrayRef<Tensor> operands);

/// Whether `op` on small integers computes nothing but integers, so that all bits must agree.
bool isExactOnIntegers(mlir::Operation *op);

} // namespace cnnc::test

#endif // CNNC_TEST_AUTODIFF_ORACLE_H
