//===- TypedAST.cpp - The cost of a layer -----------------------------------===//

#include "compiler/Frontend/TypedAST.h"

#include "llvm/ADT/STLExtras.h"

using namespace cnnc;

std::vector<ParameterId> cnnc::parametersOf(const Layer &layer) {
  std::vector<ParameterId> result;
  auto add = [&](std::optional<ParameterId> id) {
    if (id)
      result.push_back(*id);
  };
  auto addBoth = [&](const auto &kind) {
    add(kind.weight);
    add(kind.bias);
  };
  std::visit(llvm::makeVisitor([&](const ConvLayer &conv) { addBoth(conv); },
                               [&](const DeconvLayer &deconv) { addBoth(deconv); },
                               [&](const FcLayer &fc) { addBoth(fc); },
                               [&](const GroupNormLayer &norm) { addBoth(norm); },
                               [&](const PReluLayer &prelu) { add(prelu.weight); },
                               [&](const ScaleLayer &scale) { add(scale.weight); },
                               [&](const BatchNormLayer &norm) {
                                 addBoth(norm);
                                 add(norm.runningMean);
                                 add(norm.runningVariance);
                               },
                               [](const auto &) {}),
             layer.kind);
  return result;
}

int64_t cnnc::trainedParameters(const TypedNet &net, const Layer &layer) {
  if (layer.isReuse)
    return 0;
  int64_t total = 0;
  for (ParameterId id : parametersOf(layer))
    if (net.parameters[id].trainable)
      total += *checkedElements(net.parameters[id].shape);
  return total;
}

/// 2^33 weights may meet 2^31 positions.
static int64_t atMostMax(int64_t weights, int64_t positions) {
  return checkedMultiply(weights, positions).value_or(INT64_MAX);
}

int64_t cnnc::multiplyAdds(const TypedNet &net, const Layer &layer) {
  auto elements = [&](ParameterId id) { return *checkedElements(net.parameters[id].shape); };
  if (auto *fc = std::get_if<FcLayer>(&layer.kind))
    return elements(fc->weight);
  // Every weight is used once at each output position of a convolution, and at each input
  // position of its transpose.
  if (auto *conv = std::get_if<ConvLayer>(&layer.kind)) {
    const Shape &output = net.tensors[layer.output].shape;
    return atMostMax(elements(conv->weight), output[1] * output[2]);
  }
  if (auto *deconv = std::get_if<DeconvLayer>(&layer.kind)) {
    const Shape &input = net.tensors[layer.inputs[0]].shape;
    return atMostMax(elements(deconv->weight), input[1] * input[2]);
  }
  return 0;
}
