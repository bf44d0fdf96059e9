//===- PlaceHalos.cpp - Padding around what is computed in its middle -----===//
//
// A padded copy would cost as much as the tensor. Its border costs little: so the padded
// tensor is made first, and what computes the inside finds a place there (bufferization's
// eliminateEmptyTensors), if it is made before what computes.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

namespace cnnc {
#define GEN_PASS_DEF_PLACEHALOSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// The first op that writes what becomes `value`, into a new tensor; null if none does.
Operation *firstWriter(Value value) {
  Operation *writer = nullptr;
  while (auto op = value.getDefiningOp<DestinationStyleOpInterface>()) {
    writer = op;
    value = op.getTiedOpOperand(cast<OpResult>(value))->get();
  }
  return writer && value.getDefiningOp<tensor::EmptyOp>() ? writer : nullptr;
}

struct PlaceHalosPass final : cnnc::impl::PlaceHalosPassBase<PlaceHalosPass> {
  void runOnOperation() override {
    SmallVector<tensor::PadOp> pads;
    getOperation().walk([&](tensor::PadOp pad) { pads.push_back(pad); });
    for (tensor::PadOp pad : pads)
      if (failed(place(pad)))
        return signalPassFailure();
  }

  LogicalResult place(tensor::PadOp pad) {
    TypedAttr value;
    Value constant = pad.getConstantPaddingValue();
    if (!constant || !matchPattern(constant, m_Constant(&value)) || !pad.getLow().empty() ||
        !pad.getHigh().empty() || !pad.getResultType().hasStaticShape())
      return pad.emitOpError("expected padding of static width with a constant");
    RankedTensorType type = pad.getResultType();
    OpBuilder builder(pad);
    if (Operation *writer = firstWriter(pad.getSource()))
      builder.setInsertionPoint(writer);
    Location loc = pad.getLoc();
    Value target = tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
    Value border = cnn::FillBorderOp::create(builder, loc, type, target, pad.getStaticLow(),
                                             pad.getStaticHigh(), value)
                       .getOutput();
    builder.setInsertionPoint(pad);
    SmallVector<int64_t> ones(type.getRank(), 1);
    auto indices = [&](ArrayRef<int64_t> numbers) {
      return getAsIndexOpFoldResult(builder.getContext(), numbers);
    };
    Value whole = tensor::InsertSliceOp::create(
        builder, loc, pad.getSource(), border, indices(pad.getStaticLow()),
        indices(pad.getSourceType().getShape()), indices(ones));
    pad.replaceAllUsesWith(whole);
    pad.erase();
    ++placed;
    return success();
  }
};

} // namespace
