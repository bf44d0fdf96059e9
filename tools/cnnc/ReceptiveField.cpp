//===- ReceptiveField.cpp - How much of the input a position sees ---------===//
//
// How far apart the inputs of neighbours lie, from the first to the last, is a map of how
// far apart these neighbours are. A window of Fe with stride S: S*x + Fe - 1 (Araujo et
// al., "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019). A
// transposed convolution is a window over S times finer positions, of which every S-th
// holds an input: floor((x + Fe - 1)/S); so is upsampling. What mixes all positions: the
// whole input less one. A chain's field is the composition of its maps at 0, plus one.

#include "tools/cnnc/ReceptiveField.h"

#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <numeric>

using namespace cnnc;

/// Strides multiply without bound where one position is left; no input is that large.
static int64_t bounded(__int128 value) {
  constexpr int64_t most = 1'000'000'000'000'000;
  return value < most ? static_cast<int64_t>(value) : most;
}

ReceptiveFields::ReceptiveFields(const TypedNet &net) : net(net), fields(net.tensors.size()) {
  for (TensorId id : net.inputs)
    for (unsigned axis : {0u, 1u})
      fields[id][axis].whole = positions(id, axis);
  for (const Layer &layer : net.layers) {
    if (layer.inputs.empty())
      continue; // a weight sees nothing of the input
    for (unsigned axis : {0u, 1u}) {
      Sight sight = join(layer, axis);
      compose(sight, mapOf(layer, axis, sight.whole));
      fields[layer.output][axis] = sight;
    }
  }
}

std::array<int64_t, 2> ReceptiveFields::of(TensorId id) const {
  auto size = [](int64_t span, int64_t whole) { return std::min(span + 1, whole); };
  const auto &[h, w] = fields[id];
  return {size(spanOf(h, 0), h.whole), size(spanOf(w, 0), w.whole)};
}

int64_t ReceptiveFields::positions(TensorId id, unsigned axis) const {
  const Shape &shape = net.tensors[id].shape;
  return shape.size() == 3 ? shape[1 + axis] : 1;
}

int64_t ReceptiveFields::spanOf(const Sight &sight, int64_t span) const {
  for (const Sight *at = &sight;; at = &chain[at->parent]) {
    span = bounded((static_cast<__int128>(at->map.a) * span + at->map.b) / at->map.c);
    if (at->parent < 0)
      return span;
  }
}

/// sight(x) becomes sight(inner(x)). One map does for both where the outer one has a = 1,
/// since floors of quotients nest, and where the inner one divides by nothing.
void ReceptiveFields::compose(Sight &sight, Map inner) {
  Map &outer = sight.map;
  using Wide = __int128;
  if (inner.a == 0) {
    // The whole input, whatever lies between.
    sight = {inner, -1, sight.whole};
  } else if (inner.c == 1) {
    outer.b = bounded(Wide(outer.a) * inner.b + outer.b);
    outer.a = bounded(Wide(outer.a) * inner.a);
  } else if (outer.a == 1) {
    outer = {inner.a, bounded(Wide(outer.b) * inner.c + inner.b), bounded(Wide(outer.c) * inner.c)};
  } else {
    chain.push_back(sight);
    sight.map = inner;
    sight.parent = static_cast<int64_t>(chain.size()) - 1;
  }
}

/// The input that sees most, and goes on to see most.
ReceptiveFields::Sight ReceptiveFields::join(const Layer &layer, unsigned axis) const {
  Sight result = fields[layer.inputs[0]][axis];
  int64_t whole = result.whole;
  auto reach = [&](const Sight &sight) {
    return std::pair(std::min(spanOf(sight, 0), sight.whole - 1), spanOf(sight, sight.whole));
  };
  for (TensorId id : llvm::drop_begin(layer.inputs)) {
    const Sight &other = fields[id][axis];
    whole = std::max(whole, other.whole);
    if (reach(result) < reach(other))
      result = other;
  }
  result.whole = whole;
  return result;
}

ReceptiveFields::Map ReceptiveFields::mapOf(const Layer &layer, unsigned axis,
                                            int64_t whole) const {
  Map all{0, whole - 1, 1};
  auto window = [&](const WindowAxis &axis) {
    return Map{axis.stride, axis.effectiveSize() - 1, 1};
  };
  auto between = [](int64_t taps, int64_t stride) { return Map{1, taps - 1, stride}; };
  int64_t input = positions(layer.inputs[0], axis), output = positions(layer.output, axis);
  return std::visit(
      llvm::makeVisitor(
          [&](const ConvLayer &conv) { return window(conv.window[axis]); },
          [&](const PoolLayer &pool) { return window(pool.window[axis]); },
          [&](const DeconvLayer &deconv) {
            return between(deconv.window[axis].effectiveSize(), deconv.window[axis].stride);
          },
          [&](const AdaptivePoolLayer &pool) {
            // From floor(i*W/p) to ceil((i + x + 1)*W/p) - 1, whatever i is.
            int64_t common = std::gcd(input, pool.output[axis]);
            int64_t size = input / common, parts = pool.output[axis] / common;
            return Map{size, size + parts - 2, parts};
          },
          [&](const UpsampleLayer &upsample) {
            int64_t n = upsample.factor;
            // An odd factor has outputs right on an input, which read no other.
            return between(!upsample.isBilinear ? n : n % 2 == 0 ? 2 * n : 2 * n - 1, n);
          },
          [&](const DepthToSpaceLayer &depth) { return between(depth.factor, depth.factor); },
          [&](const SpaceToDepthLayer &space) { return Map{space.factor, space.factor - 1, 1}; },
          [&](const FcLayer &) { return all; }, [&](const GlobalPoolLayer &) { return all; },
          [&](const BackwardLayer &backward) {
            const WindowAxis &own = backward.window[axis];
            switch (backward.id) {
            case LayerId::Conv:
            case LayerId::SumPool:
              return window(own);
            case LayerId::Deconv:
            case LayerId::AvgUnpool:
            case LayerId::SumUnpool:
              return backward.isAdaptive ? all : between(own.effectiveSize(), own.stride);
            case LayerId::Unpool:
            case LayerId::Downsample:
            case LayerId::Correlate:
            case LayerId::Outer:
            case LayerId::Fc:
            case LayerId::Sum:
            case LayerId::Mean:
            case LayerId::Variance:
              return all;
            default:
              return Map{};
            }
          },
          [&](const GroupNormLayer &norm) { return norm.perPosition ? Map{} : all; },
          // The elements of one position come from anywhere.
          [&](const ReshapeLayer &) { return input == output ? Map{} : all; },
          [](const auto &) { return Map{}; }),
      layer.kind);
}
