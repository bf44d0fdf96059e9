//===- JoinReductions.cpp - Several sums in one pass over memory ----------===//
//
// A normalization's gradient sums dy and dy * y: apart, each sum reads dy from memory.
// As one kernel with an accumulator each they read it once.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

namespace cnnc {
#define GEN_PASS_DEF_JOINREDUCTIONSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// Elements of a vector from which lanes are worth it.
constexpr int64_t kFewestLanes = 8;

bool indexedByAll(AffineMap map) {
  for (unsigned loop = 0; loop < map.getNumDims(); ++loop)
    if (!map.isFunctionOfDim(loop))
      return false;
  return true;
}

bool reduces(cnn::KernelOp kernel, AffineMap map) {
  for (auto [loop, isReduced] : llvm::enumerate(kernel.getReductions()))
    if (isReduced && map.isFunctionOfDim(loop))
      return true;
  return false;
}

/// Whether the lanes of vectors can be neighbours that do not reduce: a vector of sums has one
/// accumulator a lane, whatever their number, and lanes that are added up have one accumulator.
bool hasLanesApart(cnn::KernelOp kernel, AffineMap map) {
  auto last = dyn_cast<AffineDimExpr>(map.getResults().back());
  return last && !kernel.getReductions()[last.getPosition()] &&
         kernel.getExtents()[last.getPosition()] >= kFewestLanes;
}

/// A kernel that passes over tensors once: each input has an element for every iteration, or
/// one for all that are summed.
bool isSweep(cnn::KernelOp kernel) {
  if (!kernel.getExtras().empty() || !kernel.getPool().empty())
    return false;
  return llvm::all_of(kernel.getInputsMutable(), [&](OpOperand &input) {
    AffineMap map = kernel.getMap(input);
    return indexedByAll(map) ? hasLanesApart(kernel, map) : !reduces(kernel, map);
  });
}

bool isSame(cnn::KernelOp a, OpOperand &inA, cnn::KernelOp b, OpOperand &inB) {
  return inA.get() == inB.get() && a.getMap(inA) == b.getMap(inB);
}

/// Whether both read a tensor that has an element for every iteration.
bool shareTensor(cnn::KernelOp a, cnn::KernelOp b) {
  for (OpOperand &inA : a.getInputsMutable())
    for (OpOperand &inB : b.getInputsMutable())
      if (isSame(a, inA, b, inB) && indexedByAll(a.getMap(inA)))
        return true;
  return false;
}

/// Whether both compute the same of the same.
bool areEqual(cnn::KernelOp a, cnn::KernelOp b) {
  auto isSameRegion = [](Region &x, Region &y) {
    return OperationEquivalence::isRegionEquivalentTo(&x, &y,
                                                      OperationEquivalence::IgnoreLocations);
  };
  return a.getInputs() == b.getInputs() && a.getExtras() == b.getExtras() &&
         a.getResultTypes() == b.getResultTypes() &&
         a->getAttrDictionary() == b->getAttrDictionary() &&
         isSameRegion(a.getReduce(), b.getReduce()) && isSameRegion(a.getFinish(), b.getFinish()) &&
         isSameRegion(a.getPool(), b.getPool());
}

/// The place of one of two kernels at which both can stand; null if neither is one.
Operation *placeFor(cnn::KernelOp first, cnn::KernelOp second) {
  auto isThere = [&](Value value) {
    Operation *definition = value.getDefiningOp();
    return !definition || definition->isBeforeInBlock(first);
  };
  if (llvm::all_of(second.getInputs(), isThere))
    return first;
  bool isReadBefore = llvm::any_of(first->getUsers(), [&](Operation *user) {
    return user == second || user->isBeforeInBlock(second);
  });
  return isReadBefore ? nullptr : second.getOperation();
}

/// Two kernels as one, with the accumulators and results of both.
class Join {
public:
  Join(cnn::KernelOp first, cnn::KernelOp second, Operation *place)
      : kernels{first, second}, builder(place) {}

  cnn::KernelOp build() {
    Location loc = builder.getFusedLoc({kernels[0].getLoc(), kernels[1].getLoc()});
    collectInputs();
    SmallVector<Value> outputs;
    SmallVector<Attribute> starts, outputMaps;
    for (cnn::KernelOp kernel : kernels) {
      for (OpOperand &output : kernel.getOutputsMutable()) {
        auto type = cast<RankedTensorType>(output.get().getType());
        outputs.push_back(
            tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType()));
        outputMaps.push_back(AffineMapAttr::get(kernel.getMap(output)));
      }
      llvm::append_range(starts, kernel.getStarts());
    }
    maps.append(outputMaps);
    auto joined = cnn::KernelOp::create(
        builder, loc, ValueRange(outputs).getTypes(), inputs, ValueRange(), outputs,
        builder.getArrayAttr(maps), kernels[0].getExtentsAttr(), kernels[0].getReductionsAttr(),
        builder.getArrayAttr(starts), /*window=*/nullptr, /*domain=*/nullptr);
    buildRegions(joined, loc);
    unsigned number = 0;
    for (cnn::KernelOp kernel : kernels) {
      for (OpResult result : kernel->getResults())
        result.replaceAllUsesWith(joined->getResult(number++));
      kernel.erase();
    }
    return joined;
  }

private:
  void collectInputs() {
    for (auto [number, kernel] : llvm::enumerate(kernels))
      for (OpOperand &input : kernel.getInputsMutable()) {
        Attribute map = AffineMapAttr::get(kernel.getMap(input));
        unsigned at = 0;
        while (at < inputs.size() && (inputs[at] != input.get() || maps[at] != map))
          ++at;
        if (at == inputs.size()) {
          inputs.push_back(input.get());
          maps.push_back(map);
        }
        places[number].push_back(at);
      }
  }

