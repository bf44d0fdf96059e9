// What the processor can do at most: GFLOP/s of FMAs on registers, with the widest vectors that the
// compiler may use and with OMP_NUM_THREADS threads at once. Prints the best of seven measurements.
//
//   g++ -O3 -march=native -fopenmp peak.cpp -o peak
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#if defined(__AVX512F__)
constexpr int lanes = 16;
#else
constexpr int lanes = 8;
#endif
typedef float Vector __attribute__((vector_size(lanes * sizeof(float))));

// Two ports times a latency of four or five cycles: ten sums hide it, twelve fit the 16 registers
// of AVX2.
constexpr int sums = 12;
constexpr long iterations = 4'000'000;

static void multiplyAndAdd() {
  Vector half = Vector{} + 0.5f;
  asm volatile("" : "+x"(half)); // unknown to the compiler
  Vector sum[sums];
  for (int i = 0; i < sums; ++i)
    sum[i] = half * float(i); // different, or one chain would do for all
  for (long n = 0; n < iterations; ++n)
#pragma GCC unroll 12
    for (int i = 0; i < sums; ++i)
      sum[i] = sum[i] * half + half; // towards 1, never denormal
  for (Vector &value : sum)
    asm volatile("" : : "x"(value));
}

int main() {
  using Clock = std::chrono::steady_clock;
  double best = 0;
  for (int attempt = 0; attempt < 7; ++attempt) {
    Clock::time_point begin = Clock::now();
    int threads = 1;
#pragma omp parallel
    {
#pragma omp single
      threads = omp_get_num_threads();
      multiplyAndAdd();
    }
    double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    best = std::max(best, 2e-9 * lanes * sums * iterations * threads / seconds);
  }
  std::printf("%.6g\n", best);
}
