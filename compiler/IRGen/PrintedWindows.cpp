//===- PrintedWindows.cpp - Convolutions and pools as steps ---------------===//

#include "compiler/IRGen/PrintedStep.h"

#include <fmt/format.h>

using namespace mlir;
using namespace cnnc;

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// The window of an op that has these attributes.
template <typename OpTy> static Window windowOf(OpTy op, ArrayRef<int64_t> kernel) {
  Window window;
  for (unsigned i : {0u, 1u})
    window[i] = {kernel[i],
                 op.getStrides()[i],
                 op.getPadding()[2 * i],
                 op.getPadding()[2 * i + 1],
                 op.getDilations()[i],
                 1};
  return window;
}

/// 1, (1, 2), or ((1, 2), (1, 2)) where the ends differ.
static std::string padText(const Window &window) {
  auto [h, w] = window;
  if (h.padLow == h.padHigh && w.padLow == w.padHigh)
    return pairText(h.padLow, w.padLow);
  return fmt::format("(({}, {}), ({}, {}))", h.padLow, h.padHigh, w.padLow, w.padHigh);
}

/// Arguments of a window in the order of the language; a pool's stride is its size.
static void addWindow(ArgumentList &arguments, const Window &window, bool isPool) {
  auto [h, w] = window;
  int64_t strideH = isPool ? h.size : 1, strideW = isPool ? w.size : 1;
  if (h.stride != strideH || w.stride != strideW)
    arguments.add("stride", pairText(h.stride, w.stride));
  if (h.padLow || h.padHigh || w.padLow || w.padHigh)
    arguments.add("pad", padText(window));
  if (h.dilation != 1 || w.dilation != 1)
    arguments.add("dilation", pairText(h.dilation, w.dilation));
}

/// Whether the language asks to say that real input is dropped.
static bool dropsInput(ArrayRef<int64_t> input, const Window &window) {
  return llvm::any_of(llvm::seq(2u), [&](unsigned i) {
    return inferWindow(input[i], window[i], Rounding::Strict).error == WindowError::DropsInput;
  });
}

static void addRounding(ArgumentList &arguments, ArrayRef<int64_t> input, const Window &window) {
  if (dropsInput(input, window))
    arguments.add("round", "floor");
}

