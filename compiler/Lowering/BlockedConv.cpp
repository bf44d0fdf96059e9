//===- BlockedConv.cpp - Convolutions of images in blocks -----------------===//
//
// Innermost lie 16 channels or 16 images. Channels: the products of one input channel with a
// block of outputs go to a block of sums; filters are [O/16, C/16, K, L, 16 c, 16 o]. Images:
// every weight multiplies a block of images; filters stay as they are. With as many groups as
// channels (depthwise) a block of channels meets a block of filters.
//
//===----------------------------------------------------------------------===//

#include "compiler/Lowering/BlockedConv.h"

using namespace mlir;
using namespace cnnc;

namespace {

/// Which tensors of a convolution have blocks of what.
struct Blocking {
  bool ofImages = false;    ///< input and output, of images
  bool ofInputs = false;    ///< the input, of channels
  bool ofOutputs = false;   ///< the output, of channels
  bool isDepthwise = false; ///< of groups: of one channel each
  int64_t groups = 1;

  SmallVector<int64_t> inputDims() const { return imageDims(ofInputs || isDepthwise); }
  SmallVector<int64_t> outputDims() const { return imageDims(ofOutputs || isDepthwise); }
  /// Of a filter [outputs, inputs, K, L].
  SmallVector<int64_t> filterDims() const {
    SmallVector<int64_t> dims;
    if (ofInputs)
      dims.push_back(1);
    if (ofOutputs || isDepthwise)
      dims.push_back(0);
    return dims;
  }
  bool hasGroupLoop() const { return groups > 1; }

private:
  SmallVector<int64_t> imageDims(bool ofChannels) const {
    if (ofImages)
      return {0};
    return ofChannels ? SmallVector<int64_t>{1} : SmallVector<int64_t>{};
  }
};

std::optional<Blocking> blockingOf(const LinalgBuilder &b, int64_t images, int64_t inputs,
                                   int64_t outputs, int64_t groups) {
  std::optional<ArrayRef<int64_t>> layout = b.layout();
  if (!layout)
    return std::nullopt;
  Blocking blocking;
  blocking.groups = groups;
  if (*layout == ArrayRef<int64_t>{0}) {
    blocking.ofImages = true;
    return images % cnn::kBlock == 0 ? std::optional(blocking) : std::nullopt;
  }
  blocking.ofInputs = *layout == ArrayRef<int64_t>{1};
  if (!blocking.ofInputs && !layout->empty())
    return std::nullopt;
  blocking.ofOutputs = true;
  if (groups == 1)
    return blocking;
  if (!blocking.ofInputs)
    return std::nullopt;
  blocking.isDepthwise = inputs == groups && outputs == groups;
  if (blocking.isDepthwise)
    blocking.ofInputs = blocking.ofOutputs = false;
  else if (inputs / groups % cnn::kBlock != 0 || outputs / groups % cnn::kBlock != 0)
    return std::nullopt;
  return blocking;
}

/// How many groups become one, so that blocks of channels do not end between them.
int64_t groupsTogether(const LinalgBuilder &b, int64_t inputs, int64_t outputs, int64_t groups) {
  std::optional<ArrayRef<int64_t>> layout = b.layout();
  if (!layout || groups == 1 || *layout == ArrayRef<int64_t>{0})
    return 1;
  if (layout->empty())
    return groups;
  bool isDepthwise = inputs == groups && outputs == groups;
  return isDepthwise ? 1 : groupsInBlocks(inputs / groups, outputs / groups, groups, cnn::kBlock);
}

/// The filter of a convolution where so many neighbouring groups are one: zeros between the others'
/// channels.
Value joinGroups(LinalgBuilder &b, Value filter, int64_t groups, int64_t together) {
  if (together == 1)
    return filter;
  ArrayRef<int64_t> w = shapeOf(filter);
  SmallVector<int64_t> shape{groups / together, together, w[0] / groups, w[1], w[2], w[3]};
  SmallVector<int64_t> joined(shape), offset(shape.size(), 0), ones(shape.size(), 1);
  joined[3] *= together;
  Value split = b.reshape(filter, shape), whole = b.filled(withShape(filter, joined), 0);
  shape[1] = 1;
  auto at = [&](ArrayRef<int64_t> numbers) {
    return getAsIndexOpFoldResult(b.builder.getContext(), numbers);
  };
  for (int64_t group = 0; group < together; ++group) {
    offset[1] = group;
    offset[3] = 0;
    Value part =
        tensor::ExtractSliceOp::create(b.builder, b.loc, split, at(offset), at(shape), at(ones));
    offset[3] = group * w[1];
    whole = b.insert(part, whole, offset);
  }
  return b.reshape(whole, {w[0], w[1] * together, w[2], w[3]});
}

/// Names of the loops: image, group, output, input, tap, position; the last three run over the
/// places in a block.
enum ConvLoop { N, G, O, C, K, L, P, Q, Image, Input, Output, ConvLoops };

/// A window along one axis of a padded input: output p and tap k meet at
/// p * stride + k * dilation + offset.
struct TapAxis {
  int64_t stride = 1, dilation = 1, offset = 0;
};

/// The loops that there are of a list, and how they index the tensors.
class Loops {
public:
  Loops(LinalgBuilder &b, const Blocking &blocking, ArrayRef<ConvLoop> order)
      : b(b), blocking(blocking) {
    const bool exists[ConvLoops] = {true,
                                    blocking.hasGroupLoop(),
                                    !blocking.isDepthwise,
                                    !blocking.isDepthwise,
                                    true,
                                    true,
                                    true,
                                    true,
                                    blocking.ofImages,
                                    blocking.ofInputs,
                                    blocking.ofOutputs || blocking.isDepthwise};
    for (ConvLoop loop : order)
      if (exists[loop]) {
        present[loop] = true;
        positions[loop] = count++;
      }
  }

