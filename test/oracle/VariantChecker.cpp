//===- VariantChecker.cpp - Gradients against differences -----------------===//

#include "test/oracle/VariantChecker.h"

#include "compiler/InitAll.h"

#include <fmt/format.h>

using namespace cnnc;
using namespace cnnc::oracle;

static constexpr double gradientBar = 1e-6;
static constexpr double forwardBar = 1e-12;
/// The larger of the two distances of a difference.
static constexpr double distance = 0x1p-11;
/// Kinks and ties are at least so far away: twice the distance, since both numbers that are
/// compared may depend on the coordinate.
static constexpr double kinkDistance = 2 * distance;
/// A gradient below this says nothing about its formula; rounding of the loss is near.
static constexpr double smallest = 1e-4;

VariantChecker::VariantChecker(bool isCorrupted) : isCorrupted(isCorrupted) {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  context = std::make_unique<mlir::MLIRContext>(registry, mlir::MLIRContext::Threading::DISABLED);
}

VariantChecker::~VariantChecker() = default;

namespace {

/// One row at work.
class RowCheck {
public:
  RowCheck(const VariantRow &row, const VariantNet &variants, NetData data)
      : row(row), variants(variants), net(variants.net()), data(std::move(data)) {}

  void takeDifferences(CompiledNet &compiled);
  void compareGradients(CompiledGradients found, const std::string &way);
  void compareForward(CompiledNet &compiled, double loss, const std::string &way);
  void expectGradients();

  NetData &numbers() { return data; }
  RowResult takeResult() { return std::move(result); }

private:
  double differenceAt(CompiledNet &compiled, double &coordinate);
  void compareTensor(const Array &found, const Array &expected, double bar, double &worst,
                     size_t variant, const std::string &what);
  void fail(size_t variant, const std::string &reason) {
    result.failures.push_back(fmt::format("{}: {}", row.variants[variant], reason));
  }

  const VariantRow &row;
  const VariantNet &variants;
  const TypedNet &net;
  NetData data;
  CompiledGradients differences; ///< empty arrays where nothing is trained
  RowResult result;
};

} // namespace

double RowCheck::differenceAt(CompiledNet &compiled, double &coordinate) {
  double x = coordinate;
  auto slope = [&](double away) {
    coordinate = x + away;
    double above = compiled.gradients(data).loss;
    coordinate = x - away;
    double below = compiled.gradients(data).loss;
    coordinate = x;
    return (above - below) / (2 * away);
  };
  // The errors of both are proportional to the square of the distance.
  return (4 * slope(distance / 2) - slope(distance)) / 3;
}

void RowCheck::takeDifferences(CompiledNet &compiled) {
  auto differentiate = [&](Array &at) {
    Array slopes(at.shape);
    for (size_t i = 0; i < at.values.size(); ++i)
      slopes.values[i] = differenceAt(compiled, at.values[i]);
    result.values += at.values.size();
    return slopes;
  };
  for (Array &input : data.inputs)
    differences.inputs.push_back(differentiate(input));
  for (size_t i = 0; i < net.parameters.size(); ++i)
    differences.parameters.push_back(net.parameters[i].trainable ? differentiate(data.parameters[i])
                                                                 : Array(Shape{0}));
}

void RowCheck::compareTensor(const Array &found, const Array &expected, double bar, double &worst,
                             size_t variant, const std::string &what) {
  double scale = std::fmax(smallest, expected.largest());
  for (size_t i = 0; i < expected.values.size(); ++i) {
    double error = std::fabs(found.values[i] - expected.values[i]) / scale;
    if (!(error <= worst)) // also NaN
      worst = error;
    if (!(error <= bar))
      return fail(variant, fmt::format("{}[{}] is {}, expected {}, error {:.1e}", what, i,
                                       found.values[i], expected.values[i], error));
  }
}

void RowCheck::compareGradients(CompiledGradients found, const std::string &way) {
  for (size_t i = 0; i < net.inputs.size(); ++i)
    compareTensor(found.inputs[i], differences.inputs[i], gradientBar, result.worstGradient,
                  variants.variantOfInput(i), way + ": gradient of the input");
  for (size_t i = 0; i < net.parameters.size(); ++i)
    if (net.parameters[i].trainable)
      compareTensor(found.parameters[i], differences.parameters[i], gradientBar,
                    result.worstGradient, variants.variantOfParameter(ParameterId(i)),
                    way + ": gradient of " + net.parameters[i].name);
}

void RowCheck::compareForward(CompiledNet &compiled, double loss, const std::string &way) {
  Interpreter oracle(net, data);
  std::vector<Array> expected = oracle.infer(), found = compiled.infer(data);
  for (size_t i = 0; i < expected.size(); ++i)
    compareTensor(found[i], expected[i], forwardBar, result.worstForward,
                  variants.variantOfOutput(i), way + ": output");
  double wanted = oracle.train(), error = std::fabs(loss - wanted) / std::fabs(wanted);
  result.worstForward = std::fmax(result.worstForward, error);
  if (!(error <= forwardBar))
    result.failures.push_back(fmt::format("{}: loss is {}, expected {}", way, loss, wanted));
}

/// A variant whose gradients are 0 everywhere would test nothing.
void RowCheck::expectGradients() {
  std::vector<double> largest(row.variants.size());
  for (size_t i = 0; i < net.inputs.size(); ++i) {
    double &most = largest[variants.variantOfInput(i)];
    most = std::fmax(most, differences.inputs[i].largest());
  }
  for (size_t i = 0; i < net.parameters.size(); ++i) {
    double &most = largest[variants.variantOfParameter(ParameterId(i))];
    most = std::fmax(most, differences.parameters[i].largest());
  }
  for (size_t i = 0; i < largest.size(); ++i)
    if (largest[i] < smallest)
      fail(i, "all gradients are 0");
}

RowResult VariantChecker::check(const VariantRow &row, bool withReference) {
  auto failure = [](llvm::Error error) {
    RowResult result;
    result.failures.push_back(llvm::toString(std::move(error)));
    return result;
  };
  llvm::Expected<std::unique_ptr<VariantNet>> variants = VariantNet::make(row);
  if (!variants)
    return failure(variants.takeError());
  llvm::Expected<NetData> data = (*variants)->findData(kinkDistance);
  if (!data)
    return failure(data.takeError());
  RowCheck check(row, **variants, std::move(*data));
  for (bool reference : {false, true}) {
    if (reference && !withReference)
      continue;
    Way way{.reference = reference, .doublePrecision = true, .effort = Effort::Quick};
    auto compiled = CompiledNet::compile(*context, (*variants)->net(), (*variants)->sources(), way);
    if (!compiled)
      return failure(compiled.takeError());
    std::string name = reference ? "reference pipeline" : "all phases";
    CompiledGradients found = compiled->gradients(check.numbers());
    check.compareForward(*compiled, found.loss, name);
    if (!reference) {
      check.takeDifferences(*compiled);
      check.expectGradients();
    }
    for (std::vector<Array> *arrays : {&found.inputs, &found.parameters})
      for (Array &array : *arrays)
        for (double &value : array.values)
          value *= isCorrupted ? 1 + 1e-5 : 1;
    check.compareGradients(std::move(found), name);
  }
  return check.takeResult();
}
