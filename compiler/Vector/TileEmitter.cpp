//===- TileEmitter.cpp - Loops around a tile of registers -----------------===//

#include "compiler/Vector/TileEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace cnnc {

/// Operations on a sum, its end included, from which on it pays to put several into a vector.
static constexpr size_t kLongFinish = 8;

bool TileEmitter::canEmit(const LoopNest &nest) {
  auto isNumber = [&](OpOperand *operand) {
    Type type = operand->get().getType();
    auto shaped = dyn_cast<ShapedType>(type);
    Type element = shaped ? shaped.getElementType() : type;
    return element.isIntOrFloat();
  };
  if (nest.extents.empty() || nest.indices.empty() || !llvm::all_of(nest.operands(), isNumber))
    return false;
  auto hasVectors = [](mlir::Block *block) {
    return llvm::all_of(block->without_terminator(), [](Operation &op) {
      return isa<linalg::IndexOp>(op) || op.hasTrait<OpTrait::Elementwise>() ||
             op.hasTrait<OpTrait::ConstantLike>();
    });
  };
  return hasVectors(nest.body) && (!nest.finish || hasVectors(nest.finish)) &&
         (!nest.pool || hasVectors(nest.pool));
}

TileEmitter::TileEmitter(const LoopNest &nest, const Schedule &schedule, bool hasFma,
                         OpBuilder &builder)
    : nest(nest), schedule(schedule), hasFma(hasFma), builder(builder), loc(nest.op->getLoc()),
      lane(schedule.laneLoop) {
  for (auto [operand, index] : llvm::zip_equal(nest.operands(), nest.indices))
    places.push_back(placeOf(*operand, index));
}

TileEmitter::Place TileEmitter::placeOf(OpOperand &operand, const LinearIndex &index) {
  Value value = operand.get();
  auto buffer = dyn_cast<MemRefType>(value.getType());
  if (!buffer)
    return {value, true, index, value.getType()};
  int64_t last = index.offset;
  for (auto [stride, extent] : llvm::zip_equal(index.strides, nest.extents))
    last += std::max<int64_t>(stride, 0) * (extent - 1);
  auto row = MemRefType::get({last + 1}, buffer.getElementType(), MemRefLayoutAttrInterface(),
                             buffer.getMemorySpace());
  Value memory = memref::ReinterpretCastOp::create(
      builder, loc, row, value, /*offset=*/0, ArrayRef<int64_t>{last + 1}, ArrayRef<int64_t>{1});
  return {memory, false, index, buffer.getElementType()};
}

//===--- Levels ---------------------------------------------------------===//

SmallVector<Segment, 3> TileEmitter::segmentsOf(const Level &level, int64_t size) const {
  return schedule.segmentsOf(level, size, nest.reductions[level.loop]);
}

static int64_t countOf(ArrayRef<Segment> segments) {
  int64_t count = 0;
  for (const Segment &segment : segments)
    count += segment.count;
  return count;
}

int64_t TileEmitter::tasks() const {
  int64_t count = 1;
  for (const Level &level : ArrayRef(schedule.levels).take_front(schedule.tasks))
    count *= countOf(segmentsOf(level, nest.extents[level.loop]));
  return count;
}

void TileEmitter::emit(Value task) {
  Value zero = constant(0);
  Ranges ranges;
  for (int64_t extent : nest.extents)
    ranges.push_back({zero, extent});
  if (schedule.tasks == 0)
    return emitLevels(0, ranges);
  // The innermost of the levels counts fastest.
  Values numbers(schedule.tasks);
  for (unsigned i = schedule.tasks; i-- > 0;) {
    const Level &level = schedule.levels[i];
    Value count = constant(countOf(segmentsOf(level, nest.extents[level.loop])));
    numbers[i] = i == 0 ? task : arith::RemUIOp::create(builder, loc, task, count).getResult();
    if (i > 0)
      task = arith::DivUIOp::create(builder, loc, task, count);
  }
  emitTask(0, ranges, numbers, 0);
}

