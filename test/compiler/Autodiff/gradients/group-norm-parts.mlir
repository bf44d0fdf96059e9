// Group and position norm, one result at a time, and as a layer.
// RUN: cnn-gradcheck %s --first --second | FileCheck %s
// CHECK-COUNT-14: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 7 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @group_norm_output(%x: tensor<2x4x2x2xf64>) -> tensor<2x4x2x2xf64> {
  %y, %mean, %variance = cnn.group_norm %x groups 2 epsilon 1.0e-2 : tensor<2x4x2x2xf64>
  return %y : tensor<2x4x2x2xf64>
}
func.func @group_norm_variance(%x: tensor<2x4x2x2xf64>) -> tensor<2x2xf64> {
  %y, %mean, %variance = cnn.group_norm %x groups 2 epsilon 1.0e-2 : tensor<2x4x2x2xf64>
  return %variance : tensor<2x2xf64>
}
func.func @group_norm_output_and_mean(%x: tensor<2x4x2x2xf64>) -> (tensor<2x4x2x2xf64>, tensor<2x2xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 2 epsilon 1.0e-2 : tensor<2x4x2x2xf64>
  return %y, %mean : tensor<2x4x2x2xf64>, tensor<2x2xf64>
}
func.func @position_norm_output(%x: tensor<2x4x2x2xf64>) -> tensor<2x4x2x2xf64> {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-2 : tensor<2x4x2x2xf64>
  return %y : tensor<2x4x2x2xf64>
}
func.func @position_norm_variance(%x: tensor<2x4x2x2xf64>) -> tensor<2x2x2xf64> {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-2 : tensor<2x4x2x2xf64>
  return %variance : tensor<2x2x2xf64>
}
func.func @position_norm_output_and_mean(%x: tensor<2x4x2x2xf64>) -> (tensor<2x4x2x2xf64>, tensor<2x2x2xf64>) {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-2 : tensor<2x4x2x2xf64>
  return %y, %mean : tensor<2x4x2x2xf64>, tensor<2x2x2xf64>
}
func.func @layer(%x: tensor<2x4x2x2xf64>, %w: tensor<4xf64>, %b: tensor<4xf64>) -> tensor<2x4x2x2xf64> {
  %n, %mean, %variance = cnn.group_norm %x groups 2 epsilon 1.0e-5 : tensor<2x4x2x2xf64>
  %s = cnn.scale_channels %n, %w : tensor<2x4x2x2xf64>, tensor<4xf64>
  %a = cnn.bias_add %s, %b : tensor<2x4x2x2xf64>, tensor<4xf64>
  %y = cnn.gelu %a : tensor<2x4x2x2xf64>
  return %y : tensor<2x4x2x2xf64>
}
