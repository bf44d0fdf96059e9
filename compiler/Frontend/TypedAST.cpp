//===- TypedAST.cpp - The cost of a layer -----------------------------------===//

#include "compiler/Frontend/TypedAST.h"

using namespace cnnc;

/// The parameters that a layer names.
static std::vector<ParameterId> parametersOf(const Layer &layer) {
  std::vector<ParameterId> result;
  auto add = [&](std::optional<ParameterId> id) {
    if (id)
      result.push_back(*id);
  };
  if (auto *conv = std::get_if<ConvLayer>(&layer.kind)) {
    add(conv->weight);
    add(conv->bias);
  } else if (auto *fc = std::get_if<FcLayer>(&layer.kind)) {
    add(fc->weight);
    add(fc->bias);
  } else if (auto *norm = std::get_if<BatchNormLayer>(&layer.kind)) {
    add(norm->weight);
    add(norm->bias);
    add(norm->runningMean);
    add(norm->runningVariance);
  }
  return result;
}

// Sema has limited the sizes: no product below overflows.

int64_t cnnc::trainedParameters(const TypedNet &net, const Layer &layer) {
  int64_t total = 0;
  for (ParameterId id : parametersOf(layer))
    if (net.parameters[id].trainable)
      total += *checkedElements(net.parameters[id].shape);
  return total;
}

int64_t cnnc::multiplyAdds(const TypedNet &net, const Layer &layer) {
  if (auto *fc = std::get_if<FcLayer>(&layer.kind))
    return *checkedElements(net.parameters[fc->weight].shape);
  auto *conv = std::get_if<ConvLayer>(&layer.kind);
  if (!conv)
    return 0;
  // Every weight is used once at each output position.
  const Shape &output = net.tensors[layer.output].shape;
  return *checkedElements(net.parameters[conv->weight].shape) * output[1] * output[2];
}