void TileEmitter::emitTask(unsigned level, Ranges ranges, ArrayRef<Value> numbers,
                           unsigned segment) {
  if (level == schedule.tasks)
    return emitLevels(level, ranges);
  unsigned loop = schedule.levels[level].loop;
  SmallVector<Segment, 3> segments = segmentsOf(schedule.levels[level], ranges[loop].size);
  int64_t firstNumber = 0, start = 0;
  for (const Segment &before : ArrayRef(segments).take_front(segment)) {
    firstNumber += before.count;
    start += before.count * before.size;
  }
  auto emitHere = [&](const Segment &here) {
    Ranges inside(ranges);
    Value number = here.count == 1 ? constant(0) : add(numbers[level], -firstNumber);
    Value offset = scaled(number, here.size);
    inside[loop] = {add(offset, start), here.size};
    emitTask(level + 1, inside, numbers, 0);
  };
  const Segment &here = segments[segment];
  if (segment + 1 == segments.size())
    return emitHere(here);
  Value isHere = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult, numbers[level],
                                       constant(firstNumber + here.count));
  auto branch = scf::IfOp::create(builder, loc, isHere, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  emitHere(here);
  builder.setInsertionPointToStart(branch.elseBlock());
  emitTask(level, ranges, numbers, segment + 1);
}

void TileEmitter::emitLevels(unsigned level, const Ranges &ranges) {
  if (level == schedule.levels.size())
    return emitTile(ranges);
  unsigned loop = schedule.levels[level].loop;
  if (nest.reductions[loop] && part == Part::Whole && nest.isKernel())
    return emitInBlocks(level, ranges);
  if (nest.reductions[loop] && (part == Part::Start || part == Part::Finish))
    return emitLevels(level + 1, ranges);
  int64_t start = 0;
  for (const Segment &segment : segmentsOf(schedule.levels[level], ranges[loop].size)) {
    start -= segment.again;
    emitSegment(level, ranges, segment, start);
    start += segment.count * segment.size;
  }
}

/// Between the blocks of reducing loops the accumulators wait in the outputs: they start there,
/// each block adds to them, and at the end they are finished.
void TileEmitter::emitInBlocks(unsigned level, const Ranges &ranges) {
  bool isFinished = !nest.pool && llvm::equal(nest.finish->getTerminator()->getOperands(),
                                              nest.finish->getArguments());
  for (Part now : {Part::Start, Part::Add, Part::Finish}) {
    if (now == Part::Finish && isFinished)
      continue;
    part = now;
    emitLevels(level, ranges);
  }
  part = Part::Whole;
}

void TileEmitter::emitSegment(unsigned level, Ranges ranges, const Segment &segment,
                              int64_t start) {
  unsigned loop = schedule.levels[level].loop;
  Value base = add(ranges[loop].base, start);
  if (segment.count == 1) {
    ranges[loop] = {base, segment.size};
    return emitLevels(level + 1, ranges);
  }
  auto blockLoop =
      scf::ForOp::create(builder, loc, constant(0), constant(segment.count), constant(1));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(blockLoop.getBody());
  ranges[loop] = {sum(base, scaled(blockLoop.getInductionVar(), segment.size)), segment.size};
  emitLevels(level + 1, ranges);
}

//===--- The tile -------------------------------------------------------===//

void TileEmitter::emitTile(const Ranges &ranges) {
  lane = schedule.laneLoop;
  int64_t lanes = schedule.lanes, size = ranges[lane].size;
  bool reducesLanes = nest.reductions[lane];
  width = size >= lanes && (reducesLanes || size % lanes == 0) ? lanes : 1;
  if (schedule.halvesResults && !reducesLanes)
    width = std::min(lanes, size & -size); // of the powers of two that divide it the largest
  // Row-major over all loops that do not reduce; a vector counts as one.
  points.assign(1, Offsets(nest.loops(), 0));
  for (unsigned loop = 0; loop < nest.loops(); ++loop) {
    if (nest.reductions[loop])
      continue;
    SmallVector<Offsets> all;
    for (const Offsets &point : points)
      for (int64_t i = 0; i < ranges[loop].size; i += loop == lane ? width : 1) {
        all.push_back(point);
        all.back()[loop] = i;
      }
    points = std::move(all);
  }

  streamLongestInput();
  Offsets origin(nest.loops(), 0);
  if (part == Part::Start)
    return storeAll(ranges, freshAccumulators());
  if (part == Part::Finish)
    return finishPoints(ranges);
  if (reducesLanes && width > 1)
    return finishTile(ranges, reduceLanes(ranges));
  finishTile(ranges, reduce(0, ranges, origin, startAccumulators(ranges)));
}

