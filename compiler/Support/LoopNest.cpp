//===- LoopNest.cpp - linalg ops and kernels as loops over linear memory --===//

#include "compiler/Support/LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/AffineExpr.h"

using namespace mlir;

namespace cnnc {

static LoopNest ofKernel(cnn::KernelOp kernel) {
  LoopNest nest;
  nest.op = kernel;
  nest.extents.assign(kernel.getExtents().begin(), kernel.getExtents().end());
  nest.reductions.assign(kernel.getReductions().begin(), kernel.getReductions().end());
  unsigned inputs = kernel.getInputs().size(), extras = kernel.getExtras().size();
  for (OpOperand &operand : kernel->getOpOperands()) {
    unsigned number = operand.getOperandNumber();
    (number < inputs            ? nest.inputs
     : number < inputs + extras ? nest.extras
                                : nest.outputs)
        .push_back(&operand);
  }
  nest.body = &kernel.getReduce().front();
  nest.finish = &kernel.getFinish().front();
  llvm::append_range(nest.starts, kernel.getStarts());
  if (!kernel.getPool().empty())
    nest.pool = &kernel.getPool().front();
  nest.window.assign(kernel.getWindowLoops().begin(), kernel.getWindowLoops().end());
  return nest;
}

static std::optional<LoopNest> ofLinalg(linalg::LinalgOp linalg) {
  LoopNest nest;
  nest.op = linalg;
  nest.extents = linalg.getStaticLoopRanges();
  if (llvm::is_contained(nest.extents, ShapedType::kDynamic))
    return std::nullopt;
  for (utils::IteratorType type : linalg.getIteratorTypesArray())
    nest.reductions.push_back(type == utils::IteratorType::reduction);
  nest.inputs = linalg.getDpsInputOperands();
  for (OpOperand &output : linalg.getDpsInitsMutable())
    nest.outputs.push_back(&output);
  nest.body = linalg.getBlock();
  return nest;
}

std::optional<LoopNest> LoopNest::of(Operation *op) {
  std::optional<LoopNest> nest;
  if (auto kernel = dyn_cast<cnn::KernelOp>(op))
    nest = ofKernel(kernel);
  else if (auto linalg = dyn_cast<linalg::LinalgOp>(op))
    nest = ofLinalg(linalg);
  if (nest)
    nest->findMeetingLoops();
  return nest;
}

/// Adds `factor` times `expression` to `index`; false if it is not linear.
static bool addLinear(AffineExpr expression, int64_t factor, LinearIndex &index) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expression)) {
    index.offset += factor * constant.getValue();
    return true;
  }
  if (auto dim = dyn_cast<AffineDimExpr>(expression)) {
    index.strides[dim.getPosition()] += factor;
    return true;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expression);
  if (!binary)
    return false;
  if (binary.getKind() == AffineExprKind::Add)
    return addLinear(binary.getLHS(), factor, index) && addLinear(binary.getRHS(), factor, index);
  auto scale = dyn_cast<AffineConstantExpr>(binary.getRHS());
  return binary.getKind() == AffineExprKind::Mul && scale &&
         addLinear(binary.getLHS(), factor * scale.getValue(), index);
}

/// Whether two iterations of the loops with these factors have the same index: not if each factor
/// is larger than all that the smaller ones reach, as in 16 * block + lane.
static bool canMeet(ArrayRef<int64_t> factors, ArrayRef<int64_t> extents) {
  SmallVector<std::pair<int64_t, int64_t>> terms;
  for (auto [factor, extent] : llvm::zip_equal(factors, extents))
    if (factor != 0)
      terms.emplace_back(std::abs(factor), extent);
  llvm::sort(terms);
  int64_t reach = 0;
  for (auto [factor, extent] : terms) {
    if (factor <= reach)
      return true;
    reach += factor * (extent - 1);
  }
  return false;
}

void LoopNest::findMeetingLoops() {
  meeting.assign(loops(), false);
  for (OpOperand *output : outputs)
    for (AffineExpr result : mapOf(*output).getResults()) {
      std::optional<LinearIndex> index = linear(result);
      if (index && !canMeet(index->strides, extents))
        continue;
      for (unsigned loop = 0; loop < loops(); ++loop)
        meeting[loop] = meeting[loop] || result.isFunctionOfDim(loop);
    }
}

SmallVector<OpOperand *> LoopNest::operands() const {
  SmallVector<OpOperand *> all(inputs);
  llvm::append_range(all, extras);
  llvm::append_range(all, outputs);
  return all;
}

bool LoopNest::readsOutputs() const {
  return !isKernel() && llvm::any_of(body->getArguments().take_back(outputs.size()),
                                     [](BlockArgument argument) { return !argument.use_empty(); });
}

