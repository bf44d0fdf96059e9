//===- MeasurePeak.h - What a processor can compute at most -----------------===//
#ifndef CNNC_CODEGEN_MEASUREPEAK_H
#define CNNC_CODEGEN_MEASUREPEAK_H

#include "cnnc/abi.h"
#include "compiler/Codegen/TargetInfo.h"

namespace cnnc {

/// GFLOP/s of a*b+c in f32, two operations each, on the widest vectors of `target`, which is the
/// host, by `threads` threads at once; `run` with `pool` gives each of as many tasks a thread.
/// Takes about a fifth of a second. On other processors than it is used for, it says nothing.
llvm::Expected<double> measurePeakGflops(const TargetInfo &target, cnnc_parallel run, void *pool,
                                         int64_t threads);

} // namespace cnnc

#endif // CNNC_CODEGEN_MEASUREPEAK_H
