//===- StepCost.h - What a processor does for one step of a tile ------------===//
//
// The model by which tiles are chosen; `cnnc explain` prints what it says.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_SUPPORT_STEPCOST_H
#define CNNC_SUPPORT_STEPCOST_H

#include "compiler/Support/MachineModel.h"
#include <algorithm>

namespace cnnc {

/// One iteration of the reducing loops for all sums that are in registers.
struct StepCost {
  /// What takes longest.
  enum class Bound { Sums, Loads, Latency };

  double sums = 0;  ///< multiply-adds of vectors
  double loads = 0; ///< of vectors, or of one value for all lanes

  double cycles(const MachineModel &machine) const {
    return std::max({sums / double(machine.fmaPorts), loads / double(machine.loadPorts),
                     double(machine.fmaLatency)});
  }
  Bound bound(const MachineModel &machine) const {
    double longest = cycles(machine);
    return sums / double(machine.fmaPorts) >= longest     ? Bound::Sums
           : loads / double(machine.loadPorts) >= longest ? Bound::Loads
                                                          : Bound::Latency;
  }
  /// Of the multiply-adds that could start in this time.
  double shareOfPeak(const MachineModel &machine) const {
    return sums / (cycles(machine) * double(machine.fmaPorts));
  }
};

} // namespace cnnc

#endif // CNNC_SUPPORT_STEPCOST_H