TileEmitter::Values TileEmitter::loadOutputs(const Ranges &ranges) {
  Values values;
  Loaded loaded;
  unsigned firstOutput = nest.firstOutput();
  for (const Offsets &point : points)
    for (unsigned i = 0; i < nest.accumulators(); ++i)
      values.push_back(load(firstOutput + i, ranges, point, loaded));
  return values;
}

/// Orders the points so that the input of which a tile reads most passes by, one element after the
/// other, while the others wait in registers.
void TileEmitter::streamLongestInput() {
  unsigned longest = 0;
  size_t most = 0;
  for (unsigned i = 0; i < nest.inputs.size(); ++i) {
    DenseSet<int64_t> distances;
    for (const Offsets &point : points)
      distances.insert(distance(places[i], point));
    if (distances.size() > most) {
      most = distances.size();
      longest = i;
    }
  }
  if (most <= 1)
    return;
  std::vector<std::tuple<int64_t, size_t>> order;
  for (auto [number, point] : llvm::enumerate(points))
    order.emplace_back(distance(places[longest], point), number);
  llvm::sort(order);
  SmallVector<Offsets> sorted;
  for (auto [away, number] : order)
    sorted.push_back(points[number]);
  points = std::move(sorted);
}

/// What a kernel's accumulators start as, point by point.
TileEmitter::Values TileEmitter::freshAccumulators() {
  Values one, all;
  for (Attribute start : nest.starts)
    one.push_back(
        spread(arith::ConstantOp::create(builder, loc, cast<TypedAttr>(start)).getResult()));
  for (size_t i = 0; i < points.size(); ++i)
    llvm::append_range(all, one);
  return all;
}

TileEmitter::Values TileEmitter::startAccumulators(const Ranges &ranges) {
  if (nest.isKernel() && part == Part::Whole)
    return freshAccumulators();
  if (part == Part::Add || nest.readsOutputs())
    return loadOutputs(ranges);
  return Values(points.size() * nest.accumulators());
}

/// Runs the reducing loops from the `inner`-th on.
TileEmitter::Values TileEmitter::reduce(unsigned inner, Ranges ranges, const Offsets &offsets,
                                        Values accumulators) {
  if (inner == schedule.inner.size())
    return reduceOnce(ranges, offsets, accumulators);
  unsigned loop = schedule.inner[inner];
  if (schedule.tile[loop] == 1 && loop != schedule.laneLoop && leavesOut(inner, ranges))
    return reduceBetween(inner, ranges, offsets, std::move(accumulators));
  int64_t step = loop == schedule.laneLoop ? width : 1, size = ranges[loop].size / step;
  int64_t unroll = std::min(schedule.tile[loop], size), count = size / unroll;
  Value base = ranges[loop].base;
  auto repeat = [&](Value from, int64_t times, Values values) {
    ranges[loop].base = from;
    for (int64_t i = 0; i < times; ++i) {
      Offsets further(offsets);
      further[loop] += i * step;
      if (!areAllOutside(inner + 1, ranges, further))
        values = reduce(inner + 1, ranges, further, std::move(values));
    }
    return values;
  };
  Ends ends = unroll == 1 ? endsToWriteOut(inner, ranges, offsets) : Ends{0, 0};
  accumulators = repeat(base, ends.first, std::move(accumulators));
  base = add(base, ends.first);
  count -= ends.first + ends.last;
  if (count <= 1) {
    accumulators = repeat(base, count * unroll, std::move(accumulators));
  } else {
    auto loopOp =
        scf::ForOp::create(builder, loc, constant(0), constant(count), constant(1), accumulators);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loopOp.getBody());
    Value from = sum(base, scaled(loopOp.getInductionVar(), unroll * step));
    scf::YieldOp::create(builder, loc, repeat(from, unroll, Values(loopOp.getRegionIterArgs())));
    accumulators = Values(loopOp.getResults());
  }
  accumulators = repeat(add(base, count), ends.last, std::move(accumulators));
  if (int64_t rest = size % unroll)
    accumulators = repeat(add(base, count * unroll * step), rest, std::move(accumulators));
  return accumulators;
}

