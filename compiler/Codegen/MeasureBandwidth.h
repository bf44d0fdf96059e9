//===- MeasureBandwidth.h - How fast a core reads ---------------------------===//
#ifndef CNNC_CODEGEN_MEASUREBANDWIDTH_H
#define CNNC_CODEGEN_MEASUREBANDWIDTH_H

#include "compiler/Codegen/HostLoop.h"

namespace cnnc {

/// GB/s that one core reads from each place, the other cores idle.
struct Bandwidths {
  double l1, l2, l3, memory;
};

/// Measured on the widest vectors of `target`, which must run here, and on as much memory as its
/// caches hold. Takes about a third of a second; `threads` are those of one task.
llvm::Expected<Bandwidths> measureBandwidths(const TargetInfo &target, const HostThreads &threads);

} // namespace cnnc

#endif // CNNC_CODEGEN_MEASUREBANDWIDTH_H
