// Normalization, through its statistics too.
// RUN: cnn-gradcheck %s --first --second --oracle | FileCheck %s
// CHECK-COUNT-24: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 8 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @lrn_five(%x: tensor<1x7x2x2xf64>) -> tensor<1x7x2x2xf64> {
  %y = cnn.lrn %x {size = 5 : i64, alpha = 5.0e-1 : f64, beta = 7.5e-1 : f64, k = 2.0 : f64} : tensor<1x7x2x2xf64>
  return %y : tensor<1x7x2x2xf64>
}
func.func @lrn_even(%x: tensor<2x6x1x2xf64>) -> tensor<2x6x1x2xf64> {
  %y = cnn.lrn %x {size = 4 : i64, alpha = 1.0 : f64, beta = 5.0e-1 : f64, k = 1.0 : f64} : tensor<2x6x1x2xf64>
  return %y : tensor<2x6x1x2xf64>
}
func.func @lrn_wider_than_the_channels(%x: tensor<1x3x2x2xf64>) -> tensor<1x3x2x2xf64> {
  %y = cnn.lrn %x {size = 9 : i64, alpha = 2.0 : f64, beta = 1.5 : f64, k = 5.0e-1 : f64} : tensor<1x3x2x2xf64>
  return %y : tensor<1x3x2x2xf64>
}
func.func @lrn_itself(%x: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %y = cnn.lrn %x {size = 1 : i64, alpha = 1.0 : f64, beta = 7.5e-1 : f64, k = 1.0 : f64} : tensor<2x4xf64>
  return %y : tensor<2x4xf64>
}
func.func @batch_norm_images(%x: tensor<3x2x2x2xf64>) -> (tensor<3x2x2x2xf64>, tensor<2xf64>, tensor<2xf64>) {
  %y, %mean, %variance = cnn.batch_norm %x epsilon 1.0e-2 : tensor<3x2x2x2xf64>
  return %y, %mean, %variance : tensor<3x2x2x2xf64>, tensor<2xf64>, tensor<2xf64>
}
func.func @batch_norm_rows(%x: tensor<5x3xf64>) -> (tensor<5x3xf64>, tensor<3xf64>, tensor<3xf64>) {
  %y, %mean, %variance = cnn.batch_norm %x epsilon 1.0e-2 : tensor<5x3xf64>
  return %y, %mean, %variance : tensor<5x3xf64>, tensor<3xf64>, tensor<3xf64>
}
func.func @normalize_images(%x: tensor<2x3x2x2xf64>, %m: tensor<3xf64>, %v: tensor<3xf64> {check.positive}) -> tensor<2x3x2x2xf64> {
  %y = cnn.normalize %x, %m, %v epsilon 1.0e-3 : tensor<2x3x2x2xf64>, tensor<3xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @normalize_rows(%x: tensor<2x3xf64>, %m: tensor<3xf64>, %v: tensor<3xf64> {check.positive}) -> tensor<2x3xf64> {
  %y = cnn.normalize %x, %m, %v epsilon 1.0e-3 : tensor<2x3xf64>, tensor<3xf64>
  return %y : tensor<2x3xf64>
}
