//===- Schedule.cpp - The learning rate over time -------------------------===//

#include "runtime/Schedule.h"

#include <cmath>
#include <numbers>

using namespace cnnc;

void PlateauState::observe(double loss, int64_t patience) {
  if (loss < best) {
    best = loss;
    waited = 0;
    return;
  }
  if (++waited <= patience)
    return;
  ++cuts;
  waited = 0;
}

double Schedule::rate(double initial, const Moment &moment) const {
  double epochs = static_cast<double>(moment.epochs), step = static_cast<double>(moment.step);
  double epoch = step / static_cast<double>(moment.stepsPerEpoch);
  switch (kind) {
  case Constant:
    return initial;
  case Step:
    for (int64_t milestone : at)
      if (moment.step / moment.stepsPerEpoch >= milestone)
        initial *= gamma;
    return initial;
  case Poly:
    return initial * std::pow(1 - epoch / epochs, power);
  case Cosine:
    if (epoch < warmup)
      return initial * epoch / warmup;
    return initial * (1 + std::cos(std::numbers::pi * (epoch - warmup) / (epochs - warmup))) / 2;
  case Plateau:
    for (int64_t cut = 0; cut < moment.cuts; ++cut)
      initial *= gamma;
    return initial;
  }
  return initial;
}
