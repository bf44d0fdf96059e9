//===- Kernel.cpp - A reduction with what is done to its results ----------===//

#include "dialect/CnnOps.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::cnn;

//===----------------------------------------------------------------------===//
// Verify
//===----------------------------------------------------------------------===//

/// The element of a tensor or buffer, or a scalar itself.
static Type elementOf(Type type) {
  if (auto shaped = dyn_cast<ShapedType>(type))
    return shaped.getElementType();
  return type;
}

static LogicalResult verifyMaps(KernelOp kernel) {
  if (kernel.getMaps().size() != kernel->getNumOperands())
    return kernel.emitOpError("expects a map for each of ")
           << kernel->getNumOperands() << " operands, but has " << kernel.getMaps().size(); // (C1)
  size_t loops = kernel.getExtents().size();
  if (kernel.getReductions().size() != loops)
    return kernel.emitOpError("expects 'reductions' for ")
           << loops << " loops, but has " << kernel.getReductions().size(); // (C1)
  unsigned inputs = kernel.getInputs().size();
  for (OpOperand &operand : kernel->getOpOperands()) {
    AffineMap map = kernel.getMap(operand);
    auto shaped = dyn_cast<ShapedType>(operand.get().getType());
    int64_t rank = shaped ? shaped.getRank() : 0;
    if (map.getNumDims() != loops || map.getNumResults() != rank)
      return kernel.emitOpError("expects operand ")
             << operand.getOperandNumber() << " to be indexed by " << loops << " loops in " << rank
             << " dimensions, but has " << AffineMapAttr::get(map); // (C1)
    if (operand.getOperandNumber() < inputs)
      continue;
    for (auto [loop, reduces] : llvm::enumerate(kernel.getReductions()))
      if (reduces && map.isFunctionOfDim(loop))
        return kernel.emitOpError("loop ")
               << loop << " reduces, but indexes operand " << operand.getOperandNumber(); // (C3)
  }
  return success();
}

static cnn::YieldOp yieldOf(Region &region) {
  Block &block = region.front();
  return dyn_cast_or_null<cnn::YieldOp>(block.empty() ? nullptr : &block.back());
}

/// Checks what a region takes and yields.
static LogicalResult verifyRegion(KernelOp kernel, Region &region, StringRef name,
                                  ArrayRef<Type> takes, ArrayRef<Type> yields) {
  Block &block = region.front();
  if (!llvm::equal(block.getArgumentTypes(), takes))
    return kernel.emitOpError("expects '") << name << "' to take " << takes << ", but it takes "
                                           << block.getArgumentTypes(); // (C2)
  cnn::YieldOp yield = yieldOf(region);
  if (!yield || !llvm::equal(yield.getValues().getTypes(), yields))
    return kernel.emitOpError("expects '") << name << "' to yield " << yields; // (C2)
  return success();
}

int64_t KernelOp::getWindowPoints() {
  int64_t points = 1;
  for (int64_t loop : getWindowLoops())
    points *= getExtents()[loop];
  return points;
}

unsigned KernelOp::getPointOutputs() {
  unsigned pooled = getPool().empty() ? 0 : yieldOf(getPool()).getNumOperands();
  return getOutputs().size() - pooled;
}

/// The loops of the window, and that what is pooled does not depend on them.
static LogicalResult verifyWindow(KernelOp kernel) {
  ArrayRef<int64_t> window = kernel.getWindowLoops();
  if (window.empty() != kernel.getPool().empty())
    return kernel.emitOpError("expects 'window' and 'pool' together"); // (C4)
  int64_t previous = -1, loops = kernel.getExtents().size();
  for (int64_t loop : window) {
    if (loop <= previous || loop >= loops || kernel.getReductions()[loop])
      return kernel.emitOpError("expects 'window' to name loops that do not reduce, in ascending "
                                "order, but got ")
             << loop; // (C4)
    previous = loop;
  }
  if (kernel.getWindowPoints() > KernelOp::kMostWindowPoints)
    return kernel.emitOpError("expects a window of at most ")
           << KernelOp::kMostWindowPoints << " points, but it has "
           << kernel.getWindowPoints(); // (C4)
  return success();
}

