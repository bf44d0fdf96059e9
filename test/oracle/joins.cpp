//===- joins.cpp - Several tensors become one -----------------------------===//

#include "test/oracle/LayerRun.h"

using namespace cnnc;
using namespace cnnc::oracle;

/// The element of `part` that stands at a position of what it is spread over: an axis of
/// size 1 repeats.
static size_t spread(const Array &part, int64_t n, int64_t c, int64_t y, int64_t x) {
  return part.offset(n, part.size(1) == 1 ? 0 : c, part.size(2) == 1 ? 0 : y,
                     part.size(3) == 1 ? 0 : x);
}

/// Calls visit(place of the output, places of the inputs).
template <typename Visit> static void forEachElement(LayerRun &run, Visit &&visit) {
  std::vector<size_t> places(run.inputs.size());
  forEach(*run.output, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    for (size_t i = 0; i < places.size(); ++i)
      places[i] = spread(*run.inputs[i], n, c, y, x);
    visit(run.output->offset(n, c, y, x), places);
  });
}

/// Calls visit(number of the input, its place, place of the output).
template <typename Visit> static void forEachChannel(LayerRun &run, Visit &&visit) {
  int64_t first = 0;
  for (size_t i = 0; i < run.inputs.size(); ++i) {
    const Array &part = *run.inputs[i];
    forEach(part, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
      visit(i, part.offset(n, c, y, x), run.output->offset(n, first + c, y, x));
    });
    first += part.size(1);
  }
}

/// The number of the first input that holds the largest element.
static size_t largestOf(const LayerRun &run, const std::vector<size_t> &places) {
  size_t best = 0;
  for (size_t i = 1; i < places.size(); ++i)
    if (run.inputs[i]->values[places[i]] > run.inputs[best]->values[places[best]])
      best = i;
  return best;
}

static double joined(JoinLayer::Kind kind, const LayerRun &run, const std::vector<size_t> &places) {
  if (kind == JoinLayer::Max) {
    size_t best = largestOf(run, places);
    return run.inputs[best]->values[places[best]];
  }
  double result = run.inputs[0]->values[places[0]];
  for (size_t i = 1; i < places.size(); ++i) {
    double next = run.inputs[i]->values[places[i]];
    result = kind == JoinLayer::Mul   ? result * next
             : kind == JoinLayer::Sub ? result - next
                                      : result + next;
  }
  return result;
}

/// The derivative of the join towards its input `i`.
static double slope(JoinLayer::Kind kind, const LayerRun &run, const std::vector<size_t> &places,
                    size_t i) {
  if (kind == JoinLayer::Max)
    return largestOf(run, places) == i;
  if (kind == JoinLayer::Sub)
    return i == 0 ? 1 : -1;
  double others = 1;
  if (kind == JoinLayer::Mul)
    for (size_t j = 0; j < places.size(); ++j)
      if (j != i)
        others *= run.inputs[j]->values[places[j]];
  return others;
}

void oracle::forward(const JoinLayer &layer, LayerRun &run) {
  if (layer.kind == JoinLayer::Concat) {
    forEachChannel(run, [&](size_t i, size_t from, size_t to) {
      run.output->values[to] = run.inputs[i]->values[from];
    });
    return;
  }
  forEachElement(run, [&](size_t at, const std::vector<size_t> &places) {
    run.output->values[at] = joined(layer.kind, run, places);
    if (layer.kind != JoinLayer::Max)
      return;
    size_t best = largestOf(run, places);
    for (size_t i = 0; i < places.size(); ++i)
      if (i != best)
        run.kinks->compare(run.inputs[i]->values[places[i]], run.output->values[at]);
  });
}

void oracle::backward(const JoinLayer &layer, LayerRun &run) {
  if (layer.kind == JoinLayer::Concat) {
    forEachChannel(run, [&](size_t i, size_t from, size_t to) {
      run.inputGradients[i]->values[from] += run.outputGradient->values[to];
    });
    return;
  }
  forEachElement(run, [&](size_t at, const std::vector<size_t> &places) {
    for (size_t i = 0; i < places.size(); ++i)
      run.inputGradients[i]->values[places[i]] +=
          run.outputGradient->values[at] * slope(layer.kind, run, places, i);
  });
}
