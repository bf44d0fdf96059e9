// Activations made of pieces, away from their kinks.
// RUN: cnn-gradcheck %s --first --second --oracle | FileCheck %s
// CHECK-COUNT-108: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 36 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @lrelu_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.lrelu %x slope 1.0e-2 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @lrelu_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.lrelu %x slope 1.0e-2 : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @lrelu_sequence(%x: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.lrelu %x slope 1.0e-2 : tensor<2x3x4xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @lrelu_list(%x: tensor<12xf64>) -> tensor<12xf64> {
  %y = cnn.lrelu %x slope 1.0e-2 : tensor<12xf64>
  return %y : tensor<12xf64>
}
func.func @lrelu_tall(%x: tensor<1x2x5x2xf64>) -> tensor<1x2x5x2xf64> {
  %y = cnn.lrelu %x slope 1.0e-2 : tensor<1x2x5x2xf64>
  return %y : tensor<1x2x5x2xf64>
}
func.func @lrelu_half_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.lrelu %x slope 5.0e-1 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @lrelu_half_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.lrelu %x slope 5.0e-1 : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @lrelu_negative_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.lrelu %x slope -2.5e-1 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @lrelu_negative_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.lrelu %x slope -2.5e-1 : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @lrelu_zero_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.lrelu %x slope 0.0 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @lrelu_zero_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.lrelu %x slope 0.0 : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @relu6_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.relu6 %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @relu6_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.relu6 %x : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @relu6_sequence(%x: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.relu6 %x : tensor<2x3x4xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @relu6_list(%x: tensor<12xf64>) -> tensor<12xf64> {
  %y = cnn.relu6 %x : tensor<12xf64>
  return %y : tensor<12xf64>
}
func.func @relu6_tall(%x: tensor<1x2x5x2xf64>) -> tensor<1x2x5x2xf64> {
  %y = cnn.relu6 %x : tensor<1x2x5x2xf64>
  return %y : tensor<1x2x5x2xf64>
}
func.func @elu_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.elu %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @elu_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.elu %x : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @elu_sequence(%x: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.elu %x : tensor<2x3x4xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @elu_list(%x: tensor<12xf64>) -> tensor<12xf64> {
  %y = cnn.elu %x : tensor<12xf64>
  return %y : tensor<12xf64>
}
func.func @elu_tall(%x: tensor<1x2x5x2xf64>) -> tensor<1x2x5x2xf64> {
  %y = cnn.elu %x : tensor<1x2x5x2xf64>
  return %y : tensor<1x2x5x2xf64>
}
func.func @hardsigmoid_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.hardsigmoid %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @hardsigmoid_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.hardsigmoid %x : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @hardsigmoid_sequence(%x: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.hardsigmoid %x : tensor<2x3x4xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @hardsigmoid_list(%x: tensor<12xf64>) -> tensor<12xf64> {
  %y = cnn.hardsigmoid %x : tensor<12xf64>
  return %y : tensor<12xf64>
}
func.func @hardsigmoid_tall(%x: tensor<1x2x5x2xf64>) -> tensor<1x2x5x2xf64> {
  %y = cnn.hardsigmoid %x : tensor<1x2x5x2xf64>
  return %y : tensor<1x2x5x2xf64>
}
func.func @hardswish_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.hardswish %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @hardswish_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.hardswish %x : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @hardswish_sequence(%x: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.hardswish %x : tensor<2x3x4xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @hardswish_list(%x: tensor<12xf64>) -> tensor<12xf64> {
  %y = cnn.hardswish %x : tensor<12xf64>
  return %y : tensor<12xf64>
}
func.func @hardswish_tall(%x: tensor<1x2x5x2xf64>) -> tensor<1x2x5x2xf64> {
  %y = cnn.hardswish %x : tensor<1x2x5x2xf64>
  return %y : tensor<1x2x5x2xf64>
}
func.func @lrelu_images_side_by_side(%x: tensor<4x3x2x3xf64>) -> tensor<4x3x2x3xf64> {
  %y = cnn.lrelu %x slope 1.0e-2 {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>
  return %y : tensor<4x3x2x3xf64>
}
func.func @relu6_images_side_by_side(%x: tensor<4x3x2x3xf64>) -> tensor<4x3x2x3xf64> {
  %y = cnn.relu6 %x {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>
  return %y : tensor<4x3x2x3xf64>
}
func.func @elu_images_side_by_side(%x: tensor<4x3x2x3xf64>) -> tensor<4x3x2x3xf64> {
  %y = cnn.elu %x {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>
  return %y : tensor<4x3x2x3xf64>
}
func.func @hardsigmoid_images_side_by_side(%x: tensor<4x3x2x3xf64>) -> tensor<4x3x2x3xf64> {
  %y = cnn.hardsigmoid %x {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>
  return %y : tensor<4x3x2x3xf64>
}
func.func @hardswish_images_side_by_side(%x: tensor<4x3x2x3xf64>) -> tensor<4x3x2x3xf64> {
  %y = cnn.hardswish %x {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>
  return %y : tensor<4x3x2x3xf64>
}