  AffineExpr at(ConvLoop loop) const { return b.dim(positions[loop]); }

  AffineMap input(int64_t inputs, AffineExpr h, AffineExpr w) const {
    return map({at(N), channel(C, inputs), h, w}, blocking.isDepthwise
                                                      ? ArrayRef<ConvLoop>{Output}
                                                      : ArrayRef<ConvLoop>{Image, Input});
  }
  AffineMap output(int64_t outputs) const {
    return map({at(N), channel(O, outputs), at(P), at(Q)}, {Image, Output});
  }
  /// Of a filter whose rows are `rows` (O, or C if it is turned), and whose columns the others, at
  /// these taps.
  AffineMap filter(ConvLoop rows, int64_t rowsOfGroup, AffineExpr h, AffineExpr w) const {
    ConvLoop columns = rows == O ? C : O;
    AffineExpr column = blocking.isDepthwise ? b.builder.getAffineConstantExpr(0) : at(columns);
    return map({channel(rows, rowsOfGroup), column, h, w}, {Input, Output});
  }
  /// A tensor that is never read: its shape bounds what is only part of an index.
  SmallVector<Operand> bounds(Value like, int64_t inputs, int64_t outputs) const {
    if (!blocking.hasGroupLoop() || blocking.isDepthwise)
      return {};
    Value shape = b.empty(withShape(like, {blocking.groups, outputs, inputs}));
    return {{shape, b.map(count, {at(G), at(O), at(C)})}};
  }

  /// The same of taps that are counted backwards.
  Operand tapBounds(Value like, int64_t rows, int64_t columns) const {
    return {b.empty(withShape(like, {rows, columns})), b.map(count, {at(K), at(L)})};
  }

private:
  /// Channel `loop` of the group, of `ofGroup` each.
  AffineExpr channel(ConvLoop loop, int64_t ofGroup) const {
    if (blocking.isDepthwise)
      return at(G);
    return blocking.hasGroupLoop() ? at(G) * ofGroup + at(loop) : at(loop);
  }
  AffineMap map(ArrayRef<AffineExpr> outer, ArrayRef<ConvLoop> inner) const {
    SmallVector<AffineExpr> results(outer);
    for (ConvLoop loop : inner)
      if (present[loop])
        results.push_back(at(loop));
    return b.map(count, results);
  }

