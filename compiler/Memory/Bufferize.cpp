//===- Bufferize.cpp - Tensors to buffers ---------------------------------===//
//
// Makes the results of each function destinations among its arguments and leaves
// the rest to one-shot bufferization. The destinations are given on tensors
// (`bufferization.materialize_in_destination`), before the analysis: so it is the
// analysis that finds out whether a variable can be updated in place or is still
// read, and no rule of ours has to know.
//
//===----------------------------------------------------------------------===//

#include "compiler/Memory/ReuseOperands.h"
#include "compiler/Passes.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/Bufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Remarks.h"

namespace cnnc {
#define GEN_PASS_DEF_BUFFERIZEPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

constexpr llvm::StringLiteral writableAttr = "bufferization.writable";

//===----------------------------------------------------------------------===//
// Results become destinations
//===----------------------------------------------------------------------===//

/// The tensor whose buffer `value` certainly shares: follows views to their source.
Value viewedTensor(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::ExtractSliceOp, tensor::CastOp,
             tensor::ReshapeOp>(op))
      return value;
    value = op->getOperand(0);
  }
  return value;
}

/// The argument that holds the variable `name`, or null.
BlockArgument variableArgument(func::FuncOp function, StringRef name) {
  for (BlockArgument argument : function.getArguments()) {
    auto role = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), cnn::kRoleAttr);
    auto held = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), cnn::kNameAttr);
    if (role && held && role.getValue() == "variable" && held.getValue() == name)
      return argument;
  }
  return {};
}

/// The destination of result `index`; appends an argument where the role wants one.
FailureOr<BlockArgument> destinationOf(func::FuncOp function, unsigned index,
                                       SmallPtrSetImpl<Value> &updated) {
  auto role = function.getResultAttrOfType<StringAttr>(index, cnn::kRoleAttr);
  auto name = function.getResultAttrOfType<StringAttr>(index, cnn::kNameAttr);
  if (!role)
    return function.emitOpError("expected cnn.role on result ") << index;

  Type type = function.getResultTypes()[index];
  if (role.getValue() == "update") {
    BlockArgument variable = name ? variableArgument(function, name.getValue()) : BlockArgument();
    if (!variable)
      return function.emitOpError("result ") << index << " updates no variable argument";
    if (variable.getType() != type)
      return function.emitOpError("result ")
             << index << " has type " << type << ", but its variable has " << variable.getType();
    if (!updated.insert(variable).second)
      return function.emitOpError("updates variable '") << name.getValue() << "' twice";
    return variable;
  }

  if (!llvm::is_contained({"output", "gradient", "loss", "probe"}, role.getValue()))
    return function.emitOpError("unknown cnn.role ") << role << " on result " << index;
  Builder builder(function.getContext());
  SmallVector<NamedAttribute> attributes{builder.getNamedAttr(cnn::kRoleAttr, role)};
  if (name)
    attributes.push_back(builder.getNamedAttr(cnn::kNameAttr, name));
  unsigned position = function.getNumArguments();
  if (failed(function.insertArgument(position, type, builder.getDictionaryAttr(attributes),
                                     function.getLoc())))
    return failure();
  return function.getArgument(position);
}

/// Puts every returned value into its destination and says which arguments may be written.
LogicalResult materializeResults(func::FuncOp function) {
  auto terminator = cast<func::ReturnOp>(function.getBody().front().getTerminator());
  SmallPtrSet<Value, 16> updated;
  SmallVector<BlockArgument> destinations;
  for (unsigned index = 0; index < terminator.getNumOperands(); ++index) {
    FailureOr<BlockArgument> destination = destinationOf(function, index, updated);
    if (failed(destination))
      return failure();
    destinations.push_back(*destination);
  }

  OpBuilder builder(terminator);
  // A result that is the old value of another, updated variable: it must be copied before the
  // destinations are written one after the other.
  SmallVector<Value> sources(terminator.getOperands());
  for (auto [source, destination] : llvm::zip(sources, destinations)) {
    Value viewed = viewedTensor(source);
    if (updated.contains(viewed) && source != destination)
      source = bufferization::AllocTensorOp::create(
          builder, source.getLoc(), cast<RankedTensorType>(source.getType()), ValueRange(), source);
  }
  // One value for several results is computed in the first destination; the others are copies
  // of that. It cannot be computed in all of them.
  DenseMap<Value, Value> placedValues;
  for (auto [index, original] : llvm::enumerate(sources)) {
    Value source = placedValues.lookup_or(original, original);
    auto placed = bufferization::MaterializeInDestinationOp::create(
        builder, source.getLoc(), source.getType(), source, destinations[index]);
    terminator.setOperand(index, placed.getResult());
    placedValues.try_emplace(original, placed.getResult());
  }

  SmallPtrSet<Value, 16> written(destinations.begin(), destinations.end());
  for (BlockArgument argument : function.getArguments())
    if (isa<TensorType>(argument.getType()))
      function.setArgAttr(argument.getArgNumber(), writableAttr,
                          builder.getBoolAttr(written.contains(argument)));
  return success();
}

