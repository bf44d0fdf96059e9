//===- GraphBuilder.cpp - The layers of a network as cnn ops --------------===//

#include "compiler/IRGen/GraphBuilder.h"

using namespace mlir;
using namespace cnnc;

Location Locations::at(SourceRange range, StringRef name) const {
  const SourceFile &text = sources.fileOf(range.begin);
  LineColumn position = text.lineColumn(range.begin);
  Location file = FileLineColLoc::get(&context, text.name(), position.line, position.column);
  return name.empty() ? file : NameLoc::get(StringAttr::get(&context, name), file);
}

bool cnnc::usesRandomNumbers(const TypedNet &net) {
  return llvm::any_of(net.layers, [](const Layer &layer) {
    return std::holds_alternative<DropoutLayer>(layer.kind);
  });
}

void GraphBuilder::build() {
  for (const Layer &layer : net.layers) {
    loc = locations.at(layer.range, layer.name);
    current = &layer;
    SmallVector<Value> inputs =
        llvm::map_to_vector(layer.inputs, [&](TensorId id) { return tensors[id]; });
    tensors[layer.output] = std::visit(
        llvm::makeVisitor([&](const JoinLayer &join) { return lower(join, inputs); },
                          [&](const BackwardLayer &backward) { return lower(backward, inputs); },
                          [&](const WeightLayer &weight) { return parameter(weight.weight); },
                          [&](const auto &kind) { return lower(kind, inputs[0]); }),
        layer.kind);
  }
}

Value GraphBuilder::addBias(Value input, std::optional<ParameterId> bias) {
  return bias ? op<cnn::BiasAddOp>(input, parameter(*bias)) : input;
}

Value GraphBuilder::flatten(Value input) {
  ArrayRef<int64_t> shape = shapeOf(input);
  if (shape.size() == 2)
    return input;
  int64_t features = ShapedType::getNumElements(shape.drop_front());
  return op<cnn::ReshapeOp>(input, ArrayRef<int64_t>{shape[0], features});
}

Value GraphBuilder::lower(const ConvLayer &layer, Value input) {
  WindowLists window(layer.window);
  Value result = op<cnn::Conv2DOp>(input, parameter(layer.weight), window.strides, window.padding,
                                   window.dilations, window.inputDilations, layer.groups,
                                   /*batch_groups=*/1);
  return addBias(result, layer.bias);
}

Value GraphBuilder::lower(const FcLayer &layer, Value input) {
  Value product = op<cnn::MatmulOp>(flatten(input), parameter(layer.weight),
                                    /*transpose_a=*/false, /*transpose_b=*/true);
  return addBias(product, layer.bias);
}

Value GraphBuilder::lower(const PoolLayer &layer, Value input) {
  WindowLists w(layer.window);
  switch (layer.kind) {
  case PoolLayer::Max:
    return op<cnn::MaxPoolOp>(input, w.kernel, w.strides, w.padding, w.dilations);
  case PoolLayer::Average:
    return op<cnn::AvgPoolOp>(input, w.kernel, w.strides, w.padding, w.dilations,
                              layer.countPadding, layer.overhang);
  case PoolLayer::L2:
    return op<cnn::L2PoolOp>(input, w.kernel, w.strides, w.padding, w.dilations);
  }
  llvm_unreachable("all kinds of pools are handled");
}

Value GraphBuilder::lower(const LrnLayer &layer, Value input) {
  return op<cnn::LrnOp>(input, layer.size, APFloat(layer.alpha), APFloat(layer.beta),
                        APFloat(layer.k));
}

Value GraphBuilder::lossTerm(const LossTerm &term, Value prediction, Value target) {
  switch (term.kind) {
  case LossTerm::CrossEntropy:
    return op<cnn::CrossEntropyOp>(prediction, target, APFloat(term.smooth));
  case LossTerm::Nll:
    return op<cnn::NegativeLogLikelihoodOp>(prediction, target);
  case LossTerm::Hinge:
    return op<cnn::HingeOp>(prediction, target);
  case LossTerm::BinaryCrossEntropy:
    return op<cnn::BinaryCrossEntropyOp>(prediction, target);
  case LossTerm::MeanSquaredError:
    return op<cnn::MeanSquaredErrorOp>(prediction, target);
  case LossTerm::MeanAbsoluteError:
    return op<cnn::MeanAbsoluteErrorOp>(prediction, target);
  case LossTerm::Huber:
    return op<cnn::HuberOp>(prediction, target, APFloat(term.delta));
  }
  llvm_unreachable("all kinds of losses are handled");
}

Value GraphBuilder::loss(ArrayRef<Value> targets) {
  Value total;
  for (const LossTerm &term : net.train->loss) {
    loc = locations.at(term.range, "loss");
    Value target = term.targetIsTensor ? tensors[term.target] : targets[term.target];
    Value value = lossTerm(term, tensors[term.prediction], target);
    if (term.weight != 1)
      value = op<cnn::ScaleOp>(value, term.weight);
    total = total ? op<cnn::AddOp>(total, value) : value;
  }
  return total;
}