unsigned LoopNest::pointOutputs() const {
  return isKernel() ? cast<cnn::KernelOp>(op).getPointOutputs() : outputs.size();
}

Operation *LoopNest::combiningOp() const {
  if (accumulators() != 1)
    return nullptr;
  Operation *combining = body->getTerminator()->getOperand(0).getDefiningOp();
  Value accumulator = body->getArguments().back();
  bool isAlone = isa_and_nonnull<arith::AddFOp, arith::MaximumFOp>(combining) &&
                 llvm::is_contained(combining->getOperands(), accumulator) &&
                 accumulator.hasOneUse();
  return isAlone ? combining : nullptr;
}

bool LoopNest::canWait(unsigned laneLoop) const {
  if (accumulators() > pointOutputs() || reductions[laneLoop])
    return false;
  for (unsigned i = 0; i < accumulators(); ++i) {
    Type element = cast<ShapedType>(outputs[i]->get().getType()).getElementType();
    if (body->getArgument(inputs.size() + i).getType() != element)
      return false;
  }
  return true;
}

SmallVector<SmallVector<int64_t>> LoopNest::windowPoints() const {
  SmallVector<SmallVector<int64_t>> points{SmallVector<int64_t>(loops(), 0)};
  for (unsigned loop : window) {
    SmallVector<SmallVector<int64_t>> all;
    for (const SmallVector<int64_t> &point : points)
      for (int64_t i = 0; i < extents[loop]; ++i) {
        all.push_back(point);
        all.back()[loop] = i;
      }
    points = std::move(all);
  }
  return points;
}

bool LoopNest::linearize() {
  indices.clear();
  for (OpOperand *operand : operands()) {
    std::optional<LinearIndex> index = linearIndex(*operand);
    if (!index)
      return false;
    indices.push_back(*index);
  }
  return findDomain();
}

std::optional<LinearIndex> LoopNest::linear(AffineExpr expression) const {
  LinearIndex function;
  function.strides.assign(loops(), 0);
  return addLinear(expression, 1, function) ? std::optional(function) : std::nullopt;
}

std::pair<int64_t, int64_t> LoopNest::reachOf(const LinearIndex &function) const {
  int64_t least = function.offset, most = function.offset;
  for (auto [stride, extent] : llvm::zip_equal(function.strides, extents))
    (stride < 0 ? least : most) += stride * (extent - 1);
  return {least, most};
}

bool LoopNest::findDomain() {
  domain.clear();
  auto kernel = dyn_cast<cnn::KernelOp>(op);
  if (!kernel || !kernel.getDomain())
    return true;
  for (AffineExpr constraint : kernel.getDomain()->getConstraints()) {
    std::optional<LinearIndex> function = linear(constraint);
    if (!function)
      return false;
    domain.push_back(*function);
  }
  return true;
}

AffineMap LoopNest::mapOf(OpOperand &operand) const {
  if (auto kernel = dyn_cast<cnn::KernelOp>(op))
    return kernel.getMap(operand);
  return cast<linalg::LinalgOp>(op).getMatchingIndexingMap(&operand);
}

bool LoopNest::usesIndices() const {
  return op->walk([](linalg::IndexOp) { return WalkResult::interrupt(); }).wasInterrupted();
}

/// Distances of neighbours in each dimension, and where the first element is.
static bool stridesOf(Type type, SmallVectorImpl<int64_t> &strides, int64_t &offset) {
  if (auto buffer = dyn_cast<MemRefType>(type)) {
    if (failed(buffer.getStridesAndOffset(strides, offset)))
      return false;
    return !ShapedType::isDynamic(offset) && !llvm::is_contained(strides, ShapedType::kDynamic);
  }
  auto tensor = cast<RankedTensorType>(type);
  int64_t stride = 1;
  strides.assign(tensor.getRank(), 0);
  for (int64_t dim = tensor.getRank() - 1; dim >= 0; --dim) {
    strides[dim] = stride;
    stride *= tensor.getDimSize(dim);
  }
  offset = 0;
  return true;
}

std::optional<LinearIndex> LoopNest::linearIndex(OpOperand &operand) const {
  LinearIndex index;
  index.strides.assign(loops(), 0);
  if (!isa<ShapedType>(operand.get().getType()))
    return index;
  SmallVector<int64_t> strides;
  if (!stridesOf(operand.get().getType(), strides, index.offset))
    return std::nullopt;
  for (auto [expression, stride] : llvm::zip_equal(mapOf(operand).getResults(), strides))
    if (!addLinear(expression, stride, index))
      return std::nullopt;
  return index;
}

} // namespace cnnc
