//===- SemaLayers.cpp - Layers with parameters ------------------------------===//

#include "compiler/Frontend/SemaExpand.h"

#include <cmath>
#include <fmt/format.h>

using namespace cnnc;

/// Elements of all weights, biases and statistics of a net.
static constexpr int64_t parameterLimit = int64_t(1) << 33;

MaybeFlow NetExpander::buildLayer(const LayerSpec &spec, const ast::NamedUnit &unit,
                                  SourceRange range, const Scope &scope, const Flow &incoming) {
  at = {};
  at.spec = &spec;
  at.unit = &unit;
  at.scope = &scope;
  at.range = range;
  at.fork = incoming.fork;
  at.inputs.assign(incoming.tensors.begin(), incoming.tensors.end());
  const Defaults &defaults = instances.back().defaults;
  if (auto found = defaults.find(spec.keyword); found != defaults.end())
    at.arguments = found->second;
  if (!bindArguments(context, evaluator, scope, spec.keyword, spec.arguments, unit.arguments.list,
                     at.arguments) ||
      (!hasWeight(spec.id) &&
       !requireArguments(context, spec.keyword, range, spec.arguments, at.arguments)))
    return std::nullopt;
  if (incoming.isTuple() && !isJoin(spec.id) && !isBackward(spec.id) && !hasWeight(spec.id)) {
    Diagnostic &diagnostic = reportUnjoined(range, incoming, spec.keyword);
    if (std::string join = joinFor(incoming); !join.empty())
      diagnostic.fix(fmt::format("join them: {} ->", join),
                     {{{range.begin, range.begin}, fmt::format("{} -> ", join)}});
    return std::nullopt;
  }
  if (spec.id == LayerId::Identity)
    return incoming;
  std::optional<std::string> name = takeName(spec.keyword, range);
  if (!name)
    return std::nullopt;
  at.name = std::move(*name);
  if (hasWeight(spec.id))
    return buildWithWeight();
  if (isBackward(spec.id))
    return buildBackward();
  if (isJoin(spec.id) && isWholeFactor())
    return buildWholeJoin();
  return checkKinds() ? dispatch() : std::nullopt;
}

bool NetExpander::hasWeight(LayerId id) const {
  return takesWeight(id) && at.inputs.size() > 1 && tensor(1).isWhole;
}

/// The layers for images take no labels, and weights only where all inputs are whole.
bool NetExpander::checkKinds() {
  bool isPlain = at.spec->id == LayerId::Scale && at.arguments.contains("a");
  bool takesWhole = isPlain || (isJoin(at.spec->id) && at.spec->id != LayerId::Concat);
  for (size_t i = 0; i < at.inputs.size(); ++i) {
    bool isLabels = tensor(i).classes > 0;
    if (!isLabels && (!tensor(i).isWhole || (takesWhole && tensor(0).isWhole)))
      continue;
    layerError("E202",
               fmt::format("{} takes tensors of images, but {} {}", at.spec->keyword,
                           toText(tensor(i).shape), isLabels ? "are labels" : "has no batch"))
        .note("it is made", tensor(i).range);
    return false;
  }
  return true;
}

/// The activations and the joins stand in both enums in one order.
template <typename Kind> static Kind kindOf(LayerId first, LayerId id) {
  return static_cast<Kind>(static_cast<int>(id) - static_cast<int>(first));
}
static_assert(static_cast<int>(LayerId::HardSwish) - static_cast<int>(LayerId::Relu) ==
              ActivationLayer::HardSwish);
static_assert(static_cast<int>(LayerId::Max) - static_cast<int>(LayerId::Add) == JoinLayer::Max);

