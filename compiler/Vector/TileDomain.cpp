//===- TileDomain.cpp - Iterations that padding makes unnecessary ---------===//
//
// Of a loop that runs, only the iterations that can be in the domain; of what is written
// out, each step for the points of the tile that are in it.
//
//===----------------------------------------------------------------------===//

#include "compiler/Support/DomainShare.h"
#include "compiler/Vector/TileEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace cnnc {

/// The most that the loops add to a function which run inside of the `inner`-th, and the lanes.
int64_t TileEmitter::mostLeft(const LinearIndex &function, unsigned inner,
                              const Ranges &ranges) const {
  ArrayRef<unsigned> left = ArrayRef(schedule.inner).drop_front(inner);
  int64_t most = 0;
  for (unsigned loop : left)
    most += std::max<int64_t>(function.strides[loop], 0) * (ranges[loop].size - 1);
  if (!llvm::is_contained(left, schedule.laneLoop))
    most += std::max<int64_t>(function.strides[schedule.laneLoop], 0) * (width - 1);
  return most;
}

/// Whether the iteration, with all of the loops inside of it, is known to be outside of the domain.
bool TileEmitter::isOutside(unsigned inner, const Ranges &ranges, const Offsets &offsets) const {
  return llvm::any_of(nest.domain, [&](const LinearIndex &function) {
    int64_t most = function.offset + mostLeft(function, inner, ranges);
    for (unsigned loop = 0; loop < nest.loops(); ++loop) {
      if (function.strides[loop] == 0)
        continue;
      std::optional<int64_t> base = getConstantIntValue(ranges[loop].base);
      if (!base)
        return false;
      most += function.strides[loop] * (*base + offsets[loop]);
    }
    return most < 0;
  });
}

int64_t TileEmitter::pointsOutside(unsigned inner, const Ranges &ranges,
                                   const Offsets &offsets) const {
  return llvm::count_if(points, [&](const Offsets &point) {
    Offsets here(offsets);
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      here[loop] += point[loop];
    return isOutside(inner, ranges, here);
  });
}

bool TileEmitter::areAllOutside(unsigned inner, const Ranges &ranges,
                                const Offsets &offsets) const {
  return !nest.domain.empty() &&
         pointsOutside(inner, ranges, offsets) == static_cast<int64_t>(points.size());
}

/// Iterations at the ends of the innermost loop that some points of the tile do not need, if what
/// these points are spared is worth more code than one step.
TileEmitter::Ends TileEmitter::endsToWriteOut(unsigned inner, Ranges ranges,
                                              const Offsets &offsets) const {
  unsigned loop = schedule.inner[inner];
  if (inner + 1 < schedule.inner.size() || loop == schedule.laneLoop ||
      llvm::none_of(nest.domain, [&](const LinearIndex &f) { return f.strides[loop] != 0; }))
    return {0, 0};
  int64_t size = ranges[loop].size, spared = 0;
  Ends ends{size, size};
  for (int64_t i = 0; i < size; ++i) {
    Offsets here(offsets);
    here[loop] += i;
    int64_t outside = pointsOutside(inner + 1, ranges, here);
    spared += outside;
    if (outside == 0) {
      ends.first = std::min(ends.first, i);
      ends.last = size - 1 - i;
    }
  }
  if (ends.first == size)
    ends.last = 0;
  bool isWorth = ends.first + ends.last <= DomainShare::kMostWrittenOut &&
                 double(spared) >=
                     DomainShare::kWorthEnds * double(size * static_cast<int64_t>(points.size()));
  return isWorth ? ends : Ends{0, 0};
}

int64_t TileEmitter::mostOfPoints(const LinearIndex &function) const {
  int64_t most = std::numeric_limits<int64_t>::min();
  for (const Offsets &point : points) {
    int64_t here = 0;
    for (auto [stride, offset] : llvm::zip_equal(function.strides, point))
      here += stride * offset;
    most = std::max(most, here);
  }
  return most;
}

/// Whether there are tiles of which no point needs some iteration of the loop.
bool TileEmitter::leavesOut(unsigned inner, const Ranges &ranges) const {
  unsigned loop = schedule.inner[inner];
  return llvm::any_of(nest.domain, [&](const LinearIndex &function) {
    if (function.strides[loop] == 0)
      return false;
    int64_t least =
        function.offset + mostOfPoints(function) + mostLeft(function, inner + 1, ranges);
    for (unsigned other = 0; other < nest.loops(); ++other) {
      bool isInside = llvm::is_contained(ArrayRef(schedule.inner).drop_front(inner + 1), other);
      int64_t starts = nest.extents[other] - (nest.reductions[other] ? 1 : ranges[other].size);
      if (!isInside)
        least += std::min<int64_t>(function.strides[other], 0) * starts;
    }
    return least < 0;
  });
}

/// Those that some point of the tile needs.
TileEmitter::Span TileEmitter::spanOf(unsigned inner, const Ranges &ranges,
                                      const Offsets &offsets) {
  unsigned loop = schedule.inner[inner];
  int64_t size = ranges[loop].size;
  Span span{constant(0), constant(size)};
  for (const LinearIndex &function : nest.domain) {
    int64_t factor = function.strides[loop];
    if (factor == 0)
      continue;
    // factor * i + rest >= 0
    Value rest =
        constant(function.offset + mostOfPoints(function) + mostLeft(function, inner + 1, ranges));
    for (unsigned other = 0; other < nest.loops(); ++other)
      if (int64_t stride = function.strides[other])
        rest = sum(rest, scaled(add(ranges[other].base, offsets[other]), stride));
    // Unsigned divisions, which is why what is divided is no less than 0.
    auto divided = [&](Value value, int64_t by) -> Value {
      if (std::optional<int64_t> number = getConstantIntValue(value))
        return constant(*number / by);
      return arith::DivUIOp::create(builder, loc, value, constant(by));
    };
    if (factor > 0) {
      Value first = scaled(rest, -1);
      if (factor > 1)
        first = divided(add(larger(first, constant(0)), factor - 1), factor);
      span.first = larger(span.first, first);
    } else {
      Value end = add(larger(rest, constant(-1)), -factor);
      span.end = smaller(span.end, factor == -1 ? end : divided(end, -factor));
    }
  }
  return span;
}

/// One of the reducing loops, over the iterations that the domain leaves.
TileEmitter::Values TileEmitter::reduceBetween(unsigned inner, Ranges ranges,
                                               const Offsets &offsets, Values accumulators) {
  unsigned loop = schedule.inner[inner];
  Span span = spanOf(inner, ranges, offsets);
  // Counted from 0: of other loops LLVM makes addresses of their own for all that they load.
  Value base = sum(ranges[loop].base, span.first);
  Value count = sum(span.end, scaled(span.first, -1));
  auto loopOp = scf::ForOp::create(builder, loc, constant(0), count, constant(1), accumulators);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loopOp.getBody());
  ranges[loop].base = sum(base, loopOp.getInductionVar());
  Values values = reduce(inner + 1, ranges, offsets, Values(loopOp.getRegionIterArgs()));
  scf::YieldOp::create(builder, loc, values);
  return Values(loopOp.getResults());
}

} // namespace cnnc
