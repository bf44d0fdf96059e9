//===- GraphActivations.cpp - Activations and norms as cnn ops ------------===//

#include "compiler/IRGen/GraphBuilder.h"

using namespace mlir;
using namespace cnnc;

Value GraphBuilder::lower(const ActivationLayer &layer, Value input) {
  switch (layer.kind) {
  case ActivationLayer::Relu:
    return op<cnn::ReluOp>(input);
  case ActivationLayer::Tanh:
    return op<cnn::TanhOp>(input);
  case ActivationLayer::Sigmoid:
    return op<cnn::SigmoidOp>(input);
  default:
    break;
  }
  llvm_unreachable("TODO H1");
}

Value GraphBuilder::lower(const SoftmaxLayer &, Value input) { return op<cnn::SoftmaxOp>(input); }

Value GraphBuilder::lower(const GroupNormLayer &layer, Value input) { llvm_unreachable("TODO H1"); }

Value GraphBuilder::lower(const PReluLayer &layer, Value input) { llvm_unreachable("TODO H1"); }

Value GraphBuilder::lower(const ScaleLayer &layer, Value input) { llvm_unreachable("TODO H1"); }
