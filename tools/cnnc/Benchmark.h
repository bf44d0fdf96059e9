//===- Benchmark.h - How long a network takes -------------------------------===//
#ifndef CNNC_TOOLS_BENCHMARK_H
#define CNNC_TOOLS_BENCHMARK_H

#include "runtime/ThreadPool.h"
#include "tools/cnnc/MemoryLimit.h"
#include "tools/cnnc/Verbs.h"

namespace cnnc {

/// What to measure.
struct BenchSpec {
  bool train = false; ///< steps of training instead of inference
  int64_t batch = 1;
  TargetInfo target = {}; ///< whose code is timed: it must run here
  PipelineOptions pipeline = {};
  std::optional<MemoryLimit> limit = std::nullopt;
};

/// The kernels of one layer in one direction.
struct LayerTime {
  std::string name, kind;
  std::string direction; ///< forward, data, weights, update or other
  double ms;             ///< of one call of the network
  double gflops;         ///< 0 where nothing is multiplied and added
};

/// Of one call of the network.
struct BenchTimes {
  double msMin, msMedian;
  double compileSeconds;
  uint64_t arenaBytes;
};

/// Whether code for `target` runs in this process; prints that it does not.
bool runsHere(const TargetInfo &target, llvm::StringRef verb);

/// What the flags --train, --batch, --reference, --schedules and --max-memory ask for; prints what
/// is wrong with them, and `exit` says how the process ends. Without --batch, the train section's
/// for training, and one image for inference.
std::optional<BenchSpec> benchSpec(const Arguments &arguments, const ParsedNet &parsed,
                                   const TargetInfo &target, int &exit);

/// Operations of one call: a multiply-add is two, a training step three forward passes.
double operationsOf(const TypedNet &net, const BenchSpec &spec);

/// Compiles the network and times it on random data, the parameters as the text draws them.
Result<BenchTimes> timeNetwork(const ParsedNet &parsed, const BenchSpec &spec, ThreadPool &pool);

/// The same network compiled so that it announces its kernels: the time of each layer, in the
/// order of their first kernels, and of what lies between kernels.
Result<std::vector<LayerTime>> timeLayers(const ParsedNet &parsed, const BenchSpec &spec,
                                          ThreadPool &pool);

} // namespace cnnc

#endif // CNNC_TOOLS_BENCHMARK_H
