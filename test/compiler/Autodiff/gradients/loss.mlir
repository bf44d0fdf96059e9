// Losses, towards logits, prediction and target.
// RUN: cnn-gradcheck %s --first --second --oracle | FileCheck %s
// CHECK-COUNT-15: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 5 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @cross_entropy(%x: tensor<3x4xf64>, %l: tensor<3xi32> {check.classes = 4}) -> tensor<f64> {
  %y = cnn.cross_entropy %x, %l : tensor<3x4xf64>, tensor<3xi32>
  return %y : tensor<f64>
}
func.func @cross_entropy_smooth(%x: tensor<3x4xf64>, %l: tensor<3xi32> {check.classes = 4}) -> tensor<f64> {
  %y = cnn.cross_entropy %x, %l smooth 1.0e-1 : tensor<3x4xf64>, tensor<3xi32>
  return %y : tensor<f64>
}
func.func @cross_entropy_positions(%x: tensor<2x3x2x2xf64>, %l: tensor<2x2x2xi32> {check.classes = 3}) -> tensor<f64> {
  %y = cnn.cross_entropy %x, %l smooth 2.5e-1 : tensor<2x3x2x2xf64>, tensor<2x2x2xi32>
  return %y : tensor<f64>
}
func.func @mse(%x: tensor<3x4xf64>, %t: tensor<3x4xf64>) -> tensor<f64> {
  %y = cnn.mse %x, %t : tensor<3x4xf64>
  return %y : tensor<f64>
}
func.func @mse_images(%x: tensor<2x3x2x2xf64>, %t: tensor<2x3x2x2xf64>) -> tensor<f64> {
  %y = cnn.mse %x, %t : tensor<2x3x2x2xf64>
  return %y : tensor<f64>
}
