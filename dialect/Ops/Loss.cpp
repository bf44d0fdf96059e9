//===- Loss.cpp - Losses and the gradient of one --------------------------===//

#include "dialect/LabelSmoothing.h"
#include "dialect/Ops/Rules.h"

#include "mlir/IR/OpImplementation.h"

using namespace mlir;
using namespace mlir::cnn;

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

/// Labels are logits without the classes, dimension 1.
static bool areLabelsOf(ArrayRef<int64_t> labels, ArrayRef<int64_t> logits) {
  return logits.size() >= 2 && labels.size() + 1 == logits.size() && labels[0] == logits[0] &&
         labels.drop_front() == logits.drop_front(2);
}

template <typename Adaptor>
static LogicalResult inferCrossEntropy(std::optional<Location> loc, Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands())))
    return failure();
  if (!areLabelsOf(shapeOf(adaptor.getLabel()), shapeOf(adaptor.getLogits())))
    return emitOptionalError(loc, "labels of type ", adaptor.getLabel().getType(),
                             " do not fit logits of type ",
                             adaptor.getLogits().getType()); // (C1)
  double smooth = adaptor.getSmooth().convertToDouble();
  if (!(smooth >= 0 && smooth < 1))
    return emitOptionalError(loc, "smooth must be at least 0 and less than 1"); // (C2)
  types.push_back(withShape(adaptor.getLogits(), {}));
  return success();
}

LogicalResult CrossEntropyOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                               Adaptor adaptor, SmallVectorImpl<Type> &types) {
  return inferCrossEntropy(loc, adaptor, types);
}

LogicalResult CrossEntropyStepOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                   Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(inferCrossEntropy(loc, adaptor, types)))
    return failure();
  types.push_back(adaptor.getLogits().getType());
  return success();
}

template <typename Adaptor>
static LogicalResult inferClassLoss(std::optional<Location> loc, Adaptor adaptor,
                                    SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands())))
    return failure();
  if (!areLabelsOf(shapeOf(adaptor.getLabel()), shapeOf(adaptor.getScores())))
    return emitOptionalError(loc, "labels of type ", adaptor.getLabel().getType(),
                             " do not fit scores of type ",
                             adaptor.getScores().getType()); // (C1)
  types.push_back(withShape(adaptor.getScores(), {}));
  return success();
}

LogicalResult NegativeLogLikelihoodOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                        Adaptor adaptor,
                                                        SmallVectorImpl<Type> &types) {
  return inferClassLoss(loc, adaptor, types);
}

LogicalResult HingeOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                        SmallVectorImpl<Type> &types) {
  return inferClassLoss(loc, adaptor, types);
}

template <typename Adaptor>
static LogicalResult inferMeanLoss(std::optional<Location> loc, Adaptor adaptor,
                                   SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands())))
    return failure();
  types.push_back(withShape(adaptor.getPrediction(), {}));
  return success();
}

LogicalResult MeanSquaredErrorOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                   Adaptor adaptor, SmallVectorImpl<Type> &types) {
  return inferMeanLoss(loc, adaptor, types);
}

LogicalResult MeanAbsoluteErrorOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                    Adaptor adaptor, SmallVectorImpl<Type> &types) {
  return inferMeanLoss(loc, adaptor, types);
}

LogicalResult HuberOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                        SmallVectorImpl<Type> &types) {
  double delta = adaptor.getDelta().convertToDouble();
  if (!(delta > 0))
    return emitOptionalError(loc, "delta must be positive, but is ", delta); // (C1)
  return inferMeanLoss(loc, adaptor, types);
}

LogicalResult BinaryCrossEntropyOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                     Adaptor adaptor,
                                                     SmallVectorImpl<Type> &types) {
  return inferMeanLoss(loc, adaptor, types);
}

//===----------------------------------------------------------------------===//
// Verify
//===----------------------------------------------------------------------===//

LogicalResult OneHotOp::verify() {
  if (!areLabelsOf(shapeOf(getLabel()), shapeOf(getOutput())))
    return emitOpError("expects the labels' dimensions and the classes as the second, but got ")
           << getLabel().getType() << " -> " << getType(); // (C1)
  return success();
}

LogicalResult GradientOp::verify() {
  if (getValues().getTypes() != getGradients().getTypes())
    return emitOpError("expects a result of the type of each value"); // (C1)
  return success();
}

//===----------------------------------------------------------------------===//
// Syntax
//===----------------------------------------------------------------------===//

void GradientOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getLoss() << " of " << getValues();
  printer.printOptionalAttrDict((*this)->getAttrs());
  printer << " : " << getLoss().getType() << " of " << getValues().getTypes();
}

ParseResult GradientOp::parse(OpAsmParser &parser, OperationState &result) {
  OpAsmParser::UnresolvedOperand loss;
  SmallVector<OpAsmParser::UnresolvedOperand> values;
  Type lossType;
  SmallVector<Type> types;
  SMLoc start = parser.getCurrentLocation();
  if (parser.parseOperand(loss) || parser.parseKeyword("of") || parser.parseOperandList(values) ||
      parser.parseOptionalAttrDict(result.attributes) || parser.parseColonType(lossType) ||
      parser.parseKeyword("of") || parser.parseTypeList(types) ||
      parser.resolveOperand(loss, lossType, result.operands) ||
      parser.resolveOperands(values, types, start, result.operands))
    return failure();
  result.addTypes(types);
  return success();
}

