//===- LossCheck.cpp - Gradients of the training loss's compiled code -----===//

#include "tools/cnnc/LossCheck.h"
#include "tools/cnnc/CheckNumbers.h"
#include "tools/cnnc/DifferenceCheck.h"

#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

using namespace cnnc;

namespace {

/// The loss and its gradients, compiled apart: the loss alone takes a third of the time.
struct LossCode {
  CheckedCode loss, gradient;

  double value() {
    loss.forward();
    return loss.outputs[0].at(0);
  }
  /// Gives the loss the inputs and targets that the gradient has.
  void copyInputs() {
    size_t next = 0;
    for (const std::vector<NumberView> *views : {&gradient.inputs, &gradient.targets})
      for (const NumberView &view : *views)
        loss.inputs[next++].assign(view.copy());
  }
};

} // namespace

static Result<LossCode> compileLoss(CheckCompiler &compiler, const TypedNet &net) {
  IRGenOptions irgen{.doublePrecision = true, .forward = false, .trainStep = false};
  irgen.gradient = true;
  Result<CheckedCode> gradient = compiler.compile(net, irgen);
  if (!gradient)
    return gradient.status();
  irgen.checks = CheckFunctions::Loss;
  Result<CheckedCode> loss = compiler.compile(net, irgen);
  if (!loss)
    return loss.status();
  loss->followParameters(*gradient);
  return LossCode{std::move(*loss), std::move(*gradient)};
}

//===----------------------------------------------------------------------===//
// A term alone
//===----------------------------------------------------------------------===//

static const char *keywordOf(LossTerm::Kind kind) {
  switch (kind) {
  case LossTerm::CrossEntropy:
    return "xent";
  case LossTerm::Nll:
    return "nll";
  case LossTerm::Hinge:
    return "hinge";
  case LossTerm::BinaryCrossEntropy:
    return "bce";
  case LossTerm::MeanSquaredError:
    return "mse";
  case LossTerm::MeanAbsoluteError:
    return "mae";
  case LossTerm::Huber:
    return "huber";
  }
  return "loss";
}

/// A network whose inputs are what the term compares.
static TypedNet isolateTerm(const TypedNet &net, const LossTerm &term) {
  TypedNet alone;
  alone.name = "loss";
  alone.range = term.range;
  auto addInput = [&](TensorId id, const char *name) {
    alone.tensors.push_back({net.tensors[id].shape, name, term.range});
    alone.inputs.push_back(TensorId(alone.tensors.size() - 1));
    return alone.inputs.back();
  };
  LossTerm copy = term;
  copy.prediction = addInput(term.prediction, "prediction");
  alone.train.emplace();
  alone.train->range = term.range;
  if (term.targetIsTensor) {
    copy.target = addInput(term.target, "target");
  } else {
    alone.train->targets.push_back(net.train->targets[term.target]);
    copy.target = 0;
  }
  alone.train->loss.push_back(copy);
  return alone;
}

/// Predictions, and what they are compared with, away from the loss's kinks.
static void fillTerm(const LossTerm &term, CheckedCode &code, uint64_t seed) {
  const NumberView &prediction = code.inputs[0];
  const NumberView &target = term.targetIsTensor ? code.inputs[1] : code.targets[0];
  Draw draw(seed, 0), others(seed, 1);
  for (size_t i = 0; i < prediction.count; ++i)
    prediction.set(i, draw.nonzero(i, 0.1, 2));
  switch (term.kind) {
  case LossTerm::Hinge: {
    // Multiples of 2/3 with a little noise differ by 1 nowhere.
    constexpr double grid = 2.0 / 3, noise = 0.1;
    for (size_t i = 0; i < prediction.count; ++i)
      prediction.set(i, grid * draw.integer(i, 3) + noise * others.direction(i));
    [[fallthrough]];
  }
  case LossTerm::CrossEntropy:
  case LossTerm::Nll:
    return;
  case LossTerm::BinaryCrossEntropy:
    for (size_t i = 0; i < target.count; ++i)
      target.set(i, others.within(i, 0.05, 0.95));
    return;
  case LossTerm::MeanSquaredError:
  case LossTerm::MeanAbsoluteError:
    for (size_t i = 0; i < target.count; ++i)
      target.set(i, prediction.at(i) - others.nonzero(i, 0.1, 1));
    return;
  case LossTerm::Huber:
    // Differences of both kinds: well below delta, and well above.
    for (size_t i = 0; i < target.count; ++i) {
      double difference = term.delta * others.nonzero(i, 0.1, 0.8);
      target.set(i, prediction.at(i) -
                        (i % 2 == 0 ? difference
                                    : 2 * difference + std::copysign(term.delta, difference)));
    }
    return;
  }
}

