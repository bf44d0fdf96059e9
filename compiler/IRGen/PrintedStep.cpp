//===- PrintedStep.cpp - One op as a step of a chain ----------------------===//

#include "compiler/IRGen/PrintedStep.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>
#include <fmt/format.h>

using namespace mlir;
using namespace cnnc;

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

std::string ArgumentList::on(StringRef layer) const {
  return list.empty() ? layer.str() : (layer + "(" + llvm::join(list, ", ") + ")").str();
}

std::string StepFinder::number(double value) {
  std::string text = fmt::format("{}", value);
  // Means divide by the number of elements.
  double inverse = 1 / value;
  constexpr double largest = 1e15;
  std::string quotient = fmt::format("1/{:.0f}", inverse);
  bool isQuotient = std::abs(inverse) < largest && inverse == std::round(inverse) && inverse > 0 &&
                    1 / inverse == value;
  return isQuotient && quotient.size() < text.size() ? quotient : text;
}

std::string cnnc::pairText(int64_t h, int64_t w) {
  return h == w ? std::to_string(h) : fmt::format("({}, {})", h, w);
}

std::string cnnc::shapeText(const Shape &shape) {
  return "[" +
         llvm::join(llvm::map_range(shape, [](int64_t n) { return std::to_string(n); }), ", ") +
         "]";
}

