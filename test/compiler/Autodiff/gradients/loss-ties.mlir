// Equal numbers on both sides of a comparison.
// RUN: cnn-gradcheck %s --first | FileCheck %s
// CHECK-COUNT-2: {{first +[1-9]}}
// CHECK: 2 functions, {{[1-9][0-9]*}} values, 0 failed

// Central differences of |x - t| are 0 at a tie, as the gradient must be. The second result is
// there to be differentiated.
func.func @mae_tie(%x: tensor<3x4xf64> {check.value = 0.25, check.zero}, %t: tensor<3x4xf64> {check.value = 0.25, check.zero}, %z: tensor<3x4xf64>) -> (tensor<f64>, tensor<f64>) {
  %y = cnn.mae %x, %t : tensor<3x4xf64>
  %v = cnn.reduce_sum %z dims [0, 1] : tensor<3x4xf64>
  return %y, %v : tensor<f64>, tensor<f64>
}
// Equal scores: every margin is 1, and the label's own term is left out.
func.func @hinge_equal(%x: tensor<3x4xf64> {check.value = 0.5}, %l: tensor<3xi32> {check.classes = 4}) -> tensor<f64> {
  %y = cnn.hinge %x, %l : tensor<3x4xf64>, tensor<3xi32>
  return %y : tensor<f64>
}
