//===- Optimizer.td - Steps of optimizers ----------------------*- tablegen -*-===//

#ifndef CNN_OPS_OPTIMIZER_TD
#define CNN_OPS_OPTIMIZER_TD

include "dialect/CnnBase.td"

def Cnn_SgdOp : Cnn_Op<"sgd", [Pure, AllTypesMatch<["parameter", "gradient", "updated"]>]> {
  let summary = "step of gradient descent";
  let description = [{
    w' = w - lr * (g + decay * w).

    Example:
    ```mlir
    %u = cnn.sgd %w, %g, %lr decay 5.0e-4 : tensor<6x1x5x5xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$parameter, Cnn_Tensor:$gradient, Cnn_Rate:$rate,
      DefaultValuedOptionalAttr<F64Attr, "0.0">:$decay);
  let results = (outs Cnn_Tensor:$updated);
  let assemblyFormat = [{
    $parameter `,` $gradient `,` $rate (`decay` $decay^)? attr-dict `:` type($parameter)
  }];
}

def Cnn_MomentumOp : Cnn_Op<"momentum", [Pure,
    AllTypesMatch<["parameter", "gradient", "velocity", "updated", "updated_velocity"]>]> {
  let summary = "step of gradient descent with momentum";
  let description = [{
    With h = g + decay * w: v' = momentum * v + h, and w' = w - lr * v'; with `nesterov`
    w' = w - lr * (h + momentum * v') (Sutskever et al. 2013, in PyTorch's form).

    Example:
    ```mlir
    %u, %v2 = cnn.momentum %w, %g, %v, %lr momentum 9.0e-1 decay 5.0e-4 : tensor<6x1x5x5xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$parameter, Cnn_Tensor:$gradient, Cnn_Tensor:$velocity,
      Cnn_Rate:$rate, F64Attr:$momentum, DefaultValuedOptionalAttr<F64Attr, "0.0">:$decay,
      UnitAttr:$nesterov);
  let results = (outs Cnn_Tensor:$updated, Cnn_Tensor:$updated_velocity);
  let assemblyFormat = [{
    $parameter `,` $gradient `,` $velocity `,` $rate `momentum` $momentum (`decay` $decay^)?
    (`nesterov` $nesterov^)? attr-dict `:` type($parameter)
  }];
}

def Cnn_AdamOp : Cnn_Op<"adam", [Pure, AllTypesMatch<["parameter", "gradient", "first", "second",
    "updated", "updated_first", "updated_second"]>]> {
  let summary = "step of Adam";
  let description = [{
    With h = g + decay * w and t = step + 1: m' = beta1 * m + (1 - beta1) * h,
    v' = beta2 * v + (1 - beta2) * h^2, and
    w' = w - lr / (1 - beta1^t) * m' / (sqrt(v' / (1 - beta2^t)) + epsilon) (Kingma and Ba 2015).

    Example:
    ```mlir
    %u, %m2, %v2 = cnn.adam %w, %g, %m, %v, %lr, %step beta1 0.9 beta2 0.999 epsilon 1.0e-8 : tensor<6xf32>
    ```
  }];
  let arguments = (ins Cnn_Tensor:$parameter, Cnn_Tensor:$gradient, Cnn_Tensor:$first,
      Cnn_Tensor:$second, Cnn_Rate:$rate, Cnn_Counter:$step, F64Attr:$beta1,
      F64Attr:$beta2, F64Attr:$epsilon, DefaultValuedOptionalAttr<F64Attr, "0.0">:$decay);
  let results = (outs Cnn_Tensor:$updated, Cnn_Tensor:$updated_first, Cnn_Tensor:$updated_second);
  let assemblyFormat = [{
    $parameter `,` $gradient `,` $first `,` $second `,` $rate `,` $step `beta1` $beta1
    `beta2` $beta2 `epsilon` $epsilon (`decay` $decay^)? attr-dict `:` type($parameter)
  }];
}

def Cnn_IncrementOp : Cnn_Op<"increment", [Pure, SameOperandsAndResultType]> {
  let summary = "the next step's number";
  let description = [{
    y = x + 1.

    Example:
    ```mlir
    %next = cnn.increment %step : tensor<i64>
    ```
  }];
  let arguments = (ins Cnn_Counter:$input);
  let results = (outs Cnn_Counter:$output);
  let assemblyFormat = "$input attr-dict `:` type($input)";
}

#endif // CNN_OPS_OPTIMIZER_TD
