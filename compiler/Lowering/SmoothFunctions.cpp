//===- SmoothFunctions.cpp - Functions of one element ---------------------===//

#include "compiler/Lowering/SmoothFunctions.h"

#include <numbers>

using namespace mlir;
using namespace cnnc;

/// Taylor's series of exp(r) to r^degree, and |r| <= log(2)/2.
static Value exponentialSeries(LinalgBuilder &s, Value r, int degree) {
  Type type = r.getType();
  double factorial = 1;
  for (int i = 2; i <= degree; ++i)
    factorial *= i;
  Value sum = s.number(type, 1 / factorial);
  for (int i = degree; i > 0; --i) {
    factorial /= i;
    sum = s.add(s.mul(sum, r), s.number(type, 1 / factorial));
  }
  return sum;
}

/// exp of an f64 that was an f32, in operations that LLVM vectorizes: x = n log(2) + r with whole
/// n, exp(x) = 2^n exp(r). The relative error is below 2^-37. A smaller or larger x counts as one
/// of the ends: what is built from either rounds to the same f32.
static Value exponential(LinalgBuilder &s, Value x) {
  Type type = x.getType(), integer = s.builder.getI64Type();
  constexpr double least = -708, most = 709; // exponents of normal numbers
  Value inside = s.op<arith::MinimumFOp>(s.op<arith::MaximumFOp>(x, s.number(type, least)),
                                         s.number(type, most));
  // The sum with 1.5 * 2^52 has n in its lowest bits.
  Value shift = s.number(type, 0x1.8p52);
  Value shifted = s.add(s.mul(inside, s.number(type, std::numbers::log2e)), shift);
  Value n = s.sub(shifted, shift);
  Value r = s.sub(inside, s.mul(n, s.number(type, std::numbers::ln2)));
  Value sum = exponentialSeries(s, r, 9);
  // 2^n has n + 1023 in the bits from 52; what else is in the sum is shifted out.
  constexpr int64_t mantissaBits = 52, bias = 1023;
  Value bits =
      s.op<arith::AddIOp>(s.op<arith::BitcastOp>(integer, shifted), s.integer(integer, bias));
  Value power = s.op<arith::ShLIOp>(bits, s.integer(integer, mantissaBits));
  return s.mul(sum, s.op<arith::BitcastOp>(type, power));
}

using Exp = llvm::function_ref<Value(Value)>;

/// formula(x, exp) in f64, rounded to the type of x at the end.
static Value inDouble(LinalgBuilder &s, Value x, llvm::function_ref<Value(Value, Exp)> formula) {
  if (x.getType().isF64())
    return formula(x, [&](Value value) { return s.op<math::ExpOp>(value); });
  Value wide = s.op<arith::ExtFOp>(s.builder.getF64Type(), x);
  Value result = formula(wide, [&](Value value) { return exponential(s, value); });
  return s.op<arith::TruncFOp>(x.getType(), result);
}

/// `nearZero` where |x| < bound, else `elsewhere`.
static Value split(LinalgBuilder &s, Value x, double bound, Value nearZero, Value elsewhere) {
  Value isNear =
      s.compare(arith::CmpFPredicate::OLT, s.op<math::AbsFOp>(x), s.number(x.getType(), bound));
  return s.select(isNear, nearZero, elsewhere);
}

Value cnnc::buildExp(LinalgBuilder &s, Value x) {
  return inDouble(s, x, [](Value wide, Exp exp) { return exp(wide); });
}

