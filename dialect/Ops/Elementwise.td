//===- Elementwise.td - Arithmetic on equal shapes -------------*- tablegen -*-===//

#ifndef CNN_OPS_ELEMENTWISE_TD
#define CNN_OPS_ELEMENTWISE_TD

include "dialect/CnnBase.td"
include "dialect/CnnInterfaces.td"

class Cnn_BinaryOp<string mnemonic, list<Trait> traits = []> : Cnn_Op<mnemonic, [Pure,
    SameOperandsAndResultType, DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>] # traits> {
  let arguments = (ins Cnn_Tensor:$lhs, Cnn_Tensor:$rhs);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs)";
}

def Cnn_AddOp : Cnn_BinaryOp<"add", [Commutative]> {
  let summary = "sum";
  let description = [{
    y = lhs + rhs.

    Example:
    ```mlir
    %y = cnn.add %a, %b : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_SubOp : Cnn_BinaryOp<"sub"> {
  let summary = "difference";
  let description = [{
    y = lhs - rhs.

    Example:
    ```mlir
    %y = cnn.sub %a, %b : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_MulOp : Cnn_BinaryOp<"mul", [Commutative]> {
  let summary = "product, element by element";
  let description = [{
    y = lhs * rhs.

    Example:
    ```mlir
    %y = cnn.mul %a, %b : tensor<8x16x28x28xf32>
    ```
  }];
  let hasFolder = 1;
}

def Cnn_DivOp : Cnn_BinaryOp<"div"> {
  let summary = "quotient that is 0 where the divisor is 0";
  let description = [{
    y = lhs / rhs, and 0 where rhs is 0: the convention of the gradient of a norm at the origin.

    Example:
    ```mlir
    %y = cnn.div %a, %b : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_ScaleOp : Cnn_Op<"scale", [Pure, SameOperandsAndResultType,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "constant factor and addend";
  let description = [{
    y = factor * x + offset.

    Example:
    ```mlir
    %y = cnn.scale %x factor -1.0 offset 1.0 : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, F64Attr:$factor, DefaultValuedOptionalAttr<F64Attr, "0.0">:$offset);
  let builders = [OpBuilder<(ins "Value":$input, "double":$factor, CArg<"double", "0.0">:$offset), [{
    build($_builder, $_state, input, APFloat(factor), APFloat(offset));
  }]>];
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input `factor` $factor (`offset` $offset^)? attr-dict `:` type($input)";
  let hasFolder = 1;
}

def Cnn_PowOp : Cnn_Op<"pow", [Pure, SameOperandsAndResultType,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "power with a constant exponent";
  let description = [{
    y = x^exponent; dx = dy * exponent * x^(exponent - 1).

    Example:
    ```mlir
    %y = cnn.pow %x exponent -7.5e-1 : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$input, F64Attr:$exponent);
  let builders = [OpBuilder<(ins "Value":$input, "double":$exponent), [{
    build($_builder, $_state, input, APFloat(exponent));
  }]>];
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input `exponent` $exponent attr-dict `:` type($input)";
}

#endif // CNN_OPS_ELEMENTWISE_TD
