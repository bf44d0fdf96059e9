//===- TypedAST.cpp - The cost of a layer -----------------------------------===//

#include "compiler/Frontend/TypedAST.h"

#include "llvm/ADT/STLExtras.h"

using namespace cnnc;

/// Calls visit(id) for each parameter of a layer, in the order weight, bias, statistics.
template <typename LayerType, typename Visit>
static void visitParameters(LayerType &layer, Visit &&visit) {
  auto visitIfThere = [&](auto &id) {
    if constexpr (requires { *id; }) {
      if (id)
        visit(*id);
    } else {
      visit(id);
    }
  };
  std::visit(
      [&](auto &kind) {
        if constexpr (requires { kind.weight; })
          visitIfThere(kind.weight);
        if constexpr (requires { kind.bias; })
          visitIfThere(kind.bias);
        if constexpr (requires { kind.runningMean; }) {
          visit(kind.runningMean);
          visit(kind.runningVariance);
        }
      },
      layer.kind);
}

std::vector<ParameterId> cnnc::parametersOf(const Layer &layer) {
  std::vector<ParameterId> result;
  visitParameters(layer, [&](ParameterId id) { result.push_back(id); });
  return result;
}

TypedNet cnnc::isolateLayer(const TypedNet &net, const Layer &layer) {
  TypedNet alone;
  alone.name = layer.name;
  alone.range = layer.range;
  Layer copy = layer;
  copy.isReuse = false;
  visitParameters(copy, [&](ParameterId &id) {
    alone.parameters.push_back(net.parameters[id]);
    id = ParameterId(alone.parameters.size() - 1);
  });
  // An input that is given twice is two: each has a gradient of its own.
  for (TensorId &id : copy.inputs) {
    std::string name =
        layer.inputs.size() == 1 ? "x" : "x" + std::to_string(alone.inputs.size() + 1);
    alone.tensors.push_back({net.tensors[id].shape, name, net.tensors[id].range});
    id = TensorId(alone.tensors.size() - 1);
    alone.inputs.push_back(id);
  }
  alone.tensors.push_back({net.tensors[layer.output].shape, "y", layer.range});
  copy.output = TensorId(alone.tensors.size() - 1);
  alone.outputs.push_back(copy.output);
  alone.outputNames.push_back("y");
  alone.layers.push_back(std::move(copy));
  return alone;
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

/// Of a layer whose weight is a tensor, or a weight's gradient.
static int64_t backwardMultiplyAdds(const TypedNet &net, const Layer &layer, LayerId id) {
  auto elements = [&](TensorId tensor) { return *checkedElements(net.tensors[tensor].shape); };
  auto positions = [&](TensorId tensor) {
    const Shape &shape = net.tensors[tensor].shape;
    return shape[1] * shape[2];
  };
  switch (id) {
  case LayerId::Conv:
    return atMostMax(elements(layer.inputs[1]), positions(layer.output));
  case LayerId::Deconv:
    return atMostMax(elements(layer.inputs[1]), positions(layer.inputs[0]));
  case LayerId::Fc:
    return elements(layer.inputs[1]);
  case LayerId::Correlate:
    return atMostMax(elements(layer.output), positions(layer.inputs[1]));
  case LayerId::Outer:
    return elements(layer.output);
  default:
    return 0;
  }
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
  if (auto *backward = std::get_if<BackwardLayer>(&layer.kind))
    return backwardMultiplyAdds(net, layer, backward->id);
  return 0;
}
