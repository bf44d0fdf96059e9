//===- PrintedShapes.cpp - Products, sums and moved elements as steps -----===//

#include "compiler/IRGen/PrintedStep.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <fmt/format.h>

using namespace mlir;
using namespace cnnc;

//===----------------------------------------------------------------------===//
// Products with weights
//===----------------------------------------------------------------------===//

StepFinder::Step StepFinder::matmul(cnn::MatmulOp op) {
  Value a = op.getA(), b = op.getB();
  if (!form(a) || !form(b) || isWhole(a))
    return std::nullopt;
  ArrayRef<int64_t> sizes = sizesOf(op.getOutput());
  if (isWhole(b) && !op.getTransposeA()) {
    PrintedStep step{{{a, ""}, {b, op.getTransposeB() ? "" : " -> flip"}}, "fc", {{sizes[1]}}};
    weighted[op.getOutput()] = step;
    return step;
  }
  if (!isWhole(b) && op.getTransposeA() && !op.getTransposeB())
    return PrintedStep{{{b, ""}, {a, ""}}, "outer", {{sizes[0], sizes[1]}, /*isWhole=*/true}};
  return std::nullopt;
}

/// The bias of a convolution or a fc belongs to it.
StepFinder::Step StepFinder::biasAdd(cnn::BiasAddOp op) {
  auto found = weighted.find(op.getInput());
  if (found == weighted.end() || !op.getInput().hasOneUse())
    return elementwise(op, "add");
  PrintedStep step = found->second;
  step.operands.push_back({op.getBias(), ""});
  return step;
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

namespace {
/// A layer that only moves elements, and the sizes that it has in the language.
struct Rearrangement {
  std::string layer;
  Shape from, to;
};
} // namespace

/// [N, g, C/g, …] with the second and the third dimension exchanged is a shuffle; six
/// dimensions in the orders of depth_to_space and space_to_depth are these.
static std::optional<Rearrangement> rearrangement(cnn::TransposeOp transpose) {
  ArrayRef<int64_t> order = transpose.getPermutation();
  ArrayRef<int64_t> v = sizesOf(transpose.getInput());
  if (order == ArrayRef<int64_t>{0, 1, 4, 2, 5, 3})
    return Rearrangement{fmt::format("depth_to_space({})", v[2]),
                         {v[1] * v[2] * v[3], v[4], v[5]},
                         {v[1], v[2] * v[4], v[3] * v[5]}};
  if (order == ArrayRef<int64_t>{0, 1, 3, 5, 2, 4})
    return Rearrangement{fmt::format("space_to_depth({})", v[3]),
                         {v[1], v[2] * v[3], v[4] * v[5]},
                         {v[1] * v[3] * v[5], v[2], v[4]}};
  SmallVector<int64_t> shuffled = llvm::to_vector(llvm::seq<int64_t>(order.size()));
  if (shuffled.size() < 3)
    return std::nullopt;
  std::swap(shuffled[1], shuffled[2]);
  if (order != ArrayRef(shuffled))
    return std::nullopt;
  Shape shape{v[1] * v[2]};
  llvm::append_range(shape, v.drop_front(3));
  if (shape.size() == 2)
    shape.push_back(1);
  return Rearrangement{fmt::format("shuffle({})", v[1]), shape, shape};
}

/// The step between two sizes of the same elements; nothing where they are the same.
static std::string reshapeText(const Shape &from, const Shape &to) {
  if (from == to)
    return "";
  return to.size() == 1 ? "flatten" : fmt::format("reshape({})", shapeText(to));
}

StepFinder::Step StepFinder::rearrange(cnn::TransposeOp op) {
  const Form *own = form(op.getInput());
  std::optional<Rearrangement> moved = rearrangement(op);
  if (!own || own->isWhole || !moved)
    return std::nullopt;
  std::string before = reshapeText(own->shape, moved->from);
  return unary(op.getInput(), before.empty() ? moved->layer : before + " -> " + moved->layer,
               {moved->to});
}

StepFinder::Step StepFinder::reshape(cnn::ReshapeOp op) {
  Shape shape(sizesOf(op.getOutput()));
  const Form *own = form(op.getInput());
  if (!own || own->isWhole)
    return std::nullopt;
  shape.erase(shape.begin());
  // A view for a transposition: the elements as they are.
  if (shape.size() > 3)
    return unary(op.getInput(), "");
  // In the language a size is [C] or [C, H, W].
  if (shape.empty())
    shape = {1};
  if (shape.size() == 2)
    shape = own->shape.size() == 3 && own->shape[0] == 1 && own->shape[1] == shape[0]
                ? Shape{1, shape[0], shape[1]}
                : Shape{shape[0], shape[1], 1};
  return unary(op.getInput(), reshapeText(own->shape, shape), {shape});
}

StepFinder::Step StepFinder::broadcast(cnn::BroadcastOp op) {
  const Form *own = form(op.getInput());
  if (!own)
    return std::nullopt;
  Shape shape(op.getShape());
  // A number for all, as the gradient of one shared slope.
  if (shape == Shape{1})
    return unary(op.getInput(), "");
  shape.erase(shape.begin());
  if (shape.size() == 2) {
    // Groups with what is in them, or positions.
    bool isGroups = llvm::is_contained(op.getDims(), 1) && own->shape.size() == 1;
    shape = isGroups ? Shape{shape[0], shape[1], 1} : Shape{1, shape[0], shape[1]};
  }
  return unary(op.getInput(), fmt::format("expand({})", shapeText(shape)), {shape});
}

StepFinder::Step StepFinder::reduceSum(cnn::ReduceSumOp op) {
  Value input = op.getInput();
  const Form *own = form(input);
  if (!own)
    return std::nullopt;
  ArrayRef<int64_t> sizes = sizesOf(input);
  if (own->isWhole && own->shape == Shape{1})
    return unary(input, "");
  auto isSame = [&](auto wanted) {
    // Sums over one position are the position; but the batch is there or not.
    for (int64_t dim = 0; dim < int64_t(sizes.size()); ++dim)
      if (llvm::is_contained(op.getDims(), dim) != wanted(dim) && (sizes[dim] > 1 || dim == 0))
        return false;
    return true;
  };
  // Of an [N, H, W] the channel is not there.
  bool hasChannels = sizes.size() == own->shape.size() + 1 || own->shape.back() == 1;
  int64_t channel = own->isWhole ? 0 : hasChannels ? 1 : -1;
  if (isSame([](int64_t) { return true; }))
    return unary(input, "sum(all)", {{1}, /*isWhole=*/true});
  if (own->isWhole)
    return std::nullopt;
  if (isSame([&](int64_t dim) { return dim != channel; }))
    return unary(input, "sum(batch)", {{own->shape[0]}, /*isWhole=*/true});
  if (own->shape.size() == 3 && isSame([&](int64_t dim) { return dim > channel && dim > 0; }))
    return unary(input, "sum(positions)", {{own->shape[0]}});
  if (channel == 1 && isSame([](int64_t dim) { return dim == 1; })) {
    Form form = *own;
    form.shape[0] = 1;
    return unary(input, "sum(channels)", form);
  }
  return std::nullopt;
}

/// pad, crop and slice: what is taken away first.
StepFinder::Step StepFinder::pad(cnn::PadOp op) {
  const Form *own = form(op.getInput());
  if (!own || own->isWhole || op.getLow()[0] != 0 || op.getHigh()[0] != 0)
    return std::nullopt;
  ArrayRef<int64_t> low = op.getLow().drop_front(), high = op.getHigh().drop_front();
  SmallVector<std::string> layers;
  if (low[0] < 0 || high[0] < 0)
    layers.push_back(fmt::format("slice({}, {})", std::max<int64_t>(-low[0], 0),
                                 own->shape[0] + std::min<int64_t>(high[0], 0)));
  auto ends = [&](int64_t sign) {
    auto side = [&](int64_t value) { return std::max<int64_t>(sign * value, 0); };
    return fmt::format("(({}, {}), ({}, {}))", side(low[1]), side(high[1]), side(low[2]),
                       side(high[2]));
  };
  auto any = [&](int64_t sign) {
    return llvm::any_of(llvm::concat<const int64_t>(low.drop_front(), high.drop_front()),
                        [&](int64_t value) { return sign * value > 0; });
  };
  if (any(-1))
    layers.push_back("crop(" + ends(-1) + ")");
  if (any(1))
    layers.push_back("pad(" + ends(1) + ")");
  if (low[0] > 0 || high[0] > 0)
    layers.push_back(fmt::format("pad(c=({}, {}))", std::max<int64_t>(low[0], 0),
                                 std::max<int64_t>(high[0], 0)));
  return unary(op.getInput(), llvm::join(layers, " -> "),
               {Shape(sizesOf(op.getOutput()).drop_front())});
}
