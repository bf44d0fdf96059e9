// RUN: summary-test | FileCheck %s
// CHECK: {{[1-9][0-9]+}} checks
// RUN: summary-test dot | FileCheck %s --check-prefix=DOT
// RUN: summary-test folded | FileCheck %s --check-prefix=FOLDED
//
// Receptive fields against sets of positions followed through each layer, kept bytes by
// kind, rows and pictures of a net with blocks, branches, two outputs and a shared layer.

#include "tools/cnnc/Graph.h"
#include "tools/cnnc/KeptBytes.h"
#include "tools/cnnc/NetRows.h"
#include "tools/cnnc/ReceptiveField.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

using namespace cnnc;

static int64_t checks = 0;

#define CHECK_EQUAL(is, wanted)                                                                    \
  do {                                                                                             \
    ++checks;                                                                                      \
    int64_t found = (is), expected = (wanted);                                                     \
    if (found != expected) {                                                                       \
      std::fprintf(stderr, "%s:%d: %s is %lld, expected %lld\n", __FILE__, __LINE__, #is,          \
                   static_cast<long long>(found), static_cast<long long>(expected));               \
      std::exit(1);                                                                                \
    }                                                                                              \
  } while (false)

namespace {

/// Builds a net step by step.
struct Maker {
  TypedNet net;

