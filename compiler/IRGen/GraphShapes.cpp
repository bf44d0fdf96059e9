//===- GraphShapes.cpp - Layers that move elements as cnn ops -------------===//

#include "compiler/IRGen/GraphBuilder.h"

using namespace mlir;
using namespace cnnc;

/// flatten and reshape; the batch stays in front.
Value GraphBuilder::lower(const ReshapeLayer &, Value input) {
  SmallVector<int64_t> shape{shapeOf(input)[0]};
  llvm::append_range(shape, net.tensors[current->output].shape);
  if (ArrayRef(shape) == shapeOf(input))
    return input;
  return op<cnn::ReshapeOp>(input, shape);
}

Value GraphBuilder::lower(const DeconvLayer &layer, Value input) { llvm_unreachable("TODO H2"); }

Value GraphBuilder::lower(const GlobalPoolLayer &layer, Value input) { llvm_unreachable("TODO H2"); }

Value GraphBuilder::lower(const AdaptivePoolLayer &layer, Value input) { llvm_unreachable("TODO H2"); }

Value GraphBuilder::lower(const UpsampleLayer &layer, Value input) { llvm_unreachable("TODO H2"); }

Value GraphBuilder::lower(const PadLayer &layer, Value input) { llvm_unreachable("TODO H2"); }

Value GraphBuilder::lower(const ShuffleLayer &layer, Value input) { llvm_unreachable("TODO H2"); }

Value GraphBuilder::lower(const DepthToSpaceLayer &layer, Value input) { llvm_unreachable("TODO H2"); }

Value GraphBuilder::lower(const SpaceToDepthLayer &layer, Value input) { llvm_unreachable("TODO H2"); }

Value GraphBuilder::concat(ArrayRef<Value> inputs) { llvm_unreachable("TODO H2"); }
