//===- Variable.td - What outlives a call ----------------------*- tablegen -*-===//

#ifndef CNN_OPS_VARIABLE_TD
#define CNN_OPS_VARIABLE_TD

include "dialect/CnnBase.td"

def Cnn_VariableOp : Cnn_Op<"variable", [Symbol]> {
  let summary = "parameter, statistic or optimizer slot";
  let description = [{
    Declares a tensor that outlives a call, with its initial distribution: every element starts as
    `constant` (0 if absent), is drawn from `[-uniform, uniform)`, or is drawn from a normal
    distribution with the mean 0 and the deviation `normal`.
    Functions take it as an argument whose `cnn.name` is the symbol. The order of declarations is the
    order of the expanded text.

    `blocks`, which the phase Layout sets, says how it is stored: the dimensions that are divided into
    blocks of 16, in the order in which these lie innermost, [O/16, C/16, K, L, 16 c, 16 o] for
    `[1, 0]`. The last block of a dimension is filled with zeros. Functions see the tensor of `type`
    until the phase Lowering packs it.

    Constraints:
    - (C1) the type has a static shape.
    - (C2) `uniform`, `normal` and `constant` exclude each other; `uniform` and `normal` are positive.
    - (C3) `blocks` are dimension 1, 0 or both, in this order, of the tensor.

    Example:
    ```mlir
    cnn.variable @conv1.weight parameter : tensor<6x1x5x5xf32> {uniform = 2.0e-01 : f64}
    cnn.variable @fc1.weight parameter : tensor<10x84xf32> {normal = 1.0e-02 : f64}
    cnn.variable @conv2.weight frozen : tensor<16x6x5x5xf32> {uniform = 2.0e-01 : f64}
    cnn.variable @bn1.running_var statistic : tensor<6xf32> {constant = 1.0 : f64}
    cnn.variable @conv1.weight.momentum slot : tensor<6x1x5x5xf32>
    cnn.variable @conv3.weight parameter : tensor<32x20x3x3xf32> {blocks = array<i64: 1, 0>}
    cnn.variable @step slot : tensor<i64>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Cnn_Role:$role, TypeAttrOf<AnyRankedTensor>:$type,
      OptionalAttr<F64Attr>:$uniform, OptionalAttr<F64Attr>:$normal, OptionalAttr<F64Attr>:$constant,
      OptionalAttr<DenseI64ArrayAttr>:$blocks);
  let assemblyFormat = "$sym_name $role `:` $type attr-dict";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The type in blocks, or the type.
    ::mlir::RankedTensorType getStoredType();
  }];
}

#endif // CNN_OPS_VARIABLE_TD
