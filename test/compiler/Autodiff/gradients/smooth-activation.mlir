// Activations with derivatives everywhere.
// RUN: cnn-gradcheck %s --first --second --oracle | FileCheck %s
// CHECK-COUNT-108: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 36 functions, {{[1-9][0-9]*}} values, 0 failed
// RUN: cnn-gradcheck %s --oracle --optimized | FileCheck %s --check-prefix=OPTIMIZED
// OPTIMIZED-COUNT-36: {{(exact|oracle) +[1-9]}}
// OPTIMIZED: 36 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @softplus_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.softplus %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @softplus_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.softplus %x : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @softplus_sequence(%x: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.softplus %x : tensor<2x3x4xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @softplus_list(%x: tensor<12xf64>) -> tensor<12xf64> {
  %y = cnn.softplus %x : tensor<12xf64>
  return %y : tensor<12xf64>
}
func.func @softplus_tall(%x: tensor<1x2x5x2xf64>) -> tensor<1x2x5x2xf64> {
  %y = cnn.softplus %x : tensor<1x2x5x2xf64>
  return %y : tensor<1x2x5x2xf64>
}
func.func @softplus_images_side_by_side(%x: tensor<4x3x2x3xf64>) -> tensor<4x3x2x3xf64> {
  %y = cnn.softplus %x {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>
  return %y : tensor<4x3x2x3xf64>
}
func.func @gelu_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.gelu %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @gelu_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.gelu %x : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @gelu_sequence(%x: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.gelu %x : tensor<2x3x4xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @gelu_list(%x: tensor<12xf64>) -> tensor<12xf64> {
  %y = cnn.gelu %x : tensor<12xf64>
  return %y : tensor<12xf64>
}
func.func @gelu_tall(%x: tensor<1x2x5x2xf64>) -> tensor<1x2x5x2xf64> {
  %y = cnn.gelu %x : tensor<1x2x5x2xf64>
  return %y : tensor<1x2x5x2xf64>
}
func.func @gelu_images_side_by_side(%x: tensor<4x3x2x3xf64>) -> tensor<4x3x2x3xf64> {
  %y = cnn.gelu %x {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>
  return %y : tensor<4x3x2x3xf64>
}
func.func @silu_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.silu %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @silu_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.silu %x : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @silu_sequence(%x: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.silu %x : tensor<2x3x4xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @silu_list(%x: tensor<12xf64>) -> tensor<12xf64> {
  %y = cnn.silu %x : tensor<12xf64>
  return %y : tensor<12xf64>
}
func.func @silu_tall(%x: tensor<1x2x5x2xf64>) -> tensor<1x2x5x2xf64> {
  %y = cnn.silu %x : tensor<1x2x5x2xf64>
  return %y : tensor<1x2x5x2xf64>
}
func.func @silu_images_side_by_side(%x: tensor<4x3x2x3xf64>) -> tensor<4x3x2x3xf64> {
  %y = cnn.silu %x {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>
  return %y : tensor<4x3x2x3xf64>
}
func.func @exp_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.exp %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @exp_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.exp %x : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @exp_sequence(%x: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.exp %x : tensor<2x3x4xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @exp_list(%x: tensor<12xf64>) -> tensor<12xf64> {
  %y = cnn.exp %x : tensor<12xf64>
  return %y : tensor<12xf64>
}
func.func @exp_tall(%x: tensor<1x2x5x2xf64>) -> tensor<1x2x5x2xf64> {
  %y = cnn.exp %x : tensor<1x2x5x2xf64>
  return %y : tensor<1x2x5x2xf64>
}
func.func @exp_images_side_by_side(%x: tensor<4x3x2x3xf64>) -> tensor<4x3x2x3xf64> {
  %y = cnn.exp %x {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>
  return %y : tensor<4x3x2x3xf64>
}
func.func @erfc_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.erfc %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @erfc_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.erfc %x : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @erfc_sequence(%x: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.erfc %x : tensor<2x3x4xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @erfc_list(%x: tensor<12xf64>) -> tensor<12xf64> {
  %y = cnn.erfc %x : tensor<12xf64>
  return %y : tensor<12xf64>
}
func.func @erfc_tall(%x: tensor<1x2x5x2xf64>) -> tensor<1x2x5x2xf64> {
  %y = cnn.erfc %x : tensor<1x2x5x2xf64>
  return %y : tensor<1x2x5x2xf64>
}
func.func @erfc_images_side_by_side(%x: tensor<4x3x2x3xf64>) -> tensor<4x3x2x3xf64> {
  %y = cnn.erfc %x {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>
  return %y : tensor<4x3x2x3xf64>
}
func.func @logsoftmax_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.logsoftmax %x : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @logsoftmax_positions(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.logsoftmax %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @logsoftmax_sequence(%x: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.logsoftmax %x : tensor<2x3x4xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @logsoftmax_one_row(%x: tensor<1x7xf64>) -> tensor<1x7xf64> {
  %y = cnn.logsoftmax %x : tensor<1x7xf64>
  return %y : tensor<1x7xf64>
}
func.func @logsoftmax_two_classes(%x: tensor<4x2xf64>) -> tensor<4x2xf64> {
  %y = cnn.logsoftmax %x : tensor<4x2xf64>
  return %y : tensor<4x2xf64>
}
func.func @logsoftmax_tall(%x: tensor<1x5x2x1xf64>) -> tensor<1x5x2x1xf64> {
  %y = cnn.logsoftmax %x : tensor<1x5x2x1xf64>
  return %y : tensor<1x5x2x1xf64>
}
