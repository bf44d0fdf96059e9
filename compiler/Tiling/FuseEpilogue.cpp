//===- FuseEpilogue.cpp - What is done to results, while in registers -----===//
//
// A kernel takes in the element-wise op that reads its result: bias, activation, the
// shortcut's addition, a mask. If others read the result too, it is written as well.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Support/LoopNest.h"
#include "compiler/Tiling/FusionRemarks.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/IRMapping.h"

namespace cnnc {
#define GEN_PASS_DEF_FUSEEPILOGUEPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace cnnc;

namespace {

/// Where a kernel's result is read by the op that the kernel shall take in.
struct Edge {
  OpResult result;
  OpOperand *use;
  linalg::GenericOp user;
};

/// Why `user` cannot run on the kernel's results; empty if it can.
StringRef obstacleOf(cnn::KernelOp kernel, const Edge &edge) {
  linalg::GenericOp user = edge.user;
  LoopNest nest = *LoopNest::of(user);
  if (!kernel.getPool().empty())
    return "the kernel pools its results";
  if (nest.hasReductions())
    return "it reduces";
  if (nest.usesIndices())
    return "it counts its elements";
  if (nest.readsOutputs())
    return "it updates what it writes";
  if (!user.getMatchingIndexingMap(edge.use).isPermutation())
    return "it reads elements several times";
  if (llvm::count_if(user->getOperands(), [&](Value v) { return v == edge.result; }) > 1)
    return "it reads the result twice";
  for (Value operand : user->getOperands())
    if (operand.getDefiningOp() == kernel && operand != edge.result)
      return "it reads another result, too";
  for (Operation *other : kernel->getUsers())
    if (other != user && other->isBeforeInBlock(user))
      return "another op needs the result earlier";
  return "";
}

/// The fused kernel, as it grows.
class Fusion {
public:
  Fusion(cnn::KernelOp kernel, const Edge &edge)
      : kernel(kernel), edge(edge), builder(edge.user), isKept(!edge.result.hasOneUse()) {}

  cnn::KernelOp build() {
    mapLoops();
    collectOperands();
    SmallVector<Attribute> maps(inputMaps);
    llvm::append_range(maps, extraMaps);
    llvm::append_range(maps, outputMaps);
    auto fused = cnn::KernelOp::create(builder, edge.user.getLoc(), ValueRange(outputs).getTypes(),
                                       kernel.getInputs(), extras, outputs,
                                       builder.getArrayAttr(maps), kernel.getExtentsAttr(),
                                       kernel.getReductionsAttr(), kernel.getStartsAttr(),
                                       /*window=*/nullptr, /*domain=*/nullptr);
    fused->setLoc(builder.getFusedLoc({kernel.getLoc(), edge.user.getLoc()}));
    fused.getReduce().takeBody(kernel.getReduce());
    buildFinish(fused);
    replaceResults(fused);
    return fused;
  }

private:
  /// Loop i of the user is loop loops[i] of the kernel.
  void mapLoops() {
    AffineMap read = edge.user.getMatchingIndexingMap(edge.use);
    OpOperand *output = kernel.getTiedOpOperand(edge.result);
    AffineMap written = kernel.getMap(*output);
    loops.resize(read.getNumDims());
    for (auto [from, to] : llvm::zip_equal(read.getResults(), written.getResults()))
      loops[cast<AffineDimExpr>(from).getPosition()] = to;
  }

  Attribute translated(OpOperand &operand) {
    AffineMap map = edge.user.getMatchingIndexingMap(&operand);
    return AffineMapAttr::get(map.replaceDimsAndSymbols(loops, {}, kernel.getExtents().size(), 0));
  }

