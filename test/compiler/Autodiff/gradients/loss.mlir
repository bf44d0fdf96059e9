// Losses, towards logits, prediction and target.
// RUN: cnn-gradcheck %s --first --second --oracle | FileCheck %s
// CHECK-COUNT-42: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 14 functions, {{[1-9][0-9]*}} values, 0 failed
// RUN: cnn-gradcheck %s --oracle --optimized | FileCheck %s --check-prefix=OPTIMIZED
// OPTIMIZED-COUNT-14: {{(exact|oracle) +[1-9]}}
// OPTIMIZED: 14 functions, {{[1-9][0-9]*}} values, 0 failed

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
func.func @nll(%x: tensor<3x4xf64>, %l: tensor<3xi32> {check.classes = 4}) -> tensor<f64> {
  %y = cnn.nll %x, %l : tensor<3x4xf64>, tensor<3xi32>
  return %y : tensor<f64>
}
func.func @nll_positions(%x: tensor<2x3x2x2xf64>, %l: tensor<2x2x2xi32> {check.classes = 3}) -> tensor<f64> {
  %y = cnn.nll %x, %l : tensor<2x3x2x2xf64>, tensor<2x2x2xi32>
  return %y : tensor<f64>
}
func.func @hinge(%x: tensor<3x4xf64>, %l: tensor<3xi32> {check.classes = 4}) -> tensor<f64> {
  %y = cnn.hinge %x, %l : tensor<3x4xf64>, tensor<3xi32>
  return %y : tensor<f64>
}
func.func @hinge_positions(%x: tensor<2x3x2x2xf64>, %l: tensor<2x2x2xi32> {check.classes = 3}) -> tensor<f64> {
  %y = cnn.hinge %x, %l : tensor<2x3x2x2xf64>, tensor<2x2x2xi32>
  return %y : tensor<f64>
}
func.func @mae(%x: tensor<3x4xf64>, %t: tensor<3x4xf64> {check.value = 0.0}) -> tensor<f64> {
  %y = cnn.mae %x, %t : tensor<3x4xf64>
  return %y : tensor<f64>
}
// Differences on both sides of delta.
func.func @huber(%x: tensor<3x4xf64>, %t: tensor<3x4xf64>) -> tensor<f64> {
  %y = cnn.huber %x, %t delta 5.03e-1 : tensor<3x4xf64>
  return %y : tensor<f64>
}
func.func @huber_images(%x: tensor<2x3x2x2xf64>, %t: tensor<2x3x2x2xf64>) -> tensor<f64> {
  %y = cnn.huber %x, %t delta 9.03e-1 : tensor<2x3x2x2xf64>
  return %y : tensor<f64>
}
func.func @bce(%x: tensor<3x4xf64>, %t: tensor<3x4xf64>) -> tensor<f64> {
  %y = cnn.bce %x, %t : tensor<3x4xf64>
  return %y : tensor<f64>
}
func.func @bce_images(%x: tensor<2x3x2x2xf64>, %t: tensor<2x3x2x2xf64>) -> tensor<f64> {
  %y = cnn.bce %x, %t : tensor<2x3x2x2xf64>
  return %y : tensor<f64>
}