MaybeFlow NetExpander::dispatch() {
  switch (at.spec->id) {
  case LayerId::Conv:
  case LayerId::DepthwiseConv:
    return buildConv(at.spec->id == LayerId::DepthwiseConv);
  case LayerId::Deconv:
    return buildDeconv();
  case LayerId::Fc:
    return buildFc();
  case LayerId::MaxPool:
    return buildPool(PoolLayer::Max);
  case LayerId::AvgPool:
    return buildPool(PoolLayer::Average);
  case LayerId::L2Pool:
    return buildPool(PoolLayer::L2);
  case LayerId::GlobalAvgPool:
    return buildGlobalPool(GlobalPoolLayer::Average);
  case LayerId::GlobalMaxPool:
    return buildGlobalPool(GlobalPoolLayer::Max);
  case LayerId::Lrn:
    return buildLrn();
  case LayerId::BatchNorm:
    return buildBatchNorm();
  case LayerId::GroupNorm:
  case LayerId::LayerNorm:
    return buildGroupNorm(at.spec->id == LayerId::LayerNorm);
  case LayerId::Softmax:
  case LayerId::LogSoftmax:
    return sameShape(SoftmaxLayer{at.spec->id == LayerId::LogSoftmax});
  case LayerId::PRelu:
    return buildPRelu();
  case LayerId::Dropout:
  case LayerId::DropPath:
    return buildDropout(at.spec->id == LayerId::DropPath);
  case LayerId::Scale:
    return buildScale();
  case LayerId::Upsample:
    return buildUpsample();
  case LayerId::Flatten:
    return addLayer(ReshapeLayer{}, {*checkedElements(inputShape())});
  case LayerId::Reshape:
    return buildReshape();
  case LayerId::Pad:
    return buildPad();
  case LayerId::Crop:
    return buildCrop();
  case LayerId::Slice:
    return buildSlice();
  case LayerId::Shuffle:
    return buildShuffle();
  case LayerId::DepthToSpace:
  case LayerId::SpaceToDepth:
    return buildDepthSpace(at.spec->id == LayerId::DepthToSpace);
  case LayerId::Concat:
    return buildConcat();
  default:
    break;
  }
  if (isActivation(at.spec->id))
    return buildActivation(kindOf<ActivationLayer::Kind>(LayerId::Relu, at.spec->id));
  return buildJoin(kindOf<JoinLayer::Kind>(LayerId::Add, at.spec->id));
}

//===----------------------------------------------------------------------===//
// What all layers need
//===----------------------------------------------------------------------===//

Diagnostic &NetExpander::layerError(std::string_view code, std::string message) {
  return context.error(code, at.range, std::move(message));
}

