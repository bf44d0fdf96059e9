//===- RowLoop.h - Ops that go through the same rows ------------------------===//
//
// A softmax is a maximum, exponentials, a sum and a product, each of which goes through
// all rows. What only connects elements of one row can also run row by row, one op after
// the other, while the row is in the first cache.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_SUPPORT_ROWLOOP_H
#define CNNC_SUPPORT_ROWLOOP_H

#include "compiler/Support/LoopNest.h"

namespace cnnc {

/// The loop over the rows that the op goes through: it does not reduce, and counts the first
/// dimension of all outputs and nothing else of any operand. Nothing if there is none.
std::optional<unsigned> rowLoopOf(const LoopNest &nest);

/// Whether iteration i of the loop `rows` touches of this operand row i only.
bool isRowByRow(const LoopNest &nest, mlir::OpOperand &operand, unsigned rows);

} // namespace cnnc

#endif // CNNC_SUPPORT_ROWLOOP_H
