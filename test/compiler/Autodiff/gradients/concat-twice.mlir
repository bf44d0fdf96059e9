// A tensor that is joined with itself, and slices of what was joined.
// RUN: cnn-gradcheck %s --first --second --exact | FileCheck %s
// CHECK-COUNT-9: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 3 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @itself(%x: tensor<2x2x2x3xf64>) -> tensor<2x4x2x3xf64> {
  %y = cnn.concat %x, %x : tensor<2x2x2x3xf64>, tensor<2x2x2x3xf64>
  return %y : tensor<2x4x2x3xf64>
}
func.func @dense_block(%x: tensor<2x2x2x3xf64>, %w: tensor<2x2x1x1xf64> {check.fixed}) -> tensor<2x6x2x3xf64> {
  %0 = cnn.conv2d %x, %w : tensor<2x2x2x3xf64>, tensor<2x2x1x1xf64>
  %1 = cnn.concat %x, %0 : tensor<2x2x2x3xf64>, tensor<2x2x2x3xf64>
  %y = cnn.concat %1, %x : tensor<2x4x2x3xf64>, tensor<2x2x2x3xf64>
  return %y : tensor<2x6x2x3xf64>
}
func.func @slice_of_concat(%x: tensor<2x2x2x3xf64>, %a: tensor<2x3x2x3xf64>) -> tensor<2x3x2x3xf64> attributes {check.joint} {
  %0 = cnn.concat %x, %a : tensor<2x2x2x3xf64>, tensor<2x3x2x3xf64>
  %y = cnn.pad %0 low [0, -1, 0, 0] high [0, -1, 0, 0] : tensor<2x5x2x3xf64>
  return %y : tensor<2x3x2x3xf64>
}
