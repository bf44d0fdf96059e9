//===- Threads.h - Threads for a loaded network -----------------------------===//
#ifndef CNNC_TOOLS_THREADS_H
#define CNNC_TOOLS_THREADS_H

#include "cnnc/abi.h"
#include "runtime/ThreadPool.h"
#include "tools/cnnc/Options.h"
#include <memory>

namespace cnnc {

inline constexpr Flag kThreadsFlag{"--threads", "N",
                                   "threads that compute (default: all processors); the results "
                                   "have the same bits"};

/// --threads, or as many as the process may use processors. Prints what is wrong.
std::optional<int> threadsOf(const Arguments &arguments);

/// A cnnc_parallel; `pool` is a ThreadPool.
void runOnPool(void *pool, void (*task)(void *context, int64_t begin, int64_t end), void *context,
               int64_t tasks);

/// The network uses the pool from now on, which must live as long as the network is called.
std::unique_ptr<ThreadPool> lendThreads(const cnnc_model_info &info, int threads);

} // namespace cnnc

#endif // CNNC_TOOLS_THREADS_H