void NetExpander::noteInput(Diagnostic &diagnostic) {
  const Tensor &tensor = net.tensors[at.inputs[0]];
  bool isInput = inputDeclarations.count(at.inputs[0]) > 0;
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

bool NetExpander::checkPositive(ArgumentReader &reader, std::string_view name, double value) {
  if (!reader.failed && !(value > 0))
    reader.error("E205", at.range,
                 fmt::format("'{}' of {} must be positive, but is {}", name, at.spec->keyword,
                             toText(value)));
  return !reader.failed;
}

bool NetExpander::checkShare(ArgumentReader &reader, std::string_view name, double value) {
  if (!reader.failed && !(value >= 0 && value < 1))
    reader.error("E205", at.range,
                 fmt::format("'{}' of {} must lie in 0 .. 1, 1 excluded, but is {}", name,
                             at.spec->keyword, toText(value)));
  return !reader.failed;
}

/// E203, with the nearest numbers that divide. `outputs` is 0 for layers without a size
/// of their own.
bool NetExpander::checkGroups(int64_t groups, std::string_view argument, int64_t outputs) {
  int64_t channels = inputShape()[0];
  if (channels % groups == 0 && outputs % groups == 0)
    return true;
  bool isInput = channels % groups != 0;
  Diagnostic &diagnostic =
      layerError("E203", fmt::format("{}={} does not divide {} {}channels", argument, groups,
                                     isInput ? channels : outputs,
                                     outputs == 0 ? ""
                                     : isInput    ? "input "
                                                  : "output "));
  noteInput(diagnostic);
  // Upwards and downwards to the next number that divides both.
  auto divides = [&](int64_t g) { return channels % g == 0 && outputs % g == 0; };
  auto propose = [&](int64_t g) {
    std::string value = fmt::format("{}", g);
    diagnostic.fix(fmt::format("{}={}", argument, g), {argumentEdit(argument, value)});
  };
  constexpr int64_t searchLimit = 4096;
  for (int64_t g = std::min(groups, channels); g > 1 && groups - g < searchLimit; --g)
    if (divides(g)) {
      propose(g);
      break;
    }
  for (int64_t g = groups + 1; g <= channels && g - groups < searchLimit; ++g)
    if (divides(g)) {
      propose(g);
      break;
    }
  if (diagnostic.fixes.empty())
    propose(1);
  if (!isInput && at.arguments.contains("c")) {
    std::string rounded = fmt::format("{}", (outputs + groups - 1) / groups * groups);
    diagnostic.fix(fmt::format("c={}", rounded), {argumentEdit("c", rounded)});
  }
  return false;
}

MaybeFlow NetExpander::addLayer(LayerKind kind, Shape output) {
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
  TensorId id = static_cast<TensorId>(net.tensors.size());
  // What works on each element of whole tensors gives one.
  net.tensors.push_back({std::move(output), "", at.range, tensor(0).isWhole});
  net.layers.push_back({at.name,
                        std::string(at.spec->keyword),
                        at.range,
                        {at.inputs.begin(), at.inputs.end()},
                        id,
                        std::move(kind),
                        isReusing});
  return Flow(id);
}

std::optional<ParameterId> NetExpander::addParameter(std::string_view suffix, Shape shape,
                                                     Initializer init, bool isStatistic) {
  std::string name = fmt::format("{}.{}", at.name, suffix);
  // A further use of a shared layer has the same names, and the same sizes: useShared
  // has compared what flows in.
  if (isReusing)
    return parameterIds.lookup(name);
  return makeParameter(std::move(name), suffix, std::move(shape), init, isStatistic);
}

std::optional<ParameterId> NetExpander::makeParameter(std::string name, std::string_view what,
                                                      Shape shape, Initializer init,
                                                      bool isStatistic) {
  if (auto earlier = parameterIds.find(name); earlier != parameterIds.end()) {
    layerError("E107", fmt::format("the parameter {} is there already", quoted(name)))
        .note("first made", net.parameters[earlier->second].range);
    return std::nullopt;
  }
  std::optional<int64_t> elements = checkedElements(shape);
  std::optional<int64_t> total = elements ? checkedAdd(parameterElements, *elements) : std::nullopt;
  if (!total) {
    std::string_view owner = at.spec ? at.spec->keyword : "the net";
    layerError("E400", fmt::format("the parameter {} {} of {} does not fit in 64 bits", what,
                                   toText(shape), owner));
    return std::nullopt;
  }
  if (*total > parameterLimit) {
    layerError("E401", fmt::format("the net has {} parameters here; the limit is {}", *total,
                                   parameterLimit));
    return std::nullopt;
  }
  parameterElements = *total;
  ParameterId id = static_cast<ParameterId>(net.parameters.size());
  parameterIds[name] = id;
  bool isTrained = !isStatistic && !traits.isFrozen;
  net.parameters.push_back(
      {std::move(name), std::move(shape), isTrained, init, at.range, isStatistic, traits.rate});
  return id;
}

/// Uniform in +-sqrt(6/fan_in), so that relu keeps the variance (He et al. 2015). With
/// PyTorch's +-1/sqrt(fan_in) the textbook's plain line of convolutions hardly learns.
std::optional<ParameterId> NetExpander::addWeight(Shape shape, int64_t fanIn, int64_t fanOut) {
  Initializer he{Initializer::Uniform, std::sqrt(6.0 / static_cast<double>(fanIn))};
  std::optional<Initializer> init = initOr(he, fanIn, fanOut);
  return init ? addParameter("weight", std::move(shape), *init) : std::nullopt;
}

/// Biases: uniform in +-1/sqrt(fan_in), as in PyTorch.
static Initializer biasUniform(int64_t fanIn) {
  return {Initializer::Uniform, 1.0 / std::sqrt(static_cast<double>(fanIn))};
}

static constexpr Initializer zeros{Initializer::Constant, 0}, ones{Initializer::Constant, 1};

/// Weight and bias of a norm; @init is of the weight, as everywhere.
bool NetExpander::addAffine(int64_t channels, std::optional<ParameterId> &weight,
                            std::optional<ParameterId> &bias) {
  std::optional<Initializer> init = initOr(ones, channels, channels);
  if (!init)
    return false;
  weight = addParameter("weight", {channels}, *init);
  bias = addParameter("bias", {channels}, zeros);
  return weight && bias;
}

//===----------------------------------------------------------------------===//
// Layers with parameters
//===----------------------------------------------------------------------===//

/// Products that do not fit are caught when the parameter is added.
static int64_t elementsOr1(std::span<const int64_t> shape) {
  return checkedElements(shape).value_or(1);
}

MaybeFlow NetExpander::buildConv(bool isDepthwise) {
  if (!requireImage())
    return std::nullopt;
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  int64_t channels = inputShape()[0];
  ConvLayer conv;
  conv.groups = isDepthwise ? channels : reader.integer("groups", 1, 1);
  int64_t multiplier = reader.integer("mult", 1, 1);
  conv.channels = isDepthwise ? checkedMultiply(channels, multiplier).value_or(INT64_MAX)
                              : reader.integer("c", 1, 1);
  bool hasBias = reader.boolean("bias", true);
  std::optional<WindowPlan> plan = planWindow(reader, std::nullopt, /*isPool=*/false);
  if (!plan || !checkGroups(conv.groups, "groups", conv.channels))
    return std::nullopt;
  conv.window = plan->window;
  Shape shape{conv.channels, channels / conv.groups, conv.window[0].size, conv.window[1].size};
  int64_t fanIn = elementsOr1(std::span(shape).subspan(1));
  int64_t perGroup = conv.channels / conv.groups;
  int64_t fanOut = elementsOr1(std::array{perGroup, shape[2], shape[3]});
  std::optional<ParameterId> weight = addWeight(shape, fanIn, fanOut);
  if (!weight)
    return std::nullopt;
  conv.weight = *weight;
  if (hasBias && !(conv.bias = addParameter("bias", {conv.channels}, biasUniform(fanIn))))
    return std::nullopt;
  return addLayer(conv, {conv.channels, plan->spatial[0], plan->spatial[1]});
}

MaybeFlow NetExpander::buildDeconv() {
  if (!requireImage())
    return std::nullopt;
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  DeconvLayer deconv;
  deconv.channels = reader.integer("c", 1, 1);
  deconv.groups = reader.integer("groups", 1, 1);
  bool hasBias = reader.boolean("bias", true);
  std::optional<Shape> spatial = planDeconv(reader, deconv);
  if (!spatial || !checkGroups(deconv.groups, "groups", deconv.channels))
    return std::nullopt;
  int64_t channels = inputShape()[0];
  Shape shape{channels, deconv.channels / deconv.groups, deconv.window[0].size,
              deconv.window[1].size};
  // Seen from an output, each group's input channels and about k/stride taps come in;
  // as PyTorch does, the fan is counted on the weight's second dimension.
  int64_t fanIn = elementsOr1(std::span(shape).subspan(1));
  int64_t fanOut = elementsOr1(std::array{channels / deconv.groups, shape[2], shape[3]});
  std::optional<ParameterId> weight = addWeight(shape, fanIn, fanOut);
  if (!weight)
    return std::nullopt;
  deconv.weight = *weight;
  if (hasBias && !(deconv.bias = addParameter("bias", {deconv.channels}, biasUniform(fanIn))))
    return std::nullopt;
  return addLayer(deconv, {deconv.channels, (*spatial)[0], (*spatial)[1]});
}

MaybeFlow NetExpander::buildFc() {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  FcLayer fc;
  fc.features = reader.integer("n", 1, 1);
  bool hasBias = reader.boolean("bias", true);
  if (reader.failed)
    return std::nullopt;
  int64_t fanIn = *checkedElements(inputShape());
  std::optional<ParameterId> weight = addWeight({fc.features, fanIn}, fanIn, fc.features);
  if (!weight)
    return std::nullopt;
  fc.weight = *weight;
  if (hasBias && !(fc.bias = addParameter("bias", {fc.features}, biasUniform(fanIn))))
    return std::nullopt;
  return addLayer(fc, {fc.features});
}

MaybeFlow NetExpander::buildBatchNorm() {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  BatchNormLayer norm;
  norm.momentum = reader.number("momentum", 0.1);
  norm.epsilon = reader.number("eps", 1e-5);
  norm.isFrozen = traits.isFrozen;
  bool affine = reader.boolean("affine", true);
  if (!reader.failed && !(norm.momentum >= 0 && norm.momentum <= 1))
    reader.error(
        "E205", at.range,
        fmt::format("'momentum' of bn must lie in 0 .. 1, but is {}", toText(norm.momentum)));
  if (!checkPositive(reader, "eps", norm.epsilon))
    return std::nullopt;
  int64_t channels = inputShape()[0];
  if (affine && !addAffine(channels, norm.weight, norm.bias))
    return std::nullopt;
  auto mean = addParameter("running_mean", {channels}, zeros, /*isStatistic=*/true);
  auto variance = addParameter("running_var", {channels}, ones, /*isStatistic=*/true);
  if (!mean || !variance)
    return std::nullopt;
  norm.runningMean = *mean;
  norm.runningVariance = *variance;
  return sameShape(norm);
}

MaybeFlow NetExpander::buildGroupNorm(bool isLayerNorm) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  GroupNormLayer norm;
  norm.groups = isLayerNorm ? 1 : reader.integer("g", 1, 1);
  norm.perPosition = isLayerNorm && reader.symbol("axis", "", axisSymbols) == "c";
  norm.epsilon = reader.number("eps", 1e-5);
  bool affine = reader.boolean("affine", true);
  if (!checkPositive(reader, "eps", norm.epsilon) || !checkGroups(norm.groups, "g", 0))
    return std::nullopt;
  if (affine && !addAffine(inputShape()[0], norm.weight, norm.bias))
    return std::nullopt;
  return sameShape(norm);
}

