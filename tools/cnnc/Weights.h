//===- Weights.h - A loaded network with its parameters ---------------------===//
#ifndef CNNC_TOOLS_WEIGHTS_H
#define CNNC_TOOLS_WEIGHTS_H

#include "runtime/Buffer.h"
#include "runtime/ThreadPool.h"
#include "tools/cnnc/Verbs.h"

namespace cnnc {

/// Code, parameters, scratch memory and threads: what run, eval and grad need.
struct Program {
  LoadedNetwork network;
  Buffer params, workspace;
  std::unique_ptr<ThreadPool> pool;

  const cnnc_model_info &info() const { return network.info(); }
};

/// Compiles `parsed` and reads --weights, which is required. Prints what is wrong;
/// without a value, `exit` says how the process ends.
std::optional<Program> loadProgram(const ParsedNet &parsed, const IRGenOptions &irgen,
                                   const Arguments &arguments, int &exit);

} // namespace cnnc

#endif // CNNC_TOOLS_WEIGHTS_H
