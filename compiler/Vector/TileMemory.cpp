//===- TileMemory.cpp - Addresses, loads and stores of a tile -------------===//

#include "compiler/Vector/TileEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;

namespace cnnc {

/// Elements from which on two loads and a shuffle cost less than a load for each.
static constexpr int64_t kFewestToPick = 4;

/// Each number once, where the loops start.
Value TileEmitter::constant(int64_t value) {
  Value &known = constants[value];
  if (!known) {
    OpBuilder atStart(nest.op);
    if (!constantsEnd)
      atStart.setInsertionPointToStart(nest.op->getBlock());
    else
      atStart.setInsertionPointAfter(constantsEnd);
    auto op = arith::ConstantIndexOp::create(atStart, loc, value);
    constantsEnd = op;
    known = op;
  }
  return known;
}

Value TileEmitter::add(Value a, int64_t b) {
  if (std::optional<int64_t> number = getConstantIntValue(a))
    return constant(*number + b);
  return b == 0 ? a : arith::AddIOp::create(builder, loc, a, constant(b)).getResult();
}

Value TileEmitter::sum(Value a, Value b) {
  if (std::optional<int64_t> number = getConstantIntValue(b))
    return add(a, *number);
  if (std::optional<int64_t> number = getConstantIntValue(a))
    return add(b, *number);
  return arith::AddIOp::create(builder, loc, a, b);
}

Value TileEmitter::scaled(Value a, int64_t factor) {
  if (std::optional<int64_t> number = getConstantIntValue(a))
    return constant(*number * factor);
  return factor == 1 ? a : arith::MulIOp::create(builder, loc, a, constant(factor)).getResult();
}

Value TileEmitter::larger(Value a, Value b) {
  std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
  return x && y ? constant(std::max(*x, *y))
                : arith::MaxSIOp::create(builder, loc, a, b).getResult();
}

Value TileEmitter::smaller(Value a, Value b) {
  std::optional<int64_t> x = getConstantIntValue(a), y = getConstantIntValue(b);
  return x && y ? constant(std::min(*x, *y))
                : arith::MinSIOp::create(builder, loc, a, b).getResult();
}

/// Where the element is whose iterations are the starts of `ranges`.
Value TileEmitter::baseOf(const Place &place, const Ranges &ranges) {
  Value base;
  int64_t offset = place.index.offset;
  for (auto [range, stride] : llvm::zip_equal(ranges, place.index.strides)) {
    if (stride == 0)
      continue;
    Value part = scaled(range.base, stride);
    if (std::optional<int64_t> number = getConstantIntValue(part))
      offset += *number;
    else
      base = base ? sum(base, part) : part;
  }
  return base ? add(base, offset) : constant(offset);
}

int64_t TileEmitter::distance(const Place &place, const Offsets &offsets) const {
  int64_t distance = 0;
  for (auto [offset, stride] : llvm::zip_equal(offsets, place.index.strides))
    distance += offset * stride;
  return distance;
}

Value TileEmitter::load(unsigned number, const Ranges &ranges, const Offsets &offsets,
                        Loaded &loaded) {
  const Place &place = places[number];
  if (place.isScalar)
    return spread(place.memory);
  int64_t away = distance(place, offsets);
  if (Value known = loaded.lookup({number, away}))
    return known;
  Value &base = loaded[{number, kBase}];
  if (!base)
    base = baseOf(place, ranges);
  Value start = base; // the map may grow
  Value value = loadAt(place, add(start, away));
  loaded[{number, away}] = value;
  return value;
}

/// Two vectors and a choice of their elements instead of a load for each. The second begins one
/// element early, so that it ends with the last that is wanted: what follows may be nobody's.
Value TileEmitter::loadEverySecond(const Place &place, Value at) {
  auto type = cast<VectorType>(widened(place.element));
  Value first = vector::LoadOp::create(builder, loc, type, place.memory, at);
  Value second = vector::LoadOp::create(builder, loc, type, place.memory, add(at, width - 1));
  SmallVector<int64_t> chosen;
  for (int64_t i = 0; i < width; ++i)
    chosen.push_back(2 * i < width ? 2 * i : 2 * i + 1);
  return vector::ShuffleOp::create(builder, loc, first, second, chosen);
}

Value TileEmitter::loadAt(const Place &place, Value at) {
  int64_t stride = place.index.strides[lane];
  auto loadOne = [&](Value where) -> Value {
    return memref::LoadOp::create(builder, loc, place.memory, where);
  };
  if (width == 1)
    return loadOne(at);
  if (stride == 0)
    return spread(loadOne(at));
  if (stride == 1)
    return vector::LoadOp::create(builder, loc, cast<VectorType>(widened(place.element)),
                                  place.memory, at);
  if (stride == 2 && width >= kFewestToPick)
    return loadEverySecond(place, at);
  Values elements;
  for (int64_t i = 0; i < width; ++i)
    elements.push_back(loadOne(add(at, i * stride)));
  return vector::FromElementsOp::create(builder, loc, cast<VectorType>(widened(place.element)),
                                        elements);
}

void TileEmitter::store(unsigned number, const Ranges &ranges, const Offsets &offsets, Value value,
                        Loaded &loaded) {
  const Place &place = places[number];
  Value &base = loaded[{number, kBase}];
  if (!base)
    base = baseOf(place, ranges);
  Value at = add(base, distance(place, offsets));
  int64_t stride = place.index.strides[lane];
  if (width == 1) {
    memref::StoreOp::create(builder, loc, value, place.memory, at);
  } else if (stride == 1) {
    vector::StoreOp::create(builder, loc, value, place.memory, at);
  } else {
    for (int64_t i = 0; i < width; ++i) {
      Value element = vector::ExtractOp::create(builder, loc, value, i);
      memref::StoreOp::create(builder, loc, element, place.memory, add(at, i * stride));
    }
  }
}

} // namespace cnnc