/// An [N, C, H, W] by channels, as gradients of filters read it.
static Value exchanged(Value value) {
  auto transpose = value.getDefiningOp<cnn::TransposeOp>();
  bool isExchange = transpose && transpose.getPermutation() == ArrayRef<int64_t>{1, 0, 2, 3};
  return isExchange ? transpose.getInput() : Value();
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

StepFinder::Step StepFinder::convolution(cnn::Conv2DOp op) {
  const Form *own = form(op.getInput()), *filter = form(op.getFilter());
  if (!own || own->isWhole || !filter || !filter->isWhole || op.getBatchGroups() != 1)
    return std::nullopt;
  if (op.getInputDilations()[0] != 1 || op.getInputDilations()[1] != 1)
    return transposedConvolution(op);
  Window window = windowOf(op, sizesOf(op.getFilter()).drop_front(2));
  // A negative padding crops.
  SmallVector<int64_t, 4> cropped;
  SmallVector<int64_t, 2> input(sizesOf(op.getInput()).drop_front(2));
  for (unsigned i : {0u, 1u})
    for (int64_t *padding : {&window[i].padLow, &window[i].padHigh}) {
      cropped.push_back(std::max<int64_t>(-*padding, 0));
      input[i] -= cropped.back();
      *padding = std::max<int64_t>(*padding, 0);
    }
  std::string crop;
  if (llvm::any_of(cropped, [](int64_t n) { return n > 0; }))
    crop = fmt::format(" -> crop((({}, {}), ({}, {})))", cropped[0], cropped[1], cropped[2],
                       cropped[3]);
  ArgumentList arguments;
  addWindow(arguments, window, /*isPool=*/false);
  arguments.addNumber("groups", double(op.getGroups()), 1);
  addRounding(arguments, input, window);
  PrintedStep step{{{op.getInput(), crop}, {op.getFilter(), ""}},
                   arguments.on("conv"),
                   {Shape(sizesOf(op.getOutput()).drop_front())}};
  weighted[op.getOutput()] = step;
  return step;
}

/// A convolution of an input with zeros between its positions.
StepFinder::Step StepFinder::transposedConvolution(cnn::Conv2DOp op) {
  if (op.getStrides()[0] != 1 || op.getStrides()[1] != 1)
    return std::nullopt;
  Window window = windowOf(op, sizesOf(op.getFilter()).drop_front(2));
  int64_t outputPadding[2];
  for (unsigned i : {0u, 1u}) {
    window[i].inputDilation = op.getInputDilations()[i];
    std::optional<TransposedAxis> transposed = untransposedWindow(window[i]);
    if (!transposed)
      return std::nullopt;
    window[i] = transposed->axis;
    outputPadding[i] = transposed->outputPadding;
  }
  ArgumentList arguments;
  addWindow(arguments, window, /*isPool=*/false);
  arguments.addNumber("groups", double(op.getGroups()), 1);
  if (outputPadding[0] || outputPadding[1])
    arguments.add("outpad", pairText(outputPadding[0], outputPadding[1]));
  auto turned = op.getFilter().getDefiningOp<cnn::TransposeFilterOp>();
  PrintedOperand filter{op.getFilter(), ""};
  if (turned && turned.getGroups() == op.getGroups()) {
    filter.value = turned.getFilter();
  } else {
    ArgumentList flipped;
    flipped.addNumber("groups", double(op.getGroups()), 1);
    filter.steps = " -> " + flipped.on("flip");
  }
  PrintedStep step{{{op.getInput(), ""}, filter},
                   arguments.on("deconv"),
                   {Shape(sizesOf(op.getOutput()).drop_front())}};
  weighted[op.getOutput()] = step;
  return step;
}

/// The gradient towards a filter, of what a convolution `read` and the gradient of what it
/// made.
static PrintedStep correlate(Value read, Value gradient, Window window, int64_t groups,
                             ArrayRef<int64_t> filter) {
  ArrayRef<int64_t> input = sizesOf(read).drop_front(2);
  for (unsigned i : {0u, 1u})
    applyEndPadding(input[i], sizesOf(gradient)[i + 2], window[i]);
  ArgumentList arguments;
  arguments.add(pairText(window[0].size, window[1].size));
  addWindow(arguments, window, /*isPool=*/false);
  arguments.addNumber("groups", double(groups), 1);
  addRounding(arguments, input, window);
  return {
      {{read, ""}, {gradient, ""}}, arguments.on("correlate"), {Shape(filter), /*isWhole=*/true}};
}

StepFinder::Step StepFinder::correlation(cnn::TransposeOp op) {
  if (op.getPermutation() == ArrayRef<int64_t>{1, 0} && isWhole(op.getInput()))
    return unary(op.getInput(), "flip", {Shape(sizesOf(op.getOutput())), /*isWhole=*/true});
  auto conv = exchanged(op.getOutput()) ? op.getInput().getDefiningOp<cnn::Conv2DOp>() : nullptr;
  Value input = conv ? exchanged(conv.getInput()) : Value();
  Value gradient = conv ? exchanged(conv.getFilter()) : Value();
  bool isDilated = conv && (conv.getInputDilations()[0] != 1 || conv.getInputDilations()[1] != 1);
  if (!conv)
    return rearrange(op);
  if (isDilated || conv.getGroups() != 1 || !input || !gradient || !form(input) || !form(gradient))
    return std::nullopt;
  ArrayRef<int64_t> filter = sizesOf(op.getOutput());
  Window window;
  for (unsigned i : {0u, 1u}) {
    // Stride and dilation changed places (filterGradientWindow).
    window[i] = {filter[i + 2],
                 conv.getDilations()[i],
                 conv.getPadding()[2 * i],
                 0,
                 conv.getStrides()[i],
                 1};
    if (window[i].padLow < 0)
      return std::nullopt;
  }
  return correlate(input, gradient, window, conv.getBatchGroups(), filter);
}

/// A turned filter; or the gradient towards the filter of a transposed convolution, which
/// is that of the convolution that it transposes.
StepFinder::Step StepFinder::flip(cnn::TransposeFilterOp op) {
  if (isWhole(op.getFilter())) {
    ArgumentList arguments;
    arguments.addNumber("groups", double(op.getGroups()), 1);
    return unary(op.getFilter(), arguments.on("flip"),
                 {Shape(sizesOf(op.getOutput())), /*isWhole=*/true});
  }
  Value back = exchanged(op.getFilter());
  auto conv = back ? back.getDefiningOp<cnn::Conv2DOp>() : nullptr;
  Value input = conv ? exchanged(conv.getInput()) : Value();
  Value gradient = conv ? exchanged(conv.getFilter()) : Value();
  if (!conv || conv.getGroups() != 1 || conv.getBatchGroups() != op.getGroups() || !input ||
      !gradient || !form(input) || !form(gradient))
    return std::nullopt;
  ArrayRef<int64_t> filter = sizesOf(op.getOutput());
  Window window;
  for (unsigned i : {0u, 1u}) {
    if (conv.getDilations()[i] != 1)
      return std::nullopt;
    window[i] = {filter[i + 2], conv.getInputDilations()[i], 0, 0, conv.getStrides()[i], 1};
    window[i].padLow = window[i].effectiveSize() - 1 - conv.getPadding()[2 * i];
    if (window[i].padLow < 0)
      return std::nullopt;
  }
  return correlate(gradient, input, window, op.getGroups(), filter);
}

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

StepFinder::Step StepFinder::pool(Operation *op) {
  Value input = op->getOperand(0);
  const Form *own = form(input);
  if (!own)
    return std::nullopt;
  ArgumentList arguments;
  Form result{Shape(sizesOf(op->getResult(0)).drop_front())};
  auto sizeText = [](ArrayRef<int64_t> size) { return fmt::format("({}, {})", size[0], size[1]); };
  if (auto adaptive = dyn_cast<cnn::AdaptiveAvgPoolOp>(op)) {
    arguments.add("out", sizeText(adaptive.getSize()));
    return unary(input, arguments.on("avgpool"), result);
  }
  if (auto spread = dyn_cast<cnn::AdaptiveSpreadOp>(op)) {
    arguments.add("size", sizeText(spread.getSize()));
    return unary(input, arguments.on("avgunpool"), result);
  }
  if (auto upsample = dyn_cast<cnn::UpsampleOp>(op)) {
    arguments.add(std::to_string(upsample.getFactor()));
    if (upsample.getBilinear())
      arguments.add("mode", "bilinear");
    return unary(input, arguments.on("upsample"), result);
  }
  if (auto adjoint = dyn_cast<cnn::UpsampleAdjointOp>(op))
    return unary(input, fmt::format("downsample({})", adjoint.getFactor()), result);
  auto add = [&](auto pool, ArrayRef<int64_t> overhang, bool countPadding, StringRef layer) {
    Window window = windowOf(pool, pool.getKernel());
    for (unsigned i : {0u, 1u})
      window[i].padHigh -= overhang[i];
    arguments.add(pairText(window[0].size, window[1].size));
    addWindow(arguments, window, /*isPool=*/true);
    if (overhang[0] || overhang[1])
      arguments.add("round", "ceil");
    else
      addRounding(arguments, sizesOf(input).drop_front(2), window);
    if (countPadding)
      arguments.add("count_pad", "true");
    return unary(input, arguments.on(layer), result);
  };
  if (auto average = dyn_cast<cnn::AvgPoolOp>(op))
    return add(average, average.getOverhang(), average.getCountPad(), "avgpool");
  int64_t none[] = {0, 0};
  if (auto root = dyn_cast<cnn::L2PoolOp>(op))
    return add(root, none, false, "l2pool");
  return add(cast<cnn::MaxPoolOp>(op), none, false, "maxpool");
}

StepFinder::Step StepFinder::unpool(cnn::UnpoolOp op) {
  auto choice = op.getIndex().getDefiningOp<cnn::PoolArgmaxOp>();
  if (!choice || !form(choice.getInput()) || !form(op.getInput()))
    return std::nullopt;
  Window window = windowOf(op, op.getKernel());
  ArgumentList arguments;
  arguments.add(pairText(window[0].size, window[1].size));
  addWindow(arguments, window, /*isPool=*/true);
  addRounding(arguments, op.getSize(), window);
  return PrintedStep{{{choice.getInput(), ""}, {op.getInput(), ""}},
                     arguments.on("unpool"),
                     *form(choice.getInput())};
}

/// A sum over windows, or back from the sums; with the division before it, the gradient of
/// an average.
StepFinder::Step StepFinder::sumPool(cnn::SumPoolOp op) {
  Value input = op.getInput();
  Form result{Shape(sizesOf(op.getOutput()).drop_front())};
  ArrayRef<int64_t> size = sizesOf(op.getOutput()).drop_front(2);
  std::string sizeText = fmt::format("({}, {})", size[0], size[1]);
  ArgumentList arguments;
  auto start = [&](const Window &window) {
    arguments.add(pairText(window[0].size, window[1].size));
    addWindow(arguments, window, /*isPool=*/true);
  };
  if (auto average = input.getDefiningOp<cnn::AverageWindowsOp>()) {
    Window window = windowOf(average, average.getKernel());
    ArrayRef<int64_t> overhang = average.getOverhang();
    for (unsigned i : {0u, 1u})
      window[i].padHigh -= overhang[i];
    start(window);
    if (overhang[0] || overhang[1])
      arguments.add("round", "ceil");
    else
      addRounding(arguments, average.getSize(), window);
    if (average.getCountPad())
      arguments.add("count_pad", "true");
    arguments.add("size", sizeText);
    if (!form(average.getInput()) || size != average.getSize())
      return std::nullopt;
    return unary(average.getInput(), arguments.on("avgunpool"), result);
  }
  if (!form(input))
    return std::nullopt;
  Window window = windowOf(op, op.getKernel());
  if (op.getInputDilations()[0] == 1 && op.getInputDilations()[1] == 1) {
    start(window);
    addRounding(arguments, sizesOf(input).drop_front(2), window);
    return unary(input, arguments.on("sumpool"), result);
  }
  for (unsigned i : {0u, 1u}) {
    WindowAxis &axis = window[i];
    if (axis.stride != 1)
      return std::nullopt;
    axis.stride = op.getInputDilations()[i];
    axis.padLow = axis.effectiveSize() - 1 - axis.padLow;
    applyEndPadding(size[i], sizesOf(input)[i + 2], axis);
  }
  start(window);
  addRounding(arguments, size, window);
  arguments.add("size", sizeText);
  return unary(input, arguments.on("sumunpool"), result);
}