/// One iteration of all reducing loops, for all points of the tile.
TileEmitter::Values TileEmitter::reduceOnce(const Ranges &ranges, const Offsets &offsets,
                                            Values accumulators) {
  Loaded loaded;
  unsigned count = nest.accumulators();
  for (auto [number, point] : llvm::enumerate(points)) {
    Offsets here(offsets);
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      here[loop] += point[loop];
    if (isOutside(schedule.inner.size(), ranges, here))
      continue;
    Values arguments;
    for (unsigned i = 0; i < nest.inputs.size(); ++i)
      arguments.push_back(nest.body->getArgument(i).use_empty() ? Value()
                                                                : load(i, ranges, here, loaded));
    auto mine = MutableArrayRef(accumulators).slice(number * count, count);
    llvm::append_range(arguments, mine);
    llvm::copy(compute(*nest.body, arguments, ranges, here), mine.begin());
  }
  return accumulators;
}

/// A reducing loop whose iterations are the lanes: each lane has a sum of its own, and at the end
/// these are combined. What fills no vector follows in halves of one, or one by one.
TileEmitter::Values TileEmitter::reduceLanes(const Ranges &ranges) {
  int64_t done = 0, size = ranges[lane].size;
  Offsets origin(nest.loops(), 0);
  auto next = [&](int64_t lanes) {
    Ranges part(ranges);
    part[lane] = {add(ranges[lane].base, done), (size - done) / lanes * lanes};
    done += part[lane].size;
    width = lanes;
    return part;
  };
  auto combined = [&](int64_t lanes) {
    Ranges part = next(lanes);
    Values partial(points.size(), spread(neutralElement()));
    partial = combineLanes(reduce(0, part, origin, partial));
    width = 1;
    return partial;
  };
  Values partial = combined(width), accumulators = startAccumulators(ranges);
  for (auto [accumulator, value] : llvm::zip_equal(accumulators, partial))
    accumulator = combine(accumulator, value);
  for (int64_t half = schedule.lanes / 2; schedule.halvesTerms && half > 1; half /= 2)
    if (size - done >= half)
      for (auto [accumulator, value] : llvm::zip_equal(accumulators, combined(half)))
        accumulator = combine(accumulator, value);
  return done == size ? accumulators : reduce(0, next(1), origin, accumulators);
}

void TileEmitter::finishTile(const Ranges &ranges, ArrayRef<Value> accumulators) {
  if (nest.isKernel() && part == Part::Whole)
    return nest.reductions[lane] ? finishSums(ranges, accumulators)
                                 : finishPoints(ranges, accumulators);
  storeAll(ranges, accumulators);
}

/// A loop whose neighbouring iterations write neighbours, if what is left to do with each sum is
/// worth a vector of them.
std::optional<unsigned> TileEmitter::loopAlongResults(const Ranges &ranges) const {
  if (nest.pool || nest.finish->getOperations().size() < kLongFinish)
    return std::nullopt;
  for (unsigned loop = 0; loop < nest.loops(); ++loop)
    if (!nest.reductions[loop] && ranges[loop].size > 1 &&
        places[nest.firstOutput()].index.strides[loop] == 1)
      return loop;
  return std::nullopt;
}

