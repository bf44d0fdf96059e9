//===- CnnInterfaces.td - What passes ask of an op -------------*- tablegen -*-===//

#ifndef CNN_INTERFACES_TD
#define CNN_INTERFACES_TD

include "mlir/IR/OpBase.td"

def Cnn_DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let cppNamespace = "::mlir::cnn";
  let description = [{
    An op that knows its derivative. The rule stands beside the op, in the section `Gradient` of its
    family's file, and is written in ops of this dialect, so that a gradient is differentiated like
    anything else.
  }];
  let methods = [
    InterfaceMethod<[{
        Builds the gradients towards the operands, given those towards the results:
        operand gradient i = sum over results j of (d result j / d operand i)^T * result gradient j.
        A result nobody differentiates has a null gradient. The rule skips operands that `sink` does
        not need, and says nothing of operands that have no derivative (labels, seeds).
      }],
      "void", "buildGradients", (ins "::mlir::cnn::GradientSink &":$sink)>
  ];
}

#endif // CNN_INTERFACES_TD
