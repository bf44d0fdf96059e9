//===- gradcheck.cpp - Gradients against what they must be ----------------===//
//
// cnn-gradcheck FILE.mlir CHECK... treats every function of the file, in the cnn
// dialect on f64, as one case, and runs the checks that are named:
//
//   --first   each gradient of the sum of f(x) * r, with fixed numbers r, against
//             central differences of the compiled forward function
//   --second  the same for the gradients of the sum of gradient * s: a gradient of
//             a gradient, also towards r, which is what the rules themselves compute
//   --exact   for linear functions <dY, A x> = <A^T dY, x> on small integers: equal
//   --oracle  functions of one op: the values against the op's formula in plain
//             loops; equal where integers stay integers, else to 1e-12
// With --optimized the functions go through all phases, not through the reference
// pipeline alone. With --until-failure the first function that fails is the last one.
//
// An error is |a - b| / max(1, |a|, |b|), and at most 1e-6. Differences are taken
// at two distances and extrapolated, so their own error is below 1e-9. Arguments are
// distinct numbers with 0.1 <= |x| <= 1, far from kinks and ties. Attributes of an
// argument say otherwise:
//
//   check.positive         numbers from 0.5 to 2
//   check.value = V        V everywhere
//   check.classes = K      labels below K, of an integer argument
//   check.fixed            not differentiated
//   check.zero             differentiated, and the gradient is 0 everywhere
//
// A function with check.joint is linear in all arguments together, not in each.
// It fails if a gradient is 0 everywhere without check.zero: such a case tests nothing.
//
//===----------------------------------------------------------------------===//

#include "test/compiler/Autodiff/Network.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <cstdio>

using namespace mlir;
using namespace cnnc::test;

static constexpr double kTolerance = 1e-6;
static constexpr double kOracleTolerance = 1e-12;
/// The larger of two distances; below half the distance between any two arguments.
static constexpr double kDistance = 0x1p-11;

static double errorOf(double a, double b) {
  double error = std::abs(a - b) / std::max({1.0, std::abs(a), std::abs(b)});
  return std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
}

namespace {

/// What one check of one function found.
struct Finding {
  int64_t compared = 0;
  double worst = 0;
  std::string where; ///< of the worst error, or the reason of a failure
  bool failed = false;

