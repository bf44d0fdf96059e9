// Products and channel-wise factors: linear in each operand.
// RUN: cnn-gradcheck %s --first --second --exact --oracle | FileCheck %s
// CHECK-COUNT-44: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 11 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @matmul(%a: tensor<3x4xf64>, %b: tensor<4x5xf64>) -> tensor<3x5xf64> {
  %y = cnn.matmul %a, %b : tensor<3x4xf64>, tensor<4x5xf64>
  return %y : tensor<3x5xf64>
}
func.func @matmul_transpose_b(%a: tensor<3x4xf64>, %b: tensor<5x4xf64>) -> tensor<3x5xf64> {
  %y = cnn.matmul %a, %b transpose_b : tensor<3x4xf64>, tensor<5x4xf64>
  return %y : tensor<3x5xf64>
}
func.func @matmul_transpose_a(%a: tensor<4x3xf64>, %b: tensor<4x5xf64>) -> tensor<3x5xf64> {
  %y = cnn.matmul %a, %b transpose_a : tensor<4x3xf64>, tensor<4x5xf64>
  return %y : tensor<3x5xf64>
}
func.func @matmul_transpose_a_transpose_b(%a: tensor<4x3xf64>, %b: tensor<5x4xf64>) -> tensor<3x5xf64> {
  %y = cnn.matmul %a, %b transpose_a transpose_b : tensor<4x3xf64>, tensor<5x4xf64>
  return %y : tensor<3x5xf64>
}
func.func @matmul_row(%a: tensor<1x6xf64>, %b: tensor<1x6xf64>) -> tensor<1x1xf64> {
  %y = cnn.matmul %a, %b transpose_b : tensor<1x6xf64>, tensor<1x6xf64>
  return %y : tensor<1x1xf64>
}
func.func @bias_add_images(%x: tensor<2x3x2x2xf64>, %b: tensor<3xf64>) -> tensor<2x3x2x2xf64> attributes {check.joint} {
  %y = cnn.bias_add %x, %b : tensor<2x3x2x2xf64>, tensor<3xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @scale_channels_images(%x: tensor<2x3x2x2xf64>, %f: tensor<3xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.scale_channels %x, %f : tensor<2x3x2x2xf64>, tensor<3xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @bias_add_rows(%x: tensor<4x3xf64>, %b: tensor<3xf64>) -> tensor<4x3xf64> attributes {check.joint} {
  %y = cnn.bias_add %x, %b : tensor<4x3xf64>, tensor<3xf64>
  return %y : tensor<4x3xf64>
}
func.func @scale_channels_rows(%x: tensor<4x3xf64>, %f: tensor<3xf64>) -> tensor<4x3xf64> {
  %y = cnn.scale_channels %x, %f : tensor<4x3xf64>, tensor<3xf64>
  return %y : tensor<4x3xf64>
}
func.func @bias_add_sequence(%x: tensor<2x3x4xf64>, %b: tensor<3xf64>) -> tensor<2x3x4xf64> attributes {check.joint} {
  %y = cnn.bias_add %x, %b : tensor<2x3x4xf64>, tensor<3xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @scale_channels_sequence(%x: tensor<2x3x4xf64>, %f: tensor<3xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.scale_channels %x, %f : tensor<2x3x4xf64>, tensor<3xf64>
  return %y : tensor<2x3x4xf64>
}
