// RUN: runtime-test-thread-pool

#include "runtime/ThreadPool.h"
#include "test/runtime/Check.h"

#include <chrono>

using namespace cnnc;
using namespace cnnc::test;

namespace {

/// What a call has seen of its tasks.
struct Trace {
  explicit Trace(int64_t tasks) : counts(tasks), threads(tasks) {}

  static void record(void *context, int64_t begin, int64_t end) {
    auto &trace = *static_cast<Trace *>(context);
    ++trace.ranges;
    for (int64_t i = begin; i < end; ++i) {
      ++trace.counts[i];
      trace.threads[i] = std::this_thread::get_id();
    }
  }

  bool isComplete() const {
    for (int count : counts)
      if (count != 1)
        return false;
    return true;
  }

  std::vector<int> counts; ///< written by the thread that has the task: no two write one element
  std::vector<std::thread::id> threads;
  std::atomic<int> ranges = 0;
};

/// Enough for all who wait to fall asleep.
void sleepLong() { std::this_thread::sleep_for(std::chrono::milliseconds(3)); }

int processorsOfThisThread() {
  cpu_set_t set;
  CHECK(sched_getaffinity(0, sizeof set, &set) == 0);
  return CPU_COUNT(&set);
}

} // namespace

static void testEachTaskOnce() {
  for (int threads : {1, 2, 3, 7}) {
    ThreadPool pool(threads);
    for (int64_t tasks : {0, 1, 2, 3, 6, 7, 8, 100}) {
      Trace trace(tasks);
      pool.run(Trace::record, &trace, tasks);
      CHECK(trace.isComplete());
      CHECK(trace.ranges <= std::min<int64_t>(threads, tasks));
    }
    CHECK(pool.threads() == threads && pool.started() == threads);
  }
}

/// The parts are contiguous, as even as can be, and belong to the same threads at each call.
static void testPartition() {
  ThreadPool pool(3);
  Trace first(11), second(11);
  pool.run(Trace::record, &first, 11);
  pool.run(Trace::record, &second, 11);
  CHECK(first.ranges == 3 && first.threads == second.threads);
  CHECK(first.threads[0] == std::this_thread::get_id());
  CHECK(first.threads[3] == first.threads[0] && first.threads[4] != first.threads[0]);
  CHECK(first.threads[7] == first.threads[4] && first.threads[8] != first.threads[4]);
  CHECK(first.threads[10] == first.threads[8] && first.threads[8] != first.threads[0]);
  // Fewer tasks than threads: one each.
  Trace few(2);
  pool.run(Trace::record, &few, 2);
  CHECK(few.ranges == 2 && few.threads[0] != few.threads[1]);
}

/// Nothing starts where there is nothing to divide.
static void testStartsLate() {
  int processors = processorsOfThisThread();
  {
    ThreadPool alone(1), idle(2), one(2);
    Trace trace(50), single(1);
    alone.run(Trace::record, &trace, 50);
    CHECK(trace.isComplete() && trace.ranges == 1);
    one.run(Trace::record, &single, 1);
    one.run(Trace::record, &single, 0);
    CHECK(alone.started() == 1 && idle.started() == 1 && one.started() == 1);
    CHECK(processorsOfThisThread() == processors);
  }
  {
    ThreadPool pool(2);
    Trace trace(2);
    pool.run(Trace::record, &trace, 2);
    CHECK(processorsOfThisThread() == (processors >= 2 ? 1 : processors));
  }
  CHECK(processorsOfThisThread() == processors); // given back
  {
    ThreadPool pool(std::min(processors + 1, ThreadPool::kMostThreads));
    Trace trace(2);
    pool.run(Trace::record, &trace, 2);
    CHECK(processorsOfThisThread() == processors); // more threads than processors: not bound
  }
  CHECK(ThreadPool::processorCount() == std::min(processors, ThreadPool::kMostThreads));
}

/// Many calls in a row, by threads that wait actively, by sleeping ones and by more threads than
/// there are processors.
static void testManyCalls() {
  for (int threads : {2, 5}) {
    ThreadPool pool(threads);
    std::vector<int64_t> sums(64);
    auto add = [](void *context, int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        static_cast<int64_t *>(context)[i] += i;
    };
    constexpr int calls = 20000;
    for (int call = 0; call < calls; ++call)
      pool.run(add, sums.data(), int64_t(sums.size()));
    for (int64_t i = 0; i < int64_t(sums.size()); ++i)
      CHECK(sums[i] == calls * i);
    for (int call = 0; call < 5; ++call) {
      sleepLong();
      Trace trace(9);
      pool.run(Trace::record, &trace, 9);
      CHECK(trace.isComplete());
    }
  }
}

/// A pool goes while its threads wait actively, while they sleep, and before it was used.
static void testDestruction() {
  for (int round = 0; round < 30; ++round) {
    ThreadPool pool(3);
    Trace trace(3);
    if (round % 3 != 0)
      pool.run(Trace::record, &trace, 3);
    if (round % 3 == 2)
      sleepLong();
  }
}

/// The work of one thread takes longer than the others wait actively.
static void testSlowTask() {
  ThreadPool pool(2);
  for (int64_t slow : {0, 1}) {
    std::atomic<int> done = 0;
    std::pair<std::atomic<int> *, int64_t> context(&done, slow);
    pool.run(
        [](void *context, int64_t begin, int64_t) {
          auto &[done, slow] = *static_cast<std::pair<std::atomic<int> *, int64_t> *>(context);
          if (begin == slow)
            sleepLong();
          ++*done;
        },
        &context, 2);
    CHECK(done == 2);
  }
}

/// Callers at once are served one after the other; a task that calls does all by itself.
static void testCallers() {
  ThreadPool pool(2);
  std::vector<std::thread> callers;
  std::atomic<int> complete = 0;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&] {
      for (int call = 0; call < 500; ++call) {
        Trace trace(5);
        pool.run(Trace::record, &trace, 5);
        complete += trace.isComplete();
      }
    });
  for (std::thread &caller : callers)
    caller.join();
  CHECK(complete == 2000);

  struct Nested {
    ThreadPool &pool;
    std::atomic<int> complete = 0;
  } nested{pool};
  pool.run(
      [](void *context, int64_t begin, int64_t end) {
        auto &nested = *static_cast<Nested *>(context);
        for (; begin < end; ++begin) {
          Trace trace(8);
          nested.pool.run(Trace::record, &trace, 8);
          nested.complete += trace.isComplete() && trace.ranges == 1;
        }
      },
      &nested, 6);
  CHECK(nested.complete == 6);
}

int main() {
  testEachTaskOnce();
  testPartition();
  testStartsLate();
  testManyCalls();
  testDestruction();
  testSlowTask();
  testCallers();
  return finish();
}