Result<LayerReport> cnnc::checkLossTerm(CheckCompiler &compiler, const TypedNet &net,
                                        const LossTerm &term, uint64_t seed) {
  TypedNet alone = isolateTerm(net, term);
  Result<LossCode> code = compileLoss(compiler, alone);
  if (!code)
    return code.status();
  if (!term.targetIsTensor)
    NetworkPoint(alone, seed).fillTargets(code->gradient.targets);
  fillTerm(term, code->gradient, seed);
  code->copyInputs();
  code->gradient.gradient();

  constexpr double distance = 0x1p-9;
  // A quotient's rounding is 2^-52 / distance of the loss: a ten-millionth of this floor.
  constexpr double floorOfLoss = 1e-6;
  double floor = floorOfLoss * std::max(std::fabs(code->value()), 1e-3);
  auto difference = [&](DifferenceChecker::Move move, double step) {
    move(step);
    double above = code->value();
    move(-step);
    return above - code->value();
  };
  DifferenceChecker checker(difference, distance, floor, seed);
  LayerReport report{"loss", keywordOf(term.kind), term.range, "differences", {}};
  for (auto [i, operand] : llvm::enumerate(operandsOf(alone, code->loss, code->gradient)))
    report.rows.push_back(checker.check(operand, i));
  return report;
}

//===----------------------------------------------------------------------===//
// The whole network
//===----------------------------------------------------------------------===//

static bool isKinked(const Layer &layer) {
  if (auto *activation = std::get_if<ActivationLayer>(&layer.kind))
    return activation->kind <= ActivationLayer::Elu ||
           activation->kind == ActivationLayer::HardSigmoid ||
           activation->kind == ActivationLayer::HardSwish;
  if (auto *pool = std::get_if<PoolLayer>(&layer.kind))
    return pool->kind != PoolLayer::Average;
  if (auto *pool = std::get_if<GlobalPoolLayer>(&layer.kind))
    return pool->kind == GlobalPoolLayer::Max;
  if (auto *join = std::get_if<JoinLayer>(&layer.kind))
    return join->kind == JoinLayer::Max;
  return std::holds_alternative<PReluLayer>(layer.kind);
}

bool cnnc::hasKinks(const TypedNet &net) {
  return llvm::any_of(net.layers, [](const Layer &layer) { return isKinked(layer); }) ||
         llvm::any_of(net.train->loss, [](const LossTerm &term) {
           return term.kind == LossTerm::MeanAbsoluteError || term.kind == LossTerm::Huber ||
                  term.kind == LossTerm::Hinge;
         });
}

/// The bar for `batch` images: up to so many numbers some step crosses none of their kinks.
static double networkBar(const TypedNet &net, int64_t batch) {
  constexpr double few = 1e5;
  double numbers = 0;
  for (const Layer &layer : net.layers)
    if (isKinked(layer))
      numbers += double(batch) * double(*checkedElements(net.tensors[layer.output].shape));
  return numbers > few ? kKinkBar : kDifferenceBar;
}

namespace {

class NetworkChecker {
public:
  NetworkChecker(const TypedNet &net, LossCode &code, int64_t batch, bool isLarge, uint64_t seed)
      : net(net), code(code), bar(networkBar(net, batch)), isLarge(isLarge), point(net, seed) {
    point.fill(code.gradient);
    point.fillTargets(code.gradient.targets);
    code.copyInputs();
    code.gradient.gradient();
    weighParameters();
  }

  CheckRow check(NetworkPoint::Part part, uint64_t directions);

private:
  void weighParameters();
  void checkDirection(NetworkPoint::Part part, uint64_t number, CheckRow &row);
  /// The derivative that the gradients give, and the size of such a sum.
  std::pair<double, double> predict(NetworkPoint::Part part, uint64_t number);
  double quotient(NetworkPoint::Part part, uint64_t number, double distance);

  const TypedNet &net;
  LossCode &code;
  double bar;
  bool isLarge; ///< takes long: the first error within the bar will do
  NetworkPoint point;
};

} // namespace

