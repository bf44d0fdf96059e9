//===- RowLoop.cpp - Ops that go through the same rows --------------------===//

#include "compiler/Support/RowLoop.h"

using namespace mlir;

namespace cnnc {

bool isRowByRow(const LoopNest &nest, OpOperand &operand, unsigned rows) {
  AffineMap map = nest.mapOf(operand);
  if (map.getNumResults() == 0)
    return false;
  auto first = dyn_cast<AffineDimExpr>(map.getResult(0));
  return first && first.getPosition() == rows &&
         llvm::none_of(map.getResults().drop_front(),
                       [&](AffineExpr other) { return other.isFunctionOfDim(rows); });
}

std::optional<unsigned> rowLoopOf(const LoopNest &nest) {
  if (nest.outputs.empty())
    return std::nullopt;
  AffineMap map = nest.mapOf(*nest.outputs.front());
  if (map.getNumResults() == 0 || !isa<AffineDimExpr>(map.getResult(0)))
    return std::nullopt;
  unsigned rows = cast<AffineDimExpr>(map.getResult(0)).getPosition();
  if (nest.reductions[rows])
    return std::nullopt;
  for (OpOperand *operand : nest.operands()) {
    bool isOutput = llvm::is_contained(nest.outputs, operand);
    bool isIndexed = nest.mapOf(*operand).isFunctionOfDim(rows);
    if ((isOutput || isIndexed) && !isRowByRow(nest, *operand, rows))
      return std::nullopt;
  }
  return rows;
}

} // namespace cnnc