/// Sums whose lanes have been added up are single numbers. The rest of their way they go side by
/// side in vectors where they are neighbours.
void TileEmitter::finishSums(const Ranges &ranges, ArrayRef<Value> accumulators) {
  std::optional<unsigned> along = loopAlongResults(ranges);
  if (!along)
    return finishPoints(ranges, accumulators);
  std::map<Offsets, Values> rows; // of each accumulator one row, by where it starts
  unsigned count = nest.accumulators();
  int64_t length = ranges[*along].size;
  for (auto [number, point] : llvm::enumerate(points)) {
    Offsets first(point);
    int64_t position = std::exchange(first[*along], 0);
    Values &row = rows[first];
    row.resize(count * length);
    for (unsigned i = 0; i < count; ++i)
      row[i * length + position] = accumulators[number * count + i];
  }
  lane = *along;
  for (const auto &[first, row] : rows)
    for (int64_t done = 0; done < length; done += width) {
      width = std::min<int64_t>(schedule.lanes, llvm::bit_floor(uint64_t(length - done)));
      Values sums;
      for (unsigned i = 0; i < count; ++i) {
        ArrayRef<Value> elements = ArrayRef(row).slice(i * length + done, width);
        auto type = VectorType::get(width, elements.front().getType());
        sums.push_back(width == 1 ? elements.front()
                                  : vector::FromElementsOp::create(builder, loc, type, elements));
      }
      points.assign(1, first);
      points.front()[lane] = done;
      finishPoints(ranges, sums);
    }
  lane = schedule.laneLoop;
}

void TileEmitter::storeAll(const Ranges &ranges, ArrayRef<Value> values) {
  unsigned count = nest.accumulators(), firstOutput = nest.firstOutput();
  Loaded loaded;
  for (auto [number, point] : llvm::enumerate(points))
    for (unsigned i = 0; i < count; ++i)
      store(firstOutput + i, ranges, point, values[number * count + i], loaded);
}

/// Without `accumulators` each waits in the outputs until its turn: together they would need all
/// registers.
void TileEmitter::finishPoints(const Ranges &ranges, ArrayRef<Value> accumulators) {
  Loaded loaded;
  unsigned count = nest.accumulators(), firstExtra = nest.inputs.size();
  unsigned firstOutput = nest.firstOutput(), pointOutputs = nest.pointOutputs();
  // What is pooled, by the points at which windows start and those in a window.
  std::map<Offsets, std::map<Offsets, Values>> windows;
  for (auto [number, point] : llvm::enumerate(points)) {
    Values arguments;
    for (unsigned i = 0; i < count; ++i)
      arguments.push_back(accumulators.empty() ? load(firstOutput + i, ranges, point, loaded)
                                               : accumulators[number * count + i]);
    for (unsigned i = 0; i < nest.extras.size(); ++i)
      arguments.push_back(load(firstExtra + i, ranges, point, loaded));
    Values results = compute(*nest.finish, arguments, ranges, point);
    for (auto [i, result] : llvm::enumerate(ArrayRef(results).take_front(pointOutputs)))
      store(firstOutput + i, ranges, point, result, loaded);
    if (!nest.pool)
      continue;
    Offsets first(point), inside(nest.loops(), 0);
    for (unsigned loop : nest.window)
      std::swap(first[loop], inside[loop]);
    windows[first][inside] = Values(ArrayRef(results).drop_front(pointOutputs));
  }
  for (const auto &[first, values] : windows)
    poolWindow(ranges, first, values, loaded);
}

//===--- Values ---------------------------------------------------------===//

Type TileEmitter::widened(Type type) const {
  return width == 1 ? type : VectorType::get(width, type);
}

Value TileEmitter::spread(Value scalar) {
  if (width == 1 || isa<VectorType>(scalar.getType()))
    return scalar;
  return vector::BroadcastOp::create(builder, loc, widened(scalar.getType()), scalar);
}

/// The product in acc + a * b, if `op` is that addition and can be one instruction.
arith::MulFOp TileEmitter::summedProduct(Operation *op) const {
  auto addition = dyn_cast<arith::AddFOp>(op);
  if (!addition || !hasFma)
    return {};
  for (auto [product, other] : {std::pair(addition.getLhs(), addition.getRhs()),
                                std::pair(addition.getRhs(), addition.getLhs())}) {
    auto multiplication = product.getDefiningOp<arith::MulFOp>();
    if (multiplication && multiplication->hasOneUse() && isAccumulator(other))
      return multiplication;
  }
  return {};
}