/// What the region `pool` takes, and yields to the last outputs.
static LogicalResult verifyPool(KernelOp kernel, ArrayRef<Type> outputs) {
  cnn::YieldOp pooled = yieldOf(kernel.getPool()), finished = yieldOf(kernel.getFinish());
  size_t count = pooled ? pooled.getNumOperands() : 0;
  if (count == 0 || count > outputs.size())
    return kernel.emitOpError("expects 'pool' to yield elements of some of ")
           << outputs.size() << " outputs"; // (C5)
  unsigned atPoints = outputs.size() - count;
  if (!finished || finished.getNumOperands() <= atPoints)
    return kernel.emitOpError("expects 'finish' to yield values to pool after those of ")
           << atPoints << " outputs"; // (C5)
  SmallVector<Type> values(finished.getValues().getTypes()), takes;
  for (int64_t i = 0; i < kernel.getWindowPoints(); ++i)
    llvm::append_range(takes, ArrayRef(values).drop_front(atPoints));
  for (unsigned i = atPoints; i < outputs.size(); ++i) {
    OpOperand &output = kernel.getOutputsMutable()[i];
    for (int64_t loop : kernel.getWindowLoops())
      if (kernel.getMap(output).isFunctionOfDim(loop))
        return kernel.emitOpError("loop ")
               << loop << " is a part of the window, but indexes operand "
               << output.getOperandNumber(); // (C5)
  }
  return verifyRegion(kernel, kernel.getPool(), "pool", takes, outputs.drop_front(atPoints));
}

static bool isLinear(AffineExpr expression) {
  bool isLinear = expression.isPureAffine();
  expression.walk([&](AffineExpr part) {
    isLinear &= part.getKind() != AffineExprKind::Mod &&
                part.getKind() != AffineExprKind::FloorDiv &&
                part.getKind() != AffineExprKind::CeilDiv;
  });
  return isLinear;
}

static LogicalResult verifyDomain(KernelOp kernel) {
  if (!kernel.getDomain())
    return success();
  IntegerSet domain = *kernel.getDomain();
  size_t loops = kernel.getExtents().size();
  if (domain.getNumDims() != loops || domain.getNumSymbols() != 0)
    return kernel.emitOpError("expects 'domain' to have ")
           << loops << " dimensions and no symbols, but it has " << domain.getNumDims() << " and "
           << domain.getNumSymbols(); // (C6)
  for (unsigned i = 0; i < domain.getNumConstraints(); ++i)
    if (domain.isEq(i) || !isLinear(domain.getConstraint(i)))
      return kernel.emitOpError(
                 "expects 'domain' to have linear inequalities only, but constraint ")
             << i << " is " << (domain.isEq(i) ? "an equality" : "not linear"); // (C6)
  return success();
}

LogicalResult KernelOp::verify() {
  if (failed(verifyMaps(*this)) || failed(verifyWindow(*this)) || failed(verifyDomain(*this)))
    return failure();
  SmallVector<Type> accumulators, outputs;
  for (Attribute start : getStarts()) {
    auto typed = dyn_cast<TypedAttr>(start);
    if (!typed)
      return emitOpError("expects a number for each accumulator, but got ") << start; // (C2)
    accumulators.push_back(typed.getType());
  }
  for (Type type : getOutputs().getTypes())
    outputs.push_back(elementOf(type));
  SmallVector<Type> reduced = llvm::map_to_vector(getInputs().getTypes(), elementOf);
  llvm::append_range(reduced, accumulators);
  SmallVector<Type> finished(accumulators);
  for (Type type : getExtras().getTypes())
    finished.push_back(elementOf(type));
  if (failed(verifyRegion(*this, getReduce(), "reduce", reduced, accumulators)))
    return failure();
  if (getPool().empty())
    return verifyRegion(*this, getFinish(), "finish", finished, outputs);
  if (failed(verifyPool(*this, outputs)))
    return failure();
  // The rest of what it yields are the values that `pool` takes.
  SmallVector<Type> finishes(ArrayRef(outputs).take_front(getPointOutputs()));
  SmallVector<Type> pooled(getPool().front().getArgumentTypes());
  llvm::append_range(finishes, ArrayRef(pooled).take_front(pooled.size() / getWindowPoints()));
  return verifyRegion(*this, getFinish(), "finish", finished, finishes);
}

//===----------------------------------------------------------------------===//
// Effects
//===----------------------------------------------------------------------===//

void KernelOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  for (OpOperand &operand : (*this)->getOpOperands()) {
    if (!isa<BaseMemRefType>(operand.get().getType()))
      continue;
    if (isDpsInit(&operand))
      effects.emplace_back(MemoryEffects::Write::get(), &operand,
                           SideEffects::DefaultResource::get());
    else
      effects.emplace_back(MemoryEffects::Read::get(), &operand,
                           SideEffects::DefaultResource::get());
  }
}
