//===- GraphJoins.cpp - add, sub, mul, max and concat as cnn ops ----------===//

#include "compiler/IRGen/GraphBuilder.h"

using namespace mlir;
using namespace cnnc;

Value GraphBuilder::broadcastTo(ArrayRef<int64_t> shape, Value value) {
  ArrayRef<int64_t> own = shapeOf(value);
  if (own == shape)
    return value;
  // A dimension of size 1 that has more positions in `shape` goes, then comes back.
  SmallVector<int64_t> dims, sizes;
  for (auto [dim, size] : llvm::enumerate(own))
    if (size == shape[dim]) {
      dims.push_back(dim);
      sizes.push_back(size);
    }
  if (ArrayRef<int64_t>(sizes) != own)
    value = op<cnn::ReshapeOp>(value, ArrayRef<int64_t>(sizes));
  return op<cnn::BroadcastOp>(value, ArrayRef<int64_t>(dims), shape);
}

Value GraphBuilder::join(JoinLayer::Kind kind, Value lhs, Value rhs) {
  switch (kind) {
  case JoinLayer::Add:
    return op<cnn::AddOp>(lhs, rhs);
  case JoinLayer::Sub:
    return op<cnn::SubOp>(lhs, rhs);
  case JoinLayer::Mul:
    return op<cnn::MulOp>(lhs, rhs);
  case JoinLayer::Max:
    return op<cnn::MaxOp>(lhs, rhs);
  case JoinLayer::Concat:
    break;
  }
  llvm_unreachable("concat joins all inputs at once");
}

Value GraphBuilder::lower(const JoinLayer &layer, ArrayRef<Value> inputs) {
  if (layer.kind == JoinLayer::Concat)
    return op<cnn::ConcatOp>(inputs);
  SmallVector<int64_t> shape = fullShape(current->output);
  Value total = broadcastTo(shape, inputs[0]);
  for (Value input : inputs.drop_front()) {
    Value next = broadcastTo(shape, input);
    // An op's first operand is one of the whole size, not one that repeats.
    // Only sums and products broadcast, and they do not mind the order.
    if (total.getDefiningOp<cnn::BroadcastOp>() && !next.getDefiningOp<cnn::BroadcastOp>())
      std::swap(total, next);
    total = join(layer.kind, total, next);
  }
  return total;
}
