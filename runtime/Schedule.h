//===- Schedule.h - The learning rate over time ---------------------------===//

#ifndef CNNC_SCHEDULE_H
#define CNNC_SCHEDULE_H

#include <cstdint>
#include <limits>
#include <vector>

namespace cnnc {

/// What the plateau schedule remembers from epoch to epoch.
struct PlateauState {
  double best = std::numeric_limits<double>::infinity(); ///< the lowest loss of an epoch
  int64_t waited = 0;                                    ///< epochs since
  int64_t cuts = 0;                                      ///< how often gamma has been applied

  /// Counts an epoch whose mean loss over its training steps was `loss`.
  void observe(double loss, int64_t patience);
};

/// A step of a training, for which a rate is asked.
struct Moment {
  int64_t step = 0; ///< counted from 0, over all epochs
  int64_t stepsPerEpoch = 1, epochs = 1;
  int64_t cuts = 0; ///< of the plateau
};

/// `sched = …` of a text. The rate is a pure function of the moment, so that a resumed
/// training sees the rates that it would have seen.
struct Schedule {
  enum Kind { Constant, Step, Poly, Cosine, Plateau } kind = Constant;
  std::vector<int64_t> at =
      {};                ///< Step: epochs, counted from 0, from which gamma applies once more
  double gamma = 1;      ///< Step, Plateau
  double power = 1;      ///< Poly: (1 - step/steps)^power
  double warmup = 0;     ///< Cosine: epochs in which the rate grows from 0
  int64_t patience = 10; ///< Plateau: epochs without a lower loss that are borne

  double rate(double initial, const Moment &moment) const;
};

} // namespace cnnc

#endif // CNNC_SCHEDULE_H
