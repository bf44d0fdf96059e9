//===- Border.cpp - The surroundings of an image --------------------------===//

#include "dialect/Ops/Rules.h"

using namespace mlir;
using namespace mlir::cnn;

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

LogicalResult FillBorderOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                             Adaptor adaptor, SmallVectorImpl<Type> &types) {
  auto type = dyn_cast<ShapedType>(adaptor.getDestination().getType());
  if (!type || !type.hasStaticShape())
    return emitOptionalError(loc, "destination must have a static shape, but is ",
                             adaptor.getDestination().getType());
  ArrayRef<int64_t> low = adaptor.getLow(), high = adaptor.getHigh();
  size_t rank = type.getRank();
  if (low.size() != rank || high.size() != rank)
    return emitOptionalError(loc, "low and high must have ", rank, " numbers, but have ",
                             low.size(), " and ", high.size()); // (C1)
  for (auto [dim, size] : llvm::enumerate(type.getShape())) {
    if (low[dim] < 0 || high[dim] < 0)
      return emitOptionalError(loc, "border must not be negative, but is ", low[dim], " and ",
                               high[dim], " in dimension ", dim); // (C1)
    if (low[dim] + high[dim] >= size)
      return emitOptionalError(loc, "border of ", low[dim], " and ", high[dim],
                               " leaves nothing of ", size, " positions in dimension ",
                               dim); // (C2)
  }
  if (adaptor.getValue().getType() != type.getElementType())
    return emitOptionalError(loc, "value must be ", type.getElementType(), ", but is ",
                             adaptor.getValue().getType()); // (C3)
  if (isa<RankedTensorType>(type))
    types.push_back(type);
  return success();
}

//===----------------------------------------------------------------------===//
// Effects
//===----------------------------------------------------------------------===//

void FillBorderOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  if (isa<MemRefType>(getDestination().getType()))
    effects.emplace_back(MemoryEffects::Write::get(), &getDestinationMutable(),
                         SideEffects::DefaultResource::get());
}
