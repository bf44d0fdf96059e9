//===- Fingerprint.cpp - What a network computes, as a hash ---------------===//

#include "compiler/Frontend/Fingerprint.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace cnnc;

/// The number with all its bits.
static std::string exact(double value) { return fmt::format("{:a}", value); }

static std::string describe(const Shape &shape) {
  return fmt::format("[{}]", fmt::join(shape, ","));
}

static std::string describe(const Window &window) {
  std::string text;
  for (const WindowAxis &axis : window)
    text += fmt::format("({},{},{},{},{},{})", axis.size, axis.stride, axis.padLow, axis.padHigh,
                        axis.dilation, axis.inputDilation);
  return text;
}

//===----------------------------------------------------------------------===//
// The arguments of a layer. Which parameters it has is said elsewhere.
//===----------------------------------------------------------------------===//

static std::string arguments(const ConvLayer &layer) {
  return fmt::format("{} {}", describe(layer.window), layer.groups);
}
static std::string arguments(const DeconvLayer &layer) {
  return fmt::format("{} {} {}", describe(layer.window), layer.groups,
                     fmt::join(layer.outputPadding, ","));
}
static std::string arguments(const FcLayer &) { return ""; }
static std::string arguments(const PoolLayer &layer) {
  return fmt::format("{} {} {} {}", int(layer.kind), describe(layer.window), layer.countPadding,
                     fmt::join(layer.overhang, ","));
}
static std::string arguments(const GlobalPoolLayer &layer) {
  return fmt::format("{}", int(layer.kind));
}
static std::string arguments(const AdaptivePoolLayer &) { return ""; }
static std::string arguments(const LrnLayer &layer) {
  return fmt::format("{} {} {} {}", layer.size, exact(layer.alpha), exact(layer.beta),
                     exact(layer.k));
}
static std::string arguments(const BatchNormLayer &layer) {
  return fmt::format("{} {} {}", exact(layer.momentum), exact(layer.epsilon), layer.isFrozen);
}
static std::string arguments(const GroupNormLayer &layer) {
  return fmt::format("{} {} {}", layer.groups, layer.perPosition, exact(layer.epsilon));
}
static std::string arguments(const ActivationLayer &layer) {
  return fmt::format("{} {}", int(layer.kind), exact(layer.slope));
}
static std::string arguments(const PReluLayer &) { return ""; }
static std::string arguments(const SoftmaxLayer &layer) { return fmt::format("{}", layer.isLog); }
static std::string arguments(const DropoutLayer &layer) {
  return fmt::format("{} {}", exact(layer.probability), layer.wholeImage);
}
static std::string arguments(const ScaleLayer &layer) {
  return fmt::format("{} {}", exact(layer.factor), exact(layer.offset));
}
static std::string arguments(const UpsampleLayer &layer) {
  return fmt::format("{} {}", layer.factor, layer.isBilinear);
}
static std::string arguments(const ReshapeLayer &) { return ""; }
static std::string arguments(const PadLayer &layer) {
  return fmt::format("{} {}", fmt::join(layer.low, ","), fmt::join(layer.high, ","));
}
static std::string arguments(const ShuffleLayer &layer) { return fmt::format("{}", layer.groups); }
static std::string arguments(const DepthToSpaceLayer &layer) {
  return fmt::format("{}", layer.factor);
}
static std::string arguments(const SpaceToDepthLayer &layer) {
  return fmt::format("{}", layer.factor);
}
static std::string arguments(const JoinLayer &layer) { return fmt::format("{}", int(layer.kind)); }

static std::string arguments(const WeightLayer &) { return ""; }
static std::string arguments(const BackwardLayer &layer) {
  return fmt::format(
      "{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}", int(layer.id), describe(layer.window),
      fmt::join(layer.outputPadding, ","), fmt::join(layer.overhang, ","), layer.countPadding,
      layer.isAdaptive, layer.groups, int(layer.over), exact(layer.value), exact(layer.other),
      layer.before, layer.after, layer.factor, layer.stream, layer.seed, layer.wholeImage);
}

/// [64, 56, 56], a weight's sizes, or labels.
static std::string describe(const Tensor &tensor) {
  return fmt::format("{}{}{}", describe(tensor.shape), tensor.isWhole ? "w" : "",
                     tensor.classes ? fmt::format("c{}", tensor.classes) : std::string());
}

std::string cnnc::describeLayer(const TypedNet &net, const Layer &layer) {
  std::string text =
      fmt::format("{} {}", layer.kind.index(),
                  std::visit([](const auto &kind) { return arguments(kind); }, layer.kind));
  for (TensorId id : layer.inputs)
    text += " in" + describe(net.tensors[id]);
  text += " out" + describe(net.tensors[layer.output]);
  for (ParameterId id : parametersOf(layer)) {
    const Parameter &parameter = net.parameters[id];
    text += fmt::format(" par{}{}{}", describe(parameter.shape), parameter.trainable ? "t" : "",
                        parameter.isStatistic ? "s" : "");
  }
  return text;
}

//===----------------------------------------------------------------------===//
// The network
//===----------------------------------------------------------------------===//

/// A name cannot run into what follows it: its length comes first.
static std::string describeName(const std::string &name) {
  return fmt::format("{}:{}", name.size(), name);
}

namespace {

/// Tensors are numbered as they come up, not as Sema has numbered them.
class Numbering {
public:
  size_t of(TensorId id) { return numbers.try_emplace(id, numbers.size()).first->second; }
  std::string of(const std::vector<TensorId> &ids) {
    std::string text;
    for (TensorId id : ids)
      text += fmt::format("{},", of(id));
    return text;
  }

private:
  llvm::DenseMap<TensorId, size_t> numbers;
};

} // namespace

static std::string describeTraining(const TrainSection &train, Numbering &tensors) {
  std::string text = "train\n";
  for (const Target &target : train.targets)
    text += fmt::format("target {} {} {}\n", describeName(target.name), target.classes,
                        describe(target.shape));
  for (const LossTerm &term : train.loss)
    text += fmt::format("loss {} {} {} {}{} {} {}\n", int(term.kind), exact(term.weight),
                        tensors.of(term.prediction), term.targetIsTensor ? "tensor " : "",
                        term.targetIsTensor ? tensors.of(term.target) : term.target,
                        exact(term.smooth), exact(term.delta));
  return text;
}

std::string cnnc::fingerprint(const TypedNet &net) {
  Numbering tensors;
  std::string text = fmt::format("net {}\n", describeName(net.name));
  for (TensorId id : net.inputs)
    text += fmt::format("input {} {} {}\n", tensors.of(id), describeName(net.tensors[id].name),
                        describe(net.tensors[id]));
  if (net.batch)
    text += fmt::format("batch {}\n", *net.batch);
  for (const Parameter &parameter : net.parameters)
    text += fmt::format("parameter {}\n", describeName(parameter.name));
  for (const Layer &layer : net.layers) {
    text += fmt::format("layer {} {} of {}", describeName(layer.name), describeLayer(net, layer),
                        tensors.of(layer.inputs));
    text += fmt::format(" with {} is {}\n", fmt::join(parametersOf(layer), ","),
                        tensors.of(layer.output));
  }
  for (auto [id, name] : llvm::zip_equal(net.outputs, net.outputNames))
    text += fmt::format("output {} {}\n", tensors.of(id), describeName(name));
  if (net.train)
    text += describeTraining(*net.train, tensors);
  std::array<uint8_t, 32> hash =
      llvm::SHA256::hash(llvm::arrayRefFromStringRef(llvm::StringRef(text)));
  return "sha256:" + llvm::toHex(hash, /*LowerCase=*/true);
}
