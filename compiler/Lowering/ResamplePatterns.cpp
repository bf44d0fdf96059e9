//===- ResamplePatterns.cpp - Changes of resolution to loops --------------===//
//
// Interpolation and adaptive means are one linear map along each axis, and the map
// repeats: with the greatest common divisor G of the sizes there are G groups that
// differ in their place alone. So all indices are affine, the weights are a small
// constant, and the adjoint is the same loops with input and output exchanged.
//
//===----------------------------------------------------------------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/Patterns.h"

#include <numeric>

using namespace mlir;
using namespace cnnc;

namespace {

/// fine[g*fineStep + r] = sum over k of weights[r, k] * coarse[g*coarseStep + k]: from the
/// operand of the forward op (coarse, whatever its size) to its result (fine).
struct PeriodicMap {
  int64_t groups, coarseStep, fineStep, taps;
  SmallVector<double> weights; ///< [fineStep, taps]

  int64_t coarseSize() const { return (groups - 1) * coarseStep + taps; }
  int64_t fineSize() const { return groups * fineStep; }
};

/// Row i of the adaptive mean is 1/n on the n positions of window i.
PeriodicMap adaptiveMeans(int64_t input, int64_t output) {
  int64_t groups = std::gcd(input, output);
  PeriodicMap map{groups, input / groups, output / groups, input / groups, {}};
  for (int64_t r = 0; r < map.fineStep; ++r) {
    PositionRange window = adaptiveWindow(map.coarseStep, map.fineStep, r);
    for (int64_t k = 0; k < map.taps; ++k)
      map.weights.push_back(
          k >= window.begin && k < window.end ? 1.0 / double(window.end - window.begin) : 0.0);
  }
  return map;
}

/// Output positions between the centres of neighbours k and k+1 of an input whose two
/// ends are there twice: group g mixes the neighbours g and g+1. The first
/// (factor + 1)/2 positions and the last factor/2 lie outside.
PeriodicMap interpolation(int64_t input, int64_t factor) {
  PeriodicMap map{input + 1, 1, factor, 2, {}};
  for (int64_t r = 0; r < factor; ++r) {
    double share = double(2 * r + (factor % 2 == 0)) / double(2 * factor);
    map.weights.append({1 - share, share});
  }
  return map;
}

constexpr unsigned kRows = 2, kColumns = 3;

/// Applies `map` along dimension `dim`, or its adjoint.
Value apply(LinalgBuilder &b, Value x, unsigned dim, const PeriodicMap &map, bool adjoint) {
  // Loops: image, channel, [row,] group, place in the result, tap, [column].
  bool alongRows = dim == kRows;
  unsigned group = alongRows ? 2 : 3;
  AffineExpr g = b.dim(group), other = b.dim(alongRows ? 5 : 2);
  AffineExpr k = b.dim(group + (adjoint ? 1 : 2)), r = b.dim(group + (adjoint ? 2 : 1));
  auto access = [&](AffineExpr along) {
    return alongRows ? b.map(6, {b.dim(0), b.dim(1), along, other})
                     : b.map(6, {b.dim(0), b.dim(1), other, along});
  };
  AffineMap coarse = access(g * map.coarseStep + k), fine = access(g * map.fineStep + r);
  SmallVector<int64_t> shape(shapeOf(x));
  shape[dim] = adjoint ? map.coarseSize() : map.fineSize();
  Operand weights{b.constant(withShape(x, {map.fineStep, map.taps}), map.weights),
                  b.map(6, {r, k})};
  // Never read: its shape bounds the loop over the groups.
  Operand groups{b.empty(withShape(x, map.groups)), b.map(6, {g})};
  return b.loop({{x, adjoint ? fine : coarse}, weights, groups},
                {b.filled(withShape(x, shape), 0), adjoint ? coarse : fine},
                [](LinalgBuilder &s, ValueRange v) {
                  // A weight of 0 means no share: 0 times infinity would be one.
                  Value none = s.number(v[0].getType(), 0);
                  Value weighs = s.compare(arith::CmpFPredicate::ONE, v[1], none);
                  return s.add(v[3], s.select(weighs, s.mul(v[0], v[1]), none));
                });
}

/// Pads (positive) or crops (negative) one dimension of an image.
Value padAlong(LinalgBuilder &b, Value x, unsigned dim, int64_t low, int64_t high) {
  SmallVector<int64_t> lows(4, 0), highs(4, 0);
  lows[dim] = low;
  highs[dim] = high;
  return b.padOrCrop(x, lows, highs, 0);
}

/// The position `at` of one dimension.
Value positionOf(LinalgBuilder &b, Value x, unsigned dim, int64_t at) {
  return padAlong(b, x, dim, -at, at + 1 - shapeOf(x)[dim]);
}

Value insertAt(LinalgBuilder &b, Value part, Value whole, unsigned dim, int64_t at) {
  SmallVector<int64_t> offset(4, 0);
  offset[dim] = at;
  return b.insert(part, whole, offset);
}

/// The first and the last position once more, outside.
Value repeatEnds(LinalgBuilder &b, Value x, unsigned dim) {
  SmallVector<int64_t> shape(shapeOf(x));
  int64_t size = shape[dim];
  shape[dim] += 2;
  Value first = positionOf(b, x, dim, 0), last = positionOf(b, x, dim, size - 1);
  Value whole = insertAt(b, first, b.empty(withShape(x, shape)), dim, 0);
  whole = insertAt(b, x, whole, dim, 1);
  return insertAt(b, last, whole, dim, size + 1);
}

/// The adjoint of repeatEnds: what is outside is added to the ends. The crop comes last, so
/// that each end is added to in place.
Value addEnds(LinalgBuilder &b, Value x, unsigned dim) {
  int64_t size = shapeOf(x)[dim] - 2;
  const std::pair<int64_t, int64_t> ends[] = {{0, 1}, {size + 1, size}};
  for (auto [outside, inside] : ends) {
    Value edge = positionOf(b, x, dim, inside);
    Value sum = b.elementwise(
        tensorType(edge), {{edge, b.identity(4)}, {positionOf(b, x, dim, outside), b.identity(4)}},
        [](LinalgBuilder &s, ValueRange v) { return s.add(v[0], v[1]); });
    x = insertAt(b, sum, x, dim, inside);
  }
  return padAlong(b, x, dim, -1, -1);
}

/// y[p*F + i, q*F + j] = x[p, q].
Value repeatPositions(LinalgBuilder &b, Value x, RankedTensorType type, int64_t factor) {
  enum { N, C, P, Q, I, J };
  AffineMap read = b.map(6, {b.dim(N), b.dim(C), b.dim(P), b.dim(Q)});
  AffineMap write =
      b.map(6, {b.dim(N), b.dim(C), b.dim(P) * factor + b.dim(I), b.dim(Q) * factor + b.dim(J)});
  // Never read: its shape bounds the loops over the copies.
  Operand copies{b.empty(withShape(x, {factor, factor})), b.map(6, {b.dim(I), b.dim(J)})};
  return b.loop({{x, read}, copies}, {b.empty(type), write},
                [](LinalgBuilder &, ValueRange v) { return v[0]; });
}

struct LowerUpsample final : OpConversionPattern<cnn::UpsampleOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::UpsampleOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    int64_t factor = op.getFactor(), before = (factor + 1) / 2;
    Value image = adaptor.getInput();
    if (!op.getBilinear()) {
      rewriter.replaceOp(op, repeatPositions(b, image, tensorType(op.getOutput()), factor));
      return success();
    }
    for (unsigned dim : {kRows, kColumns}) {
      PeriodicMap map = interpolation(shapeOf(image)[dim], factor);
      image = apply(b, repeatEnds(b, image, dim), dim, map, /*adjoint=*/false);
      image = padAlong(b, image, dim, -before, before - factor);
    }
    rewriter.replaceOp(op, image);
    return success();
  }
};

