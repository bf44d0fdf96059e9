//===- ThreadPool.cpp - Threads that share the tasks of a kernel ----------===//
//
// A training step has hundreds of kernels of some ten microseconds, so handing out
// work must take less than one: an idle thread first reads the same word again and
// again, and goes to sleep in the kernel (std::atomic::wait) only if no work comes
// for longer than the serial parts of a step take.
//
//===----------------------------------------------------------------------===//

#include "runtime/ThreadPool.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <system_error>

using namespace cnnc;

namespace {

/// How long an idle thread waits actively. Longer than most serial kernels, and short beside
/// what a person notices as a processor that is not idle.
constexpr int64_t kSpinNanoseconds = 100'000;
/// Reads of the word between two looks at the clock, which cost more.
constexpr int kReadsPerLook = 64;

/// A call of run() in a task would wait for itself.
thread_local bool isInTask = false;

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// The processors that this thread may use, in the order of their numbers.
std::vector<int> processors() {
  cpu_set_t set;
  std::vector<int> found;
  // Fails where there are more than the set can name; then no thread is bound.
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu, &set))
        found.push_back(cpu);
  return found;
}

void bindTo(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  // Where the system refuses, the thread runs where it may.
  sched_setaffinity(0, sizeof set, &set);
}

} // namespace

int ThreadPool::processorCount() {
  size_t count = processors().size();
  if (count == 0)
    count = std::thread::hardware_concurrency();
  return int(std::clamp<size_t>(count, 1, kMostThreads));
}

ThreadPool::ThreadPool(int threads) : threadCount(std::clamp(threads, 1, kMostThreads)) {
  CPU_ZERO(&oldProcessors);
  workers.reserve(threadCount - 1);
}

ThreadPool::~ThreadPool() {
  isStopping = true;
  generation.fetch_add(1, std::memory_order_release);
  generation.notify_all();
  for (std::thread &worker : workers)
    worker.join();
  if (isBound && gettid() == boundThread)
    sched_setaffinity(0, sizeof oldProcessors, &oldProcessors);
}

void ThreadPool::start() {
  isStarted = true;
  std::vector<int> cpus = processors();
  isBound = cpus.size() >= size_t(threadCount);
  // With fewer processors the one that works is on the processor of the one that waits.
  spinNanoseconds = isBound ? kSpinNanoseconds : 0;
  for (int number = 1; number < threadCount; ++number) {
    try {
      workers.emplace_back(&ThreadPool::work, this, number, isBound ? cpus[number] : -1);
    } catch (const std::system_error &) {
      break; // a limit of the system: those that have started share the work
    }
  }
  if (!isBound)
    return;
  boundThread = gettid();
  sched_getaffinity(0, sizeof oldProcessors, &oldProcessors);
  bindTo(cpus[0]);
}

void ThreadPool::waitWhile(const std::atomic<uint32_t> &value, uint32_t old) const {
  if (spinNanoseconds > 0) {
    using Clock = std::chrono::steady_clock;
    Clock::time_point end = Clock::now() + std::chrono::nanoseconds(spinNanoseconds);
    do {
      for (int i = 0; i < kReadsPerLook; ++i) {
        if (value.load(std::memory_order_acquire) != old)
          return;
        relax();
      }
    } while (Clock::now() < end);
  }
  while (value.load(std::memory_order_acquire) == old)
    value.wait(old, std::memory_order_acquire);
}

void ThreadPool::doPart(int number) const {
  // The first `rest` parts have one task more.
  int64_t parts = started(), size = tasks / parts, rest = tasks % parts;
  int64_t begin = number * size + std::min<int64_t>(number, rest);
  int64_t end = begin + size + (number < rest ? 1 : 0);
  if (begin == end)
    return;
  isInTask = true;
  task(context, begin, end);
  isInTask = false;
}

void ThreadPool::work(int number, int cpu) {
  if (cpu >= 0)
    bindTo(cpu);
  for (uint32_t seen = 0;; ++seen) {
    waitWhile(generation, seen);
    if (isStopping)
      return;
    doPart(number);
    // Before it counts its part: then the caller may write the next one's.
    uint32_t last = wanted;
    if (finished.fetch_add(1, std::memory_order_acq_rel) + 1 == last)
      finished.notify_one();
  }
}

void ThreadPool::run(Task newTask, void *newContext, int64_t count) {
  if (count <= 0)
    return;
  if (threadCount == 1 || count == 1 || isInTask) {
    newTask(newContext, 0, count);
    return;
  }
  std::lock_guard lock(callers);
  if (!isStarted)
    start();
  task = newTask;
  context = newContext;
  tasks = count;
  wanted += uint32_t(workers.size());
  generation.fetch_add(1, std::memory_order_release);
  generation.notify_all();
  doPart(0);
  for (uint32_t seen; (seen = finished.load(std::memory_order_acquire)) != wanted;)
    waitWhile(finished, seen);
}
