//===- KeptBytes.h - What the backward pass needs of the forward one ------===//
//
// By a rule from the kind of each layer, for one image, in f32:
//
//   its input    conv, deconv, fc, prelu, scale with a weight, bn, groupnorm,
//                layernorm, lrn, gelu, silu, hardswish, mul
//   its output   the other activations, softmax
//   both         l2pool
//   an index     maxpool, gmaxpool and max: a byte for each output, four where a
//                window has more than 256 positions
//   two numbers  groupnorm and layernorm, for each group
//   nothing      the others; dropout draws its mask again
//
// A layer that only its weights need an input of (conv, deconv, fc, scale) keeps none
// where they are frozen. What no trained parameter lies before keeps nothing. A tensor
// that several layers need counts at the first; a reshaped one is the one it is made of.
// Losses, parameters and statistics of the batch are not counted.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TOOLS_KEPTBYTES_H
#define CNNC_TOOLS_KEPTBYTES_H

#include "compiler/Frontend/TypedAST.h"

namespace cnnc {

/// The bytes that each layer of a net adds.
std::vector<int64_t> keptBytes(const TypedNet &net);

} // namespace cnnc

#endif // CNNC_TOOLS_KEPTBYTES_H