  void buildRegions(cnn::KernelOp joined, Location loc) {
    Block &reduce = joined.getReduce().emplaceBlock(), &finish = joined.getFinish().emplaceBlock();
    for (Value input : inputs) {
      auto shaped = dyn_cast<ShapedType>(input.getType());
      reduce.addArgument(shaped ? shaped.getElementType() : input.getType(), loc);
    }
    for (Attribute start : joined.getStarts())
      for (Block *block : {&reduce, &finish})
        block->addArgument(cast<TypedAttr>(start).getType(), loc);
    SmallVector<Value> sums, results;
    unsigned sum = 0;
    for (auto [number, kernel] : llvm::enumerate(kernels)) {
      size_t count = kernel.getStarts().size();
      SmallVector<Value> arguments = llvm::map_to_vector(
          places[number], [&](unsigned at) -> Value { return reduce.getArgument(at); });
      llvm::append_range(arguments, reduce.getArguments().slice(inputs.size() + sum, count));
      copy(kernel.getReduce().front(), arguments, reduce, sums);
      copy(kernel.getFinish().front(),
           llvm::to_vector_of<Value>(finish.getArguments().slice(sum, count)), finish, results);
      sum += count;
    }
    builder.setInsertionPointToEnd(&reduce);
    cnn::YieldOp::create(builder, loc, sums);
    builder.setInsertionPointToEnd(&finish);
    cnn::YieldOp::create(builder, loc, results);
  }

  void copy(Block &from, ArrayRef<Value> arguments, Block &to, SmallVectorImpl<Value> &results) {
    IRMapping mapping;
    mapping.map(from.getArguments(), arguments);
    builder.setInsertionPointToEnd(&to);
    for (Operation &op : from.without_terminator())
      builder.clone(op, mapping);
    for (Value value : from.getTerminator()->getOperands())
      results.push_back(mapping.lookupOrDefault(value));
  }

  std::array<cnn::KernelOp, 2> kernels;
  OpBuilder builder;
  SmallVector<Value> inputs;
  SmallVector<Attribute> maps;
  std::array<SmallVector<unsigned>, 2> places; ///< of each kernel's inputs among all
};

struct JoinReductionsPass final : cnnc::impl::JoinReductionsPassBase<JoinReductionsPass> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<cnn::KernelOp> sweeps;
    shareEqual();
    getOperation().walk([&](cnn::KernelOp kernel) {
      if (!isSweep(kernel))
        return;
      for (cnn::KernelOp &earlier : sweeps)
        if (Operation *place = placeToJoin(earlier, kernel)) {
          earlier = Join(earlier, kernel, place).build();
          ++joined;
          return;
        }
      sweeps.push_back(kernel);
    });
  }

private:
  /// What is computed twice is computed once: softmax's sums are those of its loss.
  void shareEqual() {
    DenseMap<Value, SmallVector<cnn::KernelOp>> kernelsOf;
    getOperation().walk([&](cnn::KernelOp kernel) {
      if (kernel.getInputs().empty() || !kernel.hasPureTensorSemantics())
        return;
      SmallVector<cnn::KernelOp> &earlier = kernelsOf[kernel.getInputs()[0]];
      auto found = llvm::find_if(earlier, [&](cnn::KernelOp other) {
        return other->getBlock() == kernel->getBlock() && areEqual(other, kernel);
      });
      if (found == earlier.end()) {
        earlier.push_back(kernel);
        return;
      }
      kernel->replaceAllUsesWith(*found);
      kernel.erase();
      ++shared;
    });
  }

  /// Where the two can be one; null if they cannot.
  Operation *placeToJoin(cnn::KernelOp first, cnn::KernelOp second) const {
    if (first->getBlock() != second->getBlock() || first.getExtents() != second.getExtents() ||
        first.getReductions() != second.getReductions() || !shareTensor(first, second) ||
        first.getInputs().size() + second.getInputs().size() > maxInputs)
      return nullptr;
    return placeFor(first, second);
  }
};

} // namespace