std::optional<double> cnnc::splatOf(Value value) {
  if (auto broadcast = value.getDefiningOp<cnn::BroadcastOp>())
    return splatOf(broadcast.getInput());
  // The share of a weighted loss.
  if (auto scale = value.getDefiningOp<cnn::ScaleOp>()) {
    std::optional<double> input = splatOf(scale.getInput());
    return input ? std::optional(*input * scale.getFactor().convertToDouble() +
                                 scale.getOffset().convertToDouble())
                 : std::nullopt;
  }
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  auto elements = constant ? dyn_cast<DenseFPElementsAttr>(constant.getValue()) : nullptr;
  if (!elements || !elements.isSplat())
    return std::nullopt;
  return elements.getSplatValue<APFloat>().convertToDouble();
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

const Form *StepFinder::form(Value value) const {
  auto found = forms.find(value);
  return found == forms.end() ? nullptr : &found->second;
}

StepFinder::Step StepFinder::unary(Value input, std::string layer, Form form) {
  return PrintedStep{{{input, ""}}, std::move(layer), std::move(form)};
}

StepFinder::Step StepFinder::unary(Value input, std::string layer) {
  const Form *same = form(input);
  return same ? unary(input, std::move(layer), *same) : std::nullopt;
}

PrintedOperand StepFinder::operand(Value value, Value like) {
  if (std::optional<double> constant = splatOf(value))
    return {like, fmt::format(" -> fill({})", number(*constant))};
  return {value, ""};
}

StepFinder::Step StepFinder::elementwise(Operation *op, std::string layer) {
  Value like;
  for (Value value : op->getOperands())
    if (form(value) && !splatOf(value))
      like = like ? like : value;
  if (!like)
    return std::nullopt;
  PrintedStep step{{}, std::move(layer), *form(like)};
  for (Value value : op->getOperands())
    step.operands.push_back(operand(value, like));
  return step;
}

/// Times a constant is a scale.
StepFinder::Step StepFinder::product(cnn::MulOp op) {
  for (auto [value, other] : {std::pair(op.getLhs(), op.getRhs()), {op.getRhs(), op.getLhs()}})
    if (std::optional<double> constant = splatOf(value); constant && form(other))
      return unary(other, fmt::format("scale({})", number(*constant)));
  return elementwise(op, "mul");
}

/// Ops that are not of one element: windows, products, sizes.
StepFinder::Step StepFinder::largeStep(Operation *op) {
  return llvm::TypeSwitch<Operation *, Step>(op)
      .Case([&](cnn::Conv2DOp op) { return convolution(op); })
      .Case([&](cnn::TransposeOp op) { return correlation(op); })
      .Case([&](cnn::TransposeFilterOp op) { return flip(op); })
      .Case<cnn::MaxPoolOp, cnn::AvgPoolOp, cnn::L2PoolOp, cnn::AdaptiveAvgPoolOp,
            cnn::AdaptiveSpreadOp, cnn::UpsampleOp, cnn::UpsampleAdjointOp>(
          [&](auto op) { return pool(op); })
      .Case([&](cnn::UnpoolOp op) { return unpool(op); })
      .Case([&](cnn::SumPoolOp op) { return sumPool(op); })
      .Case([&](cnn::MatmulOp op) { return matmul(op); })
      .Case([&](cnn::BiasAddOp op) { return biasAdd(op); })
      .Case([&](cnn::ReshapeOp op) { return reshape(op); })
      .Case([&](cnn::BroadcastOp op) { return broadcast(op); })
      .Case([&](cnn::ReduceSumOp op) { return reduceSum(op); })
      .Case([&](cnn::PadOp op) { return pad(op); })
      .Case([&](cnn::ConcatOp op) {
        Step step = elementwise(op, "concat");
        if (step)
          step->form.shape[0] = sizesOf(op.getOutput())[1];
        return step;
      })
      .Default([](Operation *) { return Step(); });
}

std::optional<PrintedStep> StepFinder::find(OpResult value) {
  Operation *op = value.getOwner();
  auto asNumber = [](const APFloat &number) {
    return StepFinder::number(number.convertToDouble());
  };
  auto named = [&](auto op) {
    return unary(op->getOperand(0), op->getName().stripDialect().str());
  };
  Step step =
      llvm::TypeSwitch<Operation *, Step>(op)
          .Case<cnn::ReluOp, cnn::TanhOp, cnn::SigmoidOp, cnn::Relu6Op, cnn::EluOp,
                cnn::HardSigmoidOp, cnn::SoftplusOp, cnn::GeluOp, cnn::SiluOp, cnn::HardSwishOp,
                cnn::SoftmaxOp, cnn::LogSoftmaxOp, cnn::ExpOp, cnn::ErfcOp>(named)
          .Case<cnn::AddOp, cnn::SubOp, cnn::MaxOp, cnn::WhereOp>(
              [&](auto op) { return elementwise(op, op->getName().stripDialect().str()); })
          .Case([&](cnn::MulOp op) { return product(op); })
          .Case([&](cnn::DivOp op) { return elementwise(op, "div"); })
          .Case([&](cnn::ReluMaskOp op) { return elementwise(op, "gate"); })
          .Case([&](cnn::LReluOp op) {
            return unary(op.getInput(), fmt::format("lrelu({})", asNumber(op.getSlope())));
          })
          .Case([&](cnn::ScaleOp op) {
            ArgumentList arguments;
            arguments.add(asNumber(op.getFactor()));
            if (!op.getOffset().isZero())
              arguments.add(asNumber(op.getOffset()));
            return unary(op.getInput(), arguments.on("scale"));
          })
          .Case([&](cnn::PowOp op) {
            return unary(op.getInput(), fmt::format("pow({})", asNumber(op.getExponent())));
          })
          .Case([&](cnn::PReluOp op) { return elementwise(op, "prelu"); })
          .Case([&](cnn::ScaleChannelsOp op) { return elementwise(op, "mul"); })
          .Case([&](cnn::DropoutOp op) {
            ArgumentList arguments;
            arguments.add(asNumber(op.getProbability()));
            arguments.addNumber("stream", double(op.getStream()), 0);
            arguments.addNumber("seed", double(op.getSalt()), 0);
            if (op.getWholeImages())
              arguments.add("whole", "true");
            return unary(op.getInput(), arguments.on("mask"));
          })
          .Case([&](cnn::LrnOp op) {
            ArgumentList arguments;
            arguments.add(std::to_string(op.getSize()));
            arguments.add("alpha", asNumber(op.getAlpha()));
            arguments.add("beta", asNumber(op.getBeta()));
            arguments.add("k", asNumber(op.getK()));
            return unary(op.getInput(), arguments.on("lrn"));
          })
          .Case([&](cnn::ChannelWindowSumOp op) {
            return unary(op.getInput(),
                         fmt::format("channel_sum({}, {})", op.getBefore(), op.getAfter()));
          })
          .Case<cnn::BatchNormOp, cnn::GroupNormOp, cnn::PositionNormOp, cnn::NormalizeOp>(
              [&](auto) { return norm(value); })
          .Case<cnn::CrossEntropyOp, cnn::NegativeLogLikelihoodOp, cnn::HingeOp,
                cnn::BinaryCrossEntropyOp, cnn::MeanSquaredErrorOp, cnn::MeanAbsoluteErrorOp,
                cnn::HuberOp, cnn::OneHotOp>([&](auto op) { return loss(op); })
          .Default([&](Operation *) { return largeStep(op); });
  if (step)
    forms[value] = step->form;
  return step;
}

//===----------------------------------------------------------------------===//
// Norms and losses
//===----------------------------------------------------------------------===//

StepFinder::Step StepFinder::norm(OpResult result) {
  Operation *op = result.getOwner();
  Value input = op->getOperand(0);
  const Form *own = form(input);
  if (!own)
    return std::nullopt;
  ArgumentList arguments;
  auto addEpsilon = [&](const APFloat &epsilon) {
    arguments.addNumber("eps", epsilon.convertToDouble(), 1e-5);
  };
  StringRef statistic = result.getResultNumber() == 1 ? "mean" : "variance";
  bool isStatistic = result.getResultNumber() > 0;
  int64_t channels = own->shape[0];
  if (auto batch = dyn_cast<cnn::BatchNormOp>(op)) {
    if (isStatistic)
      return unary(input, (statistic + "(batch)").str(), {{channels}, /*isWhole=*/true});
    addEpsilon(batch.getEpsilon());
    return unary(input, arguments.on("standardize"));
  }
  if (auto group = dyn_cast<cnn::GroupNormOp>(op)) {
    int64_t groups = group.getGroups();
    if (isStatistic)
      return unary(input, fmt::format("{}(g={})", statistic.str(), groups), {{groups}});
    arguments.add(std::to_string(groups));
    addEpsilon(group.getEpsilon());
    arguments.add("affine", "false");
    return unary(input, arguments.on("groupnorm"));
  }
  if (auto position = dyn_cast<cnn::PositionNormOp>(op)) {
    Form single = *own;
    single.shape[0] = 1;
    if (isStatistic)
      return unary(input, (statistic + "(channels)").str(), single);
    arguments.add("axis", "c");
    addEpsilon(position.getEpsilon());
    arguments.add("affine", "false");
    return unary(input, arguments.on("layernorm"));
  }
  auto given = cast<cnn::NormalizeOp>(op);
  addEpsilon(given.getEpsilon());
  return PrintedStep{{{input, ""}, {given.getMean(), ""}, {given.getVariance(), ""}},
                     arguments.on("normalize"),
                     *own};
}

StepFinder::Step StepFinder::loss(Operation *op) {
  ArgumentList arguments;
  if (auto hot = dyn_cast<cnn::OneHotOp>(op)) {
    arguments.addNumber("on", hot.getOn().convertToDouble(), 1);
    arguments.addNumber("off", hot.getOff().convertToDouble(), 0);
    Shape shape(sizesOf(hot.getOutput()).drop_front());
    return unary(hot.getLabel(), arguments.on("onehot"), {shape});
  }
  std::string layer = op->getName().stripDialect().str();
  if (auto xent = dyn_cast<cnn::CrossEntropyOp>(op)) {
    layer = "xent";
    arguments.addNumber("smooth", xent.getSmooth().convertToDouble(), 0);
  } else if (auto huber = dyn_cast<cnn::HuberOp>(op)) {
    arguments.addNumber("delta", huber.getDelta().convertToDouble(), 1);
  }
  return PrintedStep{{{op->getOperand(0), ""}, {op->getOperand(1), ""}},
                     arguments.on(layer),
                     {{1}, /*isWhole=*/true}};
}