//===----------------------------------------------------------------------===//
// One-shot bufferization
//===----------------------------------------------------------------------===//

bufferization::OneShotBufferizationOptions bufferizationOptions() {
  bufferization::OneShotBufferizationOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.setFunctionBoundaryTypeConversion(bufferization::LayoutMapOption::IdentityLayoutMap);
  options.unknownTypeConverterFn = [](TensorType type, Attribute memorySpace,
                                      const bufferization::BufferizationOptions &) {
    return bufferization::getMemRefTypeWithStaticIdentityLayout(type, memorySpace);
  };
  // memref.copy of a strided buffer would become a call into MLIR's own runtime.
  options.memCpyFn = [](OpBuilder &builder, Location location, Value from, Value to) {
    linalg::CopyOp::create(builder, location, from, to);
    return success();
  };
  return options;
}

/// Drops the returned buffers: each is the argument that the value was put into.
LogicalResult dropResults(func::FuncOp function) {
  auto terminator = cast<func::ReturnOp>(function.getBody().front().getTerminator());
  for (auto [index, buffer] : llvm::enumerate(terminator.getOperands()))
    if (!isa<BlockArgument>(buffer))
      return function.emitOpError("result ") << index << " is not in its destination";
  terminator->setOperands({});
  llvm::BitVector all(function.getNumResults(), true);
  return function.eraseResults(all);
}

/// The exit contract: no tensors, and every buffer has a static shape.
LogicalResult checkBuffers(func::FuncOp function) {
  WalkResult result = function.walk([](Operation *op) -> WalkResult {
    for (Type type : llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes())) {
      if (isa<TensorType>(type))
        return op->emitOpError("still has a tensor after bufferization");
      auto buffer = dyn_cast<BaseMemRefType>(type);
      if (buffer && (!buffer.hasRank() || !buffer.hasStaticShape()))
        return op->emitOpError("expected buffers of static shape, but has ") << type;
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// Says which ops write over what they read. Gives their number.
unsigned countInPlace(func::FuncOp function) {
  unsigned inPlace = 0;
  function.walk([&](linalg::LinalgOp op) {
    auto isRead = [&](Value written) { return llvm::is_contained(op.getDpsInputs(), written); };
    // A copy to itself is erased later.
    if (isa<linalg::CopyOp>(op) || !llvm::any_of(op.getDpsInits(), isRead))
      return;
    ++inPlace;
    remark::passed(op.getLoc(), remark::RemarkOpts::name("in-place").category("cnn-memory"))
        << remark::add("is written over an operand");
  });
  return inPlace;
}

struct BufferizePass final : cnnc::impl::BufferizePassBase<BufferizePass> {
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<func::FuncOp> functions;
    for (auto function : module.getOps<func::FuncOp>())
      if (!function.isExternal())
        functions.push_back(function);

    for (func::FuncOp function : functions) {
      if (!function.getBody().hasOneBlock())
        return (void)function.emitOpError("expected a body of one block"), signalPassFailure();
      if (failed(materializeResults(function)))
        return signalPassFailure();
    }

    // Computes results in their destinations instead of copying them there.
    IRRewriter rewriter(&getContext());
    if (failed(bufferization::eliminateEmptyTensors(rewriter, module)))
      return signalPassFailure();
    // Not earlier: what is computed in its destination needs no operand's buffer.
    if (inPlace)
      for (func::FuncOp function : functions)
        cnnc::reuseOperands(function);
    bufferization::BufferizationState state;
    if (failed(bufferization::runOneShotModuleBufferize(module, bufferizationOptions(), state)))
      return signalPassFailure();
    bufferization::removeBufferizationAttributesInModule(module);

    for (func::FuncOp function : functions) {
      if (failed(dropResults(function)) || failed(checkBuffers(function)))
        return signalPassFailure();
      overwritten += countInPlace(function);
    }
  }
};

} // namespace
