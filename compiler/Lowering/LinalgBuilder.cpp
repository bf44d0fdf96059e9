//===- LinalgBuilder.cpp - Short forms for linalg on tensors --------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/SmoothFunctions.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace cnnc;

LinalgBuilder::LinalgBuilder(OpBuilder &builder, Operation *op)
    : builder(builder), loc(op->getLoc()) {
  auto attribute = op->getAttrOfType<DenseI64ArrayAttr>(cnn::kBlocksAttr);
  if (!attribute)
    return;
  hasLayout = true;
  blocks.assign(attribute.asArrayRef().begin(), attribute.asArrayRef().end());
  rank = tensorType(op->getOperand(0)).getRank();
}

void cnnc::inheritLayout(Operation *op, Operation *part) {
  if (Attribute attribute = op->getAttr(cnn::kBlocksAttr))
    part->setAttr(cnn::kBlocksAttr, attribute);
}

Value LinalgBuilder::number(Type type, double value) {
  return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type, value));
}

Value LinalgBuilder::integer(Type type, int64_t value) {
  return arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(type, value));
}

Value LinalgBuilder::empty(RankedTensorType type) {
  return tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
}

Value LinalgBuilder::filled(RankedTensorType type, double value) {
  Type element = type.getElementType();
  Value scalar = isa<FloatType>(element) ? number(element, value) : integer(element, value);
  return linalg::FillOp::create(builder, loc, scalar, empty(type)).getResult(0);
}