/// One slope, or one a channel; starts at 0.25 (He et al. 2015).
MaybeFlow NetExpander::buildPRelu() {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  bool isShared = reader.boolean("shared", true);
  if (reader.failed)
    return std::nullopt;
  int64_t slopes = isShared ? 1 : inputShape()[0];
  std::optional<Initializer> init = initOr({Initializer::Constant, 0.25}, slopes, slopes);
  std::optional<ParameterId> weight = init ? addParameter("weight", {slopes}, *init) : std::nullopt;
  if (!weight)
    return std::nullopt;
  return sameShape(PReluLayer{*weight});
}

/// scale(a, b): constants; scale(): one factor a channel, which starts as 1.
MaybeFlow NetExpander::buildScale() {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  ScaleLayer scale{reader.number("a", 1), reader.number("b", 0), std::nullopt};
  bool isLearned = !reader.find("a");
  if (isLearned && reader.find("b"))
    reader.error("E104", at.range, "scale needs its argument 'a' beside 'b'");
  if (reader.failed)
    return std::nullopt;
  if (!isLearned)
    return sameShape(scale);
  int64_t channels = inputShape()[0];
  std::optional<Initializer> init = initOr(ones, channels, channels);
  if (!init || !(scale.weight = addParameter("weight", {channels}, *init)))
    return std::nullopt;
  return sameShape(scale);
}
