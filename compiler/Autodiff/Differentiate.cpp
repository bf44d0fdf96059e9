//===- Differentiate.cpp - The backward pass, by a reverse sweep ----------===//
//
// Replaces cnn.gradient by ops. The rules stand beside the ops; this file knows
// none of them. It runs while everything is still cnn, so that the gradient of a
// convolution is a convolution and later phases know nothing of gradients.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"
#include "llvm/ADT/DenseSet.h"

namespace cnnc {
#define GEN_PASS_DEF_DIFFERENTIATEPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace mlir::cnn;

namespace {

/// One reverse sweep: from one loss to the values of one cnn.gradient.
class ReverseSweep {
public:
  explicit ReverseSweep(GradientOp request) : request(request), builder(request) {}

  /// Builds the backward pass in front of the request and replaces it.
  LogicalResult run(unsigned &rulesApplied);

private:
  /// Ops between the values and the loss, in the order of the block.
  SmallVector<Operation *> collectPath();
  /// Asks one op for the gradients towards its operands.
  LogicalResult pullBack(Operation *op);
  /// An op without a rule, and what lies between it and the loss.
  LogicalResult reportPath(Operation *op);
  /// Says in the locations of the ops from `first` on, which one rule has built, what they are for.
  void recordDirections(Operation *op, ArrayRef<Value> operandGradients, Block::iterator first);
  void accumulate(Value value, Value gradient);
  Value constant(Value like, double number);

  GradientOp request;
  OpBuilder builder;
  /// Values that depend on a requested one: only their gradients are built.
  DenseSet<Value> active;
  /// The parameters of the network, and what is computed of nothing else, such as a turned filter.
  DenseSet<Value> ofParameters;
  DenseMap<Value, Value> gradients;
};

} // namespace

/// Whether `value` is a parameter of the network.
static bool isParameter(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  auto function = argument ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()) : nullptr;
  if (!function)
    return false;
  auto role = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), kRoleAttr);
  return role && role.getValue() == "variable";
}

SmallVector<Operation *> ReverseSweep::collectPath() {
  active.insert_range(request.getValues());
  Block *block = request->getBlock();
  ofParameters.insert_range(llvm::make_filter_range(block->getArguments(), isParameter));
  auto isOfParameters = [&](Value value) { return ofParameters.contains(value); };
  for (Operation &op : llvm::make_range(block->begin(), Block::iterator(request))) {
    if (llvm::any_of(op.getOperands(), [&](Value operand) { return active.contains(operand); }))
      active.insert_range(op.getResults());
    if (op.getNumOperands() > 0 && llvm::all_of(op.getOperands(), isOfParameters))
      ofParameters.insert_range(op.getResults());
  }

  DenseSet<Value> wanted{request.getLoss()};
  SmallVector<Operation *> path;
  for (Operation &op : llvm::reverse(llvm::make_range(block->begin(), Block::iterator(request)))) {
    bool leadsToLoss = llvm::any_of(op.getResults(), [&](Value v) { return wanted.contains(v); });
    // The sweep ends at an op that depends on no requested value, even if it computes one.
    bool dependsOnValues =
        llvm::any_of(op.getOperands(), [&](Value v) { return active.contains(v); });
    if (!leadsToLoss || !dependsOnValues)
      continue;
    path.push_back(&op);
    wanted.insert_range(op.getOperands());
  }
  return path;
}

Value ReverseSweep::constant(Value like, double number) {
  auto type = cast<RankedTensorType>(like.getType());
  auto splat = DenseElementsAttr::get(type, builder.getFloatAttr(type.getElementType(), number));
  return arith::ConstantOp::create(builder, request.getLoc(), type, splat);
}

void ReverseSweep::accumulate(Value value, Value gradient) {
  Value &sum = gradients[value];
  sum = sum ? AddOp::create(builder, gradient.getLoc(), sum, gradient).getOutput() : gradient;
}

