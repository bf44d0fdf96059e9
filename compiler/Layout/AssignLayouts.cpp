//===- AssignLayouts.cpp - What of an image lies side by side -------------===//
//
// One choice for a whole module, so that neighbours agree: a single layer in another
// layout would pay for moving its tensors there and back, and so would a filter that two
// functions share.
//
//===----------------------------------------------------------------------===//

#include "compiler/Layout/StoredBlocks.h"
#include "compiler/Passes.h"
#include "dialect/CnnOps.h"
#include "dialect/ShapeInference.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/MathExtras.h"

namespace cnnc {
#define GEN_PASS_DEF_ASSIGNLAYOUTSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

constexpr unsigned kImageRank = 4; ///< N, C, H, W

enum class Layout { Plain, Channels, Images };

ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

bool isImage(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getRank() == kImageRank;
}

//===----------------------------------------------------------------------===//
// Images
//===----------------------------------------------------------------------===//

/// The values that are images, from the function's inputs through all ops: filters have
/// four dimensions, too.
class Images {
public:
  explicit Images(func::FuncOp function) {
    for (BlockArgument argument : function.getArguments()) {
      auto role = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), cnn::kRoleAttr);
      if (role && role.getValue() == "input" && isImage(argument))
        images.insert(argument);
    }
    for (Operation &op : function.getBody().front())
      visit(&op);
  }

  bool contains(Value value) const { return images.contains(value); }
  bool areOperandsOf(Operation *op) const {
    return llvm::any_of(op->getOperands(), [&](Value value) { return contains(value); });
  }

private:
  void visit(Operation *op) {
    // Other dimensions, or sums over the images.
    if (isa<cnn::TransposeOp, cnn::FilterGradientOp>(op))
      return;
    if (auto conv = dyn_cast<cnn::Conv2DOp>(op)) {
      if (contains(conv.getInput()))
        images.insert(conv.getOutput());
      return;
    }
    // The way back from a matrix of features to the images they came from.
    bool becomesImage = isa<cnn::ReshapeOp>(op) || areOperandsOf(op);
    for (Value result : op->getResults())
      if (becomesImage && isImage(result))
        images.insert(result);
  }

  DenseSet<Value> images;
};

//===----------------------------------------------------------------------===//
// Ops that keep zeros
//===----------------------------------------------------------------------===//

/// Whether what lies beyond the last channel of this operand is zero, in a block with a rest.
bool isZeroBeyond(Value value) {
  auto broadcast = value.getDefiningOp<cnn::BroadcastOp>();
  return !broadcast || llvm::is_contained(broadcast.getDims(), 1);
}

/// Whether the op makes zeros of the zeros beyond the last channel: f(0, …) = 0.
bool keepsZeros(Operation *op) {
  auto areZeroBeyond = [&](auto... indices) {
    return (isZeroBeyond(op->getOperand(indices)) && ...);
  };
  if (isa<cnn::AddOp, cnn::SubOp, cnn::MaxOp>(op))
    return areZeroBeyond(0, 1);
  if (isa<cnn::MulOp, cnn::DivOp>(op)) // 0 / 0 is 0 here
    return isZeroBeyond(op->getOperand(0)) || isZeroBeyond(op->getOperand(1));
  if (isa<cnn::WhereOp>(op)) // zero is not positive
    return areZeroBeyond(0, 2);
  if (auto scale = dyn_cast<cnn::ScaleOp>(op))
    return scale.getOffset().isZero();
  if (auto power = dyn_cast<cnn::PowOp>(op))
    return power.getExponent().convertToDouble() > 0;
  return isa<cnn::Conv2DOp, cnn::FilterGradientOp, cnn::MaxPoolOp, cnn::PoolArgmaxOp,
             cnn::PoolTakeOp, cnn::UnpoolOp, cnn::SumPoolOp, cnn::AvgPoolOp, cnn::L2PoolOp,
             cnn::AverageWindowsOp, cnn::ReluOp, cnn::ReluMaskOp, cnn::TanhOp, cnn::LReluOp,
             cnn::PReluOp, cnn::Relu6Op, cnn::EluOp, cnn::HardSwishOp, cnn::GeluOp, cnn::SiluOp,
             cnn::BiasAddOp, cnn::ScaleChannelsOp, cnn::ReduceSumOp, cnn::BatchNormOp,
             cnn::NormalizeOp, cnn::PadOp, cnn::ConcatOp, cnn::UpsampleOp, cnn::UpsampleAdjointOp,
             cnn::AdaptiveAvgPoolOp, cnn::AdaptiveSpreadOp, cnn::DropoutOp>(op);
}

/// Ops that fill what is beyond the last channel with something else.
bool isElementwise(Operation *op) {
  return isa<cnn::AddOp, cnn::SubOp, cnn::MulOp, cnn::DivOp, cnn::MaxOp, cnn::WhereOp, cnn::ScaleOp,
             cnn::PowOp, cnn::SigmoidOp, cnn::HardSigmoidOp, cnn::SoftplusOp, cnn::ExpOp,
             cnn::ErfcOp, cnn::PositionNormOp>(op);
}

