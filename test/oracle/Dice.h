//===- Dice.h - Random choices that are the same everywhere -----------------===//
#ifndef CNNC_TEST_ORACLE_DICE_H
#define CNNC_TEST_ORACLE_DICE_H

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

namespace cnnc::oracle {

/// The distributions of <random> differ between libraries; these do not.
class Dice {
public:
  explicit Dice(uint64_t seed) : state(seed) {}

  uint64_t word() { // SplitMix64 (Steele et al. 2014)
    uint64_t value = state += 0x9E3779B97F4A7C15u;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
  }
  /// A whole number from `low` to `high`, both included.
  int64_t number(int64_t low, int64_t high) {
    return low + int64_t(word() % uint64_t(high - low + 1));
  }
  bool chance(int percent) { return number(1, 100) <= percent; }
  /// In (-1, 1), never 0.
  double real() { return (double(word() >> 12) + 0.5) / double(uint64_t(1) << 51) - 1; }
  template <typename T> T pick(std::initializer_list<T> list) {
    return list.begin()[number(0, int64_t(list.size()) - 1)];
  }
  template <typename T> const T &pick(const std::vector<T> &list) {
    return list[size_t(number(0, int64_t(list.size()) - 1))];
  }

private:
  uint64_t state;
};

} // namespace cnnc::oracle

#endif // CNNC_TEST_ORACLE_DICE_H