  void compare(double found, double expected, double tolerance, const llvm::Twine &place) {
    ++compared;
    double error = errorOf(found, expected);
    if (error > worst || (error > 0 && where.empty())) {
      worst = error;
      where = llvm::formatv("{0}: {1:e12}, expected {2:e12}", place.str(), found, expected);
    }
    failed |= error > tolerance;
  }
  void fail(const llvm::Twine &reason) {
    failed = true;
    where = reason.str();
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// The checks
//===----------------------------------------------------------------------===//

/// The sum of all outputs times their probes: what the gradient function differentiates.
static double scalarOf(Network &network) {
  long double sum = 0;
  std::vector<Tensor> outputs = network.forward();
  for (auto [output, probe] : llvm::zip_equal(outputs, network.probes()))
    for (auto [a, b] : llvm::zip_equal(output.values, probe.values))
      sum += static_cast<long double>(a) * b;
  return double(sum);
}

static double centralDifference(Network &network, double &coordinate) {
  double x = coordinate;
  auto slope = [&](double distance) {
    coordinate = x + distance;
    double above = scalarOf(network);
    coordinate = x - distance;
    double below = scalarOf(network);
    coordinate = x;
    return (above - below) / (2 * distance);
  };
  // The errors of both are proportional to the square of the distance.
  return (4 * slope(kDistance / 2) - slope(kDistance)) / 3;
}

static Finding checkDerivatives(Network &network, bool second) {
  Finding finding;
  std::vector<Tensor> gradients = network.gradients();
  bool anything = false;
  for (auto [i, variable] : llvm::enumerate(network.trained())) {
    double largest = 0;
    for (size_t j = 0; j < variable->data.values.size(); ++j) {
      double numeric = centralDifference(network, variable->data.values[j]);
      largest = std::max({largest, std::abs(numeric), std::abs(gradients[i].values[j])});
      finding.compare(gradients[i].values[j], numeric, kTolerance,
                      variable->name + "[" + llvm::Twine(j) + "]");
    }
    anything |= largest > kTolerance;
    if (!second && (largest <= kTolerance) != variable->isZero)
      finding.fail(variable->name + (variable->isZero ? " has a gradient, expected none"
                                                      : " has no gradient: nothing is tested"));
  }
  if (!anything)
    finding.fail("no gradient but zeros: nothing is tested");
  return finding;
}

static double dot(const Tensor &a, const Tensor &b) {
  double sum = 0; // of small integers: exact
  for (auto [x, y] : llvm::zip_equal(a.values, b.values))
    sum += x * y;
  return sum;
}

/// <dY, A x> = <A^T dY, x>, in each argument or in all together.
static Finding checkAdjoints(Network &network, bool joint) {
  Finding finding;
  network.fillWithIntegers();
  double forward = 0, backward = 0;
  std::vector<Tensor> outputs = network.forward(), gradients = network.gradients();
  for (auto [output, probe] : llvm::zip_equal(outputs, network.probes()))
    forward += dot(output, probe);
  for (auto [variable, gradient] : llvm::zip_equal(network.trained(), gradients)) {
    double product = dot(variable->data, gradient);
    backward += product;
    if (!joint)
      finding.compare(product, forward, 0, variable->name);
  }
  if (joint)
    finding.compare(backward, forward, 0, "all arguments");
  if (forward == 0 && !network.trained().empty())
    finding.fail("the product is 0: nothing is tested");
  return finding;
}

static Finding checkValues(Network &network, func::FuncOp function) {
  Finding finding;
  network.fillWithIntegers();
  Operation &op = function.getBody().front().front();
  std::vector<Tensor> operands;
  for (Value operand : op.getOperands())
    if (auto argument = dyn_cast<BlockArgument>(operand))
      operands.push_back(network.argument(argument.getArgNumber()).data);
  std::optional<std::vector<Tensor>> expected;
  if (function.getBody().front().getOperations().size() == 2)
    expected = evaluate(&op, operands);
  if (!expected) {
    finding.fail("expected one op with a formula");
    return finding;
  }
  double tolerance = isExactOnIntegers(&op) ? 0 : kOracleTolerance;
  for (auto [o, found] : llvm::enumerate(network.forward()))
    for (auto [i, value] : llvm::enumerate(found.values))
      finding.compare(value, (*expected)[o].values[i], tolerance,
                      "result " + llvm::Twine(o) + "[" + llvm::Twine(i) + "]");
  return finding;
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

namespace {

struct Totals {
  int64_t functions = 0, compared = 0, failed = 0;
  double worst = 0;

  void add(func::FuncOp function, llvm::StringRef check, const Finding &finding) {
    bool failed = finding.failed || finding.compared == 0;
    std::printf("%-32s %-7s %6lld values, worst error %.1e%s%s\n", function.getName().str().c_str(),
                check.str().c_str(), (long long)finding.compared, finding.worst,
                failed ? ", FAILED at " : "", failed ? finding.where.c_str() : "");
    compared += finding.compared;
    worst = std::max(worst, finding.worst);
    this->failed += failed;
  }
};

struct Checks {
  bool first = false, second = false, exact = false, oracle = false, optimized = false;
  bool untilFailure = false;
};

} // namespace

static llvm::Error checkFunction(func::FuncOp function, const Checks &checks, Totals &totals) {
  ++totals.functions;
  if (checks.first || checks.exact || checks.oracle) {
    llvm::Expected<Network> network =
        Network::compile(function, /*second=*/false, checks.optimized);
    if (!network)
      return network.takeError();
    if (checks.first)
      totals.add(function, "first", checkDerivatives(*network, false));
    if (checks.exact)
      totals.add(function, "exact", checkAdjoints(*network, function->hasAttr("check.joint")));
    if (checks.oracle)
      totals.add(function, "oracle", checkValues(*network, function));
  }
  if (checks.second) {
    llvm::Expected<Network> network = Network::compile(function, /*second=*/true, checks.optimized);
    if (!network)
      return network.takeError();
    totals.add(function, "second", checkDerivatives(*network, true));
  }
  return llvm::Error::success();
}

int main(int argc, char **argv) {
  Checks checks;
  std::string file;
  bool known = argc > 2;
  for (int i = 1; i < argc; ++i) {
    if (file.empty() && argv[i][0] != '-') {
      file = argv[i];
      continue;
    }
    bool none = false;
    bool *check = llvm::StringSwitch<bool *>(argv[i])
                      .Case("--first", &checks.first)
                      .Case("--second", &checks.second)
                      .Case("--exact", &checks.exact)
                      .Case("--oracle", &checks.oracle)
                      .Case("--optimized", &checks.optimized)
                      .Case("--until-failure", &checks.untilFailure)
                      .Default(&none);
    *check = true;
    known &= !none;
  }
  if (!known || file.empty()) {
    std::fprintf(stderr, "usage: cnn-gradcheck FILE.mlir [--first] [--second] [--exact] [--oracle] "
                         "[--optimized] [--until-failure]\n");
    return 2;
  }

  std::unique_ptr<MLIRContext> context = makeContext();
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(file, context.get());
  if (!module)
    return 1;
  Totals totals;
  for (func::FuncOp function : module->getOps<func::FuncOp>()) {
    if (llvm::Error error = checkFunction(function, checks, totals)) {
      std::fprintf(stderr, "%s: %s\n", function.getName().str().c_str(),
                   llvm::toString(std::move(error)).c_str());
      return 1;
    }
    if (checks.untilFailure && totals.failed != 0)
      break;
  }
  std::printf("%lld functions, %lld values, %lld failed, worst error %.1e\n",
              (long long)totals.functions, (long long)totals.compared, (long long)totals.failed,
              totals.worst);
  return totals.compared == 0 || totals.failed != 0;
}