bool TileEmitter::isAccumulator(Value value) const {
  auto argument = dyn_cast<BlockArgument>(value);
  return argument && argument.getOwner() == nest.body &&
         argument.getArgNumber() >= nest.inputs.size();
}

Value TileEmitter::indexOf(unsigned loop, const Ranges &ranges, const Offsets &offsets) {
  Value first = add(ranges[loop].base, offsets[loop]);
  if (width == 1)
    return first;
  Value all = spread(first);
  if (loop != lane)
    return all;
  auto type = VectorType::get(width, builder.getIndexType());
  SmallVector<Attribute> numbers;
  for (int64_t i = 0; i < width; ++i)
    numbers.push_back(builder.getIndexAttr(i));
  Value steps =
      arith::ConstantOp::create(builder, loc, type, DenseElementsAttr::get(type, numbers));
  return arith::AddIOp::create(builder, loc, all, steps);
}

TileEmitter::Values TileEmitter::compute(mlir::Block &block, ArrayRef<Value> arguments,
                                         const Ranges &ranges, const Offsets &offsets) {
  IRMapping mapping;
  for (auto [argument, value] : llvm::zip_equal(block.getArguments(), arguments))
    if (value)
      mapping.map(argument, value);
  auto mapped = [&](Value value) {
    if (!mapping.contains(value)) // from outside: a constant of the function
      mapping.map(value, spread(value));
    return mapping.lookup(value);
  };
  for (Operation &op : block.without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(op)) {
      mapping.map(index.getResult(), indexOf(index.getDim(), ranges, offsets));
      continue;
    }
    if (isa<arith::MulFOp>(op) && op.hasOneUse() && summedProduct(*op.user_begin()) == &op)
      continue;
    if (arith::MulFOp product = summedProduct(&op)) {
      Value sum = op.getOperand(op.getOperand(0) == product ? 1 : 0);
      mapping.map(op.getResult(0), math::FmaOp::create(builder, loc, mapped(product.getLhs()),
                                                       mapped(product.getRhs()), mapped(sum)));
      continue;
    }
    for (Value operand : op.getOperands())
      mapped(operand);
    Operation *copy = builder.clone(op, mapping);
    if (op.hasTrait<OpTrait::ConstantLike>()) {
      mapping.map(op.getResult(0), spread(copy->getResult(0)));
      continue;
    }
    for (OpResult result : copy->getResults())
      result.setType(widened(result.getType()));
  }
  return llvm::map_to_vector(block.getTerminator()->getOperands(), mapped);
}

//===--- Lanes that are summed ------------------------------------------===//

std::optional<vector::CombiningKind> TileEmitter::combiningKind(const LoopNest &nest) {
  Operation *op = nest.combiningOp();
  if (!op)
    return std::nullopt;
  return isa<arith::AddFOp>(op) ? vector::CombiningKind::ADD : vector::CombiningKind::MAXIMUMF;
}

/// Whether zeros of either sign are the same, as the op says that combines accumulators.
static arith::FastMathFlags zerosOf(const LoopNest &nest) {
  return cast<arith::ArithFastMathInterface>(nest.combiningOp()).getFastMathFlagsAttr().getValue() &
         arith::FastMathFlags::nsz;
}

Value TileEmitter::neutralElement() {
  Type type = nest.body->getArguments().back().getType();
  double value = *combiningKind(nest) == vector::CombiningKind::ADD
                     ? 0
                     : -std::numeric_limits<double>::infinity();
  return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type, value));
}

Value TileEmitter::combine(Value a, Value b) {
  if (*combiningKind(nest) == vector::CombiningKind::ADD)
    return arith::AddFOp::create(builder, loc, a, b);
  return arith::MaximumFOp::create(builder, loc, a, b, zerosOf(nest));
}

TileEmitter::Values TileEmitter::combineLanes(Values accumulators) {
  for (Value &value : accumulators)
    value = vector::ReductionOp::create(builder, loc, *combiningKind(nest), value,
                                        arith::FastMathFlags::reassoc | zerosOf(nest));
  return accumulators;
}

} // namespace cnnc
