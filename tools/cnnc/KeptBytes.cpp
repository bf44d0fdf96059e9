//===- KeptBytes.cpp - What the backward pass needs of the forward one ----===//

#include "tools/cnnc/KeptBytes.h"

#include "llvm/ADT/STLExtras.h"

using namespace cnnc;

namespace {

/// What one layer needs.
struct Needs {
  bool input = false, output = false;
  int64_t bytes = 0; ///< beside tensors
};

class Keeper {
public:
  explicit Keeper(const TypedNet &net)
      : net(net), owner(net.tensors.size()), isKept(net.tensors.size()),
        hasGradient(net.tensors.size()) {
    for (TensorId id = 0; id < owner.size(); ++id)
      owner[id] = id;
  }
  int64_t add(const Layer &layer);

private:
  bool isTrained(std::optional<ParameterId> id) const {
    return id && net.parameters[*id].trainable;
  }
  int64_t elements(TensorId id) const { return *checkedElements(net.tensors[id].shape); }
  Needs needsOf(const Layer &layer) const;
  int64_t keep(TensorId id);

  const TypedNet &net;
  std::vector<TensorId> owner; ///< whose memory a tensor has
  std::vector<bool> isKept, hasGradient;
};

int64_t Keeper::keep(TensorId id) {
  id = owner[id];
  if (isKept[id])
    return 0;
  isKept[id] = true;
  return elements(id) * static_cast<int64_t>(sizeof(float));
}

/// Bytes of an index into a window.
int64_t indexBytes(int64_t positions) { return positions <= 256 ? 1 : 4; }

Needs activationNeeds(const ActivationLayer &activation) {
  switch (activation.kind) {
  case ActivationLayer::Gelu:
  case ActivationLayer::Silu:
  case ActivationLayer::HardSwish:
    return {.input = true}; // not monotonic: the output does not tell the slope
  default:
    return {.output = true};
  }
}

/// Of a layer that gradients flow through.
Needs Keeper::needsOf(const Layer &layer) const {
  bool flowsOn = llvm::any_of(layer.inputs, [&](TensorId id) { return bool(hasGradient[id]); });
  int64_t outputs = elements(layer.output);
  auto ifFlowing = [&](Needs needs) { return flowsOn ? needs : Needs(); };
  auto forWeight = [&](std::optional<ParameterId> weight) {
    return Needs{.input = isTrained(weight)};
  };
  return std::visit(
      llvm::makeVisitor(
          [&](const ConvLayer &conv) { return forWeight(conv.weight); },
          [&](const DeconvLayer &deconv) { return forWeight(deconv.weight); },
          [&](const FcLayer &fc) { return forWeight(fc.weight); },
          [&](const ScaleLayer &scale) { return forWeight(scale.weight); },
          [&](const PReluLayer &) { return Needs{.input = true}; },
          [&](const BatchNormLayer &norm) {
            // With fixed statistics it is a scale.
            return norm.isFrozen ? forWeight(norm.weight) : Needs{.input = true};
          },
          [&](const GroupNormLayer &norm) {
            const Shape &shape = net.tensors[layer.output].shape;
            int64_t groups = norm.perPosition ? outputs / shape[0] : norm.groups;
            return Needs{.input = true, .bytes = groups * 2 * int64_t(sizeof(float))};
          },
          [&](const LrnLayer &) { return ifFlowing({.input = true}); },
          [&](const ActivationLayer &layer) { return ifFlowing(activationNeeds(layer)); },
          [&](const SoftmaxLayer &) { return ifFlowing({.output = true}); },
          [&](const PoolLayer &pool) {
            int64_t positions = pool.window[0].size * pool.window[1].size;
            if (pool.kind == PoolLayer::Max)
              return ifFlowing({.bytes = outputs * indexBytes(positions)});
            bool isRoot = pool.kind == PoolLayer::L2;
            return ifFlowing({.input = isRoot, .output = isRoot});
          },
          [&](const GlobalPoolLayer &pool) {
            int64_t positions = elements(layer.inputs[0]) / outputs;
            bool isMax = pool.kind == GlobalPoolLayer::Max;
            return ifFlowing({.bytes = isMax ? outputs * indexBytes(positions) : 0});
          },
          [&](const JoinLayer &join) {
            int64_t indices = join.kind == JoinLayer::Max ? outputs : 0;
            return ifFlowing({.input = join.kind == JoinLayer::Mul, .bytes = indices});
          },
          [&](const BackwardLayer &) { return Needs{.input = true}; },
          [](const auto &) { return Needs(); }),
      layer.kind);
}

int64_t Keeper::add(const Layer &layer) {
  if (std::holds_alternative<ReshapeLayer>(layer.kind))
    owner[layer.output] = owner[layer.inputs[0]];
  hasGradient[layer.output] =
      llvm::any_of(layer.inputs, [&](TensorId id) { return bool(hasGradient[id]); }) ||
      llvm::any_of(parametersOf(layer), [&](ParameterId id) { return isTrained(id); });
  if (!hasGradient[layer.output])
    return 0;
  Needs needs = needsOf(layer);
  int64_t bytes = needs.bytes;
  if (needs.input)
    for (TensorId id : layer.inputs)
      bytes += keep(id);
  if (needs.output)
    bytes += keep(layer.output);
  return bytes;
}

} // namespace

std::vector<int64_t> cnnc::keptBytes(const TypedNet &net) {
  Keeper keeper(net);
  std::vector<int64_t> result;
  for (const Layer &layer : net.layers)
    result.push_back(keeper.add(layer));
  return result;
}
