// RUN: runtime-test-schedule
//
// The learning rate over time, against its formulas.

#include "runtime/Schedule.h"
#include "test/runtime/Check.h"

#include <cmath>

using namespace cnnc;
using namespace cnnc::test;

static bool isNear(double a, double b) { return std::abs(a - b) < 1e-12; }

static void testFormulas() {
  auto at = [](int64_t step) { return Moment{step, 10, 8, 0}; };
  CHECK(Schedule().rate(8, at(79)) == 8);
  Schedule steps{.kind = Schedule::Step, .at = {2, 3}, .gamma = 0.5};
  CHECK(steps.rate(8, at(19)) == 8 && steps.rate(8, at(20)) == 4 && steps.rate(8, at(79)) == 2);
  Schedule poly{.kind = Schedule::Poly};
  CHECK(poly.rate(8, at(0)) == 8 && poly.rate(8, at(20)) == 6 && isNear(poly.rate(8, at(79)), 0.1));
  poly.power = 2;
  CHECK(poly.rate(8, at(40)) == 2);
  Schedule cosine{.kind = Schedule::Cosine};
  CHECK(cosine.rate(8, at(0)) == 8 && isNear(cosine.rate(8, at(40)), 4));
  CHECK(isNear(cosine.rate(8, at(20)), 4 * (1 + std::sqrt(0.5))));
  cosine.warmup = 4;
  CHECK(cosine.rate(8, at(0)) == 0 && cosine.rate(8, at(10)) == 2 && cosine.rate(8, at(40)) == 8);
  CHECK(isNear(cosine.rate(8, at(60)), 4));
  Schedule plateau{.kind = Schedule::Plateau, .gamma = 0.5};
  CHECK(plateau.rate(8, {5, 10, 8, 0}) == 8 && plateau.rate(8, {5, 10, 8, 3}) == 1);
}

static void testPlateau() {
  PlateauState state;
  auto observe = [&](std::initializer_list<double> losses) {
    for (double loss : losses)
      state.observe(loss, 2);
    return state.cuts;
  };
  CHECK(observe({5, 4, 4, 4}) == 0 && state.best == 4 && state.waited == 2);
  CHECK(observe({4}) == 1 && state.waited == 0); // the third without a lower one
  CHECK(observe({6, 7}) == 1 && observe({3.9}) == 1 && state.best == 3.9 && state.waited == 0);
  CHECK(observe({NAN, NAN, NAN}) == 2);
  CHECK(observe({9, 9, 9, 9, 9, 9}) == 4);
}

int main() {
  testFormulas();
  testPlateau();
  return finish();
}