//===----------------------------------------------------------------------===//
// Which blocks
//===----------------------------------------------------------------------===//

/// The channels of one op: of its first operand that is an image, and of what a convolution makes.
struct Channels {
  int64_t inputs, outputs, groups;
  int64_t width;         ///< of what a convolution makes
  bool isSpread = false; ///< over an input with zeros between neighbours

  bool isDepthwise() const { return groups > 1 && inputs == groups && outputs == groups; }
};

Channels channelsOf(Operation *op) {
  if (auto conv = dyn_cast<cnn::Conv2DOp>(op))
    return {shapeOf(conv.getInput())[1], shapeOf(conv.getOutput())[1], int64_t(conv.getGroups()),
            shapeOf(conv.getOutput())[3],
            llvm::any_of(conv.getInputDilations(), [](int64_t d) { return d > 1; })};
  if (auto gradient = dyn_cast<cnn::FilterGradientOp>(op))
    return {shapeOf(gradient.getInput())[1], shapeOf(gradient.getGradient())[1],
            int64_t(gradient.getGroups()), shapeOf(gradient.getGradient())[3]};
  int64_t channels = shapeOf(op->getOperand(0))[1];
  return {channels, channels, 1, 0};
}

/// Of an op that runs over an input with zeros between neighbours, so many groups may become one in
/// blocks: plain loops scatter its products one by one, which takes longer than as many products
/// with zeros.
constexpr int64_t kMostGroupsTogether = cnn::kBlock;

/// How many groups become one: what the phase Lowering makes of blocks of `channels`.
int64_t groupsTogether(const Channels &channels, int64_t fewest) {
  auto [inputs, outputs, groups, width, isSpread] = channels;
  if (!isSpread || (channels.isDepthwise() && inputs >= fewest))
    return 1;
  if (inputs < fewest)
    return groups;
  return cnnc::groupsInBlocks(inputs / groups, outputs / groups, groups, cnn::kBlock);
}

/// The blocks of a convolution over channels; none of its input if that has too few.
std::optional<SmallVector<int64_t>> convolutionBlocks(const Channels &channels, int64_t fewest) {
  auto [inputs, outputs, groups, width, isSpread] = channels;
  int64_t together = groupsTogether(channels, fewest);
  if (together > kMostGroupsTogether)
    return std::nullopt;
  // Few to few: vectors along the rows of the map lose less than blocks of which most is empty.
  if (groups == 1 && !isSpread && inputs < fewest && outputs < fewest && width >= cnn::kBlock)
    return std::nullopt;
  if (groups == together)
    return inputs < fewest ? SmallVector<int64_t>{} : SmallVector<int64_t>{1};
  if (inputs < fewest)
    return std::nullopt;
  auto fillBlocks = [&](int64_t all) { return all / groups * together % cnn::kBlock == 0; };
  if (channels.isDepthwise() || (fillBlocks(inputs) && fillBlocks(outputs)))
    return SmallVector<int64_t>{1};
  return std::nullopt;
}

/// The images that lie in blocks of channels so far.
class BlockedImages {
public:
  BlockedImages(const Images &images, int64_t fewest) : images(images), fewest(fewest) {}

  void add(Operation *op, ArrayRef<int64_t> blocks) {
    // From plain images, too, a convolution makes blocks.
    if (isa<cnn::Conv2DOp>(op) || blocks == ArrayRef<int64_t>{1})
      for (Value result : op->getResults())
        if (images.contains(result))
          blocked.insert(result);
  }

  /// Whether an op of `channels` has blocks: if these are not few, or if it finds them so and is
  /// cheap. What a convolution has left in blocks costs less in these, zeros and all, than to move;
  /// but exponentials of the zeros would cost more.
  bool wants(Operation *op, int64_t channels) const {
    if (channels >= fewest)
      return true;
    return !isa<cnn::TanhOp, cnn::EluOp, cnn::GeluOp, cnn::SiluOp, cnn::PowOp>(op) &&
           llvm::any_of(op->getOperands(), [&](Value value) { return blocked.contains(value); });
  }

private:
  const Images &images;
  int64_t fewest;
  DenseSet<Value> blocked;
};

