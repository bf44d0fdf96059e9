//===- Threads.cpp - Threads for a loaded network -------------------------===//

#include "tools/cnnc/Threads.h"

using namespace cnnc;

std::optional<int> cnnc::threadsOf(const Arguments &arguments) {
  return integerFlag(arguments, "--threads", ThreadPool::processorCount(), 1,
                     ThreadPool::kMostThreads);
}

void cnnc::runOnPool(void *pool, void (*task)(void *context, int64_t begin, int64_t end),
                     void *context, int64_t tasks) {
  static_cast<ThreadPool *>(pool)->run(task, context, tasks);
}

std::unique_ptr<ThreadPool> cnnc::lendThreads(const cnnc_model_info &info, int threads) {
  auto pool = std::make_unique<ThreadPool>(threads);
  info.set_parallel(runOnPool, pool.get());
  return pool;
}
