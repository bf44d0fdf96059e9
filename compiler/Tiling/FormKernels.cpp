//===- FormKernels.cpp - Reductions whose sums wait in registers ----------===//

#include "compiler/Passes.h"
#include "compiler/Support/LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

namespace cnnc {
#define GEN_PASS_DEF_FORMKERNELSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace cnnc;

namespace {

/// The constant that fills `value`, or null.
TypedAttr startOf(Value value) {
  auto fill = value.getDefiningOp<linalg::FillOp>();
  TypedAttr start;
  if (!fill || !matchPattern(fill.getInputs()[0], m_Constant(&start)))
    return {};
  return start;
}

/// Whether each result of the map is a loop of its own, or the only place of its dimension, and
/// every loop that does not reduce is one.
bool writesOnce(const LoopNest &nest) {
  unsigned kept = llvm::count(nest.reductions, false);
  return llvm::all_of(nest.outputs, [&](OpOperand *output) {
    AffineMap map = nest.mapOf(*output);
    if (!map.isProjectedPermutation(/*allowZeroInResults=*/true))
      return false;
    ArrayRef<int64_t> shape = cast<ShapedType>(output->get().getType()).getShape();
    unsigned loops = 0;
    for (auto [result, size] : llvm::zip_equal(map.getResults(), shape)) {
      loops += isa<AffineDimExpr>(result);
      if (!isa<AffineDimExpr>(result) && size != 1)
        return false;
    }
    return loops == kept;
  });
}

/// Moves a body to a region of the kernel; `values` are what its arguments become.
void moveBody(OpBuilder &builder, Block &from, ArrayRef<Value> values) {
  IRMapping mapping;
  for (auto [argument, value] : llvm::zip_equal(from.getArguments(), values))
    if (value)
      mapping.map(argument, value);
  for (Operation &op : from.without_terminator())
    builder.clone(op, mapping);
  SmallVector<Value> results = llvm::map_to_vector(
      from.getTerminator()->getOperands(), [&](Value v) { return mapping.lookupOrDefault(v); });
  cnn::YieldOp::create(builder, from.getTerminator()->getLoc(), results);
}

struct FormKernelsPass final : cnnc::impl::FormKernelsPassBase<FormKernelsPass> {
  void runOnOperation() override {
    SmallVector<linalg::GenericOp> ops;
    getOperation().walk([&](linalg::GenericOp op) { ops.push_back(op); });
    for (linalg::GenericOp op : ops)
      form(op);
  }

  void form(linalg::GenericOp op) {
    std::optional<LoopNest> nest = LoopNest::of(op);
    if (!nest || !op.hasPureTensorSemantics() || !nest->hasReductions() || nest->usesIndices() ||
        !writesOnce(*nest))
      return;
    SmallVector<Attribute> starts;
    for (OpOperand *output : nest->outputs) {
      TypedAttr start = startOf(output->get());
      if (!start)
        return;
      starts.push_back(start);
    }
    replace(op, *nest, starts);
    ++formed;
  }

  void replace(linalg::GenericOp op, const LoopNest &nest, ArrayRef<Attribute> starts) {
    OpBuilder builder(op);
    Location loc = op.getLoc();
    SmallVector<Value> inputs, outputs;
    SmallVector<Attribute> maps;
    SmallVector<BlockArgument> used;
    // What only gave its shape to loops is no operand: the kernel knows their sizes.
    for (auto [i, input] : llvm::enumerate(nest.inputs))
      if (!nest.body->getArgument(i).use_empty()) {
        inputs.push_back(input->get());
        maps.push_back(AffineMapAttr::get(nest.mapOf(*input)));
        used.push_back(nest.body->getArgument(i));
      }
    // What nobody reads is an accumulator, but no output: the largest, where its place is asked
    // for.
    SmallVector<OpResult> read;
    for (OpOperand *output : nest.outputs) {
      OpResult result = op->getResult(output->getOperandNumber() - op.getNumDpsInputs());
      if (result.use_empty())
        continue;
      read.push_back(result);
      auto type = cast<RankedTensorType>(output->get().getType());
      outputs.push_back(
          tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType()));
      maps.push_back(AffineMapAttr::get(nest.mapOf(*output)));
    }
    auto kernel = cnn::KernelOp::create(
        builder, loc, ValueRange(outputs).getTypes(), inputs, ValueRange(), outputs,
        builder.getArrayAttr(maps), builder.getDenseI64ArrayAttr(nest.extents),
        builder.getDenseBoolArrayAttr(nest.reductions), builder.getArrayAttr(starts),
        /*window=*/nullptr, /*domain=*/nullptr);

    SmallVector<Type> elements = llvm::map_to_vector(
        starts, [](Attribute start) { return cast<TypedAttr>(start).getType(); });
    Block &reduce = kernel.getReduce().emplaceBlock(), &finish = kernel.getFinish().emplaceBlock();
    SmallVector<Value> arguments(nest.inputs.size());
    for (BlockArgument argument : used)
      arguments[argument.getArgNumber()] = reduce.addArgument(argument.getType(), loc);
    for (Type element : elements)
      arguments.push_back(reduce.addArgument(element, loc));
    builder.setInsertionPointToStart(&reduce);
    moveBody(builder, *nest.body, arguments);
    finish.addArguments(elements, SmallVector<Location>(elements.size(), loc));
    builder.setInsertionPointToStart(&finish);
    SmallVector<Value> sums = llvm::map_to_vector(read, [&](OpResult result) -> Value {
      return finish.getArgument(result.getResultNumber());
    });
    cnn::YieldOp::create(builder, loc, sums);
    for (auto [result, replacement] : llvm::zip_equal(read, kernel->getResults()))
      result.replaceAllUsesWith(replacement);
    SmallVector<Value> filled(op.getDpsInits());
    op->erase();
    // Nobody reads the start in memory any more.
    for (Value start : filled)
      if (start.use_empty() && start.getDefiningOp<linalg::FillOp>())
        start.getDefiningOp()->erase();
  }
};

} // namespace