LogicalResult ReverseSweep::reportPath(Operation *op) {
  InFlightDiagnostic error = op->emitOpError("has no gradient");
  // Each value goes on to the first op that has received a gradient.
  for (Operation *at = op; at->getResult(0) != request.getLoss();) {
    auto users = llvm::make_filter_range(at->getUsers(), [&](Operation *user) {
      return user->getBlock() == op->getBlock() && user->isBeforeInBlock(request) &&
             llvm::any_of(user->getResults(), [&](Value v) { return gradients.contains(v); });
    });
    if (users.empty())
      break;
    at = *users.begin();
    for (Operation *user : users)
      if (user->isBeforeInBlock(at))
        at = user;
    error.attachNote(at->getLoc())
        << (at->getResult(0) == request.getLoss() ? "to this loss, whose gradient needs it"
                                                  : "its result flows through this op");
  }
  return error;
}

void ReverseSweep::recordDirections(Operation *op, ArrayRef<Value> operandGradients,
                                    Block::iterator first) {
  auto named = dyn_cast<NameLoc>(op->getLoc());
  if (!named)
    return;
  SmallVector<Operation *> built;
  for (Operation &each : llvm::make_range(first, Block::iterator(request)))
    built.push_back(&each);
  // What serves both is counted to the data.
  DenseSet<Value> ofData;
  for (auto [operand, gradient] : llvm::zip_equal(op->getOperands(), operandGradients))
    if (gradient && !ofParameters.contains(operand))
      ofData.insert(gradient);
  for (Operation *each : llvm::reverse(built)) {
    bool isData = llvm::any_of(each->getResults(), [&](Value v) { return ofData.contains(v); });
    if (isData)
      ofData.insert_range(each->getOperands());
    StringAttr direction = builder.getStringAttr(isData ? "data" : "weights");
    each->setLoc(NameLoc::get(named.getName(), NameLoc::get(direction, named.getChildLoc())));
  }
}

LogicalResult ReverseSweep::pullBack(Operation *op) {
  SmallVector<Value> resultGradients;
  for (Value result : op->getResults())
    resultGradients.push_back(gradients.lookup(result));
  // Its results reach the loss through values without a derivative only, such as a mask.
  if (llvm::none_of(resultGradients, [](Value v) { return bool(v); }))
    return success();

  auto differentiable = dyn_cast<DifferentiableOpInterface>(op);
  if (!differentiable) {
    return reportPath(op);
  }
  SmallVector<bool> needed = llvm::map_to_vector(
      op->getOperands(), [&](Value operand) { return active.contains(operand); });
  GradientSink sink(builder, op, resultGradients, needed);
  Operation *before = request->getPrevNode();
  differentiable.buildGradients(sink);
  recordDirections(op, sink.gradients(),
                   before ? std::next(Block::iterator(before)) : request->getBlock()->begin());
  for (auto [operand, need, gradient] :
       llvm::zip_equal(op->getOperands(), needed, sink.gradients()))
    if (need && gradient)
      accumulate(operand, gradient);
  return success();
}

LogicalResult ReverseSweep::run(unsigned &rulesApplied) {
  SmallVector<Operation *> path = collectPath();
  gradients[request.getLoss()] = constant(request.getLoss(), 1.0);
  for (Operation *op : path) {
    if (failed(pullBack(op)))
      return failure();
    ++rulesApplied;
  }
  SmallVector<Value> results;
  for (Value value : request.getValues()) {
    Value gradient = gradients.lookup(value);
    results.push_back(gradient ? gradient : constant(value, 0.0));
  }
  request->replaceAllUsesWith(results);
  request->erase();
  return success();
}

namespace {

struct DifferentiatePass final : cnnc::impl::DifferentiatePassBase<DifferentiatePass> {
  void runOnOperation() override {
    // In the order of the block: a later request sees the backward pass of an earlier one.
    SmallVector<GradientOp> requests(getOperation().getOps<GradientOp>());
    for (GradientOp request : requests) {
      unsigned applied = 0;
      if (failed(ReverseSweep(request).run(applied)))
        return signalPassFailure();
      rulesApplied += applied;
    }
  }
};

} // namespace
