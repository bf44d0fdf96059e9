// The checks fail where they must: a kink, a function that is not linear, a gradient that is not
// there, an op without a formula, a file without functions.
// RUN: split-file %s %t
// RUN: not cnn-gradcheck %t/kink.mlir --first | FileCheck %s --check-prefix=KINK
// KINK: kink first 4 values, worst error {{[0-9.]+}}e-01, FAILED at a0[
// KINK: 1 functions, 4 values, 1 failed
// RUN: not cnn-gradcheck %t/square.mlir --exact | FileCheck %s --check-prefix=SQUARE
// SQUARE: square exact 1 values{{.*}}, FAILED at a0:
// RUN: not cnn-gradcheck %t/mask.mlir --first | FileCheck %s --check-prefix=MASK
// MASK: mask first 8 values{{.*}}, FAILED at a1 has no gradient: nothing is tested
// RUN: not cnn-gradcheck %t/zero.mlir --first | FileCheck %s --check-prefix=ZERO
// ZERO: zero first 4 values{{.*}}, FAILED at a0 has a gradient, expected none
// RUN: not cnn-gradcheck %t/chain.mlir --oracle | FileCheck %s --check-prefix=CHAIN
// CHAIN: chain oracle 0 values{{.*}}, FAILED at expected one op with a formula
// RUN: not cnn-gradcheck %t/empty.mlir --first | FileCheck %s --check-prefix=EMPTY
// EMPTY: 0 functions, 0 values
// RUN: not cnn-gradcheck %t/kink.mlir --last 2>&1 | FileCheck %s --check-prefix=USAGE
// RUN: not cnn-gradcheck %t/kink.mlir 2>&1 | FileCheck %s --check-prefix=USAGE
// USAGE: usage: cnn-gradcheck

//--- kink.mlir
func.func @kink(%x: tensor<4xf64> {check.value = 0.0}) -> tensor<4xf64> {
  %y = cnn.relu %x : tensor<4xf64>
  return %y : tensor<4xf64>
}
//--- square.mlir
func.func @square(%x: tensor<4xf64>) -> tensor<4xf64> {
  %y = cnn.mul %x, %x : tensor<4xf64>
  return %y : tensor<4xf64>
}
//--- mask.mlir
func.func @mask(%x: tensor<4xf64>, %m: tensor<4xf64>) -> tensor<4xf64> {
  %y = cnn.relu_mask %x, %m : tensor<4xf64>
  return %y : tensor<4xf64>
}
//--- zero.mlir
func.func @zero(%x: tensor<4xf64> {check.zero}) -> tensor<4xf64> {
  %y = cnn.tanh %x : tensor<4xf64>
  return %y : tensor<4xf64>
}
//--- chain.mlir
func.func @chain(%x: tensor<4xf64>) -> tensor<4xf64> {
  %t = cnn.tanh %x : tensor<4xf64>
  %y = cnn.tanh %t : tensor<4xf64>
  return %y : tensor<4xf64>
}
//--- empty.mlir
module {
}
