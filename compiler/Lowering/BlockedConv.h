//===- BlockedConv.h - Convolutions of images in blocks ---------------------===//
#ifndef CNNC_LOWERING_BLOCKEDCONV_H
#define CNNC_LOWERING_BLOCKEDCONV_H

#include "compiler/Lowering/LinalgBuilder.h"

namespace cnnc {

/// What a convolution reads: its operands, converted. If the filter is that of an adjoint
/// (`cnn.transpose_filter`), `filter` is what it was made of, and is read turned.
struct ConvOperands {
  Value input, filter;
  bool isTurned = false;
};

/// The convolution on blocks, or nothing if its layout does not fit it.
std::optional<Value> convolveBlocks(LinalgBuilder &b, mlir::cnn::Conv2DOp conv,
                                    ConvOperands operands);

/// The gradient towards a filter, in blocks or, without a layout, on the operands as they are.
Value sumFilterGradient(LinalgBuilder &b, mlir::cnn::FilterGradientOp op, Value input,
                        Value gradient);

} // namespace cnnc

#endif // CNNC_LOWERING_BLOCKEDCONV_H
