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

class Cnn_UnaryOp<string mnemonic> : Cnn_Op<mnemonic, [Pure, SameOperandsAndResultType,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let arguments = (ins Cnn_Tensor:$input);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$input attr-dict `:` type($input)";
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

def Cnn_MaxOp : Cnn_BinaryOp<"max"> {
  let summary = "the larger of two";
  let description = [{
    y = max(lhs, rhs). Where both are equal, the gradient goes to lhs alone, as `cnn.max_pool` sends it
    to the first of the largest.

    Example:
    ```mlir
    %y = cnn.max %a, %b : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_WhereOp : Cnn_Op<"where", [Pure, SameOperandsAndResultType,
    DeclareOpInterfaceMethods<Cnn_DifferentiableOpInterface>]> {
  let summary = "one of two values, by the sign of a third";
  let description = [{
    y = a where `mask` > 0, else b. Towards a: `cnn.relu_mask` of dy; towards b: dy where the mask is not
    positive, else 0, which is this op again; the mask has the derivative 0. With `cnn.relu_mask` it is
    what the gradients of functions in pieces are made of.

    Example:
    ```mlir
    %dx = cnn.where %x, %dy, %scaled : tensor<8x16x28x28xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$mask, Cnn_Tensor:$a, Cnn_Tensor:$b);
  let results = (outs Cnn_Tensor:$output);
  let assemblyFormat = "$mask `,` $a `,` $b attr-dict `:` type($mask)";
}

def Cnn_ExpOp : Cnn_UnaryOp<"exp"> {
  let summary = "exponential function";
  let description = [{
    y = exp(x); dx = dy * y.

    Example:
    ```mlir
    %y = cnn.exp %x : tensor<8x16x28x28xf32>
    ```
  }];
}

def Cnn_ErfcOp : Cnn_UnaryOp<"erfc"> {
  let summary = "complement of the error function";
  let description = [{
    y = erfc(x) = 1 - erf(x), whose half at -x/sqrt(2) is the normal distribution; unlike 1 - erf(x) it
    does not cancel where it is small. dx = -2/sqrt(pi) * exp(-x^2) * dy.

    Example:
    ```mlir
    %y = cnn.erfc %x : tensor<8x16x28x28xf32>
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
