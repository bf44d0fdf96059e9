// Activations, away from the kink of relu.
// RUN: cnn-gradcheck %s --first --second --oracle | FileCheck %s
// CHECK-COUNT-27: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 9 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @relu_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.relu %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @relu_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.relu %x : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @tanh_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.tanh %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @tanh_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.tanh %x : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @sigmoid_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.sigmoid %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @sigmoid_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.sigmoid %x : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @softmax_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.softmax %x : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @softmax_positions(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.softmax %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @relu_mask(%x: tensor<2x3x2x2xf64>, %m: tensor<2x3x2x2xf64> {check.zero}) -> tensor<2x3x2x2xf64> {
  %y = cnn.relu_mask %x, %m : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