/// Lets each parameter have the same share in a direction's derivative: an error in the
/// gradient of a small one would not be seen beside a large one.
void NetworkChecker::weighParameters() {
  std::vector<double> shares, sorted;
  size_t next = 0;
  for (auto [which, parameter] : llvm::enumerate(net.parameters)) {
    long double squares = 0;
    if (parameter.trainable) {
      const NumberView &gradient = code.gradient.gradients[next++];
      for (size_t i = 0; i < gradient.count; ++i) {
        double share = gradient.at(i) * point.component(NetworkPoint::Parameters, 0, which, i);
        squares += (long double)share * share;
      }
      sorted.push_back(std::sqrt(double(squares)));
    }
    shares.push_back(std::sqrt(double(squares)));
  }
  if (sorted.empty())
    return;
  llvm::sort(sorted);
  double middle = sorted[sorted.size() / 2];
  if (!(middle > 0) || !std::isfinite(middle))
    return;
  // What has no gradient, as a bias before bn, has no share either.
  constexpr double least = 1e-2;
  std::vector<double> weights;
  for (double share : shares)
    weights.push_back(middle / std::max(share, least * middle));
  point.weighParameters(std::move(weights));
}

std::pair<double, double> NetworkChecker::predict(NetworkPoint::Part part, uint64_t number) {
  long double slope = 0, squares = 0;
  auto add = [&](const NumberView &gradient, size_t which) {
    for (size_t i = 0; i < gradient.count; ++i) {
      long double share = (long double)gradient.at(i) * point.component(part, number, which, i);
      slope += share;
      squares += share * share;
    }
  };
  size_t next = 0;
  for (auto [which, parameter] : llvm::enumerate(net.parameters))
    if (parameter.trainable) {
      if (part == NetworkPoint::Parameters)
        add(code.gradient.gradients[next], which);
      ++next;
    }
  for (size_t which = 0; which < net.inputs.size() && part == NetworkPoint::Inputs; ++which)
    add(code.gradient.gradients[next + which], which);
  return {double(slope), std::sqrt(double(squares))};
}

double NetworkChecker::quotient(NetworkPoint::Part part, uint64_t number, double distance) {
  return extrapolatedSlope(
      [&](double step) {
        point.fill(code.loss, part, number, step);
        double above = code.value();
        point.fill(code.loss, part, number, -step);
        return above - code.value();
      },
      distance);
}

void NetworkChecker::checkDirection(NetworkPoint::Part part, uint64_t number, CheckRow &row) {
  auto [slope, size] = predict(part, number);
  constexpr double smooth = 0x1p-8, kinked = 0x1p-16, shortest = 0x1p-28, ratio = 16;
  double longest = hasKinks(net) ? kinked : smooth;
  CheckRow best;
  for (double distance = longest; distance >= shortest; distance /= ratio) {
    CheckRow one;
    compare(one, slope, quotient(part, number, distance), size, bar,
            [&] { return fmt::format("direction {} at distance {:.2g}", number + 1, distance); });
    if (distance == longest || one.worst < best.worst)
      best = one;
    if (best.worst <= (isLarge ? bar : kDifferenceBar))
      break;
  }
  row.worst = std::max(row.worst, best.worst);
  if (best.passed)
    return;
  row.passed = false;
  row.reason = best.reason;
}

CheckRow NetworkChecker::check(NetworkPoint::Part part, uint64_t directions) {
  CheckRow row;
  row.towards = part == NetworkPoint::Parameters ? "parameters" : "inputs";
  row.directions = directions;
  for (uint64_t number = 0; number < directions; ++number)
    checkDirection(part, number, row);
  return row;
}

Result<LayerReport> cnnc::checkNetwork(CheckCompiler &compiler, const TypedNet &net,
                                       uint64_t seed) {
  Result<LossCode> code = compileLoss(compiler, net);
  if (!code)
    return code.status();
  double work = 0;
  for (const Layer &layer : net.layers)
    work += double(multiplyAdds(net, layer)) * double(compiler.options().batch);
  // Each direction takes four runs of the network or more: a minute for the largest.
  constexpr double large = 1e9;
  bool isLarge = work > large;
  uint64_t directions = isLarge ? 1 : 3;
  NetworkChecker checker(net, *code, compiler.options().batch, isLarge, seed);
  LayerReport report{"loss", "network", net.train->range, "differences", {}};
  bool isTrained =
      llvm::any_of(net.parameters, [](const Parameter &parameter) { return parameter.trainable; });
  if (isTrained)
    report.rows.push_back(checker.check(NetworkPoint::Parameters, directions));
  report.rows.push_back(checker.check(NetworkPoint::Inputs, directions));
  return report;
}
