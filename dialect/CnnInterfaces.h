//===- CnnInterfaces.h - What passes ask of an op ---------------------------===//
#ifndef CNN_INTERFACES_H
#define CNN_INTERFACES_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

namespace mlir::cnn {

/// Carries a derivative rule's input and output: the gradients towards the
/// results, and those towards the operands that the rule builds.
class GradientSink {
public:
  GradientSink(OpBuilder &builder, Operation *op, ArrayRef<Value> resultGradients,
               ArrayRef<bool> needed)
      : builder(builder), loc(op->getLoc()), resultGradients(resultGradients), needed(needed),
        operandGradients(needed.size()) {}

  /// The gradient towards a result; null where the loss does not depend on it.
  Value result(unsigned index = 0) const { return resultGradients[index]; }
  bool needs(unsigned operand) const { return needed[operand]; }
  void set(unsigned operand, Value gradient) { operandGradients[operand] = gradient; }
  ArrayRef<Value> gradients() const { return operandGradients; }

  /// Creates an op of the backward pass at the location of the op it belongs to.
  template <typename OpTy, typename... Args> OpTy create(Args &&...args) {
    return OpTy::create(builder, loc, std::forward<Args>(args)...);
  }

  OpBuilder &builder;
  Location loc;

private:
  ArrayRef<Value> resultGradients;
  ArrayRef<bool> needed;
  SmallVector<Value> operandGradients;
};

} // namespace mlir::cnn

#include "dialect/CnnInterfaces.h.inc"

#endif // CNN_INTERFACES_H
