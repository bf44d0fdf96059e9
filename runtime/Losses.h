//===- Losses.h - Losses of one image, for evaluation ---------------------===//

#ifndef CNNC_LOSSES_H
#define CNNC_LOSSES_H

#include <cstdint>
#include <span>

namespace cnnc {

/// One term of a training loss, and what it compares.
struct LossSpec {
  enum Kind {
    CrossEntropy,
    Nll,
    Hinge,
    BinaryCrossEntropy,
    MeanSquaredError,
    MeanAbsoluteError,
    Huber
  } kind = CrossEntropy;
  /// Where a side comes from: the input, an output by its place, or the data's target.
  struct Side {
    enum From { Input, Output, Target } from = Target;
    int output = 0;
  };
  Side prediction{Side::Output, 0}, target{};
  double weight = 1;
  double smooth = 0; ///< of CrossEntropy
  double delta = 1;  ///< of Huber

  bool comparesClasses() const { return kind <= Hinge; }
};

/// The loss of one image's scores [K, positions] with a label a position, without the
/// weight. In double, because f32 sums of thousands of losses drift.
double classLoss(const LossSpec &spec, std::span<const float> scores,
                 std::span<const int32_t> labels);

/// The loss of one image's numbers, without the weight.
double numberLoss(const LossSpec &spec, std::span<const float> prediction,
                  std::span<const float> target);

} // namespace cnnc

#endif // CNNC_LOSSES_H
