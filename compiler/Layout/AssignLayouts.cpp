//===- AssignLayouts.cpp - Images side by side, or row-major --------------===//
//
// One choice for a whole function, so that neighbours agree: a single layer in
// another layout would pay for moving its tensors there and back.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/TypeSwitch.h"

namespace cnnc {
#define GEN_PASS_DEF_ASSIGNLAYOUTSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

constexpr unsigned kImageRank = 4; ///< N, C, H, W

bool isImage(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getRank() == kImageRank && type.getElementType().isFloat();
}

/// Which dimension of each value counts images.
class BatchDimensions {
public:
  explicit BatchDimensions(func::FuncOp function) {
    for (BlockArgument argument : function.getArguments()) {
      auto role = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), cnn::kRoleAttr);
      if (role && role.getValue() == "input" && isImage(argument))
        dims[argument] = 0;
    }
    for (Operation &op : function.getBody().front())
      visit(&op);
  }

  std::optional<int64_t> of(Value value) const {
    auto found = dims.find(value);
    return found == dims.end() ? std::nullopt : std::optional(found->second);
  }

private:
  void visit(Operation *op) {
    if (auto transpose = dyn_cast<cnn::TransposeOp>(op)) {
      if (std::optional<int64_t> dim = of(transpose.getInput()))
        for (auto [i, source] : llvm::enumerate(transpose.getPermutation()))
          if (source == *dim)
            dims[transpose.getOutput()] = i;
      return;
    }
    if (auto conv = dyn_cast<cnn::Conv2DOp>(op)) {
      // Images in dimension 1 are summed over: the filter's gradient has none.
      if (of(conv.getInput()) == 0)
        dims[conv.getOutput()] = 0;
      return;
    }
    if (auto reshape = dyn_cast<cnn::ReshapeOp>(op)) {
      // The way back from a matrix of features to the images they came from.
      if (isImage(reshape.getOutput()))
        dims[reshape.getOutput()] = 0;
      return;
    }
    bool fromImages = llvm::any_of(op->getOperands(), [&](Value v) { return of(v) == 0; });
    for (Value result : op->getResults())
      if (fromImages && cast<ShapedType>(result.getType()).getRank() == kImageRank)
        dims[result] = 0;
  }

  DenseMap<Value, int64_t> dims;
};

/// Ops whose lowering honours the attribute.
bool honoursLayout(Operation *op) {
  return isa<cnn::Conv2DOp, cnn::MaxPoolOp, cnn::PoolArgmaxOp, cnn::PoolTakeOp, cnn::UnpoolOp,
             cnn::SumPoolOp, cnn::AvgPoolOp, cnn::L2PoolOp, cnn::AverageWindowsOp, cnn::AddOp,
             cnn::SubOp, cnn::MulOp, cnn::DivOp, cnn::ScaleOp, cnn::PowOp, cnn::ReluOp,
             cnn::ReluMaskOp, cnn::TanhOp, cnn::SigmoidOp, cnn::BiasAddOp, cnn::ScaleChannelsOp,
             cnn::ReduceSumOp, cnn::NormalizeOp, cnn::BatchNormOp, cnn::PadOp, cnn::ConcatOp,
             cnn::UpsampleOp, cnn::UpsampleAdjointOp, cnn::AdaptiveAvgPoolOp, cnn::AdaptiveSpreadOp,
             cnn::PositionNormOp, cnn::MaxOp, cnn::WhereOp, cnn::ExpOp, cnn::ErfcOp, cnn::LReluOp,
             cnn::PReluOp, cnn::Relu6Op, cnn::EluOp, cnn::HardSigmoidOp, cnn::HardSwishOp,
             cnn::SoftplusOp, cnn::GeluOp, cnn::SiluOp>(op);
}

struct AssignLayoutsPass final : cnnc::impl::AssignLayoutsPassBase<AssignLayoutsPass> {
  using Base::Base;

  /// Whether vectors of images beat vectors of positions everywhere.
  bool isWorthwhile(func::FuncOp function, const BatchDimensions &batch) {
    bool hasConvolution = false;
    for (Operation &op : function.getBody().front())
      for (Value value : op.getOperands()) {
        if (batch.of(value) != 0)
          continue;
        ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
        if (shape[0] % lanes != 0 || shape[3] >= widest)
          return false;
        hasConvolution |= isa<cnn::Conv2DOp>(op);
      }
    return hasConvolution;
  }

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isDeclaration())
      return;
    BatchDimensions batch(function);
    if (!isWorthwhile(function, batch))
      return;
    Builder builder(function.getContext());
    for (Operation &op : function.getBody().front()) {
      if (!honoursLayout(&op))
        continue;
      std::optional<int64_t> dim = batch.of(op.getOperand(0));
      if (!dim || (*dim != 0 && !isa<cnn::Conv2DOp>(op)))
        continue;
      op.setAttr(cnn::kInnermostAttr, builder.getI64IntegerAttr(*dim));
      ++assigned;
    }
  }
};

} // namespace
