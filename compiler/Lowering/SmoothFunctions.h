//===- SmoothFunctions.h - Functions of one element -------------------------===//
//
// A libm promises no bound for its f32 functions, and what is built from their results adds
// further errors. These functions of an f32 are computed in f64 and rounded once, all but two;
// docs/Testing.md has the bounds. Except for erfc they call no libm, so that LLVM vectorizes them.
// Those of an f64 are what libm's f64 makes of them.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_LOWERING_SMOOTHFUNCTIONS_H
#define CNNC_LOWERING_SMOOTHFUNCTIONS_H

#include "compiler/Lowering/LinalgBuilder.h"

namespace cnnc {

Value buildExp(LinalgBuilder &s, Value x);
/// exp(x) where x is not positive, of an f32 in f32: an error of 1.2 ULP is enough where others
/// like it are summed, and f64 would take four times as long.
Value buildDecay(LinalgBuilder &s, Value x);
Value buildErfc(LinalgBuilder &s, Value x);
/// With multiply-adds in f32, in pairs of numbers: that takes two thirds to half of the time that
/// f64 takes, and is as exact.
Value buildTanh(LinalgBuilder &s, Value x, bool hasFma);
/// exp(x) - 1 where x is not positive; elsewhere a number that nobody should use.
Value buildExpMinusOne(LinalgBuilder &s, Value x);
/// 1 / (1 + exp(-x))
Value buildSigmoid(LinalgBuilder &s, Value x);
/// x / (1 + exp(-x))
Value buildSilu(LinalgBuilder &s, Value x);
/// x/2 * erfc(-x/sqrt(2))
Value buildGelu(LinalgBuilder &s, Value x);

} // namespace cnnc

#endif // CNNC_LOWERING_SMOOTHFUNCTIONS_H