std::optional<SmallVector<int64_t>> blocksOf(Operation *op, Layout layout, const Images &images,
                                             const BlockedImages &blocked, int64_t fewest) {
  bool isConvolution = isa<cnn::Conv2DOp, cnn::FilterGradientOp>(op);
  // Of a filter's gradient either operand may come of no image, like the gradient of a mean.
  if (isa<cnn::Conv2DOp>(op) ? !images.contains(op->getOperand(0)) : !images.areOperandsOf(op))
    return std::nullopt;
  if (op->getNumOperands() == 0 || !isImage(op->getOperand(0)))
    return std::nullopt;
  auto conv = dyn_cast<cnn::Conv2DOp>(op);
  if (conv && conv.getBatchGroups() > 1)
    return std::nullopt;
  if (layout == Layout::Images) {
    bool honours =
        keepsZeros(op) || isElementwise(op) || isa<cnn::LrnOp, cnn::ChannelWindowSumOp>(op);
    return honours ? std::optional(SmallVector<int64_t>{0}) : std::nullopt;
  }
  Channels channels = channelsOf(op);
  if (isConvolution)
    return convolutionBlocks(channels, fewest);
  if (!blocked.wants(op, channels.inputs))
    return std::nullopt;
  if (keepsZeros(op) || (channels.inputs % cnn::kBlock == 0 && isElementwise(op)))
    return SmallVector<int64_t>{1};
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// The choice
//===----------------------------------------------------------------------===//

// Weights of the choice; of the processor it knows the size of a cache (`cache-bytes`) alone, since
// both sides of it take about as long on each.

/// Products of plain loops take this many times as long: rows of positions end before vectors do.
constexpr double kPlainFactor = 4;
/// So do those of blocks of images that do not stay in the cache from one output to the next.
constexpr double kUncachedFactor = 2;
constexpr int64_t kLaneBytes = 4; ///< of an f32

double share(int64_t channels) {
  return double(llvm::alignTo(channels, cnn::kBlock)) / double(channels);
}

/// The time of all convolutions in each layout, in products at full speed.
struct Costs {
  double plain = 0, channels = 0, images = 0;
  bool canBlockImages = true;

  void add(cnn::Conv2DOp conv, int64_t cacheBytes, int64_t fewest) {
    ArrayRef<int64_t> x = shapeOf(conv.getInput()), y = shapeOf(conv.getOutput()),
                      w = shapeOf(conv.getFilter());
    double products = double(ShapedType::getNumElements(y)) * double(w[1] * w[2] * w[3]);
    plain += products * kPlainFactor;
    Channels counts = channelsOf(conv);
    std::optional<SmallVector<int64_t>> blocks = convolutionBlocks(counts, fewest);
    double joined = products * double(groupsTogether(counts, fewest));
    if (!blocks)
      channels += products * kPlainFactor;
    else if (counts.groups > 1 || blocks->empty())
      channels += joined * share(counts.outputs);
    else
      channels += joined * share(counts.inputs) * share(counts.outputs);
    canBlockImages &= x[0] % cnn::kBlock == 0 && conv.getBatchGroups() == 1;
    bool isCached = x[1] * x[2] * x[3] * cnn::kBlock * kLaneBytes <= cacheBytes;
    images += products * (isCached ? 1 : kUncachedFactor);
  }

  Layout best() const {
    if (plain == 0) // no convolution, nothing to gain
      return Layout::Plain;
    if (canBlockImages && images < channels)
      return Layout::Images;
    return Layout::Channels;
  }
};

struct AssignLayoutsPass final : cnnc::impl::AssignLayoutsPassBase<AssignLayoutsPass> {
  using Base::Base;

  FailureOr<Layout> chosen(MutableArrayRef<std::pair<func::FuncOp, Images>> functions) {
    Costs costs;
    for (auto &[function, images] : functions)
      for (Operation &op : function.getBody().front()) {
        auto conv = dyn_cast<cnn::Conv2DOp>(op);
        if (conv && images.contains(conv.getInput()))
          costs.add(conv, cacheBytes, fewestChannels);
        for (Value value : op.getOperands())
          costs.canBlockImages &= !images.contains(value) || shapeOf(value)[0] % cnn::kBlock == 0;
      }
    if (layout == "auto")
      return costs.best();
    if (layout == "plain")
      return Layout::Plain;
    if (layout == "channels")
      return Layout::Channels;
    if (layout == "images")
      return costs.canBlockImages ? Layout::Images : Layout::Plain;
    return getOperation().emitError("layout must be auto, channels, images or plain, but is ")
           << layout;
  }

  void runOnOperation() override {
    SmallVector<std::pair<func::FuncOp, Images>> functions;
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isDeclaration())
        functions.emplace_back(function, Images(function));
    FailureOr<Layout> choice = chosen(functions);
    if (failed(choice))
      return signalPassFailure();
    if (*choice == Layout::Plain)
      return;
    Builder builder(&getContext());
    for (auto &[function, images] : functions) {
      BlockedImages blocked(images, fewestChannels);
      for (Operation &op : function.getBody().front())
        if (std::optional<SmallVector<int64_t>> blocks =
                blocksOf(&op, *choice, images, blocked, fewestChannels)) {
          op.setAttr(cnn::kBlocksAttr, builder.getDenseI64ArrayAttr(*blocks));
          blocked.add(&op, *blocks);
          ++assigned;
        }
    }
    stored += cnnc::storeVariablesInBlocks(getOperation());
  }
};

} // namespace