  void collectOperands() {
    for (OpOperand &operand : kernel->getOpOperands()) {
      Attribute map = AffineMapAttr::get(kernel.getMap(operand));
      unsigned number = operand.getOperandNumber(), inputs = kernel.getInputs().size();
      if (number < inputs) {
        inputMaps.push_back(map);
      } else if (number < inputs + kernel.getExtras().size()) {
        extras.push_back(operand.get());
        extraMaps.push_back(map);
      } else if (isKept || kernel.getTiedOpResult(&operand) != edge.result) {
        outputs.push_back(operand.get());
        outputMaps.push_back(map);
      }
    }
    for (OpOperand *operand : edge.user.getDpsInputOperands())
      if (operand != edge.use) {
        extras.push_back(operand->get());
        extraMaps.push_back(translated(*operand));
      }
    for (OpOperand &output : edge.user.getDpsInitsMutable()) {
      outputs.push_back(output.get());
      outputMaps.push_back(translated(output));
    }
  }

  static Type elementOf(Value value) {
    auto shaped = dyn_cast<ShapedType>(value.getType());
    return shaped ? shaped.getElementType() : value.getType();
  }

  void buildFinish(cnn::KernelOp fused) {
    Region &region = fused.getFinish();
    region.takeBody(kernel.getFinish());
    Block &finish = region.front();
    auto yield = cast<cnn::YieldOp>(finish.getTerminator());
    IRMapping mapping;
    for (OpOperand *operand : edge.user.getDpsInputOperands()) {
      BlockArgument argument = edge.user.getMatchingBlockArgument(operand);
      if (operand == edge.use)
        mapping.map(argument, yield.getOperand(edge.result.getResultNumber()));
      else
        mapping.map(argument,
                    finish.addArgument(elementOf(operand->get()), operand->get().getLoc()));
    }
    builder.setInsertionPoint(yield);
    for (Operation &op : edge.user.getBody()->without_terminator())
      builder.clone(op, mapping);
    SmallVector<Value> results;
    for (auto [i, value] : llvm::enumerate(yield.getValues()))
      if (isKept || i != edge.result.getResultNumber())
        results.push_back(value);
    for (Value value : edge.user.getBody()->getTerminator()->getOperands())
      results.push_back(mapping.lookupOrDefault(value));
    cnn::YieldOp::create(builder, yield.getLoc(), results);
    yield->erase();
  }

  void replaceResults(cnn::KernelOp fused) {
    unsigned number = 0;
    for (OpResult result : kernel->getResults())
      if (isKept || result != edge.result)
        result.replaceAllUsesWith(fused->getResult(number++));
    for (OpResult result : edge.user->getResults())
      result.replaceAllUsesWith(fused->getResult(number++));
    edge.user->erase();
    kernel->erase();
  }

  cnn::KernelOp kernel;
  Edge edge;
  OpBuilder builder;
  bool isKept;
  SmallVector<AffineExpr> loops;
  SmallVector<Value> extras, outputs;
  SmallVector<Attribute> inputMaps, extraMaps, outputMaps;
};

struct FuseEpiloguePass final : cnnc::impl::FuseEpiloguePassBase<FuseEpiloguePass> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<cnn::KernelOp> kernels;
    getOperation().walk([&](cnn::KernelOp kernel) { kernels.push_back(kernel); });
    for (cnn::KernelOp kernel : kernels)
      while (std::optional<Edge> edge = findEdge(kernel)) {
        remarkFused(kernel.getLoc(), edge->user.getLoc());
        kernel = Fusion(kernel, *edge).build();
        ++fused;
      }
  }

  /// The first user, in the order of the text, that the kernel can take in.
  std::optional<Edge> findEdge(cnn::KernelOp kernel) {
    std::optional<Edge> first;
    for (OpResult result : kernel->getResults())
      for (OpOperand &use : result.getUses()) {
        auto user = dyn_cast<linalg::GenericOp>(use.getOwner());
        if (!user || !user.hasPureTensorSemantics() || user.isDpsInit(&use) ||
            user->getBlock() != kernel->getBlock())
          continue;
        Edge edge{result, &use, user};
        bool isFull = kernel.getExtras().size() >= maxExtras;
        StringRef obstacle =
            isFull ? "the kernel reads enough tensors already" : obstacleOf(kernel, edge);
        if (!obstacle.empty()) {
          remarkRefused(kernel.getLoc(), user.getLoc(), obstacle);
          continue;
        }
        if (!first || user->isBeforeInBlock(first->user))
          first = edge;
      }
    return first;
  }
};

} // namespace