  TensorId tensor(Shape shape, std::string name = "") {
    net.tensors.push_back({std::move(shape), std::move(name), {}});
    return static_cast<TensorId>(net.tensors.size() - 1);
  }
  TensorId input(Shape shape, std::string name) {
    net.inputs.push_back(tensor(std::move(shape), std::move(name)));
    return net.inputs.back();
  }
  ParameterId parameter(Shape shape, bool trainable = true) {
    net.parameters.push_back(
        {.name = "p", .shape = std::move(shape), .trainable = trainable, .init = {}, .range = {}});
    return static_cast<ParameterId>(net.parameters.size() - 1);
  }
  /// A running mean or variance.
  ParameterId statistic(Shape shape) {
    ParameterId id = parameter(std::move(shape), /*trainable=*/false);
    net.parameters[id].isStatistic = true;
    return id;
  }
  TensorId add(std::string name, std::string keyword, std::vector<TensorId> inputs, Shape shape,
               LayerKind kind, bool isReuse = false) {
    TensorId output = tensor(std::move(shape));
    net.layers.push_back({std::move(name),
                          std::move(keyword),
                          {},
                          std::move(inputs),
                          output,
                          std::move(kind),
                          isReuse});
    return output;
  }
  TensorId conv(std::string name, TensorId input, Shape shape, int64_t size, int64_t stride = 1,
                bool trainable = true) {
    WindowAxis axis{.size = size, .stride = stride, .padLow = size / 2, .padHigh = size / 2};
    int64_t channels = shape[0];
    ParameterId weight = parameter({channels, net.tensors[input].shape[0], size, size}, trainable);
    return add(std::move(name), "conv", {input}, std::move(shape),
               ConvLayer{channels, {axis, axis}, 1, weight, std::nullopt});
  }
  TensorId relu(std::string name, TensorId input) {
    return add(std::move(name), "relu", {input}, net.tensors[input].shape,
               ActivationLayer{ActivationLayer::Relu});
  }
  void output(std::string name, TensorId id) {
    net.outputs.push_back(id);
    net.outputNames.push_back(std::move(name));
  }
};

//===----------------------------------------------------------------------===//
// Receptive fields
//===----------------------------------------------------------------------===//

/// Which positions of the input each position depends on, from the first to the last.
/// Positions outside of the tensor are there, too: padding hides nothing.
struct Interval {
  int64_t low, high;
};
using Line = std::vector<Interval>;

Interval unite(const Line &line, int64_t first, int64_t last, int64_t step) {
  Interval all{INT64_MAX, INT64_MIN};
  for (int64_t i = first; i <= last; i += step)
    if (i >= 0 && i < int64_t(line.size()))
      all = {std::min(all.low, line[i].low), std::max(all.high, line[i].high)};
  return all;
}

Line slide(const Line &line, const WindowAxis &axis) {
  Line result;
  for (int64_t at = 0; at + axis.effectiveSize() <= int64_t(line.size()); at += axis.stride)
    result.push_back(unite(line, at, at + axis.effectiveSize() - 1, axis.dilation));
  return result;
}

Line transpose(const Line &line, const WindowAxis &axis) {
  Line result;
  for (int64_t o = 0; o < int64_t(line.size()) * axis.stride; ++o) {
    Interval all{INT64_MAX, INT64_MIN};
    for (int64_t tap = 0; tap < axis.size; ++tap)
      if (int64_t at = o - tap * axis.dilation; at >= 0 && at % axis.stride == 0) {
        const Interval &one = line[at / axis.stride];
        all = {std::min(all.low, one.low), std::max(all.high, one.high)};
      }
    if (all.low <= all.high)
      result.push_back(all);
    else // no tap meets an input: as little as its neighbour's
      result.push_back(result.empty() ? line.front() : result.back());
  }
  return result;
}

Line spread(const Line &line, int64_t factor, bool isBilinear) {
  Line result;
  for (int64_t o = 0; o < int64_t(line.size()) * factor; ++o) {
    // Twice the half-pixel centre, from the left of the first input, in units of 1/factor.
    int64_t centre = 2 * o + 1 - factor;
    int64_t below = centre >= 0 ? centre / (2 * factor) : -1;
    bool isExact = centre % (2 * factor) == 0;
    result.push_back(isBilinear ? unite(line, below, below + !isExact, 1) : line[o / factor]);
  }
  return result;
}

Line gather(const Line &line, int64_t factor) {
  Line result;
  for (int64_t o = 0; (o + 1) * factor <= int64_t(line.size()); ++o)
    result.push_back(unite(line, o * factor, (o + 1) * factor - 1, 1));
  return result;
}

/// Adds a random layer to the net, and to the line that follows its positions. `mayShrink`:
/// it may leave positions out; false once it has made some between others.
void addRandom(Maker &maker, TensorId &at, Line &line, bool &mayShrink, std::mt19937 &random) {
  auto pick = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  };
  WindowAxis axis{.size = pick(1, 5), .stride = mayShrink ? pick(1, 3) : 1, .dilation = pick(1, 2)};
  ParameterId weight = maker.parameter({1});
  LayerKind kind;
  int64_t which = pick(0, mayShrink ? 6 : 5);
  mayShrink &= which < 3 || which > 5;
  switch (which) {
  case 0:
    kind = ConvLayer{1, {axis, axis}, 1, weight, std::nullopt};
    line = slide(line, axis);
    break;
  case 1:
    kind = PoolLayer{PoolLayer::Max, {axis, axis}};
    line = slide(line, axis);
    break;
  case 2:
    kind = ActivationLayer{ActivationLayer::Relu};
    break;
  case 3:
    axis.stride = pick(1, 3);
    axis.size = std::max(axis.size, axis.stride); // every output has an input
    axis.dilation = 1;
    kind = DeconvLayer{1, {axis, axis}, {0, 0}, 1, weight, std::nullopt};
    line = transpose(line, axis);
    break;
  case 4: {
    bool isBilinear = pick(0, 1);
    int64_t factor = pick(2, 3);
    kind = UpsampleLayer{factor, isBilinear};
    line = spread(line, factor, isBilinear);
    break;
  }
  case 5:
    kind = DepthToSpaceLayer{2};
    line = spread(line, 2, false);
    break;
  default:
    kind = SpaceToDepthLayer{2};
    line = gather(line, 2);
    break;
  }
  int64_t size = int64_t(line.size());
  at = maker.add("x", "x", {at}, {1, size, size}, std::move(kind));
}

