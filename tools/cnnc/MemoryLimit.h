//===- MemoryLimit.h - What memory a network may take -----------------------===//
#ifndef CNNC_TOOLS_MEMORYLIMIT_H
#define CNNC_TOOLS_MEMORYLIMIT_H

#include "tools/cnnc/MemoryPlan.h"

namespace cnnc {

struct ModelDescription;

struct MemoryLimit {
  int64_t bytes = 0;
  bool isGiven = false; ///< by --max-memory; else it is what the machine has available
};

/// The bytes of `512M`, `1G`, `4096`: a number, and K, M, G or T for powers of 1024.
std::optional<int64_t> parseBytes(llvm::StringRef text);

/// --max-memory, or what is available. Prints what is wrong.
std::optional<MemoryLimit> memoryLimit(const Arguments &arguments);

/// Whether parameters, state and the larger arena of a compiled network stay within `limit`.
/// A failure names the layer at the peak and the largest batch that would fit, for which it
/// plans the network again. What `irgen` leaves out is not counted.
Status checkMemory(const MemoryLimit &limit, const ModelDescription &model, const ParsedNet &parsed,
                   const IRGenOptions &irgen, bool reference);

/// The same of a plan.
Status checkMemory(const MemoryLimit &limit, const MemoryPlan &plan, const ParsedNet &parsed,
                   const IRGenOptions &irgen, bool reference);

} // namespace cnnc

#endif // CNNC_TOOLS_MEMORYLIMIT_H
