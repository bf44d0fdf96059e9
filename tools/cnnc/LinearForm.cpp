//===- LinearForm.cpp - Which layers are sums of products -----------------===//

#include "tools/cnnc/LayerCheck.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>

using namespace cnnc;

namespace {

class FormBuilder {
public:
  FormBuilder(const TypedNet &alone, int64_t batch)
      : alone(alone), layer(alone.layers[0]), batch(double(batch)),
        parametersFrom(alone.inputs.size()) {}

  std::optional<LinearForm> build() {
    return std::visit([&](const auto &kind) { return formOf(kind); }, layer.kind);
  }

private:
  template <typename Kind> std::optional<LinearForm> formOf(const Kind &) { return {}; }
  std::optional<LinearForm> formOf(const ConvLayer &conv) {
    double positions = elements(output()) / double(conv.channels);
    return product(conv.weight, conv.bias, conv.groups, positions);
  }
  std::optional<LinearForm> formOf(const DeconvLayer &deconv) {
    double positions =
        std::max(elements(output()) / double(deconv.channels), double(input()[1] * input()[2]));
    return product(deconv.weight, deconv.bias, deconv.groups, positions);
  }
  std::optional<LinearForm> formOf(const FcLayer &fc) { return product(fc.weight, fc.bias, 1, 1); }
  std::optional<LinearForm> formOf(const PoolLayer &pool);
  std::optional<LinearForm> formOf(const GlobalPoolLayer &pool) {
    return mean(pool.kind == GlobalPoolLayer::Average, input()[1] * input()[2]);
  }
  std::optional<LinearForm> formOf(const AdaptivePoolLayer &pool) {
    bool isEven = input()[1] % pool.output[0] == 0 && input()[2] % pool.output[1] == 0;
    return mean(isEven, input()[1] / pool.output[0] * (input()[2] / pool.output[1]));
  }
  std::optional<LinearForm> formOf(const ScaleLayer &scale) {
    if (!scale.weight)
      return {};
    return LinearForm{{{0, operand(*scale.weight)}}, batch * elements(input()), 1};
  }
  std::optional<LinearForm> formOf(const UpsampleLayer &upsample);
  std::optional<LinearForm> formOf(const ReshapeLayer &) { return rearranged(); }
  std::optional<LinearForm> formOf(const PadLayer &) { return rearranged(); }
  std::optional<LinearForm> formOf(const ShuffleLayer &) { return rearranged(); }
  std::optional<LinearForm> formOf(const DepthToSpaceLayer &) { return rearranged(); }
  std::optional<LinearForm> formOf(const SpaceToDepthLayer &) { return rearranged(); }
  std::optional<LinearForm> formOf(const JoinLayer &join);

  const Shape &input() const { return alone.tensors[layer.inputs[0]].shape; }
  const Shape &output() const { return alone.tensors[layer.output].shape; }
  static double elements(const Shape &shape) {
    double count = 1;
    for (int64_t size : shape)
      count *= double(size);
    return count;
  }
  size_t operand(ParameterId id) const { return parametersFrom + id; }

  LinearForm rearranged() { return {{{0}}, 1, 1}; }
  /// The mean of `count` numbers.
  std::optional<LinearForm> mean(bool isExact, int64_t count) {
    if (!isExact || !llvm::isPowerOf2_64(uint64_t(count)))
      return {};
    return LinearForm{{{0}}, elements(input()), double(count)};
  }
  LinearForm product(ParameterId weight, std::optional<ParameterId> bias, int64_t groups,
                     double positions);

  const TypedNet &alone;
  const Layer &layer;
  double batch;
  size_t parametersFrom;
};

} // namespace

/// Sums of an output run over the weights of one channel, those of the input's gradient over
/// the weights that meet it, those of the weight's gradient over all positions.
LinearForm FormBuilder::product(ParameterId weight, std::optional<ParameterId> bias, int64_t groups,
                                double positions) {
  const Shape &shape = alone.parameters[weight].shape;
  double all = elements(shape), groupCount = double(groups);
  double outOf = all / double(shape[0]), into = all / double(shape[1]) / groupCount;
  LinearForm form{{{0, operand(weight)}}, std::max({outOf, into, batch * positions}), 1};
  if (bias)
    form.terms.push_back({operand(*bias)});
  return form;
}

std::optional<LinearForm> FormBuilder::formOf(const PoolLayer &pool) {
  // Windows at the borders may have fewer positions, not a power of two.
  bool isPadded = llvm::any_of(
      pool.window, [](const WindowAxis &axis) { return axis.padLow != 0 || axis.padHigh != 0; });
  return mean(pool.kind == PoolLayer::Average && !isPadded,
              pool.window[0].size * pool.window[1].size);
}

std::optional<LinearForm> FormBuilder::formOf(const UpsampleLayer &upsample) {
  double spread = elements(output()) / elements(input());
  if (!upsample.isBilinear)
    return LinearForm{{{0}}, spread, 1};
  // Weights along an axis are odd multiples of 1/(2n), and n^2 of them meet an input.
  constexpr int64_t most = 16; // so that sums of larger ones would not stay below 2^24
  if (upsample.factor > most || !llvm::isPowerOf2_64(uint64_t(upsample.factor)))
    return {};
  return LinearForm{{{0}}, 4 * spread * spread, 4 * spread};
}

std::optional<LinearForm> FormBuilder::formOf(const JoinLayer &join) {
  size_t count = layer.inputs.size();
  // What is repeated along other dimensions gets a sum over them.
  LinearForm form{{}, elements(output()), 1};
  switch (join.kind) {
  case JoinLayer::Max:
    return {};
  case JoinLayer::Mul:
    form.terms.emplace_back();
    for (size_t i = 0; i < count; ++i)
      form.terms[0].push_back(i);
    return form;
  case JoinLayer::Add:
  case JoinLayer::Sub:
  case JoinLayer::Concat:
    for (size_t i = 0; i < count; ++i)
      form.terms.push_back({i});
    return form;
  }
  return {};
}

std::optional<LinearForm> cnnc::linearForm(const TypedNet &alone, int64_t batch) {
  return FormBuilder(alone, batch).build();
}