  LinalgBuilder &b;
  const Blocking &blocking;
  std::array<bool, ConvLoops> present{};
  std::array<unsigned, ConvLoops> positions{};
  unsigned count = 0;
};

Value multiplyAdd(LinalgBuilder &b, ValueRange v) { return b.add(v.back(), b.mul(v[0], v[1])); }

/// A convolution's operands in blocks.
struct BlockedOperands {
  Value input, filter;
  bool isTurned;
  ConvLoop filterRows;     ///< what dimension 0 of the filter counts
  int64_t inputs, outputs; ///< channels or blocks of them, of one group
};

/// sums[p, q] += x[p, q, k, l] * w[k, l] on what is padded and packed.
Value slide(LinalgBuilder &b, const Blocking &blocking, const BlockedOperands &operands,
            Value filter, Value sums, ArrayRef<TapAxis> axes) {
  Loops loops(b, blocking, {N, G, O, P, Q, C, K, L, Image, Input, Output});
  std::array<AffineExpr, 2> read, tap;
  for (unsigned i : {0u, 1u}) {
    AffineExpr position = loops.at(i == 0 ? P : Q);
    tap[i] = loops.at(i == 0 ? K : L);
    read[i] = position * axes[i].stride + tap[i] * axes[i].dilation + axes[i].offset;
    // Turned, the last tap comes first. It is the filter that is read backwards: it is in a cache,
    // and of the input, which comes from further away, the next row shall be the last that is read.
    if (operands.isTurned)
      tap[i] = shapeOf(filter)[2 + i] - 1 - tap[i];
  }
  int64_t rows = operands.filterRows == O ? operands.outputs : operands.inputs;
  SmallVector<Operand> inputs{{operands.input, loops.input(operands.inputs, read[0], read[1])},
                              {filter, loops.filter(operands.filterRows, rows, tap[0], tap[1])}};
  inputs.append(loops.bounds(operands.input, operands.inputs, operands.outputs));
  if (operands.isTurned)
    inputs.push_back(loops.tapBounds(operands.input, shapeOf(filter)[2], shapeOf(filter)[3]));
  return b.plainLoop(inputs, {sums, loops.output(operands.outputs)}, multiplyAdd);
}

/// The filter as the loops of `slide` read it, and what its rows are.
std::pair<Value, ConvLoop> packFilter(LinalgBuilder &b, const Blocking &blocking,
                                      const ConvOperands &operands) {
  SmallVector<int64_t> dims = blocking.filterDims();
  if (!operands.isTurned)
    return {b.pack(operands.filter, dims), O};
  if (blocking.isDepthwise)
    return {b.pack(operands.filter, dims), O};
  if (blocking.ofImages)
    return {operands.filter, C};
  // Inputs and outputs change places. Both divided, the filter is packed as the convolution that
  // it belongs to has it, so that a filter that is stored packed is moved once.
  Value packed = b.pack(operands.filter, blocking.ofInputs ? dims : ArrayRef<int64_t>{1});
  if (blocking.hasGroupLoop())
    return {b.transpose(packed, {0, 1, 2, 3, 5, 4}), C};
  if (blocking.ofInputs)
    return {b.transpose(packed, {1, 0, 2, 3, 5, 4}), O};
  return {b.transpose(packed, {1, 0, 2, 3, 4}), O};
}

//===----------------------------------------------------------------------===//
// Phases
//===----------------------------------------------------------------------===//

/// Positions along H and W of a packed tensor, as a slice.
struct Slice {
  SmallVector<OpFoldResult> offsets, sizes, strides;
  Slice(OpBuilder &builder, Value tensor, ArrayRef<int64_t> first, ArrayRef<int64_t> count,
        ArrayRef<int64_t> step) {
    for (auto [dim, size] : llvm::enumerate(shapeOf(tensor))) {
      bool isPosition = dim == 2 || dim == 3;
      offsets.push_back(builder.getIndexAttr(isPosition ? first[dim - 2] : 0));
      sizes.push_back(builder.getIndexAttr(isPosition ? count[dim - 2] : size));
      strides.push_back(builder.getIndexAttr(isPosition ? step[dim - 2] : 1));
    }
  }
};

/// A convolution with an input dilation: each phase writes its outputs, with a stride.
Value slidePhases(LinalgBuilder &b, const Blocking &blocking, const BlockedOperands &operands,
                  Value result, ArrayRef<int64_t> step, ArrayRef<std::vector<WindowPhase>> phases) {
  // The same for all phases of an axis.
  SmallVector<int64_t> tapStep{phases[0][0].tapStep, phases[1][0].tapStep};
  for (const WindowPhase &row : phases[0])
    for (const WindowPhase &column : phases[1]) {
      Slice target(b.builder, result, {row.first, column.first}, {row.outputs, column.outputs},
                   step);
      Value part = tensor::ExtractSliceOp::create(b.builder, b.loc, result, target.offsets,
                                                  target.sizes, target.strides);
      Value zero = b.number(tensorType(part).getElementType(), 0);
      part = linalg::FillOp::create(b.builder, b.loc, zero, part).getResult(0);
      if (row.taps > 0 && column.taps > 0) {
        auto firstTap = [&](const WindowPhase &phase, unsigned axis) {
          int64_t last = shapeOf(operands.filter)[2 + axis] - 1;
          return operands.isTurned ? (last - phase.firstTap) % tapStep[axis] : phase.firstTap;
        };
        Slice taps(b.builder, operands.filter, {firstTap(row, 0), firstTap(column, 1)},
                   {row.taps, column.taps}, tapStep);
        Value filter = tensor::ExtractSliceOp::create(b.builder, b.loc, operands.filter,
                                                      taps.offsets, taps.sizes, taps.strides);
        part = slide(b, blocking, operands, filter, part,
                     {{1, row.dilation, row.offset}, {1, column.dilation, column.offset}});
      }
      result = tensor::InsertSliceOp::create(b.builder, b.loc, part, result, target.offsets,
                                             target.sizes, target.strides);
    }
  return result;
}

Value padded(LinalgBuilder &b, Value input, ArrayRef<WindowHalo> halos, const Blocking &blocking) {
  Value image = b.padOrCrop(input, {0, 0, halos[0].low, halos[1].low},
                            {0, 0, halos[0].high, halos[1].high}, 0);
  return b.pack(image, blocking.inputDims());
}

WindowAxis axisOf(cnn::Conv2DOp conv, unsigned i) {
  return {shapeOf(conv.getFilter())[2 + i], conv.getStrides()[i],   conv.getPadding()[2 * i],
          conv.getPadding()[2 * i + 1],     conv.getDilations()[i], conv.getInputDilations()[i]};
}

} // namespace

