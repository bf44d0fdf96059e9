//===- DropoutPatterns.cpp - Counter-based random masks -------------------===//
//
// Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as
// 1, 2, 3", SC 2011. Ten rounds of two 32x32 bit products; the key grows by the
// golden ratio and sqrt(3) - 1 each round.
//
//===----------------------------------------------------------------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/Patterns.h"

#include <cmath>

using namespace mlir;
using namespace cnnc;

namespace {

constexpr unsigned kRounds = 10;
constexpr uint32_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
constexpr uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;

/// Word 0 of the block that belongs to a counter and a key, as i32.
class Philox {
public:
  explicit Philox(LinalgBuilder &scalars)
      : s(scalars), i32(s.builder.getI32Type()), i64(s.builder.getI64Type()) {}

  Value word(std::array<Value, 4> counter, std::array<Value, 2> key) {
    for (unsigned round = 0; round < kRounds; ++round) {
      auto [low0, high0] = product(counter[0], kMultiplier0);
      auto [low1, high1] = product(counter[2], kMultiplier1);
      counter = {exclusiveOr(exclusiveOr(high1, counter[1]), key[0]), low1,
                 exclusiveOr(exclusiveOr(high0, counter[3]), key[1]), low0};
      key = {grow(key[0], kWeyl0), grow(key[1], kWeyl1)};
    }
    return counter[0];
  }

  Value low(Value wide) { return s.op<arith::TruncIOp>(i32, wide); }
  Value high(Value wide) { return low(s.op<arith::ShRUIOp>(wide, s.integer(i64, 32))); }

private:
  std::pair<Value, Value> product(Value a, uint32_t multiplier) {
    Value wide = s.op<arith::MulIOp>(s.op<arith::ExtUIOp>(i64, a), s.integer(i64, multiplier));
    return {low(wide), high(wide)};
  }
  Value exclusiveOr(Value a, Value b) { return s.op<arith::XOrIOp>(a, b); }
  Value grow(Value key, uint32_t weyl) {
    return s.op<arith::AddIOp>(key, s.integer(i32, int32_t(weyl)));
  }

  LinalgBuilder &s;
  Type i32, i64;
};

/// The row-major number of the element that the loops are at, as i64.
Value elementNumber(LinalgBuilder &s, ArrayRef<int64_t> shape) {
  Type index = s.builder.getIndexType();
  Value number = s.integer(index, 0);
  for (auto [dim, size] : llvm::enumerate(shape))
    number = s.op<arith::AddIOp>(s.op<arith::MulIOp>(number, s.integer(index, size)), s.index(dim));
  return s.op<arith::IndexCastOp>(s.builder.getI64Type(), number);
}

/// Whether what has this number stays: its word is at least probability * 2^32.
Value stays(LinalgBuilder &s, cnn::DropoutOp op, Value number, Value seed, Value step) {
  Philox philox(s);
  Type i32 = s.builder.getI32Type(), i64 = s.builder.getI64Type();
  int64_t threshold = int64_t(std::ldexp(op.getProbability().convertToDouble(), 32));
  Value key = s.op<arith::XOrIOp>(seed, s.integer(i64, op.getSalt()));
  Value word = philox.word(
      {philox.low(number), philox.low(step), philox.high(step), s.integer(i32, op.getStream())},
      {philox.low(key), philox.high(key)});
  return s.op<arith::CmpIOp>(arith::CmpIPredicate::uge, word, s.integer(i32, int32_t(threshold)));
}

/// What stays is divided by its share.
double growth(cnn::DropoutOp op) { return 1 / (1 - op.getProbability().convertToDouble()); }

/// One draw an element.
Value dropElements(LinalgBuilder &b, cnn::DropoutOp op, Value input, Value seed, Value step) {
  auto type = tensorType(input);
  AffineMap scalar = b.map(type.getRank(), {});
  return b.elementwise(type, {{input, b.identity(type.getRank())}, {seed, scalar}, {step, scalar}},
                       [&](LinalgBuilder &s, ValueRange v) {
                         Type element = v[0].getType();
                         Value keep = stays(s, op, elementNumber(s, type.getShape()), v[1], v[2]);
                         Value scaled = s.mul(v[0], s.number(element, growth(op)));
                         return s.select(keep, scaled, s.number(element, 0));
                       });
}

/// One draw an image, not one an element: the factors of all images first.
Value dropImages(LinalgBuilder &b, cnn::DropoutOp op, Value input, Value seed, Value step) {
  auto type = tensorType(input);
  auto images = withShape(input, {type.getDimSize(0)});
  AffineMap scalar = b.map(1, {});
  Value factors =
      b.elementwise(images, {{seed, scalar}, {step, scalar}}, [&](LinalgBuilder &s, ValueRange v) {
        Value keep = stays(s, op, elementNumber(s, images.getShape()), v[0], v[1]);
        Type element = type.getElementType();
        return s.select(keep, s.number(element, growth(op)), s.number(element, 0));
      });
  // A product with 0 would make NaN of an infinity.
  return b.elementwise(
      type, {{input, b.identity(type.getRank())}, {factors, b.map(type.getRank(), {b.dim(0)})}},
      [](LinalgBuilder &s, ValueRange v) {
        Value none = s.number(v[0].getType(), 0);
        return s.wherePositive(v[1], s.mul(v[0], v[1]), none);
      });
}

struct LowerDropout final : OpConversionPattern<cnn::DropoutOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::DropoutOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    auto drop = op.getWholeImages() ? dropImages : dropElements;
    rewriter.replaceOp(op, drop(b, op, adaptor.getInput(), adaptor.getSeed(), adaptor.getStep()));
    return success();
  }
};

} // namespace

void cnnc::populateDropoutPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerDropout>(patterns.getContext());
}
