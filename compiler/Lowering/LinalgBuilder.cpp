//===- LinalgBuilder.cpp - Short forms for linalg on tensors --------------===//

#include "compiler/Lowering/LinalgBuilder.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace cnnc;

LinalgBuilder::LinalgBuilder(OpBuilder &builder, Operation *op)
    : builder(builder), loc(op->getLoc()) {
  if (auto attribute = op->getAttrOfType<IntegerAttr>(cnn::kInnermostAttr))
    innermost = attribute.getInt();
}

void cnnc::inheritLayout(Operation *op, Operation *part) {
  if (Attribute attribute = op->getAttr(cnn::kInnermostAttr))
    part->setAttr(cnn::kInnermostAttr, attribute);
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

/// All dimensions but `dim`, in order, and then `dim`.
static SmallVector<int64_t> orderWithLast(int64_t rank, int64_t dim) {
  SmallVector<int64_t> order;
  for (int64_t i = 0; i < rank; ++i)
    if (i != dim)
      order.push_back(i);
  order.push_back(dim);
  return order;
}

Value LinalgBuilder::transpose(Value tensor, ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> shape = applyPermutation(shapeOf(tensor), permutation);
  Value target = empty(withShape(tensor, shape));
  return linalg::TransposeOp::create(builder, loc, tensor, target, permutation)->getResult(0);
}

Value LinalgBuilder::padOrCrop(Value tensor, ArrayRef<int64_t> low, ArrayRef<int64_t> high,
                               double fill) {
  bool changes = llvm::any_of(low, [](int64_t n) { return n != 0; }) ||
                 llvm::any_of(high, [](int64_t n) { return n != 0; });
  if (!changes)
    return tensor;
  if (!innermost)
    return padOrCropRowMajor(tensor, low, high, fill);
  SmallVector<int64_t> order = orderWithLast(low.size(), *innermost);
  Value padded = padOrCropRowMajor(transpose(tensor, order), applyPermutation(low, order),
                                   applyPermutation(high, order), fill);
  return transpose(padded, invertPermutationVector(order));
}

Value LinalgBuilder::padOrCropRowMajor(Value tensor, ArrayRef<int64_t> low, ArrayRef<int64_t> high,
                                       double fill) {
  ArrayRef<int64_t> shape = shapeOf(tensor);
  SmallVector<int64_t> inside(shape), padded, readFrom, writeTo, ones(shape.size(), 1);
  bool crops = false, pads = false;
  for (auto [i, size] : llvm::enumerate(shape)) {
    int64_t cropLow = std::max<int64_t>(-low[i], 0), cropHigh = std::max<int64_t>(-high[i], 0);
    inside[i] = size - cropLow - cropHigh;
    padded.push_back(size + low[i] + high[i]);
    readFrom.push_back(cropLow);
    writeTo.push_back(std::max<int64_t>(low[i], 0));
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
  return insertRowMajor(tensor, filled(withShape(tensor, padded), fill), writeTo);
}

Value LinalgBuilder::insertRowMajor(Value part, Value whole, ArrayRef<int64_t> offset) {
  SmallVector<int64_t> ones(offset.size(), 1);
  return tensor::InsertSliceOp::create(builder, loc, part, whole, asIndices(offset),
                                       asIndices(shapeOf(part)), asIndices(ones));
}

Value LinalgBuilder::insert(Value part, Value whole, ArrayRef<int64_t> offset) {
  if (!innermost)
    return insertRowMajor(part, whole, offset);
  SmallVector<int64_t> order = orderWithLast(offset.size(), *innermost);
  // What holds nothing yet needs no transposition.
  Value target = whole.getDefiningOp<tensor::EmptyOp>()
                     ? empty(withShape(whole, applyPermutation(shapeOf(whole), order)))
                     : transpose(whole, order);
  Value result = insertRowMajor(transpose(part, order), target, applyPermutation(offset, order));
  return transpose(result, invertPermutationVector(order));
}

Value LinalgBuilder::constant(RankedTensorType type, ArrayRef<double> values) {
  SmallVector<Attribute> numbers = llvm::map_to_vector(values, [&](double value) -> Attribute {
    return builder.getFloatAttr(type.getElementType(), value);
  });
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, numbers));
}