void checkRandomChains() {
  constexpr int64_t whole = 1000;
  std::mt19937 random(7);
  for (int chain = 0; chain < 300; ++chain) {
    Maker maker;
    TensorId at = maker.input({1, whole, whole}, "image");
    Line line;
    for (int64_t i = 0; i < whole; ++i)
      line.push_back({i, i});
    // Where a stride leaves out some of the positions that an upsampling made, the rest
    // may see less than the formula says, which is then a bound.
    bool isExact = chain % 2 == 0, mayShrink = true, always = true;
    for (int step = 0; step < 4; ++step)
      addRandom(maker, at, line, isExact ? mayShrink : (always = true), random);
    int64_t most = 0;
    for (const Interval &each : line)
      most = std::max(most, each.high - each.low + 1);
    auto [h, w] = ReceptiveFields(maker.net).of(at);
    CHECK_EQUAL(h, w);
    if (isExact)
      CHECK_EQUAL(h, most);
    CHECK_EQUAL(h >= most, true);
  }
}

void checkFields() {
  Maker maker;
  TensorId image = maker.input({3, 64, 32}, "image"), point = maker.input({8}, "point");
  TensorId wide = maker.conv("a", image, {8, 64, 32}, 5);
  TensorId narrow = maker.conv("b", image, {8, 64, 32}, 1);
  TensorId sum = maker.add("s", "add", {narrow, wide}, {8, 64, 32}, JoinLayer{JoinLayer::Add});
  auto height = [&](TensorId id) { return ReceptiveFields(maker.net).of(id)[0]; };
  auto width = [&](TensorId id) { return ReceptiveFields(maker.net).of(id)[1]; };
  CHECK_EQUAL(height(sum), 5);
  // Squeeze and excite: what is broadcast sees all, and leaves the step alone.
  TensorId pooled =
      maker.add("p", "gavgpool", {narrow}, {8}, GlobalPoolLayer{GlobalPoolLayer::Average});
  CHECK_EQUAL(height(pooled), 64);
  CHECK_EQUAL(width(pooled), 32);
  TensorId scaled = maker.add("m", "mul", {pooled, narrow}, {8, 64, 32}, JoinLayer{JoinLayer::Mul});
  CHECK_EQUAL(width(scaled), 32);
  TensorId joined = maker.add("q", "mul", {wide, point}, {8, 64, 32}, JoinLayer{JoinLayer::Mul});
  CHECK_EQUAL(width(maker.conv("c", joined, {8, 64, 32}, 3)), 7);
  // All of the image, and never more.
  TensorId normed =
      maker.add("n", "layernorm", {wide}, {8, 64, 32}, GroupNormLayer{1, false, 1e-5, {}, {}});
  CHECK_EQUAL(height(normed), 64);
  TensorId each =
      maker.add("o", "layernorm", {wide}, {8, 64, 32}, GroupNormLayer{1, true, 1e-5, {}, {}});
  CHECK_EQUAL(height(each), 5);
  CHECK_EQUAL(width(maker.conv("d", wide, {8, 64, 32}, 41)), 32);
  CHECK_EQUAL(width(maker.add("r", "reshape", {wide}, {4, 64, 64}, ReshapeLayer{})), 32);
  CHECK_EQUAL(height(maker.add("r", "reshape", {wide}, {4, 64, 64}, ReshapeLayer{})), 5);
  // 64 positions in 8 bins; then bins of 7 or 6 that overlap by one.
  TensorId bins = maker.add("v", "avgpool", {image}, {3, 8, 5}, AdaptivePoolLayer{{8, 5}});
  CHECK_EQUAL(height(bins), 8);
  CHECK_EQUAL(width(bins), 8);
  CHECK_EQUAL(height(maker.conv("e", bins, {3, 8, 5}, 3)), 24);
  TensorId fine = maker.add("u", "upsample", {wide}, {8, 128, 64}, UpsampleLayer{2});
  CHECK_EQUAL(height(fine), 5);
  CHECK_EQUAL(height(maker.conv("g", fine, {8, 128, 64}, 3)), 6);
  CHECK_EQUAL(height(maker.add("h", "gavgpool", {fine}, {8}, GlobalPoolLayer{})), 64);
  // A vector has one position.
  TensorId dense = maker.add("f", "fc", {point}, {4}, FcLayer{4, maker.parameter({4, 8}), {}});
  CHECK_EQUAL(height(dense), 1);
}

