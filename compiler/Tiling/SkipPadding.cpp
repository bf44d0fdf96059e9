//===- SkipPadding.cpp - Iterations that only read padding ----------------===//

#include "compiler/Passes.h"
#include "compiler/Support/LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace cnnc {
#define GEN_PASS_DEF_SKIPPADDINGPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace cnnc;

namespace {

bool isZero(TypedAttr value) {
  if (auto number = dyn_cast<FloatAttr>(value))
    return number.getValue().isZero();
  auto number = dyn_cast<IntegerAttr>(value);
  return number && number.getValue().isZero();
}

/// Whether `insert` writes nothing of the border that `border` fills.
bool leavesBorder(tensor::InsertSliceOp insert, cnn::FillBorderOp border) {
  if (ShapedType::isDynamicShape(insert.getStaticOffsets()) ||
      ShapedType::isDynamicShape(insert.getStaticSizes()) ||
      llvm::any_of(insert.getStaticStrides(), [](int64_t stride) { return stride != 1; }))
    return false;
  ArrayRef<int64_t> shape = insert.getDestType().getShape();
  for (auto [dim, size] : llvm::enumerate(shape)) {
    int64_t first = insert.getStaticOffsets()[dim];
    if (first < border.getLow()[dim] ||
        first + insert.getStaticSizes()[dim] > size - border.getHigh()[dim])
      return false;
  }
  return true;
}

/// The border of zeros around what `value` holds; null if it has none.
cnn::FillBorderOp borderOf(Value value) {
  SmallVector<tensor::InsertSliceOp> inserts;
  while (auto insert = value.getDefiningOp<tensor::InsertSliceOp>()) {
    inserts.push_back(insert);
    value = insert.getDest();
  }
  auto border = value.getDefiningOp<cnn::FillBorderOp>();
  if (!border || !isZero(border.getValue()))
    return {};
  bool isWhole = llvm::all_of(
      inserts, [&](tensor::InsertSliceOp insert) { return leavesBorder(insert, border); });
  return isWhole ? border : cnn::FillBorderOp();
}

/// Whether the only accumulator is a sum of products of which `input` is a factor.
bool sumsProductsOf(const LoopNest &nest, BlockArgument input) {
  Operation *sum = nest.combiningOp();
  if (!isa_and_nonnull<arith::AddFOp>(sum))
    return false;
  return llvm::any_of(sum->getOperands(), [&](Value term) {
    auto product = term.getDefiningOp<arith::MulFOp>();
    return product && llvm::is_contained(product->getOperands(), input);
  });
}

struct SkipPaddingPass final : cnnc::impl::SkipPaddingPassBase<SkipPaddingPass> {
  void runOnOperation() override {
    getOperation().walk([&](cnn::KernelOp kernel) { restrict(kernel); });
  }

  void restrict(cnn::KernelOp kernel) {
    LoopNest nest = *LoopNest::of(kernel);
    SmallVector<AffineExpr> inside;
    for (auto [number, input] : llvm::enumerate(nest.inputs))
      if (cnn::FillBorderOp border = borderOf(input->get()))
        if (sumsProductsOf(nest, nest.body->getArgument(number)))
          addInside(nest, kernel.getMap(*input), border, inside);
    if (inside.empty())
      return;
    SmallVector<bool> areEqual(inside.size(), false);
    kernel.setDomain(IntegerSet::get(nest.loops(), 0, inside, areEqual));
    ++restricted;
  }

  /// The conditions under which an input is read inside of its border, without those that always
  /// hold.
  static void addInside(const LoopNest &nest, AffineMap map, cnn::FillBorderOp border,
                        SmallVectorImpl<AffineExpr> &inside) {
    ArrayRef<int64_t> shape = cast<ShapedType>(border.getOutput().getType()).getShape();
    for (auto [dim, index] : llvm::enumerate(map.getResults())) {
      int64_t low = border.getLow()[dim], last = shape[dim] - border.getHigh()[dim] - 1;
      std::optional<LinearIndex> range = nest.linear(index);
      auto reduces = [&](unsigned loop) {
        return nest.reductions[loop] && range->strides[loop] != 0;
      };
      // What no reducing loop decides is a result of zero, which is written all the same.
      if (!range || llvm::none_of(llvm::seq(nest.loops()), reduces))
        continue;
      auto [least, most] = nest.reachOf(*range);
      if (least < low)
        inside.push_back(index - low);
      if (most > last)
        inside.push_back(last - index);
    }
  }
};

} // namespace
