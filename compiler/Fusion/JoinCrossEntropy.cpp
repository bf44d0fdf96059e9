//===- JoinCrossEntropy.cpp - The loss and its gradient as one op ---------===//
//
// The loss sums exponentials of the logits, and its gradient is their shares of the sum:
// as one op both are made of the same, while a row of logits is in the cache.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "dialect/CnnOps.h"
#include "dialect/LabelSmoothing.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"

namespace cnnc {
#define GEN_PASS_DEF_JOINCROSSENTROPYPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// softmax(x) - t, scaled where nobody else reads the difference.
struct Gradient {
  Operation *last = nullptr; ///< what makes it
  double factor = 1;
};

/// Whether `hot` is what the loss compares with.
bool isTruthOf(cnn::OneHotOp hot, cnn::CrossEntropyOp loss) {
  double classes = double(cast<RankedTensorType>(loss.getLogits().getType()).getDimSize(1));
  cnnc::SmoothedLabel label(loss.getSmooth().convertToDouble(), classes);
  return hot && hot.getLabel() == loss.getLabel() && hot.getOn().convertToDouble() == label.on &&
         hot.getOff().convertToDouble() == label.off;
}

std::optional<Gradient> gradientOf(cnn::CrossEntropyOp loss) {
  for (Operation *user : loss.getLogits().getUsers()) {
    auto softmax = dyn_cast<cnn::SoftmaxOp>(user);
    if (!softmax || softmax->getBlock() != loss->getBlock() || !softmax->hasOneUse())
      continue;
    auto difference = dyn_cast<cnn::SubOp>(*softmax->user_begin());
    if (!difference || difference.getLhs() != softmax.getOutput() ||
        !isTruthOf(difference.getRhs().getDefiningOp<cnn::OneHotOp>(), loss))
      continue;
    auto scale = difference->hasOneUse() ? dyn_cast<cnn::ScaleOp>(*difference->user_begin())
                                         : cnn::ScaleOp();
    if (scale && scale.getOffset().isZero())
      return Gradient{scale, scale.getFactor().convertToDouble()};
    return Gradient{difference, 1};
  }
  return std::nullopt;
}

struct JoinCrossEntropyPass final : cnnc::impl::JoinCrossEntropyPassBase<JoinCrossEntropyPass> {
  void runOnOperation() override {
    SmallVector<cnn::CrossEntropyOp> losses;
    getOperation().walk([&](cnn::CrossEntropyOp loss) { losses.push_back(loss); });
    for (cnn::CrossEntropyOp loss : losses)
      if (std::optional<Gradient> gradient = gradientOf(loss))
        join(loss, *gradient);
  }

private:
  void join(cnn::CrossEntropyOp loss, Gradient gradient) {
    OpBuilder builder(loss);
    auto step =
        cnn::CrossEntropyStepOp::create(builder, loss.getLoc(), loss.getLogits(), loss.getLabel(),
                                        loss.getSmooth(), APFloat(gradient.factor));
    loss.replaceAllUsesWith(step.getLoss());
    gradient.last->getResult(0).replaceAllUsesWith(step.getGradient());
    // What only the gradient was made of.
    SmallVector<Operation *> unused{gradient.last};
    while (!unused.empty()) {
      Operation *op = unused.pop_back_val();
      SmallVector<Value> operands(op->getOperands());
      op->erase();
      for (Value operand : operands)
        if (Operation *maker = operand.getDefiningOp();
            maker && isOpTriviallyDead(maker) &&
            isa<cnn::SubOp, cnn::SoftmaxOp, cnn::OneHotOp>(maker))
          unused.push_back(maker);
    }
    loss.erase();
    ++joined;
  }
};

} // namespace