//===----------------------------------------------------------------------===//
// Kept bytes
//===----------------------------------------------------------------------===//

void checkKept() {
  Maker maker;
  TensorId image = maker.input({3, 8, 8}, "image");
  // Nothing trained lies before the first two.
  TensorId dull = maker.relu("a", image);
  TensorId frozen = maker.conv("b", dull, {4, 8, 8}, 3, 1, /*trainable=*/false);
  TensorId conv = maker.conv("c", frozen, {4, 8, 8}, 3);
  TensorId relu = maker.relu("d", conv);
  TensorId again = maker.conv("e", relu, {4, 8, 8}, 3); // its input is kept already
  TensorId through = maker.conv("f", again, {4, 8, 8}, 3, 1, /*trainable=*/false);
  WindowAxis two{.size = 2, .stride = 2},
      wide{.size = 20, .stride = 8, .padLow = 10, .padHigh = 10};
  TensorId pool =
      maker.add("g", "maxpool", {through}, {4, 4, 4}, PoolLayer{PoolLayer::Max, {two, two}});
  maker.add("h", "maxpool", {through}, {4, 2, 2}, PoolLayer{PoolLayer::Max, {wide, wide}});
  maker.add("i", "avgpool", {through}, {4, 4, 4}, PoolLayer{PoolLayer::Average, {two, two}});
  maker.add("j", "l2pool", {through}, {4, 4, 4}, PoolLayer{PoolLayer::L2, {two, two}});
  TensorId flat = maker.add("k", "flatten", {relu}, {256}, ReshapeLayer{});
  maker.add("l", "fc", {flat}, {10}, FcLayer{10, maker.parameter({10, 256}), {}});
  ParameterId mean = maker.statistic({4}), variance = maker.statistic({4});
  maker.add("m", "bn", {pool}, {4, 4, 4},
            BatchNormLayer{0.1, 1e-5, maker.parameter({4}), maker.parameter({4}), mean, variance});
  maker.add("n", "groupnorm", {pool}, {4, 4, 4}, GroupNormLayer{2, false, 1e-5, {}, {}});
  maker.add("o", "gelu", {again}, {4, 8, 8}, ActivationLayer{ActivationLayer::Gelu});
  maker.add("p", "max", {pool, pool}, {4, 4, 4}, JoinLayer{JoinLayer::Max});
  maker.add("q", "dropout", {pool}, {4, 4, 4}, DropoutLayer{0.5});
  const int64_t wanted[] = {0, 0, 4 * 64 * 4, 4 * 64 * 4, 0,          0,  64, 64, 0, (256 + 64) * 4,
                            0, 0, 256,        16,         4 * 64 * 4, 64, 0};
  std::vector<int64_t> kept = keptBytes(maker.net);
  CHECK_EQUAL(kept.size(), std::size(wanted));
  for (size_t i = 0; i < kept.size(); ++i)
    CHECK_EQUAL(kept[i], wanted[i]);
}

//===----------------------------------------------------------------------===//
// Rows and pictures
//===----------------------------------------------------------------------===//

/// A residual block in a block, a shared layer used twice, two outputs.
TypedNet blockNet() {
  Maker maker;
  maker.net.name = "Blocks<&>";
  TensorId image = maker.input({3, 32, 32}, "image");
  TensorId at = maker.relu("relu1", maker.conv("conv1", image, {16, 32, 32}, 3));
  for (std::string block : {"Basic1", "Basic2"}) {
    TensorId a = maker.conv(block + ".ConvBN1.conv1", at, {16, 32, 32}, 3);
    ParameterId mean = maker.statistic({16}), variance = maker.statistic({16});
    TensorId b =
        maker.add(block + ".ConvBN1.bn1", "bn", {a}, {16, 32, 32},
                  BatchNormLayer{0.1, 1e-5, maker.parameter({16}, block == "Basic1"),
                                 maker.parameter({16}, block == "Basic1"), mean, variance});
    TensorId sum =
        maker.add(block + ".add1", "add", {b, at}, {16, 32, 32}, JoinLayer{JoinLayer::Add});
    at = maker.relu(block + ".relu1", sum);
  }
  TensorId code = at;
  for (bool isReuse : {false, true, true}) {
    at = maker.conv("f.conv1", at, {16, 32, 32}, 3);
    maker.net.layers.back().isReuse = isReuse;
  }
  maker.output("code", code);
  maker.output("y", at);
  return std::move(maker.net);
}

