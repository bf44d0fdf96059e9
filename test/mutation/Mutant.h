//===- Mutant.h - Which mutant runs -------------------------------------------===//
//
// Included by every mutated source. The environment says which mutant is active,
// CNNC_MUTANT, and where to note which ones a program reaches, CNNC_MUTANT_TRACE.
//
//===----------------------------------------------------------------------===//
#ifndef TEST_MUTATION_MUTANT_H
#define TEST_MUTATION_MUTANT_H

// An index out of range must stop a mutant: in a build without assertions it may read
// what happens to be right.
#undef NDEBUG
#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <type_traits>

namespace cnnc::mutation {

/// Which mutants a program reaches, appended to a file when it ends.
struct Reached {
  const char *path = std::getenv("CNNC_MUTANT_TRACE");
  bool mutants[CNNC_MUTANTS + 1] = {};

  ~Reached() {
    std::FILE *file = path ? std::fopen(path, "a") : nullptr;
    if (!file)
      return;
    for (int mutant = 1; mutant <= CNNC_MUTANTS; ++mutant)
      if (mutants[mutant])
        std::fprintf(file, "%d\n", mutant);
    std::fclose(file);
  }
};

inline int activeMutant() {
  const char *number = std::getenv("CNNC_MUTANT");
  return number ? std::atoi(number) : 0;
}

inline Reached reached;
inline const int active = activeMutant();

inline bool on(int mutant) {
  reached.mutants[mutant] = true;
  return mutant == active;
}

/// a / b of a mutant, which stops if that is undefined.
template <typename A, typename B> auto quotient(A a, B b) {
  if constexpr (std::is_integral_v<B>)
    assert(b != 0);
  return a / b;
}

} // namespace cnnc::mutation

#endif // TEST_MUTATION_MUTANT_H
