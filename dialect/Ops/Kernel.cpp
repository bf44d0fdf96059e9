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

/// Checks what a region takes and yields.
static LogicalResult verifyRegion(KernelOp kernel, Region &region, StringRef name,
                                  ArrayRef<Type> takes, ArrayRef<Type> yields) {
  Block &block = region.front();
  if (!llvm::equal(block.getArgumentTypes(), takes))
    return kernel.emitOpError("expects '") << name << "' to take " << takes << ", but it takes "
                                           << block.getArgumentTypes(); // (C2)
  auto yield = dyn_cast_or_null<cnn::YieldOp>(block.empty() ? nullptr : &block.back());
  if (!yield || !llvm::equal(yield.getValues().getTypes(), yields))
    return kernel.emitOpError("expects '") << name << "' to yield " << yields; // (C2)
  return success();
}

LogicalResult KernelOp::verify() {
  if (failed(verifyMaps(*this)))
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
  return verifyRegion(*this, getFinish(), "finish", finished, outputs);
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
