//===- pools.cpp - Maxima, means and norms of windows ---------------------===//

#include "test/oracle/LayerRun.h"

using namespace cnnc;
using namespace cnnc::oracle;

namespace {

/// What one output of a pool reads: places in the input, in row-major order, and what a
/// mean divides by.
struct Cell {
  std::vector<size_t> places;
  double divisor;
};

/// The positions that taps of window `index` fall on, inside of the input and not.
struct Taps {
  std::vector<int64_t> inside;
  int64_t counted = 0; ///< those in the input or in the padding that was asked for
};

} // namespace

static Taps tapsOf(const WindowAxis &axis, int64_t overhang, int64_t input, int64_t index) {
  Taps taps;
  for (int64_t tap = 0; tap < axis.size; ++tap) {
    int64_t position = index * axis.stride + tap * axis.dilation - axis.padLow;
    taps.counted += position < input + axis.padHigh - overhang;
    if (position >= 0 && position < input)
      taps.inside.push_back(position);
  }
  return taps;
}

/// Calls visit(cell, place of the output) for each output of a pool.
template <typename Visit>
static void forEachCell(const PoolLayer &layer, LayerRun &run, Visit &&visit) {
  const Array &in = run.input();
  forEach(*run.output, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    Taps rows = tapsOf(layer.window[0], layer.overhang[0], in.size(2), y);
    Taps columns = tapsOf(layer.window[1], layer.overhang[1], in.size(3), x);
    Cell cell;
    for (int64_t iy : rows.inside)
      for (int64_t ix : columns.inside)
        cell.places.push_back(in.offset(n, c, iy, ix));
    cell.divisor =
        layer.countPadding ? double(rows.counted * columns.counted) : double(cell.places.size());
    visit(cell, run.output->offset(n, c, y, x));
  });
}

template <typename Visit>
static void forEachCell(const GlobalPoolLayer &, LayerRun &run, Visit &&visit) {
  size_t area = size_t(run.input().size(2) * run.input().size(3));
  for (size_t i = 0; i < run.output->values.size(); ++i) {
    Cell cell;
    for (size_t j = 0; j < area; ++j)
      cell.places.push_back(i * area + j);
    cell.divisor = double(area);
    visit(cell, i);
  }
}

template <typename Visit>
static void forEachCell(const AdaptivePoolLayer &layer, LayerRun &run, Visit &&visit) {
  const Array &in = run.input();
  auto first = [](int64_t index, int64_t input, int64_t outputs) {
    return index * input / outputs;
  };
  auto end = [](int64_t index, int64_t input, int64_t outputs) {
    return int64_t(std::ceil(double((index + 1) * input) / double(outputs)));
  };
  forEach(*run.output, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    Cell cell;
    for (int64_t iy = first(y, in.size(2), layer.output[0]);
         iy < end(y, in.size(2), layer.output[0]); ++iy)
      for (int64_t ix = first(x, in.size(3), layer.output[1]);
           ix < end(x, in.size(3), layer.output[1]); ++ix)
        cell.places.push_back(in.offset(n, c, iy, ix));
    cell.divisor = double(cell.places.size());
    visit(cell, run.output->offset(n, c, y, x));
  });
}

//===----------------------------------------------------------------------===//
// Maxima
//===----------------------------------------------------------------------===//

/// The first of the largest.
static size_t placeOfMaximum(const Cell &cell, const Array &in) {
  size_t best = cell.places[0];
  for (size_t place : cell.places)
    if (in.values[place] > in.values[best])
      best = place;
  return best;
}

template <typename LayerType> static void takeMaxima(const LayerType &layer, LayerRun &run) {
  const Array &in = run.input();
  forEachCell(layer, run, [&](const Cell &cell, size_t at) {
    size_t best = placeOfMaximum(cell, in);
    run.output->values[at] = in.values[best];
    for (size_t place : cell.places)
      if (place != best)
        run.kinks->compare(in.values[place], in.values[best]);
  });
}

template <typename LayerType> static void sendToMaxima(const LayerType &layer, LayerRun &run) {
  forEachCell(layer, run, [&](const Cell &cell, size_t at) {
    run.inputGradients[0]->values[placeOfMaximum(cell, run.input())] +=
        run.outputGradient->values[at];
  });
}

//===----------------------------------------------------------------------===//
// Means
//===----------------------------------------------------------------------===//

template <typename LayerType> static void takeMeans(const LayerType &layer, LayerRun &run) {
  forEachCell(layer, run, [&](const Cell &cell, size_t at) {
    double sum = 0;
    for (size_t place : cell.places)
      sum += run.input().values[place];
    run.output->values[at] = sum / cell.divisor;
  });
}

template <typename LayerType> static void spreadMeans(const LayerType &layer, LayerRun &run) {
  forEachCell(layer, run, [&](const Cell &cell, size_t at) {
    for (size_t place : cell.places)
      run.inputGradients[0]->values[place] += run.outputGradient->values[at] / cell.divisor;
  });
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

void oracle::forward(const PoolLayer &layer, LayerRun &run) {
  if (layer.kind == PoolLayer::Max)
    return takeMaxima(layer, run);
  if (layer.kind == PoolLayer::Average)
    return takeMeans(layer, run);
  forEachCell(layer, run, [&](const Cell &cell, size_t at) {
    double squares = 0;
    for (size_t place : cell.places)
      squares += run.input().values[place] * run.input().values[place];
    run.output->values[at] = std::sqrt(squares);
  });
}

void oracle::backward(const PoolLayer &layer, LayerRun &run) {
  if (layer.kind == PoolLayer::Max)
    return sendToMaxima(layer, run);
  if (layer.kind == PoolLayer::Average)
    return spreadMeans(layer, run);
  forEachCell(layer, run, [&](const Cell &cell, size_t at) {
    double norm = run.output->values[at];
    for (size_t place : cell.places)
      if (norm != 0)
        run.inputGradients[0]->values[place] +=
            run.outputGradient->values[at] * run.input().values[place] / norm;
  });
}

void oracle::forward(const GlobalPoolLayer &layer, LayerRun &run) {
  layer.kind == GlobalPoolLayer::Max ? takeMaxima(layer, run) : takeMeans(layer, run);
}

void oracle::backward(const GlobalPoolLayer &layer, LayerRun &run) {
  layer.kind == GlobalPoolLayer::Max ? sendToMaxima(layer, run) : spreadMeans(layer, run);
}

void oracle::forward(const AdaptivePoolLayer &layer, LayerRun &run) { takeMeans(layer, run); }
void oracle::backward(const AdaptivePoolLayer &layer, LayerRun &run) { spreadMeans(layer, run); }
