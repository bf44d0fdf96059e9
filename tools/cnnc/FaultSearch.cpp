//===- FaultSearch.cpp - The layer at which values begin to differ --------===//
//
// A network of L layers has 2L + 1 steps: the layers, the loss, the layers backwards.
// After each step some tensors are all that later steps can read. If none of them
// differs, the fault is later; if one does, it is earlier: a binary search, with a
// network compiled for each question.
//
//===----------------------------------------------------------------------===//

#include "tools/cnnc/FaultSearch.h"

#include "llvm/ADT/STLExtras.h"

using namespace cnnc;

std::optional<size_t> FaultSearch::firstReader(TensorId id) const {
  for (size_t i = 0; i < net.layers.size(); ++i)
    if (llvm::is_contained(net.layers[i].inputs, id))
      return i;
  return std::nullopt;
}

/// Whether something behind the first layers reads a tensor.
bool FaultSearch::isKept(TensorId id, size_t layersDone) const {
  for (const Layer &layer : llvm::drop_begin(net.layers, layersDone))
    if (llvm::is_contained(layer.inputs, id))
      return true;
  return llvm::is_contained(net.outputs, id) ||
         (net.train && llvm::any_of(net.train->loss, [&](const LossTerm &term) {
            return term.prediction == id || (term.targetIsTensor && term.target == id);
          }));
}

FaultSearch::View FaultSearch::viewAfter(size_t position) const {
  size_t layers = net.layers.size();
  View view;
  if (position <= layers) {
    for (const Layer &layer : llvm::ArrayRef(net.layers).take_front(position))
      if (isKept(layer.output, position))
        view.values.push_back(layer.output);
    return view;
  }
  view.loss = true;
  if (position == layers + 1)
    return view;
  size_t first = 2 * layers + 1 - position;
  view.firstLayer = first;
  // A gradient is complete when all readers of its tensor have added to it.
  for (const Layer &layer : llvm::ArrayRef(net.layers).take_front(first)) {
    std::optional<size_t> reader = firstReader(layer.output);
    if (reader && *reader >= first)
      view.gradients.push_back(layer.output);
  }
  return view;
}

bool FaultSearch::isInView(const View &view, const ComputedTensor &tensor) const {
  switch (tensor.kind) {
  case ComputedTensor::Probe:
    return true;
  case ComputedTensor::Loss:
    return view.loss;
  case ComputedTensor::ParameterGradient:
    return view.firstLayer &&
           llvm::any_of(llvm::drop_begin(net.layers, *view.firstLayer), [&](const Layer &layer) {
             return llvm::is_contained(parametersOf(layer), ParameterId(tensor.number));
           });
  case ComputedTensor::InputGradient:
    return view.firstLayer && firstReader(net.inputs[tensor.number]) >= view.firstLayer;
  default:
    return false;
  }
}

std::string FaultSearch::probeName(const View &view, uint32_t probe) const {
  bool isValue = probe < view.values.size();
  TensorId id = isValue ? view.values[probe] : view.gradients[probe - view.values.size()];
  for (const Layer &layer : net.layers)
    if (layer.output == id)
      return (isValue ? "output of " : "gradient of the output of ") + layer.name;
  return "";
}

Result<Comparison> FaultSearch::compareAt(Entry entry, size_t position) const {
  View view = viewAfter(position);
  IRGenOptions irgen{.batch = options.batch, .doublePrecision = options.doublePrecision};
  irgen.forward = entry == Entry::Forward;
  irgen.trainStep = false;
  irgen.gradient = entry == Entry::Gradient;
  irgen.valueProbes = view.values;
  irgen.gradientProbes = view.gradients;
  auto compute = [&](const PipelineOptions &pipeline, Effort effort) -> Result<ComputedTensors> {
    Result<LoweredNet> lowered = LoweredNet::lower(net, sources, irgen, pipeline);
    if (!lowered)
      return lowered.status();
    Result<RunnableNet> runnable = lowered->generate(effort, options.cache);
    return runnable ? runnable->run(entry, net, data) : runnable.status();
  };
  Result<ComputedTensors> expected = compute({.reference = true}, Effort::Quick);
  if (!expected)
    return expected.status();
  Result<ComputedTensors> found = compute(suspect.pipeline, suspect.effort);
  if (!found)
    return found.status();
  Result<ComputedTensors> truth = ComputedTensors();
  irgen.doublePrecision = true;
  if (tolerance.needsTruth())
    truth = compute({.reference = true}, Effort::Quick);
  if (!truth)
    return truth.status();
  for (ComputedTensor &tensor : *expected)
    if (tensor.kind == ComputedTensor::Probe)
      tensor.name = probeName(view, tensor.number);
  return compare(*found, *expected, tolerance.boundsOf(*expected, *truth),
                 [&](const ComputedTensor &tensor) { return isInView(view, tensor); });
}

Fault FaultSearch::faultAt(Entry entry, size_t position, Difference difference) const {
  size_t layers = net.layers.size();
  Fault fault{.entry = entry, .part = Fault::ForwardPass, .difference = std::move(difference)};
  if (layers == 0)
    fault.range = net.range;
  if (position == layers + 1) {
    fault.part = Fault::Loss;
    fault.range = net.train->loss.front().range;
  }
  if (layers == 0 || position == layers + 1)
    return fault;
  if (position > layers)
    fault.part = Fault::BackwardPass;
  const Layer &layer = net.layers[position <= layers ? position - 1 : 2 * layers + 1 - position];
  fault.layer = layer.name;
  fault.range = layer.range;
  return fault;
}

/// A step moved what its gradient did not: the parameter says which layer it is.
static Fault faultOfStep(const TypedNet &net, const Difference &seen) {
  Fault fault{.entry = Entry::TrainStep, .part = Fault::Step, .difference = seen};
  fault.range = net.train->range;
  if (seen.kind == ComputedTensor::Loss) {
    fault.part = Fault::Loss;
    fault.range = net.train->loss.front().range;
    return fault;
  }
  for (const Layer &layer : net.layers)
    if (fault.layer.empty() && llvm::is_contained(parametersOf(layer), seen.number)) {
      fault.layer = layer.name;
      fault.range = layer.range;
    }
  return fault;
}

Result<Fault> FaultSearch::find(Entry entry, const Difference &seen, bool isGradientMoved) {
  if (entry == Entry::TrainStep)
    return faultOfStep(net, seen);
  size_t layers = net.layers.size(), clean = 0;
  size_t moved = entry == Entry::Forward ? layers : layers + 1 + (isGradientMoved ? layers : 0);
  Difference difference = seen;
  while (moved - clean > 1) {
    size_t middle = clean + (moved - clean) / 2;
    Result<Comparison> comparison = compareAt(entry, middle);
    if (!comparison)
      return comparison.status();
    if (comparison->worst.isMoved()) {
      moved = middle;
      difference = comparison->worst;
    } else {
      clean = middle;
    }
  }
  return faultAt(entry, moved, std::move(difference));
}
