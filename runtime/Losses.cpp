//===- Losses.cpp - Losses of one image, for evaluation -------------------===//

#include "runtime/Losses.h"

#include <algorithm>
#include <cmath>

using namespace cnnc;

namespace {

/// The scores of all classes at one position.
struct Scores {
  const float *first;
  int64_t classes, stride;
  double operator[](int64_t i) const { return first[i * stride]; }
};

double crossEntropy(const Scores &x, int64_t label, double smooth) {
  double top = x[0], sum = 0, all = 0;
  for (int64_t i = 1; i < x.classes; ++i)
    top = std::max(top, x[i]);
  for (int64_t i = 0; i < x.classes; ++i) {
    sum += std::exp(x[i] - top);
    all += x[i];
  }
  double wanted = (1 - smooth) * x[label] + smooth / static_cast<double>(x.classes) * all;
  return std::log(sum) + top - wanted;
}

double hinge(const Scores &x, int64_t label) {
  double sum = 0;
  for (int64_t i = 0; i < x.classes; ++i)
    if (i != label)
      sum += std::max(0.0, 1 + x[i] - x[label]);
  return sum;
}

double termOf(const LossSpec &spec, double x, double t) {
  double difference = x - t, distance = std::abs(difference);
  switch (spec.kind) {
  case LossSpec::BinaryCrossEntropy:
    return std::max(x, 0.0) - x * t + std::log1p(std::exp(-std::abs(x)));
  case LossSpec::MeanAbsoluteError:
    return distance;
  case LossSpec::Huber:
    return distance <= spec.delta ? difference * difference / 2
                                  : spec.delta * (distance - spec.delta / 2);
  default:
    return difference * difference;
  }
}

} // namespace

double cnnc::classLoss(const LossSpec &spec, std::span<const float> scores,
                       std::span<const int32_t> labels) {
  int64_t positions = static_cast<int64_t>(labels.size());
  double sum = 0;
  for (int64_t i = 0; i < positions; ++i) {
    Scores x{scores.data() + i, static_cast<int64_t>(scores.size()) / positions, positions};
    if (spec.kind == LossSpec::CrossEntropy)
      sum += crossEntropy(x, labels[i], spec.smooth);
    else
      sum += spec.kind == LossSpec::Nll ? -x[labels[i]] : hinge(x, labels[i]);
  }
  return sum / static_cast<double>(positions);
}

double cnnc::numberLoss(const LossSpec &spec, std::span<const float> prediction,
                        std::span<const float> target) {
  double sum = 0;
  for (size_t i = 0; i < prediction.size(); ++i)
    sum += termOf(spec, prediction[i], target[i]);
  return sum / static_cast<double>(prediction.size());
}