//===----------------------------------------------------------------------===//
// Gradient
//===----------------------------------------------------------------------===//

/// The loss's gradient divided by `count`, as large as `like`.
static Value shareOfEach(GradientSink &sink, double count, Value like) {
  Value share = sink.create<ScaleOp>(sink.result(), 1 / count);
  return broadcastLike(sink, share, {}, like);
}

static double elementsOf(Value value) {
  return double(cast<RankedTensorType>(value.getType()).getNumElements());
}

void CrossEntropyOp::buildGradients(GradientSink &sink) {
  if (!sink.needs(0))
    return;
  Value logits = getLogits();
  double classes = double(shapeOf(logits)[1]);
  cnnc::SmoothedLabel label(getSmooth().convertToDouble(), classes);
  Value probabilities = sink.create<SoftmaxOp>(logits);
  Value wanted =
      sink.create<OneHotOp>(logits.getType(), getLabel(), APFloat(label.on), APFloat(label.off));
  Value difference = sink.create<SubOp>(probabilities, wanted);
  Value mean = sink.create<ScaleOp>(difference, 1 / elementsOf(getLabel()));
  sink.set(0, sink.create<MulOp>(mean, broadcastLike(sink, sink.result(), {}, logits)));
}

void NegativeLogLikelihoodOp::buildGradients(GradientSink &sink) {
  if (!sink.needs(0))
    return;
  Value scores = getScores();
  Value atLabel = sink.create<OneHotOp>(scores.getType(), getLabel(), APFloat(-1.0), APFloat(0.0));
  sink.set(0, sink.create<MulOp>(atLabel, shareOfEach(sink, elementsOf(getLabel()), scores)));
}

void HingeOp::buildGradients(GradientSink &sink) {
  if (!sink.needs(0))
    return;
  Value scores = getScores();
  SmallVector<int64_t> others = allButChannels(rankOf(scores));
  auto oneHot = [&](double on, double off) -> Value {
    return sink.create<OneHotOp>(scores.getType(), getLabel(), APFloat(on), APFloat(off));
  };
  auto sumOfClasses = [&](Value value) -> Value {
    return sink.create<ReduceSumOp>(value, ArrayRef<int64_t>{1});
  };
  Value atLabel = oneHot(1, 0);
  Value right = sumOfClasses(sink.create<MulOp>(scores, atLabel));
  Value lead = sink.create<SubOp>(scores, broadcastLike(sink, right, others, scores));
  // The label's own margin is 0, so that the mask leaves it out.
  Value margins = sink.create<AddOp>(lead, oneHot(0, 1));
  Value share = shareOfEach(sink, elementsOf(getLabel()), scores);
  Value wrong = sink.create<ReluMaskOp>(share, margins);
  Value back = broadcastLike(sink, sumOfClasses(wrong), others, scores);
  sink.set(0, sink.create<SubOp>(wrong, sink.create<MulOp>(back, atLabel)));
}

/// Both gradients of a loss of the difference: `towards`, and its negative.
static void setOpposite(GradientSink &sink, Value towards) {
  if (sink.needs(0))
    sink.set(0, towards);
  if (sink.needs(1))
    sink.set(1, sink.create<ScaleOp>(towards, -1.0));
}

void MeanSquaredErrorOp::buildGradients(GradientSink &sink) {
  Value difference = sink.create<SubOp>(getPrediction(), getTarget());
  Value all = broadcastLike(sink, sink.result(), {}, getPrediction());
  Value scaled = sink.create<ScaleOp>(difference, 2 / elementsOf(getPrediction()));
  setOpposite(sink, sink.create<MulOp>(scaled, all));
}

void MeanAbsoluteErrorOp::buildGradients(GradientSink &sink) {
  Value difference = sink.create<SubOp>(getPrediction(), getTarget());
  Value share = shareOfEach(sink, elementsOf(getPrediction()), getPrediction());
  // Two masks make the sign, which is 0 at 0.
  Value above = sink.create<ReluMaskOp>(share, difference);
  Value below = sink.create<ReluMaskOp>(share, sink.create<ScaleOp>(difference, -1.0));
  setOpposite(sink, sink.create<SubOp>(above, below));
}

void HuberOp::buildGradients(GradientSink &sink) {
  double delta = getDelta().convertToDouble();
  Value difference = sink.create<SubOp>(getPrediction(), getTarget());
  // What lies outside -delta .. delta is taken away: the inside keeps all its bits.
  Value above = sink.create<ReluOp>(sink.create<ScaleOp>(difference, 1.0, -delta));
  Value below = sink.create<ReluOp>(sink.create<ScaleOp>(difference, -1.0, -delta));
  Value cut = sink.create<AddOp>(sink.create<SubOp>(difference, above), below);
  Value share = shareOfEach(sink, elementsOf(getPrediction()), getPrediction());
  setOpposite(sink, sink.create<MulOp>(cut, share));
}

void BinaryCrossEntropyOp::buildGradients(GradientSink &sink) {
  Value share = shareOfEach(sink, elementsOf(getPrediction()), getPrediction());
  if (sink.needs(0)) {
    Value probability = sink.create<SigmoidOp>(getPrediction());
    sink.set(0, sink.create<MulOp>(sink.create<SubOp>(probability, getTarget()), share));
  }
  if (sink.needs(1))
    sink.set(1, sink.create<ScaleOp>(sink.create<MulOp>(getPrediction(), share), -1.0));
}
