//===- Comparison.h - Whether two programs have computed the same -----------===//
#ifndef CNNC_TOOLS_COMPARISON_H
#define CNNC_TOOLS_COMPARISON_H

#include "tools/cnnc/NetRunner.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace cnnc {

/// How far a number may lie from the reference's. Fast code may add in another order, so the
/// error of a tensor is judged by its size, not element by element:
///
///   bound = max(rtol * size, 8 * rounding, 8 u * largest) + 4 u * old
///
/// size      the largest number of the tensor, and of the others of its layer: the gradient of
///           a bias in front of a batch normalization is 0, and what is computed is what
///           cancellation leaves of sums as large as those of the layer's weight
/// rtol      4 u sqrt(n L) for f32: n terms of the longest sum, L layers, errors that add like
///           steps in random directions. 1e-9 for f64
/// rounding  how far the reference is from itself in f64: what the net makes of rounding where
///           it magnifies (a variance near 0) or chooses (a kink). For f32 only
/// largest   the largest number of all tensors of the kind
/// old       the old value of a parameter: what is compared is its change
///
/// u = 2^-24 for f32, 2^-53 for f64. A given rtol stands alone: bound = rtol * size + 4 u * old.
class Tolerance {
public:
  Tolerance(const TypedNet &net, int64_t batch, bool doublePrecision, std::optional<double> given);

  /// Whether bounds need the same values in f64.
  bool needsTruth() const { return !isGiven && !isDouble; }
  double relative() const { return rtol; }
  /// One bound a tensor. `truth` may be empty.
  std::vector<double> boundsOf(const ComputedTensors &expected, const ComputedTensors &truth) const;

private:
  /// The layer's name that a tensor of parameters belongs to; empty for others.
  std::string ownerOf(const ComputedTensor &tensor) const;

  const TypedNet &net;
  bool isDouble, isGiven;
  double rtol, unit;
  double amplification; ///< of rounding, where a normalization divides by next to nothing
};

/// The largest change (of parameters) or number of a tensor that is finite.
double sizeOf(const ComputedTensor &tensor);

/// The element that is worst against its tensor's bound.
struct Difference {
  std::string tensor;
  ComputedTensor::Kind kind = ComputedTensor::Output;
  uint32_t number = 0; ///< as ComputedTensor has it
  std::vector<int64_t> index;
  double error = 0, bound = 0, expected = 0, found = 0;

  bool isMoved() const { return error > bound; }
  /// Whether this one is worse than another.
  bool isWorseThan(const Difference &other) const;
};

struct Comparison {
  uint64_t values = 0, notFinite = 0;
  Difference worst;

  void add(const Comparison &other);
};

/// Compares the tensors that `isWanted` lets through (by their index). NaN and infinities are
/// equal to themselves only.
Comparison compare(const ComputedTensors &found, const ComputedTensors &expected,
                   const std::vector<double> &bounds,
                   llvm::function_ref<bool(const ComputedTensor &)> isWanted);

} // namespace cnnc

#endif // CNNC_TOOLS_COMPARISON_H
