// Depthwise convolution: as many groups as channels, one or several outputs of each.
// RUN: cnn-gradcheck %s --first --second --exact --oracle | FileCheck %s
// CHECK-COUNT-40: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 10 functions, {{[1-9][0-9]*}} values, 0 failed
// RUN: cnn-gradcheck %s --exact --oracle --optimized | FileCheck %s --check-prefix=OPTIMIZED
// OPTIMIZED-COUNT-20: {{(exact|oracle) +[1-9]}}
// OPTIMIZED: 10 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @plain(%x: tensor<2x3x4x5xf64>, %w: tensor<3x1x3x3xf64>) -> tensor<2x3x2x3xf64> {
  %y = cnn.conv2d %x, %w groups 3 : tensor<2x3x4x5xf64>, tensor<3x1x3x3xf64>
  return %y : tensor<2x3x2x3xf64>
}
func.func @padded(%x: tensor<1x3x4x4xf64>, %w: tensor<3x1x3x3xf64>) -> tensor<1x3x4x4xf64> {
  %y = cnn.conv2d %x, %w pad [1, 1, 1, 1] groups 3 : tensor<1x3x4x4xf64>, tensor<3x1x3x3xf64>
  return %y : tensor<1x3x4x4xf64>
}
func.func @strided(%x: tensor<1x4x5x5xf64>, %w: tensor<4x1x3x3xf64>) -> tensor<1x4x3x3xf64> {
  %y = cnn.conv2d %x, %w stride [2, 2] pad [1, 1, 1, 1] groups 4 : tensor<1x4x5x5xf64>, tensor<4x1x3x3xf64>
  return %y : tensor<1x4x3x3xf64>
}
func.func @same_padding(%x: tensor<1x2x4x6xf64>, %w: tensor<2x1x3x3xf64>) -> tensor<1x2x2x3xf64> {
  %y = cnn.conv2d %x, %w stride [2, 2] pad [0, 1, 0, 1] groups 2 : tensor<1x2x4x6xf64>, tensor<2x1x3x3xf64>
  return %y : tensor<1x2x2x3xf64>
}
func.func @one_by_one(%x: tensor<2x3x2x3xf64>, %w: tensor<3x1x1x1xf64>) -> tensor<2x3x2x3xf64> {
  %y = cnn.conv2d %x, %w groups 3 : tensor<2x3x2x3xf64>, tensor<3x1x1x1xf64>
  return %y : tensor<2x3x2x3xf64>
}
func.func @dilated(%x: tensor<1x3x5x6xf64>, %w: tensor<3x1x3x2xf64>) -> tensor<1x3x2x5xf64> {
  %y = cnn.conv2d %x, %w pad [1, 0, 0, 2] dilation [2, 3] groups 3 : tensor<1x3x5x6xf64>, tensor<3x1x3x2xf64>
  return %y : tensor<1x3x2x5xf64>
}
func.func @multiplier(%x: tensor<2x3x3x4xf64>, %w: tensor<6x1x2x3xf64>) -> tensor<2x6x2x2xf64> {
  %y = cnn.conv2d %x, %w groups 3 : tensor<2x3x3x4xf64>, tensor<6x1x2x3xf64>
  return %y : tensor<2x6x2x2xf64>
}
func.func @multiplier_strided(%x: tensor<1x2x5x6xf64>, %w: tensor<6x1x3x3xf64>) -> tensor<1x6x3x2xf64> {
  %y = cnn.conv2d %x, %w stride [2, 3] pad [1, 1, 0, 2] groups 2 : tensor<1x2x5x6xf64>, tensor<6x1x3x3xf64>
  return %y : tensor<1x6x3x2xf64>
}
func.func @multiplier_dilated(%x: tensor<1x2x5x5xf64>, %w: tensor<4x1x2x2xf64>) -> tensor<1x4x3x4xf64> {
  %y = cnn.conv2d %x, %w pad [0, 1, 1, 0] dilation [3, 2] groups 2 : tensor<1x2x5x5xf64>, tensor<4x1x2x2xf64>
  return %y : tensor<1x4x3x4xf64>
}
func.func @rows_alone(%x: tensor<1x3x6x1xf64>, %w: tensor<3x1x5x1xf64>) -> tensor<1x3x6x1xf64> {
  %y = cnn.conv2d %x, %w pad [2, 2, 0, 0] groups 3 : tensor<1x3x6x1xf64>, tensor<3x1x5x1xf64>
  return %y : tensor<1x3x6x1xf64>
}