Value cnnc::buildDecay(LinalgBuilder &s, Value x) {
  if (!x.getType().isF32())
    return buildExp(s, x);
  Type type = x.getType(), integer = s.builder.getI32Type();
  Value end = s.number(type, -104); // where half of the smallest f32 is more
  Value inside = s.select(s.compare(arith::CmpFPredicate::OLT, x, end), end, x);
  // x = n log(2) + r with whole n, which the sum with 1.5 * 2^23 has in its lowest bits, together
  // with the bias of an exponent. The least n, -150, is no exponent of an f32: it takes two steps.
  constexpr double bias = 127, firstStep = 64, mantissaBits = 23;
  Value shift = s.number(type, 0x1.8p23 + bias + firstStep);
  Value shifted = s.add(s.mul(inside, s.number(type, std::numbers::log2e)), shift);
  Value n = s.sub(shifted, shift);
  // log(2) in two parts, the first so short that its product with n is exact.
  constexpr double shortLog = 0x1.62e4p-1;
  Value r = s.sub(inside, s.mul(n, s.number(type, shortLog)));
  r = s.sub(r, s.mul(n, s.number(type, std::numbers::ln2 - shortLog)));
  Value power = s.op<arith::ShLIOp>(s.op<arith::BitcastOp>(integer, shifted),
                                    s.integer(integer, int64_t(mantissaBits)));
  Value scaled = s.mul(exponentialSeries(s, r, 7), s.op<arith::BitcastOp>(type, power));
  return s.mul(scaled, s.number(type, 0x1p-64));
}

Value cnnc::buildErfc(LinalgBuilder &s, Value x) {
  return inDouble(s, x, [&](Value wide, Exp) { return s.op<math::ErfcOp>(wide); });
}

Value cnnc::buildTanh(LinalgBuilder &s, Value x) {
  if (x.getType().isF64())
    return s.op<math::TanhOp>(x);
  // 1 - 2/(exp(2x) + 1) cancels near 0, where tanh(x) = x - x^3/3: at this bound either has an
  // error below 2^-27 of the result, an eighth of what rounding to f32 may add.
  constexpr double bound = 0x1p-13;
  return inDouble(s, x, [&](Value wide, Exp exp) {
    Type type = wide.getType();
    Value one = s.number(type, 1), two = s.number(type, 2);
    Value growth = exp(s.add(wide, wide));
    return split(s, wide, bound, wide, s.sub(one, s.div(two, s.add(growth, one))));
  });
}

Value cnnc::buildExpMinusOne(LinalgBuilder &s, Value x) {
  if (x.getType().isF64()) {
    // 2t / (1 - t) with t = tanh(x/2) does not cancel near 0.
    Type type = x.getType();
    Value half = s.op<math::TanhOp>(s.mul(x, s.number(type, 0.5)));
    return s.div(s.add(half, half), s.sub(s.number(type, 1), half));
  }
  // exp(x) - 1 = x + x^2/2 + x^3/6: at this bound either has an error below 2^-32 of the result.
  constexpr double bound = 0x1p-20;
  return inDouble(s, x, [&](Value wide, Exp exp) {
    Type type = wide.getType();
    Value series = s.add(wide, s.mul(s.mul(wide, wide), s.number(type, 0.5)));
    Value growth = exp(wide);
    return split(s, wide, bound, series, s.sub(growth, s.number(type, 1)));
  });
}

/// 1 + exp(-x). In f64 neither exp(-x) nor its inverse overflows where the quotient is an f32.
static Value growthOfMinus(LinalgBuilder &s, Value x, Exp exp) {
  return s.add(s.number(x.getType(), 1), exp(s.op<arith::NegFOp>(x)));
}

Value cnnc::buildSigmoid(LinalgBuilder &s, Value x) {
  return inDouble(s, x, [&](Value wide, Exp exp) {
    return s.div(s.number(wide.getType(), 1), growthOfMinus(s, wide, exp));
  });
}

Value cnnc::buildSilu(LinalgBuilder &s, Value x) {
  return inDouble(s, x,
                  [&](Value wide, Exp exp) { return s.div(wide, growthOfMinus(s, wide, exp)); });
}

Value cnnc::buildGelu(LinalgBuilder &s, Value x) {
  // An error of erfc's argument z grows by 2 z^2 in its tail: another reason for f64.
  return inDouble(s, x, [&](Value wide, Exp) {
    Type type = wide.getType();
    Value tail = s.op<math::ErfcOp>(s.mul(wide, s.number(type, -std::numbers::sqrt2 / 2)));
    return s.mul(s.mul(wide, s.number(type, 0.5)), tail);
  });
}