Value LinalgBuilder::strided(Value tensor, ArrayRef<int64_t> strides) {
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

/// Where in the map's results the loop `dim` stands alone.
static std::optional<unsigned> resultOf(AffineMap map, unsigned dim) {
  for (auto [i, result] : llvm::enumerate(map.getResults()))
    if (result == getAffineDimExpr(dim, map.getContext()))
      return i;
  return std::nullopt;
}

Operand LinalgBuilder::moveToEnd(const Operand &operand, unsigned dim, bool isDestination) {
  std::optional<unsigned> at = resultOf(operand.map, dim);
  if (!at || *at + 1 == operand.map.getNumResults())
    return operand;
  SmallVector<int64_t> order = orderWithLast(operand.map.getNumResults(), *at);
  AffineMap map =
      this->map(operand.map.getNumDims(), applyPermutation(operand.map.getResults(), order));
  // What every element starts as needs no transposition.
  RankedTensorType type = withShape(operand.value, applyPermutation(shapeOf(operand.value), order));
  if (isDestination && operand.value.getDefiningOp<tensor::EmptyOp>())
    return {empty(type), map};
  if (auto fill = operand.value.getDefiningOp<linalg::FillOp>(); isDestination && fill)
    return {linalg::FillOp::create(builder, loc, fill.getInputs()[0], empty(type)).getResult(0),
            map};
  return {transpose(operand.value, order), map};
}

SmallVector<Value> LinalgBuilder::loops(ArrayRef<Operand> inputs, ArrayRef<Operand> destinations,
                                        BodyOfSeveral body) {
  if (!innermost || inputs.empty())
    return loopsAsGiven(inputs, destinations, body, {});
  auto last = dyn_cast<AffineDimExpr>(inputs[0].map.getResult(*innermost));
  if (!last)
    return loopsAsGiven(inputs, destinations, body, {});
  unsigned images = last.getPosition(), loops = inputs[0].map.getNumDims();
  SmallVector<int64_t> order = orderWithLast(loops, images);
  // Loop i of the given maps becomes loop positions[i].
  SmallVector<unsigned> positions(loops);
  SmallVector<AffineExpr> renamed(loops);
  for (auto [position, loop] : llvm::enumerate(order)) {
    positions[loop] = position;
    renamed[loop] = dim(position);
  }
  SmallVector<Operand> ins, outs;
  auto reorder = [&](const Operand &operand, bool isDestination) -> Operand {
    Operand moved = moveToEnd(operand, images, isDestination);
    return {moved.value, moved.map.replaceDimsAndSymbols(renamed, {}, loops, 0)};
  };
  for (const Operand &input : inputs)
    ins.push_back(reorder(input, false));
  for (const Operand &destination : destinations)
    outs.push_back(reorder(destination, true));
  SmallVector<Value> results = loopsAsGiven(ins, outs, body, positions);
  for (auto [result, destination] : llvm::zip_equal(results, destinations)) {
    std::optional<unsigned> at = resultOf(destination.map, images);
    if (at && *at + 1 != destination.map.getNumResults())
      result = transpose(
          result, invertPermutationVector(orderWithLast(destination.map.getNumResults(), *at)));
  }
  return results;
}

SmallVector<Value> LinalgBuilder::loopsAsGiven(ArrayRef<Operand> inputs,
                                               ArrayRef<Operand> destinations, BodyOfSeveral body,
                                               ArrayRef<unsigned> positions) {
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
                                  llvm::append_range(scalars.loopPositions, positions);
                                  linalg::YieldOp::create(inner, where, body(scalars, arguments));
                                });
  return llvm::to_vector_of<Value>(generic.getResults());
}

Value LinalgBuilder::loop(ArrayRef<Operand> inputs, Operand destination, Body body) {
  return loops(inputs, destination, [&](LinalgBuilder &scalars, ValueRange arguments) {
    return SmallVector<Value>{body(scalars, arguments)};
  })[0];
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

Value LinalgBuilder::maximumOfChannels(Value tensor) {
  return reduce(tensor, {1}, kLowest,
                [](LinalgBuilder &s, ValueRange v) { return s.op<arith::MaximumFOp>(v[1], v[0]); });
}

LinalgBuilder::ShiftedLogits LinalgBuilder::shiftLogits(Value logits) {
  auto type = tensorType(logits);
  unsigned rank = type.getRank();
  Value largest = maximumOfChannels(logits);
  Value shifted = elementwise(type, {{logits, identity(rank)}, {largest, withoutChannels(rank)}},
                              [](LinalgBuilder &s, ValueRange v) { return s.sub(v[0], v[1]); });
  Value sums = reduce(shifted, {1}, 0, [](LinalgBuilder &s, ValueRange v) {
    return s.add(v[1], s.op<math::ExpOp>(v[0]));
  });
  // One logarithm for all channels.
  Value logOfSum =
      elementwise(tensorType(sums), {{sums, identity(rank - 1)}},
                  [](LinalgBuilder &s, ValueRange v) { return s.op<math::LogOp>(v[0]); });
  return {shifted, logOfSum};
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