struct LowerUpsampleAdjoint final : OpConversionPattern<cnn::UpsampleAdjointOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::UpsampleAdjointOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    int64_t factor = op.getFactor(), before = (factor + 1) / 2;
    Value image = adaptor.getInput();
    for (unsigned dim : {kColumns, kRows}) {
      PeriodicMap map = interpolation(shapeOf(image)[dim] / factor, factor);
      image = padAlong(b, image, dim, before, factor - before);
      image = addEnds(b, apply(b, image, dim, map, /*adjoint=*/true), dim);
    }
    rewriter.replaceOp(op, image);
    return success();
  }
};

/// Adaptive means along one axis after the other; the adjoint takes them the other way round.
template <typename OpTy> struct LowerAdaptive final : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;
  LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    constexpr bool adjoint = std::is_same_v<OpTy, cnn::AdaptiveSpreadOp>;
    constexpr unsigned axes[] = {adjoint ? kColumns : kRows, adjoint ? kRows : kColumns};
    LinalgBuilder b(rewriter, op);
    Value image = adaptor.getInput();
    for (unsigned dim : axes) {
      int64_t from = shapeOf(image)[dim], to = op.getSize()[dim - kRows];
      PeriodicMap map = adjoint ? adaptiveMeans(to, from) : adaptiveMeans(from, to);
      image = apply(b, image, dim, map, adjoint);
    }
    rewriter.replaceOp(op, image);
    return success();
  }
};

} // namespace

void cnnc::populateResamplePatterns(RewritePatternSet &patterns) {
  patterns.add<LowerUpsample, LowerUpsampleAdjoint, LowerAdaptive<cnn::AdaptiveAvgPoolOp>,
               LowerAdaptive<cnn::AdaptiveSpreadOp>>(patterns.getContext());
}