Value LinalgBuilder::transpose(Value tensor, ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> shape = applyPermutation(shapeOf(tensor), permutation);
  Value target = empty(withShape(tensor, shape));
  return linalg::TransposeOp::create(builder, loc, tensor, target, permutation)->getResult(0);
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

Value LinalgBuilder::pack(Value tensor, ArrayRef<int64_t> dims) {
  if (dims.empty())
    return tensor;
  ArrayRef<int64_t> shape = shapeOf(tensor);
  std::optional<Value> padding;
  if (llvm::any_of(dims, [&](int64_t dim) { return shape[dim] % cnn::kBlock != 0; }))
    padding = arith::ConstantOp::create(builder, loc,
                                        builder.getZeroAttr(tensorType(tensor).getElementType()));
  SmallVector<OpFoldResult> tiles(dims.size(), builder.getIndexAttr(cnn::kBlock));
  Value target = empty(withShape(tensor, cnn::blockedShape(shape, dims)));
  return linalg::PackOp::create(builder, loc, tensor, target, dims, tiles, padding)->getResult(0);
}

Value LinalgBuilder::unpack(Value packed, ArrayRef<int64_t> shape, ArrayRef<int64_t> dims) {
  if (dims.empty())
    return packed;
  SmallVector<OpFoldResult> tiles(dims.size(), builder.getIndexAttr(cnn::kBlock));
  Value target = empty(withShape(packed, shape));
  return linalg::UnPackOp::create(builder, loc, packed, target, dims, tiles)->getResult(0);
}

Value LinalgBuilder::packDestination(Value tensor, ArrayRef<int64_t> dims) {
  RankedTensorType type = withShape(tensor, cnn::blockedShape(shapeOf(tensor), dims));
  if (tensor.getDefiningOp<tensor::EmptyOp>())
    return empty(type);
  if (auto fill = tensor.getDefiningOp<linalg::FillOp>())
    return linalg::FillOp::create(builder, loc, fill.getInputs()[0], empty(type)).getResult(0);
  return pack(tensor, dims);
}

bool LinalgBuilder::isBlocked(Value tensor) const {
  return !blocks.empty() && tensorType(tensor).getRank() == rank;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

Value LinalgBuilder::padOrCrop(Value tensor, ArrayRef<int64_t> low, ArrayRef<int64_t> high,
                               double fill) {
  bool changes = llvm::any_of(low, [](int64_t n) { return n != 0; }) ||
                 llvm::any_of(high, [](int64_t n) { return n != 0; });
  if (!changes)
    return tensor;
  if (!isBlocked(tensor) ||
      llvm::any_of(blocks, [&](int64_t dim) { return low[dim] != 0 || high[dim] != 0; }))
    return padOrCropPlain(tensor, low, high, fill);
  SmallVector<int64_t> shape(shapeOf(tensor)), packedLow(low), packedHigh(high);
  for (auto [i, size] : llvm::enumerate(shape))
    size += low[i] + high[i];
  packedLow.append(blocks.size(), 0);
  packedHigh.append(blocks.size(), 0);
  return unpack(padOrCropPlain(pack(tensor, blocks), packedLow, packedHigh, fill), shape, blocks);
}

Value LinalgBuilder::padOrCropPlain(Value tensor, ArrayRef<int64_t> low, ArrayRef<int64_t> high,
                                    double fill) {
  ArrayRef<int64_t> shape = shapeOf(tensor);
  SmallVector<int64_t> inside(shape), padded, readFrom, ones(shape.size(), 1), before, behind;
  bool crops = false, pads = false;
  for (auto [i, size] : llvm::enumerate(shape)) {
    int64_t cropLow = std::max<int64_t>(-low[i], 0), cropHigh = std::max<int64_t>(-high[i], 0);
    inside[i] = size - cropLow - cropHigh;
    padded.push_back(size + low[i] + high[i]);
    readFrom.push_back(cropLow);
    before.push_back(std::max<int64_t>(low[i], 0));
    behind.push_back(std::max<int64_t>(high[i], 0));
    crops |= cropLow + cropHigh > 0;
    pads |= low[i] > 0 || high[i] > 0;
  }
  // A crop beyond the other end leaves nothing of the tensor: only padding.
  if (llvm::any_of(inside, [](int64_t size) { return size <= 0; }))
    return filled(withShape(tensor, padded), fill);
  if (crops)
    tensor = tensor::ExtractSliceOp::create(builder, loc, tensor, asIndices(readFrom),
                                            asIndices(inside), asIndices(ones));
  if (!pads)
    return tensor;
  Type element = tensorType(tensor).getElementType();
  Value number = isa<FloatType>(element) ? this->number(element, fill) : integer(element, fill);
  return tensor::PadOp::create(builder, loc, withShape(tensor, padded), tensor, asIndices(before),
                               asIndices(behind), number);
}

Value LinalgBuilder::insertPlain(Value part, Value whole, ArrayRef<int64_t> offset) {
  SmallVector<int64_t> ones(offset.size(), 1);
  return tensor::InsertSliceOp::create(builder, loc, part, whole, asIndices(offset),
                                       asIndices(shapeOf(part)), asIndices(ones));
}

Value LinalgBuilder::insert(Value part, Value whole, ArrayRef<int64_t> offset) {
  ArrayRef<int64_t> size = shapeOf(part), shape = shapeOf(whole);
  auto fillsBlocks = [&](int64_t dim) {
    int64_t end = offset[dim] + size[dim];
    return offset[dim] % cnn::kBlock == 0 && (end % cnn::kBlock == 0 || end == shape[dim]);
  };
  if (!isBlocked(part) || !llvm::all_of(blocks, fillsBlocks))
    return insertPlain(part, whole, offset);
  SmallVector<int64_t> packedOffset(offset);
  for (int64_t dim : blocks)
    packedOffset[dim] /= cnn::kBlock;
  packedOffset.append(blocks.size(), 0);
  Value result = insertPlain(pack(part, blocks), packDestination(whole, blocks), packedOffset);
  return unpack(result, shape, blocks);
}

Value LinalgBuilder::constant(RankedTensorType type, ArrayRef<double> values) {
  SmallVector<Attribute> numbers = llvm::map_to_vector(values, [&](double value) -> Attribute {
    return builder.getFloatAttr(type.getElementType(), value);
  });
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, numbers));
}

Value LinalgBuilder::strided(Value tensor, ArrayRef<int64_t> strides) {
  if (isBlocked(tensor) && llvm::all_of(blocks, [&](int64_t dim) { return strides[dim] == 1; })) {
    SmallVector<int64_t> shape, packed(strides);
    for (auto [size, stride] : llvm::zip_equal(shapeOf(tensor), strides))
      shape.push_back(llvm::divideCeil(size, stride));
    packed.append(blocks.size(), 1);
    return unpack(stridedPlain(pack(tensor, blocks), packed), shape, blocks);
  }
  return stridedPlain(tensor, strides);
}

