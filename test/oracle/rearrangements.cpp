//===- rearrangements.cpp - Elements at other places ----------------------===//
//
// Every output is a weighted sum of inputs with constant weights. A layer lists the pairs
// (output, input, weight); forward and backward walk over them.
//
//===----------------------------------------------------------------------===//

#include "test/oracle/LayerRun.h"

using namespace cnnc;
using namespace cnnc::oracle;

//===----------------------------------------------------------------------===//
// Upsampling
//===----------------------------------------------------------------------===//

namespace {

/// The two neighbours of an output position along one axis, and their shares.
struct Neighbours {
  int64_t position[2];
  double share[2];
};

} // namespace

static Neighbours neighbours(const UpsampleLayer &layer, int64_t at, int64_t inputs) {
  if (!layer.isBilinear)
    return {{at / layer.factor, 0}, {1, 0}};
  double source = (double(at) + 0.5) / double(layer.factor) - 0.5, low = std::floor(source);
  auto inside = [&](double position) {
    return int64_t(std::fmin(std::fmax(position, 0), double(inputs - 1)));
  };
  return {{inside(low), inside(low + 1)}, {low + 1 - source, source - low}};
}

template <typename Visit>
static void forEachPair(const UpsampleLayer &layer, LayerRun &run, Visit &&visit) {
  const Array &in = run.input();
  forEach(*run.output, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    Neighbours rows = neighbours(layer, y, in.size(2)), columns = neighbours(layer, x, in.size(3));
    for (int i : {0, 1})
      for (int j : {0, 1})
        if (rows.share[i] * columns.share[j] != 0)
          visit(run.output->offset(n, c, y, x),
                in.offset(n, c, rows.position[i], columns.position[j]),
                rows.share[i] * columns.share[j]);
  });
}

//===----------------------------------------------------------------------===//
// One input an output
//===----------------------------------------------------------------------===//

template <typename Visit>
static void forEachPair(const ReshapeLayer &, LayerRun &run, Visit &&visit) {
  for (size_t i = 0; i < run.output->values.size(); ++i)
    visit(i, i, 1);
}

template <typename Visit>
static void forEachPair(const PadLayer &layer, LayerRun &run, Visit &&visit) {
  const Array &in = run.input(), &out = *run.output;
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    int64_t oc = c + layer.low[0], oy = y + layer.low[1], ox = x + layer.low[2];
    if (oc >= 0 && oc < out.size(1) && oy >= 0 && oy < out.size(2) && ox >= 0 && ox < out.size(3))
      visit(out.offset(n, oc, oy, ox), in.offset(n, c, y, x), 1);
  });
}

template <typename Visit>
static void forEachPair(const ShuffleLayer &layer, LayerRun &run, Visit &&visit) {
  const Array &in = run.input();
  int64_t perGroup = in.size(1) / layer.groups;
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    int64_t moved = c % perGroup * layer.groups + c / perGroup;
    visit(in.offset(n, moved, y, x), in.offset(n, c, y, x), 1);
  });
}

/// The places that PyTorch's PixelShuffle connects: channel c*n*n + i*n + j of the deep
/// array at (y, x), and channel c of the wide one at (y*n + i, x*n + j).
template <typename Visit>
static void forEachPixel(const Array &deep, const Array &wide, int64_t factor, Visit &&visit) {
  forEach(deep, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    int64_t i = c / factor % factor, j = c % factor;
    visit(deep.offset(n, c, y, x),
          wide.offset(n, c / (factor * factor), y * factor + i, x * factor + j));
  });
}

template <typename Visit>
static void forEachPair(const DepthToSpaceLayer &layer, LayerRun &run, Visit &&visit) {
  forEachPixel(run.input(), *run.output, layer.factor,
               [&](size_t deep, size_t wide) { visit(wide, deep, 1); });
}

template <typename Visit>
static void forEachPair(const SpaceToDepthLayer &layer, LayerRun &run, Visit &&visit) {
  forEachPixel(*run.output, run.input(), layer.factor,
               [&](size_t deep, size_t wide) { visit(deep, wide, 1); });
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

template <typename LayerType> static void gather(const LayerType &layer, LayerRun &run) {
  forEachPair(layer, run, [&](size_t output, size_t input, double weight) {
    run.output->values[output] += weight * run.input().values[input];
  });
}

template <typename LayerType> static void scatter(const LayerType &layer, LayerRun &run) {
  forEachPair(layer, run, [&](size_t output, size_t input, double weight) {
    run.inputGradients[0]->values[input] += weight * run.outputGradient->values[output];
  });
}

void oracle::forward(const UpsampleLayer &layer, LayerRun &run) { gather(layer, run); }
void oracle::backward(const UpsampleLayer &layer, LayerRun &run) { scatter(layer, run); }
void oracle::forward(const ReshapeLayer &layer, LayerRun &run) { gather(layer, run); }
void oracle::backward(const ReshapeLayer &layer, LayerRun &run) { scatter(layer, run); }
void oracle::forward(const PadLayer &layer, LayerRun &run) { gather(layer, run); }
void oracle::backward(const PadLayer &layer, LayerRun &run) { scatter(layer, run); }
void oracle::forward(const ShuffleLayer &layer, LayerRun &run) { gather(layer, run); }
void oracle::backward(const ShuffleLayer &layer, LayerRun &run) { scatter(layer, run); }
void oracle::forward(const DepthToSpaceLayer &layer, LayerRun &run) { gather(layer, run); }
void oracle::backward(const DepthToSpaceLayer &layer, LayerRun &run) { scatter(layer, run); }
void oracle::forward(const SpaceToDepthLayer &layer, LayerRun &run) { gather(layer, run); }
void oracle::backward(const SpaceToDepthLayer &layer, LayerRun &run) { scatter(layer, run); }
