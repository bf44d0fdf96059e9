//===- ReuseOperands.cpp - Element-wise ops over an operand ---------------===//
//
// An op whose loops touch, for each element, one place of an operand and the same place
// of its result loads the element before it stores there. So if the operand ends its life
// there, the result can have its memory: a line that has just been read is written, and
// no other one is fetched. Different iterations touch different places, so vectors and
// threads change nothing.
//
//===----------------------------------------------------------------------===//

#include "compiler/Memory/ReuseOperands.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;

namespace {

/// Whether the result is the operand in another shape.
bool isReshape(Operation *op) {
  return isa_and_nonnull<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp>(op);
}

/// The tensor whose memory a value is all of.
Value rootOf(Value value) {
  while (isReshape(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return value;
}

/// Whether an op behind `last` reads the tensor, or a view of it.
bool isReadAfter(Value tensor, Operation *last) {
  return llvm::any_of(tensor.getUsers(), [&](Operation *user) {
    if (isReshape(user) || isa<tensor::ExtractSliceOp>(user))
      return isReadAfter(user->getResult(0), last);
    Operation *there = last->getBlock()->findAncestorOpInBlock(*user);
    return !there || last->isBeforeInBlock(there);
  });
}

/// Why the op cannot write over its operand; nothing if it can.
StringRef obstacleTo(linalg::LinalgOp op, OpOperand &operand) {
  Value root = rootOf(operand.get());
  Operation *definition = root.getDefiningOp();
  if (!definition)
    return "it is an argument";
  if (definition->hasTrait<OpTrait::ConstantLike>())
    return "it is a constant";
  if (isa<tensor::ExtractSliceOp>(definition))
    return "it is a part of a tensor";
  if (isReadAfter(root, op))
    return "it is read later";
  for (OpOperand &other : op->getOpOperands()) {
    if (rootOf(other.get()) != root)
      continue;
    if (op.isDpsInit(&other))
      return "another result is written over it";
    if (!op.getMatchingIndexingMap(&other).isIdentity())
      return "it is read at other places than the result is written at";
  }
  return "";
}

/// Takes the first operand over which the result can be written.
void reuseIn(linalg::LinalgOp op, OpOperand &result) {
  OpOperand *refused = nullptr;
  StringRef obstacle;
  for (OpOperand *input : op.getDpsInputOperands()) {
    if (input->get().getType() != result.get().getType())
      continue;
    StringRef here = obstacleTo(op, *input);
    if (here.empty())
      return result.set(input->get());
    if (!refused) {
      refused = input;
      obstacle = here;
    }
  }
  if (refused)
    remark::missed(op.getLoc(), remark::RemarkOpts::name("in-place").category("cnn-memory"))
        << remark::add("is not written over operand {0}: {1}", refused->getOperandNumber(),
                       obstacle);
}

} // namespace

void cnnc::reuseOperands(func::FuncOp function) {
  for (auto op : function.getBody().front().getOps<linalg::LinalgOp>()) {
    if (op.getNumParallelLoops() != op.getNumLoops())
      continue;
    for (OpOperand &result : op.getDpsInitsMutable())
      if (result.get().getDefiningOp<tensor::EmptyOp>() &&
          op.getMatchingIndexingMap(&result).isIdentity())
        reuseIn(op, result);
  }
}
