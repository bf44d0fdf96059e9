//===- Loss.cpp - Losses and the gradient of one --------------------------===//

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

LogicalResult CrossEntropyOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                               Adaptor adaptor, SmallVectorImpl<Type> &types) {
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

LogicalResult MeanSquaredErrorOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                   Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands())))
    return failure();
  types.push_back(withShape(adaptor.getPrediction(), {}));
  return success();
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

void CrossEntropyOp::buildGradients(GradientSink &sink) {
  if (!sink.needs(0))
    return;
  Value logits = getLogits();
  double classes = double(shapeOf(logits)[1]);
  double smooth = getSmooth().convertToDouble();
  Value probabilities = sink.create<SoftmaxOp>(logits);
  Value wanted =
      sink.create<OneHotOp>(logits.getType(), getLabel(), APFloat(1 - smooth + smooth / classes),
                            APFloat(smooth / classes));
  Value difference = sink.create<SubOp>(probabilities, wanted);
  double rows = double(cast<RankedTensorType>(getLabel().getType()).getNumElements());
  Value mean = sink.create<ScaleOp>(difference, 1 / rows);
  sink.set(0, sink.create<MulOp>(mean, broadcastLike(sink, sink.result(), {}, logits)));
}

void MeanSquaredErrorOp::buildGradients(GradientSink &sink) {
  double elements = double(cast<RankedTensorType>(getPrediction().getType()).getNumElements());
  Value difference = sink.create<SubOp>(getPrediction(), getTarget());
  Value all = broadcastLike(sink, sink.result(), {}, getPrediction());
  Value towards = sink.create<MulOp>(sink.create<ScaleOp>(difference, 2 / elements), all);
  if (sink.needs(0))
    sink.set(0, towards);
  if (sink.needs(1))
    sink.set(1, sink.create<ScaleOp>(towards, -1.0));
}