std::optional<Value> cnnc::convolveBlocks(LinalgBuilder &b, cnn::Conv2DOp conv,
                                          ConvOperands operands) {
  ArrayRef<int64_t> x = shapeOf(conv.getInput()), y = shapeOf(conv.getOutput());
  int64_t together = groupsTogether(b, x[1], y[1], conv.getGroups());
  int64_t groups = conv.getGroups() / together;
  std::optional<Blocking> blocking = blockingOf(b, x[0], x[1], y[1], groups);
  if (!blocking || conv.getBatchGroups() > 1)
    return std::nullopt;
  std::array<WindowAxis, 2> axes{axisOf(conv, 0), axisOf(conv, 1)};
  bool isDilated = axes[0].inputDilation > 1 || axes[1].inputDilation > 1;
  if (isDilated && llvm::any_of(axes, [](const WindowAxis &axis) { return axis.stride > 1; }))
    return std::nullopt;

  operands.filter = joinGroups(b, operands.filter, conv.getGroups(), together);
  auto [filter, rows] = packFilter(b, *blocking, operands);
  BlockedOperands packed{{}, filter, operands.isTurned, rows, x[1] / groups, y[1] / groups};
  if (blocking->ofInputs)
    packed.inputs = llvm::divideCeil(packed.inputs, cnn::kBlock);
  if (blocking->ofOutputs)
    packed.outputs = llvm::divideCeil(packed.outputs, cnn::kBlock);
  SmallVector<int64_t> dims = blocking->outputDims();
  RankedTensorType type = withShape(operands.input, cnn::blockedShape(y, dims));
  std::array<WindowHalo, 2> halos;
  if (isDilated) {
    std::array<std::vector<WindowPhase>, 2> phases;
    for (unsigned i : {0u, 1u}) {
      phases[i] = phasesOfWindow(y[2 + i], axes[i]);
      halos[i] = haloOfPhases(x[2 + i], phases[i]);
    }
    packed.input = padded(b, operands.input, halos, *blocking);
    Value result = slidePhases(b, *blocking, packed, b.empty(type),
                               {axes[0].inputDilation, axes[1].inputDilation}, phases);
    return b.unpack(result, y, dims);
  }
  std::array<TapAxis, 2> taps;
  for (unsigned i : {0u, 1u}) {
    halos[i] = haloOfWindows(x[2 + i], y[2 + i], axes[i]);
    taps[i] = {axes[i].stride, axes[i].dilation, halos[i].offset};
  }
  packed.input = padded(b, operands.input, halos, *blocking);
  return b.unpack(slide(b, *blocking, packed, filter, b.filled(type, 0), taps), y, dims);
}