Value LinalgBuilder::stridedPlain(Value tensor, ArrayRef<int64_t> strides) {
  SmallVector<int64_t> sizes, zeros(strides.size(), 0);
  for (auto [size, stride] : llvm::zip_equal(shapeOf(tensor), strides))
    sizes.push_back((size + stride - 1) / stride);
  return tensor::ExtractSliceOp::create(builder, loc, tensor, asIndices(zeros), asIndices(sizes),
                                        asIndices(strides));
}

Value LinalgBuilder::reshape(Value tensor, ArrayRef<int64_t> shape) {
  if (shapeOf(tensor) == shape)
    return tensor;
  auto all = [](int64_t rank) {
    SmallVector<ReassociationIndices> groups;
    if (rank > 0)
      groups.push_back(llvm::to_vector(llvm::seq<int64_t>(0, rank)));
    return groups;
  };
  int64_t rank = tensorType(tensor).getRank();
  if (rank > 1)
    tensor = tensor::CollapseShapeOp::create(builder, loc, tensor, all(rank));
  if (shape.size() == 1)
    return tensor;
  return tensor::ExpandShapeOp::create(builder, loc, withShape(tensor, shape), tensor,
                                       all(shape.size()));
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// Where in the map's results the loop `dim` stands alone.
static std::optional<unsigned> resultOf(AffineMap map, unsigned dim) {
  for (auto [i, result] : llvm::enumerate(map.getResults()))
    if (result == getAffineDimExpr(dim, map.getContext()))
      return i;
  return std::nullopt;
}

/// Whether the loop `dim` is part of an index, as in a window.
static bool isCompound(AffineMap map, unsigned dim) {
  return llvm::any_of(map.getResults(), [&](AffineExpr result) {
    return result.isFunctionOfDim(dim) && !isa<AffineDimExpr>(result);
  });
}

std::optional<SmallVector<unsigned>> LinalgBuilder::dividedLoops(ArrayRef<Operand> inputs,
                                                                 ArrayRef<Operand> destinations) {
  if (blocks.empty() || inputs.empty())
    return std::nullopt;
  // Element-wise loops are the dimensions; what is repeated along some has a smaller map.
  AffineMap destination = destinations[0].map;
  AffineMap reference = destination.isIdentity() ? destination : inputs[0].map;
  if (int64_t(reference.getNumResults()) != rank)
    return std::nullopt;
  SmallVector<unsigned> divided;
  for (int64_t dim : blocks) {
    auto loop = dyn_cast<AffineDimExpr>(reference.getResult(dim));
    if (!loop)
      return std::nullopt;
    divided.push_back(loop.getPosition());
  }
  for (const Operand &operand : llvm::concat<const Operand>(inputs, destinations))
    if (llvm::any_of(divided, [&](unsigned loop) { return isCompound(operand.map, loop); }))
      return std::nullopt;
  return divided;
}

SmallVector<Value> LinalgBuilder::loops(ArrayRef<Operand> inputs, ArrayRef<Operand> destinations,
                                        BodyOfSeveral body) {
  if (std::optional<SmallVector<unsigned>> divided = dividedLoops(inputs, destinations))
    return blockedLoops(inputs, destinations, *divided, body);
  return plainLoops(inputs, destinations, body, {});
}

SmallVector<Value> LinalgBuilder::blockedLoops(ArrayRef<Operand> inputs,
                                               ArrayRef<Operand> destinations,
                                               ArrayRef<unsigned> divided, BodyOfSeveral body) {
  unsigned count = inputs[0].map.getNumDims();
  // The dimensions of an operand that are divided, and its map with their inner loops.
  auto cut = [&](const Operand &operand) {
    SmallVector<int64_t> dims;
    SmallVector<AffineExpr> results(operand.map.getResults());
    for (auto [i, loop] : llvm::enumerate(divided))
      if (std::optional<unsigned> at = resultOf(operand.map, loop)) {
        dims.push_back(*at);
        results.push_back(dim(count + i));
      }
    return std::pair(dims, map(count + divided.size(), results));
  };
  SmallVector<Operand> ins, outs;
  for (const Operand &input : inputs) {
    auto [dims, map] = cut(input);
    ins.push_back({pack(input.value, dims), map});
  }
  for (const Operand &destination : destinations) {
    auto [dims, map] = cut(destination);
    outs.push_back({packDestination(destination.value, dims), map});
  }
  SmallVector<Value> results = plainLoops(ins, outs, body, divided);
  for (auto [result, destination] : llvm::zip_equal(results, destinations))
    result = unpack(result, shapeOf(destination.value), cut(destination).first);
  return results;
}

SmallVector<Value> LinalgBuilder::plainLoops(ArrayRef<Operand> inputs,
                                             ArrayRef<Operand> destinations, BodyOfSeveral body,
                                             ArrayRef<unsigned> divided) {
  SmallVector<Value> ins, outs;
  SmallVector<AffineMap> maps;
  SmallVector<Type> types;
  for (const Operand &input : inputs) {
    ins.push_back(input.value);
    maps.push_back(input.map);
  }
  for (const Operand &destination : destinations) {
    outs.push_back(destination.value);
    maps.push_back(destination.map);
    types.push_back(destination.value.getType());
  }
  SmallVector<utils::IteratorType> iterators;
  for (unsigned i = 0; i < maps.front().getNumDims(); ++i)
    iterators.push_back(destinations.front().map.isFunctionOfDim(i)
                            ? utils::IteratorType::parallel
                            : utils::IteratorType::reduction);
  auto generic =
      linalg::GenericOp::create(builder, loc, types, ins, outs, maps, iterators,
                                [&](OpBuilder &inner, Location where, ValueRange arguments) {
                                  LinalgBuilder scalars(inner, where);
                                  llvm::append_range(scalars.dividedDims, divided);
                                  scalars.undividedLoops =
                                      maps.front().getNumDims() - divided.size();
                                  linalg::YieldOp::create(inner, where, body(scalars, arguments));
                                });
  return llvm::to_vector_of<Value>(generic.getResults());
}

Value LinalgBuilder::loop(ArrayRef<Operand> inputs, Operand destination, Body body) {
  return loops(inputs, destination, [&](LinalgBuilder &scalars, ValueRange arguments) {
    return SmallVector<Value>{body(scalars, arguments)};
  })[0];
}

Value LinalgBuilder::plainLoop(ArrayRef<Operand> inputs, Operand destination, Body body) {
  return plainLoops(inputs, destination,
                    [&](LinalgBuilder &scalars, ValueRange arguments) {
                      return SmallVector<Value>{body(scalars, arguments)};
                    },
                    {})[0];
}

Value LinalgBuilder::index(unsigned dim) {
  Value outer = op<linalg::IndexOp>(dim);
  const auto *found = llvm::find(dividedDims, dim);
  if (found == dividedDims.end())
    return outer;
  Value inner = op<linalg::IndexOp>(undividedLoops + (found - dividedDims.begin()));
  Value first = op<arith::MulIOp>(outer, integer(builder.getIndexType(), cnn::kBlock));
  return op<arith::AddIOp>(first, inner);
}

Value LinalgBuilder::elementwise(RankedTensorType type, ArrayRef<Operand> inputs, Body body) {
  return loop(inputs, {empty(type), identity(type.getRank())}, body);
}

Value LinalgBuilder::reduce(ArrayRef<Value> inputs, ArrayRef<int64_t> dims, double start,
                            Body body) {
  int64_t rank = tensorType(inputs[0]).getRank();
  SmallVector<int64_t> kept, shape;
  for (int64_t i = 0; i < rank; ++i)
    if (!llvm::is_contained(dims, i)) {
      kept.push_back(i);
      shape.push_back(shapeOf(inputs[0])[i]);
    }
  SmallVector<int64_t> order(kept);
  llvm::append_range(order, dims);
  SmallVector<AffineExpr> read(rank), write;
  for (auto [position, dimension] : llvm::enumerate(order))
    read[dimension] = dim(position);
  for (unsigned i = 0; i < kept.size(); ++i)
    write.push_back(dim(i));
  SmallVector<Operand> operands;
  for (Value input : inputs)
    operands.push_back({input, map(rank, read)});
  return loop(operands, {filled(withShape(inputs[0], shape), start), map(rank, write)}, body);
}

AffineMap LinalgBuilder::withoutChannels(unsigned rank) {
  SmallVector<AffineExpr> results{dim(0)};
  for (unsigned i = 2; i < rank; ++i)
    results.push_back(dim(i));
  return map(rank, results);
}

AffineMap LinalgBuilder::channelsInnermost(unsigned rank) {
  SmallVector<AffineExpr> results{dim(0), dim(rank - 1)};
  for (unsigned i = 1; i + 1 < rank; ++i)
    results.push_back(dim(i));
  return map(rank, results);
}

AffineMap LinalgBuilder::channelsReduced(unsigned rank) {
  SmallVector<AffineExpr> results;
  for (unsigned i = 0; i + 1 < rank; ++i)
    results.push_back(dim(i));
  return map(rank, results);
}

Value LinalgBuilder::maximumOfChannels(Value tensor) {
  // A zero may have either sign where it is subtracted: one instruction instead of four.
  return reduce(tensor, {1}, kLowest, [](LinalgBuilder &s, ValueRange v) {
    return s.op<arith::MaximumFOp>(v[1], v[0], arith::FastMathFlags::nsz);
  });
}

LinalgBuilder::LogitSums LinalgBuilder::sumLogits(Value logits) {
  unsigned rank = tensorType(logits).getRank();
  Value largest = maximumOfChannels(logits);
  Value zero = filled(tensorType(largest), 0);
  Operand scores{logits, channelsInnermost(rank)}, most{largest, channelsReduced(rank)};
  Value sum =
      loop({scores, most}, {zero, channelsReduced(rank)}, [](LinalgBuilder &s, ValueRange v) {
        return s.add(v[2], buildDecay(s, s.sub(v[0], v[1])));
      });
  return {largest, sum};
}

LinalgBuilder::LogitShares LinalgBuilder::shareLogits(Value logits) {
  auto type = tensorType(logits);
  unsigned rank = type.getRank();
  Value largest = maximumOfChannels(logits);
  Value exponentials =
      elementwise(type, {{logits, identity(rank)}, {largest, withoutChannels(rank)}},
                  [](LinalgBuilder &s, ValueRange v) { return buildDecay(s, s.sub(v[0], v[1])); });
  Value sum = reduce({exponentials}, {1}, 0,
                     [](LinalgBuilder &s, ValueRange v) { return s.add(v[1], v[0]); });
  return {largest, exponentials, sum};
}

Value LinalgBuilder::logarithm(Value tensor) {
  auto type = tensorType(tensor);
  return elementwise(type, {{tensor, identity(type.getRank())}},
                     [](LinalgBuilder &s, ValueRange v) { return s.op<math::LogOp>(v[0]); });
}

Value LinalgBuilder::inverse(Value tensor) {
  auto type = tensorType(tensor);
  return elementwise(
      type, {{tensor, identity(type.getRank())}},
      [](LinalgBuilder &s, ValueRange v) { return s.div(s.number(v[0].getType(), 1), v[0]); });
}

Operand cnnc::asOperand(ConversionPatternRewriter &rewriter, Value original) {
  auto broadcast = original.getDefiningOp<cnn::BroadcastOp>();
  if (!broadcast)
    return {rewriter.getRemappedValue(original),
            rewriter.getMultiDimIdentityMap(tensorType(original).getRank())};
  SmallVector<AffineExpr> results;
  for (int64_t dim : broadcast.getDims())
    results.push_back(rewriter.getAffineDimExpr(dim));
  return {rewriter.getRemappedValue(broadcast.getInput()),
          AffineMap::get(tensorType(original).getRank(), 0, results, rewriter.getContext())};
}

SmallVector<Operand> cnnc::asOperands(ConversionPatternRewriter &rewriter, ValueRange originals) {
  return llvm::map_to_vector(originals,
                             [&](Value original) { return asOperand(rewriter, original); });
}
