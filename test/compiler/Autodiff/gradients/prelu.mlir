// Rectifiers with learnt slopes: one for all, or one a channel.
// RUN: cnn-gradcheck %s --first --second --oracle | FileCheck %s
// CHECK-COUNT-63: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 21 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @prelu_2x3x2x2_own(%x: tensor<2x3x2x2xf64>, %w: tensor<3xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.prelu %x, %w : tensor<2x3x2x2xf64>, tensor<3xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @prelu_2x3x2x2_shared(%x: tensor<2x3x2x2xf64>, %w: tensor<1xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.prelu %x, %w : tensor<2x3x2x2xf64>, tensor<1xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @prelu_1x2x3x3_own(%x: tensor<1x2x3x3xf64>, %w: tensor<2xf64>) -> tensor<1x2x3x3xf64> {
  %y = cnn.prelu %x, %w : tensor<1x2x3x3xf64>, tensor<2xf64>
  return %y : tensor<1x2x3x3xf64>
}
func.func @prelu_1x2x3x3_shared(%x: tensor<1x2x3x3xf64>, %w: tensor<1xf64>) -> tensor<1x2x3x3xf64> {
  %y = cnn.prelu %x, %w : tensor<1x2x3x3xf64>, tensor<1xf64>
  return %y : tensor<1x2x3x3xf64>
}
func.func @prelu_3x4_own(%x: tensor<3x4xf64>, %w: tensor<4xf64>) -> tensor<3x4xf64> {
  %y = cnn.prelu %x, %w : tensor<3x4xf64>, tensor<4xf64>
  return %y : tensor<3x4xf64>
}
func.func @prelu_3x4_shared(%x: tensor<3x4xf64>, %w: tensor<1xf64>) -> tensor<3x4xf64> {
  %y = cnn.prelu %x, %w : tensor<3x4xf64>, tensor<1xf64>
  return %y : tensor<3x4xf64>
}
func.func @prelu_5x2_own(%x: tensor<5x2xf64>, %w: tensor<2xf64>) -> tensor<5x2xf64> {
  %y = cnn.prelu %x, %w : tensor<5x2xf64>, tensor<2xf64>
  return %y : tensor<5x2xf64>
}
func.func @prelu_5x2_shared(%x: tensor<5x2xf64>, %w: tensor<1xf64>) -> tensor<5x2xf64> {
  %y = cnn.prelu %x, %w : tensor<5x2xf64>, tensor<1xf64>
  return %y : tensor<5x2xf64>
}
func.func @prelu_2x3x4_own(%x: tensor<2x3x4xf64>, %w: tensor<3xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.prelu %x, %w : tensor<2x3x4xf64>, tensor<3xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @prelu_2x3x4_shared(%x: tensor<2x3x4xf64>, %w: tensor<1xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.prelu %x, %w : tensor<2x3x4xf64>, tensor<1xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @prelu_4x1x2x2_own(%x: tensor<4x1x2x2xf64>, %w: tensor<1xf64>) -> tensor<4x1x2x2xf64> {
  %y = cnn.prelu %x, %w : tensor<4x1x2x2xf64>, tensor<1xf64>
  return %y : tensor<4x1x2x2xf64>
}
func.func @prelu_2x5x1x3_own(%x: tensor<2x5x1x3xf64>, %w: tensor<5xf64>) -> tensor<2x5x1x3xf64> {
  %y = cnn.prelu %x, %w : tensor<2x5x1x3xf64>, tensor<5xf64>
  return %y : tensor<2x5x1x3xf64>
}
func.func @prelu_2x5x1x3_shared(%x: tensor<2x5x1x3xf64>, %w: tensor<1xf64>) -> tensor<2x5x1x3xf64> {
  %y = cnn.prelu %x, %w : tensor<2x5x1x3xf64>, tensor<1xf64>
  return %y : tensor<2x5x1x3xf64>
}
func.func @prelu_1x6_own(%x: tensor<1x6xf64>, %w: tensor<6xf64>) -> tensor<1x6xf64> {
  %y = cnn.prelu %x, %w : tensor<1x6xf64>, tensor<6xf64>
  return %y : tensor<1x6xf64>
}
func.func @prelu_1x6_shared(%x: tensor<1x6xf64>, %w: tensor<1xf64>) -> tensor<1x6xf64> {
  %y = cnn.prelu %x, %w : tensor<1x6xf64>, tensor<1xf64>
  return %y : tensor<1x6xf64>
}
func.func @prelu_3x2x2x1_own(%x: tensor<3x2x2x1xf64>, %w: tensor<2xf64>) -> tensor<3x2x2x1xf64> {
  %y = cnn.prelu %x, %w : tensor<3x2x2x1xf64>, tensor<2xf64>
  return %y : tensor<3x2x2x1xf64>
}
func.func @prelu_3x2x2x1_shared(%x: tensor<3x2x2x1xf64>, %w: tensor<1xf64>) -> tensor<3x2x2x1xf64> {
  %y = cnn.prelu %x, %w : tensor<3x2x2x1xf64>, tensor<1xf64>
  return %y : tensor<3x2x2x1xf64>
}
func.func @prelu_2x2x2x2x2_own(%x: tensor<2x2x2x2x2xf64>, %w: tensor<2xf64>) -> tensor<2x2x2x2x2xf64> {
  %y = cnn.prelu %x, %w : tensor<2x2x2x2x2xf64>, tensor<2xf64>
  return %y : tensor<2x2x2x2x2xf64>
}
func.func @prelu_2x2x2x2x2_shared(%x: tensor<2x2x2x2x2xf64>, %w: tensor<1xf64>) -> tensor<2x2x2x2x2xf64> {
  %y = cnn.prelu %x, %w : tensor<2x2x2x2x2xf64>, tensor<1xf64>
  return %y : tensor<2x2x2x2x2xf64>
}
func.func @prelu_images_side_by_side_1(%x: tensor<4x3x2x3xf64>, %w: tensor<1xf64>) -> tensor<4x3x2x3xf64> {
  %y = cnn.prelu %x, %w {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>, tensor<1xf64>
  return %y : tensor<4x3x2x3xf64>
}
func.func @prelu_images_side_by_side_3(%x: tensor<4x3x2x3xf64>, %w: tensor<3xf64>) -> tensor<4x3x2x3xf64> {
  %y = cnn.prelu %x, %w {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>, tensor<3xf64>
  return %y : tensor<4x3x2x3xf64>
}
