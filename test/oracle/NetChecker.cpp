//===- NetChecker.cpp - Compiled code against the oracle ------------------===//

#include "test/oracle/NetChecker.h"

#include "compiler/Frontend/Diagnostics.h"
#include "compiler/Frontend/Frontend.h"
#include "compiler/InitAll.h"
#include "test/oracle/RandomData.h"

#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>

using namespace cnnc;
using namespace cnnc::oracle;

NetChecker::NetChecker(Numbers numbers, bool isMisled)
    : isInteger(numbers == Numbers::Integer), isMisled(isMisled) {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  context = std::make_unique<mlir::MLIRContext>(registry, mlir::MLIRContext::Threading::DISABLED);
}

NetChecker::~NetChecker() = default;

//===----------------------------------------------------------------------===//
// Comparing
//===----------------------------------------------------------------------===//

/// Whole numbers must be the same; zeros may have either sign, since an empty sum may start
/// from either. `scale` is the largest number that went into the real ones: what cancels
/// leaves an error of that size.
std::optional<std::string> NetChecker::compare(const std::string &what, const Array &found,
                                               const Array &expected, double scale) const {
  constexpr double relative = 1e-9, ofScale = 1e-12;
  if (found.values.size() != expected.values.size())
    return fmt::format("{} has {} elements, not {}", what, found.values.size(),
                       expected.values.size());
  double tolerance = isInteger ? 0 : relative * expected.largest() + ofScale * scale;
  for (size_t i = 0; i < found.values.size(); ++i)
    if (!(std::fabs(found.values[i] - expected.values[i]) <= tolerance))
      return fmt::format("{}[{}] is {}, but the oracle has {}", what, i, found.values[i],
                         expected.values[i]);
  return std::nullopt;
}

static Array scalar(double value) {
  Array array{Shape{1}};
  array.values[0] = value;
  return array;
}

/// A step of plain gradient descent, and the running statistics after it.
std::optional<std::string> NetChecker::compareStep(Interpreter &oracle, CompiledNet &compiled,
                                                   const TypedNet &net, const NetData &data) {
  constexpr float rate = 0.125;
  std::vector<Array> found = compiled.step(data, rate);
  for (size_t i = 0; i < found.size(); ++i) {
    const Parameter &parameter = net.parameters[i];
    Array expected = oracle.statistics()[i];
    for (size_t j = 0; parameter.trainable && j < expected.values.size(); ++j)
      expected.values[j] -= rate * parameter.rate * oracle.parameterGradients()[i].values[j];
    double scale = std::fmax(oracle.largestValue(), oracle.largestGradient());
    if (auto difference = compare("after a step, " + parameter.name, found[i], expected, scale))
      return difference;
  }
  return std::nullopt;
}

std::optional<std::string> NetChecker::compareWith(Interpreter &oracle, CompiledNet &compiled,
                                                   const TypedNet &net, const NetData &data) {
  std::vector<Array> expected = oracle.infer(), found = compiled.infer(data);
  for (size_t i = 0; i < expected.size(); ++i)
    if (auto difference =
            compare("output " + net.outputNames[i], found[i], expected[i], oracle.largestValue()))
      return difference;
  double loss = oracle.train();
  CompiledGradients gradients = compiled.gradients(data);
  if (auto difference =
          compare("loss", scalar(gradients.loss), scalar(loss), oracle.largestValue()))
    return difference;
  // A gradient is a sum of products of values and gradients.
  double scale = oracle.largestGradient() * std::fmax(1, oracle.largestValue());
  for (size_t i = 0; i < net.parameters.size(); ++i)
    if (net.parameters[i].trainable)
      if (auto difference = compare("gradient of " + net.parameters[i].name,
                                    gradients.parameters[i], oracle.parameterGradients()[i], scale))
        return difference;
  for (size_t i = 0; i < net.inputs.size(); ++i)
    if (auto difference = compare("gradient of input " + net.tensors[net.inputs[i]].name,
                                  gradients.inputs[i], oracle.gradient(net.inputs[i]), scale))
      return difference;
  return std::nullopt;
}

