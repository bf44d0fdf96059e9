//===- GraphJoins.cpp - add, sub, mul, max and concat as cnn ops ----------===//

#include "compiler/IRGen/GraphBuilder.h"

using namespace mlir;
using namespace cnnc;

Value GraphBuilder::lower(const JoinLayer &layer, ArrayRef<Value> inputs) {
  if (layer.kind == JoinLayer::Concat)
    return concat(inputs);
  llvm_unreachable("TODO H1");
}
