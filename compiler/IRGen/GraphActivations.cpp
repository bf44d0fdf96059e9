//===- GraphActivations.cpp - Activations and norms as cnn ops ------------===//

#include "compiler/IRGen/GraphBuilder.h"

using namespace mlir;
using namespace cnnc;

Value GraphBuilder::lower(const ActivationLayer &layer, Value input) {
  switch (layer.kind) {
  case ActivationLayer::Relu:
    return op<cnn::ReluOp>(input);
  case ActivationLayer::Tanh:
    return op<cnn::TanhOp>(input);
  case ActivationLayer::Sigmoid:
    return op<cnn::SigmoidOp>(input);
  case ActivationLayer::LeakyRelu:
    return op<cnn::LReluOp>(input.getType(), input, APFloat(layer.slope));
  case ActivationLayer::Relu6:
    return op<cnn::Relu6Op>(input);
  case ActivationLayer::Elu:
    return op<cnn::EluOp>(input);
  case ActivationLayer::HardSigmoid:
    return op<cnn::HardSigmoidOp>(input);
  case ActivationLayer::Softplus:
    return op<cnn::SoftplusOp>(input);
  case ActivationLayer::Gelu:
    return op<cnn::GeluOp>(input);
  case ActivationLayer::Silu:
    return op<cnn::SiluOp>(input);
  case ActivationLayer::HardSwish:
    return op<cnn::HardSwishOp>(input);
  }
  llvm_unreachable("all kinds of activations are handled");
}

Value GraphBuilder::lower(const SoftmaxLayer &layer, Value input) {
  return layer.isLog ? op<cnn::LogSoftmaxOp>(input) : op<cnn::SoftmaxOp>(input);
}

Value GraphBuilder::lower(const PReluLayer &layer, Value input) {
  return op<cnn::PReluOp>(input.getType(), input, parameter(layer.weight));
}

Value GraphBuilder::lower(const ScaleLayer &layer, Value input) {
  if (layer.weight)
    return op<cnn::ScaleChannelsOp>(input, parameter(*layer.weight));
  return op<cnn::ScaleOp>(input, layer.factor, layer.offset);
}

Value GraphBuilder::scaleAndShift(Value input, std::optional<ParameterId> weight,
                                  std::optional<ParameterId> bias) {
  Value scaled = weight ? op<cnn::ScaleChannelsOp>(input, parameter(*weight)) : input;
  return addBias(scaled, bias);
}

Value GraphBuilder::lower(const GroupNormLayer &layer, Value input) {
  APFloat epsilon(layer.epsilon);
  Value normalized = layer.perPosition ? op<cnn::PositionNormOp>(input, epsilon)
                                       : op<cnn::GroupNormOp>(input, layer.groups, epsilon);
  return scaleAndShift(normalized, layer.weight, layer.bias);
}

void GraphBuilder::updateStatistic(ParameterId id, Value fresh, double momentum,
                                   double correction) {
  // A shared layer goes on from where its use before has left the statistic.
  auto earlier = llvm::find_if(statistics, [&](const auto &update) { return update.first == id; });
  Value last = earlier == statistics.end() ? parameter(id) : earlier->second;
  Value old = op<cnn::ScaleOp>(last, 1 - momentum);
  Value share = op<cnn::ScaleOp>(fresh, momentum * correction);
  Value next = op<cnn::AddOp>(old, share);
  if (earlier == statistics.end())
    statistics.emplace_back(id, next);
  else
    earlier->second = next;
}

Value GraphBuilder::lower(const BatchNormLayer &layer, Value input) {
  if (mode == Inference || layer.isFrozen) {
    Value normalized =
        op<cnn::NormalizeOp>(input.getType(), input, parameter(layer.runningMean),
                             parameter(layer.runningVariance), APFloat(layer.epsilon));
    return scaleAndShift(normalized, layer.weight, layer.bias);
  }
  auto norm = cnn::BatchNormOp::create(builder, *loc, input, APFloat(layer.epsilon));
  // The running variance is the unbiased one; one element alone has none.
  double count = double(ShapedType::getNumElements(shapeOf(input)) / shapeOf(input)[1]);
  double unbiased = count > 1 ? count / (count - 1) : 1;
  updateStatistic(layer.runningMean, norm.getMean(), layer.momentum, 1);
  updateStatistic(layer.runningVariance, norm.getVariance(), layer.momentum, unbiased);
  return scaleAndShift(norm.getOutput(), layer.weight, layer.bias);
}

Value GraphBuilder::lower(const DropoutLayer &layer, Value input) {
  if (mode == Inference || layer.probability == 0)
    return input;
  return op<cnn::DropoutOp>(input.getType(), input, variable(kSeedSlot), variable(kStepSlot),
                            APFloat(layer.probability), dropouts++,
                            int64_t(net.train ? net.train->seed : 0), layer.wholeImage);
}