/// The gradient as a text of the language: compiled, it is the net's gradient.
std::optional<std::string> NetChecker::comparePrinted(const TypedNet &net, const Sources &sources,
                                                      NetData data) {
  // A text has the random numbers of the first step.
  data.seed = data.step = 0;
  Interpreter oracle(net, data);
  if (!isUsable(oracle))
    return std::nullopt;
  llvm::Expected<std::string> text = CompiledNet::printGradient(*context, net, sources);
  if (!text)
    return llvm::toString(text.takeError());
  Sources printed("printed.cnn", *text);
  DiagnosticEngine diagnostics(printed);
  std::optional<TypedNet> gradient = compileText(printed, FrontendOptions(), diagnostics);
  // A bias whose layer's result nothing but its gradient needs is declared, and not used: weights
  // of the net fit the text.
  auto isUnused = [](const Diagnostic &diagnostic) { return diagnostic.code == "W507"; };
  if (!gradient || !llvm::all_of(diagnostics.diagnostics(), isUnused)) {
    std::string complaint;
    llvm::raw_string_ostream stream(complaint);
    diagnostics.renderText(stream, /*colour=*/false);
    return complaint + *text;
  }
  Way way{false, !isInteger, false, Effort::Quick};
  llvm::Expected<CompiledNet> compiled = CompiledNet::compile(*context, *gradient, printed, way);
  if (!compiled)
    return llvm::toString(compiled.takeError()) + *text;
  NetData all = data;
  all.inputs.insert(all.inputs.end(), data.targets.begin(), data.targets.end());
  for (double &value : all.inputs[0].values)
    value += isMisled;
  std::vector<Array> found = compiled->infer(all), expected{scalar(oracle.train())};
  for (size_t i = 0; i < net.parameters.size(); ++i)
    if (net.parameters[i].trainable)
      expected.push_back(oracle.parameterGradients()[i]);
  for (TensorId id : net.inputs)
    expected.push_back(oracle.gradient(id));
  double scale = oracle.largestGradient() * std::fmax(1, oracle.largestValue());
  for (size_t i = 0; i < expected.size(); ++i)
    if (auto difference = compare(gradient->outputNames[i], found[i], expected[i], scale))
      return *difference + "\n" + *text;
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// One net
//===----------------------------------------------------------------------===//

/// The oracle has formulas for ordinary layers.
static bool isOrdinary(const TypedNet &net) {
  return std::none_of(net.layers.begin(), net.layers.end(), [](const Layer &layer) {
    return std::holds_alternative<BackwardLayer>(layer.kind) ||
           std::holds_alternative<WeightLayer>(layer.kind);
  });
}

/// Rounding must not choose: whole numbers are exact, real ones away from kinks and of a
/// size where 1e-9 means something.
bool NetChecker::isUsable(Interpreter &oracle) const {
  if (isInteger) {
    oracle.infer();
    if (!oracle.isForwardExact())
      return false;
    oracle.train();
    return oracle.isForwardExact() && oracle.isBackwardExact();
  }
  oracle.infer();
  constexpr double largest = 1e8;
  bool isFine = oracle.largestValue() <= largest;
  oracle.train();
  return isFine && !oracle.wasNearKink() && oracle.largestValue() <= largest &&
         oracle.largestGradient() <= largest;
}

/// Whether training changes running statistics.
static bool hasStatistics(const TypedNet &net) {
  return std::any_of(net.layers.begin(), net.layers.end(), [](const Layer &layer) {
    auto *norm = std::get_if<BatchNormLayer>(&layer.kind);
    return norm && !norm->isFrozen;
  });
}

Verdict NetChecker::checkNet(const TypedNet &net, const Sources &sources, uint64_t seed,
                             Options options) {
  if (!isOrdinary(net))
    return {Verdict::Unusable, "has layers that the oracle does not run"};
  Numbers numbers = isInteger ? Numbers::Integer : Numbers::Real;
  std::optional<NetData> usable;
  for (int attempt = 0; attempt < dataAttempts && !usable; ++attempt) {
    NetData data = randomData(net, numbers, seed, attempt);
    Interpreter oracle(net, data);
    if (isUsable(oracle))
      usable = std::move(data);
  }
  if (!usable)
    return {Verdict::Unusable, "no data"};
  bool hasStep = hasStatistics(net);
  Way chosen{false, !isInteger, hasStep, options.effort};
  chosen.layout = options.layout;
  std::vector<std::pair<std::string, Way>> ways{{"all phases: ", chosen}};
  if (options.schedules) {
    ways.emplace_back("drawn schedules: ", chosen);
    ways.back().second.schedules = seed;
    ways.back().second.effort = Effort::Quick;
  }
  if (options.reference)
    ways.push_back({"reference pipeline: ", {true, !isInteger, false, Effort::Quick}});
  for (const auto &[name, way] : ways) {
    llvm::Expected<CompiledNet> compiled = CompiledNet::compile(*context, net, sources, way);
    if (!compiled)
      return {Verdict::Wrong, name + llvm::toString(compiled.takeError())};
    drawnSchedules += compiled->drawnSchedules;
    NetData own = *usable;
    for (double &value : own.inputs[0].values)
      value += isMisled;
    Interpreter oracle(net, own);
    std::optional<std::string> difference = compareWith(oracle, *compiled, net, *usable);
    if (!difference && way.trainStep)
      difference = compareStep(oracle, *compiled, net, *usable);
    if (difference)
      return {Verdict::Wrong, name + *difference};
  }
  if (options.printed)
    if (auto difference = comparePrinted(net, sources, *usable))
      return {Verdict::Wrong, "printed gradient: " + *difference};
  return {Verdict::Equal, ""};
}

Verdict NetChecker::check(const std::string &text, uint64_t seed, Options options) {
  Sources sources("random.cnn", text);
  DiagnosticEngine diagnostics(sources);
  std::optional<TypedNet> net = compileText(sources, FrontendOptions(), diagnostics);
  if (net && !diagnostics.hasErrors())
    return checkNet(*net, sources, seed, options);
  std::string complaint;
  llvm::raw_string_ostream stream(complaint);
  diagnostics.renderText(stream, /*colour=*/false);
  return {Verdict::Refused, complaint};
}
