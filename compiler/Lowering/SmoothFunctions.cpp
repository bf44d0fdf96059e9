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

static Value tanhInDouble(LinalgBuilder &s, Value x) {
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

namespace {

/// A number as its rounded value and what that lacks.
struct Rounded {
  Value value, rest;
};

/// exp(-2x) = scale * exp(-2r), where the scale is 2^n or 3/2 * 2^n and |r| < 0.117.
struct ScaledDecay {
  Value scale;
  Rounded r;
};

} // namespace

static Value fma(LinalgBuilder &s, Value a, Value b, Value c) { return s.op<math::FmaOp>(a, b, c); }

/// a*b + c; the rest is exact where the sum is less than 2|c| and more than |c|/2, or c is 0.
static Rounded roundedSum(LinalgBuilder &s, Value a, Value b, Value c) {
  Value sum = fma(s, a, b, c);
  return {sum, fma(s, a, b, s.sub(c, sum))};
}

/// Of an x from 0 to 18.
static ScaledDecay scaledDecay(LinalgBuilder &s, Value x) {
  Type type = x.getType(), integer = s.builder.getI32Type();
  // 2x = -n log(2) counted in halves, k = 2n or 2n + 1. The sum with 1.5 * 2^23 has k in its
  // lowest bits, together with the bias of an exponent, and these one bit below the exponent's
  // place are the scale: an odd k sets the first bit behind the leading one.
  constexpr double bias = 127, mantissaBits = 23;
  Value shift = s.number(type, 0x1.8p23 + 2 * bias);
  Value shifted = fma(s, x, s.number(type, -4 * std::numbers::log2e), shift);
  Value k = s.sub(shifted, shift);
  Value bits = s.op<arith::BitcastOp>(integer, shifted);
  Value scale = s.op<arith::ShLIOp>(bits, s.integer(integer, int64_t(mantissaBits) - 1));
  // log(scale)/2 is k log(2)/4, and for an odd k some more. Both in two parts: the first have so
  // few bits that what is left of x is exact.
  constexpr double step = std::numbers::ln2 / 4, firstStep = 0x1.62e43p-3;
  constexpr double more = 0x1.9f323ecbf984cp-3 - step, firstMore = 0x1.e27078p-6;
  Value last = s.integer(integer, 31);
  Value isOdd = s.op<arith::ShRSIOp>(s.op<arith::ShLIOp>(bits, last), last); // all bits, or none
  auto ofOdd = [&](double value) {
    Value number = s.op<arith::BitcastOp>(integer, s.number(type, value));
    return Value(s.op<arith::BitcastOp>(type, s.op<arith::AndIOp>(isOdd, number)));
  };
  Value r = s.add(fma(s, k, s.number(type, firstStep), x), ofOdd(firstMore));
  Value rest = fma(s, k, s.number(type, step - firstStep), ofOdd(more - firstMore));
  return {s.op<arith::BitcastOp>(type, scale), {r, rest}};
}

/// tanh of r and its rest as r and a small rest: r + r^3 P(r^2). P goes through
/// (tanh(r)/r - 1)/r^2 at the three Chebyshev nodes of r^2 in (0, 0.1165^2): 2^-24 of it are lost.
static Rounded smallTanh(LinalgBuilder &s, Rounded r) {
  Type type = r.value.getType();
  Value square = s.mul(r.value, r.value);
  Value p = fma(s, square, s.number(type, -0x1.b67bacp-5), s.number(type, 0x1.110fe4p-3));
  p = fma(s, p, square, s.number(type, -0x1.555556p-2));
  // tanh(r + d) is tanh(r) + d (1 - r^2).
  Value slope = fma(s, r.value, p, s.op<arith::NegFOp>(r.rest));
  return {r.value, fma(s, square, slope, r.rest)};
}

/// In f32, with what the roundings lose carried along to the last one. All 2^32 numbers have an
/// error below 0.507 ULP. It needs multiply-adds that round once.
static Value tanhOfPairs(LinalgBuilder &s, Value x) {
  Type type = x.getType();
  Value one = s.number(type, 1), end = s.number(type, 9.1); // from 9.02 on it is 1
  auto [scale, r] = scaledDecay(s, s.op<arith::MinimumFOp>(s.op<math::AbsFOp>(x), end));
  Rounded t = smallTanh(s, r);
  // tanh(x) = (1 - e)/(1 + e) with e = scale (1 - t)/(1 + t), so with u = 1 - scale and
  // v = 1 + scale it is (u + v t)/(v + u t). Below 2^-22 the scale is lost in u or v.
  Value u = s.sub(one, scale), v = s.add(one, scale);
  Value lost = s.sub(s.sub(v, u), s.add(scale, scale));
  lost = fma(s, s.op<arith::NegFOp>(lost), t.value, lost);
  Rounded above = roundedSum(s, v, t.value, u), below = roundedSum(s, u, t.value, v);
  above.rest = s.add(fma(s, v, t.rest, above.rest), lost);
  below.rest = fma(s, u, t.rest, below.rest);
  // What a first quotient leaves of the numerator gives the second part of the quotient.
  Value inverse = s.div(one, s.add(below.value, below.rest));
  Value quotient = s.mul(above.value, inverse);
  Value minus = s.op<arith::NegFOp>(quotient);
  Value left = s.add(fma(s, minus, below.value, above.value), above.rest);
  left = fma(s, minus, below.rest, left);
  return s.op<math::CopySignOp>(fma(s, left, inverse, quotient), x);
}

Value cnnc::buildTanh(LinalgBuilder &s, Value x, bool hasFma) {
  if (x.getType().isF64())
    return s.op<math::TanhOp>(x);
  return hasFma ? tanhOfPairs(s, x) : tanhInDouble(s, x);
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