void checkRows() {
  TypedNet net = blockNet();
  CHECK_EQUAL(netRows(net, std::nullopt).size(), net.layers.size());
  CHECK_EQUAL(netRows(net, 3).size(), net.layers.size());
  // conv1 relu1, twice (ConvBN1 add1 relu1), three uses of f.conv1
  CHECK_EQUAL(netRows(net, 2).size(), 11);
  std::vector<NetRow> rows = netRows(net, 1);
  CHECK_EQUAL(rows.size(), 7);
  CHECK_EQUAL(rows[2].name == "Basic1" && rows[2].isBlock, true);
  CHECK_EQUAL(rows[2].layers.size(), 4);
  CHECK_EQUAL(rows[2].cost.parameters(), 16 * 16 * 9 + 32);
  CHECK_EQUAL(rows[2].cost.frozen, 0);
  CHECK_EQUAL(rows[3].cost.frozen, 32); // running statistics are none
  CHECK_EQUAL(rows[3].cost.trained, 16 * 16 * 9);
  CHECK_EQUAL(rows[3].cost.macs, 16 * 16 * 9 * 32 * 32);
  CHECK_EQUAL(rows[3].field[0], 7);
  CHECK_EQUAL(rows[4].isReuse, false);
  CHECK_EQUAL(rows[5].isReuse && rows[6].isReuse, true);
  CHECK_EQUAL(rows[5].cost.parameters(), 0);
  CHECK_EQUAL(rows[5].cost.macs, rows[4].cost.macs);
  Cost total = totalCost(rows), all = totalCost(netRows(net, std::nullopt));
  CHECK_EQUAL(total.parameters(), all.parameters());
  CHECK_EQUAL(total.kept, all.kept);
}

} // namespace

int main(int argc, char **argv) {
  std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "dot" || mode == "folded") {
    TypedNet net = blockNet();
    std::optional<int64_t> depth;
    if (mode == "folded")
      depth = 1;
    Graph graph = drawGraph(net, netRows(net, depth));
    std::fputs(graph.dot.c_str(), stdout);
    return 0;
  }
  checkRandomChains();
  checkFields();
  checkKept();
  checkRows();
  std::printf("%lld checks\n", static_cast<long long>(checks));
}

// A frame for each block, within it one for the inner block; the steps between.
// DOT: digraph net {
// DOT: n0 [label=<<b>conv 16</b>{{.*}}>3x3 pad 1<{{.*}}>conv1 · 432<
// DOT: subgraph cluster_0 {
// DOT-NEXT: label=<Basic1>
// DOT: n4 [label=<<b>add</b>>
// DOT: subgraph cluster_1 {
// DOT-NEXT: label=<ConvBN1>
// DOT-NEXT: n2 [label=<<b>conv 16</b>
// DOT: label=<Basic2>
// DOT: label=<f>
// DOT: n11 {{.*}}shared{{.*}}dashed
// DOT: i0 [label=<<b>image</b>{{.*}}[3, 32, 32]
// DOT: o0 [label=<<b>code</b>
// DOT: o1 [label=<<b>y</b>
// DOT: i0 -> n0 [label=" [3, 32, 32]"]
// DOT: n3 -> n4
// DOT-NEXT: n1 -> n4 [label=" [16, 32, 32]"]
// DOT: n9 -> o0
// DOT: n12 -> o1

// A box for each block; its two uses of a tensor are one arrow.
// FOLDED-NOT: subgraph
// FOLDED: n2 [label=<<b>Basic1</b>{{.*}}4 layers{{.*}}>2,336<
// FOLDED-NOT: subgraph
// FOLDED: n1 -> n2
// FOLDED-NOT: n1 -> n2
// FOLDED: n2 -> n3
