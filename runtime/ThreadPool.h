//===- ThreadPool.h - Threads that share the tasks of a kernel ------------===//

#ifndef CNNC_THREADPOOL_H
#define CNNC_THREADPOOL_H

#include <sched.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace cnnc {

/// A fixed number of threads, of which the caller is one. Each has the same contiguous part of
/// the tasks at every call: which thread does what depends on nothing but the two numbers.
///
/// Threads start with the first call that divides work, so a pool that has nothing to do costs
/// nothing. If each can have a processor of its own, it is bound to it, and so is the thread of
/// that first call; the destructor gives that one its processors back if it runs in it. With more
/// threads than processors none is bound, and none waits actively.
class ThreadPool {
public:
  using Task = void (*)(void *context, int64_t begin, int64_t end);
  static constexpr int kMostThreads = 1024;

  /// `threads` is 1 to kMostThreads.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool &) = delete;
  ThreadPool &operator=(const ThreadPool &) = delete;

  /// Calls `task` for ranges that together are 0 .. tasks-1 and returns when all have returned.
  /// Two callers are served one after the other. Called in a task, it does all tasks itself.
  void run(Task task, void *context, int64_t tasks);

  int threads() const { return threadCount; }
  /// How many threads the system has given; threads() or fewer, 1 before the first work.
  int started() const { return int(workers.size()) + 1; }
  /// How many processors the process may use.
  static int processorCount();

private:
  void start();
  void work(int number, int cpu);
  /// Part `number` of the tasks at hand.
  void doPart(int number) const;
  /// Returns when `value` is no longer `old`.
  void waitWhile(const std::atomic<uint32_t> &value, uint32_t old) const;

  const int threadCount;
  std::mutex callers;
  std::vector<std::thread> workers;
  bool isStarted = false, isBound = false, isStopping = false;
  int64_t spinNanoseconds = 0;
  pid_t boundThread = 0;
  cpu_set_t oldProcessors; ///< of boundThread

  /// One line goes to the workers, with the work in it, and one comes back: each that a processor
  /// has to fetch from another costs a tenth of a microsecond. So the caller never writes the
  /// second.
  alignas(64) std::atomic<uint32_t> generation = 0; ///< rises when there is work
  uint32_t wanted = 0;                              ///< `finished` when all have done it
  Task task = nullptr;
  void *context = nullptr;
  int64_t tasks = 0;
  alignas(64) std::atomic<uint32_t> finished = 0; ///< rises with each worker's part
};

} // namespace cnnc

#endif // CNNC_THREADPOOL_H
