//===- SemaLayers.cpp - One layer: arguments, size, parameters --------------===//

#include "compiler/Frontend/SemaExpand.h"

#include <cmath>
#include <fmt/format.h>

using namespace cnnc;

/// Elements of all weights, biases and statistics of a net.
static constexpr int64_t parameterLimit = int64_t(1) << 33;

std::optional<TensorId> NetExpander::buildLayer(const LayerSpec &spec, const ast::NamedUnit &unit,
                                                SourceRange range, const Scope &scope,
                                                TensorId input) {
  at = {&spec, &unit, range, {}, input, {}};
  if (auto found = defaults.find(spec.keyword); found != defaults.end())
    at.arguments = found->second;
  if (!bindArguments(context, evaluator, scope, spec.keyword, spec.arguments, unit.arguments.list,
                     at.arguments) ||
      !requireArguments(context, spec.keyword, range, spec.arguments, at.arguments))
    return std::nullopt;
  at.name = fmt::format("{}{}", spec.keyword, kindCounts[std::string(spec.keyword)] + 1);
  switch (spec.id) {
  case LayerId::Conv:
    return buildConv();
  case LayerId::Fc:
    return buildFc();
  case LayerId::MaxPool:
    return buildPool(PoolLayer::Max);
  case LayerId::AvgPool:
    return buildPool(PoolLayer::Average);
  case LayerId::L2Pool:
    return buildPool(PoolLayer::L2);
  case LayerId::Lrn:
    return buildLrn();
  case LayerId::BatchNorm:
    return buildBatchNorm();
  case LayerId::Relu:
    return sameShape(ActivationLayer{ActivationLayer::Relu});
  case LayerId::Tanh:
    return sameShape(ActivationLayer{ActivationLayer::Tanh});
  case LayerId::Sigmoid:
    return sameShape(ActivationLayer{ActivationLayer::Sigmoid});
  case LayerId::Softmax:
    return sameShape(SoftmaxLayer{});
  case LayerId::Dropout:
    return buildDropout();
  case LayerId::Flatten:
    return addLayer(ReshapeLayer{}, {*checkedElements(inputShape())});
  case LayerId::Unsupported:
    break;
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// What all layers need
//===----------------------------------------------------------------------===//

Diagnostic &NetExpander::layerError(std::string_view code, std::string message) {
  return context.error(code, at.range, std::move(message));
}

void NetExpander::noteInput(Diagnostic &diagnostic) {
  const Tensor &tensor = net.tensors[at.input];
  bool isInput = inputDeclarations.count(at.input) > 0;
  diagnostic.note(
      fmt::format("input is {}, {}", toText(tensor.shape), isInput ? "declared" : "made"),
      tensor.range);
}

bool NetExpander::requireImage() {
  if (inputShape().size() == 3)
    return true;
  noteInput(layerError("E202", fmt::format("{} needs an input [C, H, W], but it is {}",
                                           at.spec->keyword, toText(inputShape()))));
  return false;
}

std::optional<TensorId> NetExpander::addLayer(LayerKind kind, Shape output) {
  std::optional<int64_t> elements = checkedElements(output);
  if (!elements) {
    noteInput(layerError("E400", fmt::format("the output {} of {} does not fit in 64 bits",
                                             toText(output), at.spec->keyword)));
    return std::nullopt;
  }
  if (*elements > tensorLimit) {
    noteInput(
        layerError("E401", fmt::format("the output {} of {} has {} elements; the limit is {}",
                                       toText(output), at.spec->keyword, *elements, tensorLimit)));
    return std::nullopt;
  }
  ++kindCounts[std::string(at.spec->keyword)];
  TensorId id = static_cast<TensorId>(net.tensors.size());
  net.tensors.push_back({std::move(output), "", at.range});
  net.layers.push_back(
      {at.name, std::string(at.spec->keyword), at.range, {at.input}, id, std::move(kind)});
  return id;
}

std::optional<ParameterId> NetExpander::addParameter(std::string_view suffix, Shape shape,
                                                     Initializer init, bool trainable) {
  std::optional<int64_t> elements = checkedElements(shape);
  std::optional<int64_t> total = elements ? checkedAdd(parameterElements, *elements) : std::nullopt;
  if (!total) {
    layerError("E400", fmt::format("the parameter {} {} of {} does not fit in 64 bits", suffix,
                                   toText(shape), at.spec->keyword));
    return std::nullopt;
  }
  if (*total > parameterLimit) {
    layerError("E401", fmt::format("the net has {} parameters here; the limit is {}", *total,
                                   parameterLimit));
    return std::nullopt;
  }
  parameterElements = *total;
  ParameterId id = static_cast<ParameterId>(net.parameters.size());
  net.parameters.push_back({fmt::format("{}.{}", at.name, suffix), std::move(shape), trainable,
                            init, at.range,
                            /*isStatistic=*/!trainable});
  return id;
}

/// Weights: uniform in +-sqrt(6/fan_in), so that relu keeps the variance (He et al. 2015).
/// With PyTorch's +-1/sqrt(fan_in) the textbook's plain line of convolutions hardly learns.
static Initializer weightUniform(int64_t fanIn) {
  return {Initializer::Uniform, std::sqrt(6.0 / static_cast<double>(fanIn))};
}

/// Biases: uniform in +-1/sqrt(fan_in), as in PyTorch.
static Initializer biasUniform(int64_t fanIn) {
  return {Initializer::Uniform, 1.0 / std::sqrt(static_cast<double>(fanIn))};
}

//===----------------------------------------------------------------------===//
// Layers with parameters
//===----------------------------------------------------------------------===//

std::optional<TensorId> NetExpander::buildConv() {
  if (!requireImage())
    return std::nullopt;
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  ConvLayer conv;
  conv.channels = reader.integer("c", 1, 1);
  conv.groups = reader.integer("groups", 1, 1);
  bool hasBias = reader.boolean("bias", true);
  std::optional<WindowPlan> plan = planWindow(reader, std::nullopt, /*isPool=*/false);
  if (!plan)
    return std::nullopt;
  int64_t channels = inputShape()[0];
  if (channels % conv.groups != 0 || conv.channels % conv.groups != 0) {
    noteInput(
        layerError("E203", fmt::format("groups={} does not divide {} {} channels", conv.groups,
                                       channels % conv.groups ? channels : conv.channels,
                                       channels % conv.groups ? "input" : "output")));
    return std::nullopt;
  }
  conv.window = plan->window;
  Shape shape{conv.channels, channels / conv.groups, conv.window[0].size, conv.window[1].size};
  std::optional<int64_t> fanIn = checkedElements(std::span(shape).subspan(1));
  std::optional<ParameterId> weight =
      addParameter("weight", shape, weightUniform(fanIn.value_or(1)));
  if (!weight)
    return std::nullopt;
  conv.weight = *weight;
  if (hasBias &&
      !(conv.bias = addParameter("bias", {conv.channels}, biasUniform(fanIn.value_or(1)))))
    return std::nullopt;
  return addLayer(conv, {conv.channels, plan->spatial[0], plan->spatial[1]});
}

std::optional<TensorId> NetExpander::buildFc() {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  FcLayer fc;
  fc.features = reader.integer("n", 1, 1);
  bool hasBias = reader.boolean("bias", true);
  if (reader.failed)
    return std::nullopt;
  int64_t fanIn = *checkedElements(inputShape());
  std::optional<ParameterId> weight =
      addParameter("weight", {fc.features, fanIn}, weightUniform(fanIn));
  if (!weight)
    return std::nullopt;
  fc.weight = *weight;
  if (hasBias && !(fc.bias = addParameter("bias", {fc.features}, biasUniform(fanIn))))
    return std::nullopt;
  return addLayer(fc, {fc.features});
}

std::optional<TensorId> NetExpander::buildBatchNorm() {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  BatchNormLayer norm;
  norm.momentum = reader.number("momentum", 0.1);
  norm.epsilon = reader.number("eps", 1e-5);
  bool affine = reader.boolean("affine", true);
  if (!reader.failed && !(norm.momentum >= 0 && norm.momentum <= 1))
    reader.error(
        "E205", at.range,
        fmt::format("'momentum' of bn must lie in 0 .. 1, but is {}", toText(norm.momentum)));
  if (!reader.failed && !(norm.epsilon > 0))
    reader.error("E205", at.range,
                 fmt::format("'eps' of bn must be positive, but is {}", toText(norm.epsilon)));
  if (reader.failed)
    return std::nullopt;
  Shape perChannel{inputShape()[0]};
  const Initializer zero{Initializer::Constant, 0}, one{Initializer::Constant, 1};
  if (affine) {
    norm.weight = addParameter("weight", perChannel, one);
    norm.bias = addParameter("bias", perChannel, zero);
    if (!norm.weight || !norm.bias)
      return std::nullopt;
  }
  auto mean = addParameter("running_mean", perChannel, zero, /*trainable=*/false);
  auto variance = addParameter("running_var", perChannel, one, /*trainable=*/false);
  if (!mean || !variance)
    return std::nullopt;
  norm.runningMean = *mean;
  norm.runningVariance = *variance;
  return sameShape(norm);
}

//===----------------------------------------------------------------------===//
// Layers without parameters
//===----------------------------------------------------------------------===//

std::optional<TensorId> NetExpander::buildPool(PoolLayer::Kind kind) {
  if (!requireImage())
    return std::nullopt;
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  PoolLayer pool;
  pool.kind = kind;
  pool.countPadding = reader.boolean("count_pad", false);
  if (const BoundArgument *adaptive = reader.find("out")) {
    context.unsupported(adaptive->argument, "avgpool(out=…)");
    return std::nullopt;
  }
  std::optional<WindowPlan> plan =
      planWindow(reader, std::array<int64_t, 2>{2, 2}, /*isPool=*/true);
  if (!plan)
    return std::nullopt;
  pool.window = plan->window;
  pool.overhang = plan->overhang;
  return addLayer(pool, {inputShape()[0], plan->spatial[0], plan->spatial[1]});
}

std::optional<TensorId> NetExpander::buildLrn() {
  if (!requireImage())
    return std::nullopt;
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  LrnLayer lrn;
  lrn.size = reader.integer("n", 5, 1);
  lrn.alpha = reader.number("alpha", 1e-4);
  lrn.beta = reader.number("beta", 0.75);
  lrn.k = reader.number("k", 2);
  // With k > 0 and alpha >= 0 the base of the power stays positive.
  if (!reader.failed && !(lrn.k > 0))
    reader.error("E205", at.range,
                 fmt::format("'k' of lrn must be positive, but is {}", toText(lrn.k)));
  if (!reader.failed && !(lrn.alpha >= 0))
    reader.error("E205", at.range,
                 fmt::format("'alpha' of lrn must not be negative, but is {}", toText(lrn.alpha)));
  if (reader.failed)
    return std::nullopt;
  return sameShape(lrn);
}

std::optional<TensorId> NetExpander::buildDropout() {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  DropoutLayer dropout{reader.number("p", 0.5)};
  if (!reader.failed && !(dropout.probability >= 0 && dropout.probability < 1))
    reader.error("E205", at.range,
                 fmt::format("'p' of dropout must lie in 0 .. 1, 1 excluded, but is {}",
                             toText(dropout.probability)));
  if (reader.failed)
    return std::nullopt;
  return sameShape(dropout);
}
