//===- MemoryPlan.h - What memory a network needs, and when -----------------===//
//
// The plan is that of the compiled code: the pipeline runs to the end of the phase
// Memory and leaves it in the module, as cnn.arena; no code is generated.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TOOLS_MEMORYPLAN_H
#define CNNC_TOOLS_MEMORYPLAN_H

#include "tools/cnnc/Verbs.h"

namespace cnnc {

/// The layer that an op or a buffer belongs to.
struct PlanPlace {
  std::string layer, file;
  unsigned line = 0, column = 0;

  bool operator==(const PlanPlace &) const = default;
};

/// A buffer of the arena; alive from step `first` to step `last`.
struct PlannedBuffer {
  PlanPlace place;
  int64_t bytes = 0, offset = 0, first = 0, last = 0;
};

/// The workspace of one function. A step is an op that does something.
struct ArenaPlan {
  std::string function; ///< forward, train_step or gradient
  int64_t bytes = 0;
  std::vector<PlanPlace> steps;
  std::vector<PlannedBuffer> buffers;

  /// The bytes that are alive at each step.
  std::vector<int64_t> liveBytes() const;
};

/// The step at which most bytes are alive, the first of several; 0 if there is none.
size_t peakOf(const std::vector<int64_t> &liveBytes);

struct MemoryPlan {
  int64_t batch = 1, paramsBytes = 0, stateBytes = 0;
  int64_t dataBytes = 0; ///< inputs, targets and outputs of one call
  std::vector<ArenaPlan> arenas;

  /// The function with the largest arena.
  const ArenaPlan &largest() const;
  /// Parameters, state, data and the largest arena: what a process holds.
  int64_t bytes() const;
};

/// Without a value, what is wrong was printed.
std::optional<MemoryPlan> planMemory(const ParsedNet &parsed, const IRGenOptions &irgen,
                                     bool reference);

} // namespace cnnc

#endif // CNNC_TOOLS_MEMORYPLAN_H