Value cnnc::sumFilterGradient(LinalgBuilder &b, cnn::FilterGradientOp op, Value input,
                              Value gradient) {
  ArrayRef<int64_t> x = shapeOf(input), y = shapeOf(gradient), w = shapeOf(op.getOutput());
  Blocking plain;
  plain.groups = op.getGroups();
  Blocking blocking = blockingOf(b, x[0], x[1], y[1], op.getGroups()).value_or(plain);
  std::array<TapAxis, 2> axes;
  std::array<WindowHalo, 2> halos;
  for (unsigned i : {0u, 1u}) {
    WindowAxis axis{w[2 + i], op.getStrides()[i], op.getPadding()[2 * i],
                    op.getPadding()[2 * i + 1], op.getDilations()[i]};
    halos[i] = haloOfWindows(x[2 + i], y[2 + i], axis);
    axes[i] = {axis.stride, axis.dilation, halos[i].offset};
  }
  Value image = padded(b, input, halos, blocking);
  Value packed = b.pack(gradient, blocking.outputDims());
  int64_t inputs = w[1], outputs = w[0] / op.getGroups();
  if (blocking.ofInputs)
    inputs = llvm::divideCeil(inputs, cnn::kBlock);
  if (blocking.ofOutputs)
    outputs = llvm::divideCeil(outputs, cnn::kBlock);
  // The sums wait while all images pass; of blocks of images the lanes are summed last.
  Loops loops(b, blocking, {G, O, C, K, L, Input, Output, N, P, Q, Image});
  auto read = [&](ConvLoop position, ConvLoop tap, const TapAxis &axis) {
    return loops.at(position) * axis.stride + loops.at(tap) * axis.dilation + axis.offset;
  };
  SmallVector<int64_t> dims = blocking.filterDims();
  Value sums = b.filled(withShape(input, cnn::blockedShape(w, dims)), 0);
  SmallVector<Operand> operands{
      {image, loops.input(inputs, read(P, K, axes[0]), read(Q, L, axes[1]))},
      {packed, loops.output(outputs)}};
  operands.append(loops.bounds(input, inputs, outputs));
  return b.unpack(b.plainLoop(operands, {sums, loops.filter(O, outputs, loops.at(K), loops.at(L))},
                              multiplyAdd),
                  w, dims);
}
