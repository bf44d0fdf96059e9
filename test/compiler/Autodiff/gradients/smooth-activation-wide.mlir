// Smooth activations where they bend less.
// RUN: cnn-gradcheck %s --first --second | FileCheck %s
// CHECK-COUNT-28: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 14 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @softplus_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %s = cnn.scale %x factor 3.0 : tensor<2x3x2x2xf64>
  %y = cnn.softplus %s : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @softplus_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %s = cnn.scale %x factor 3.0 : tensor<3x4xf64>
  %y = cnn.softplus %s : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @softplus_list(%x: tensor<16xf64>) -> tensor<16xf64> {
  %s = cnn.scale %x factor 3.0 : tensor<16xf64>
  %y = cnn.softplus %s : tensor<16xf64>
  return %y : tensor<16xf64>
}
func.func @gelu_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %s = cnn.scale %x factor 3.0 : tensor<2x3x2x2xf64>
  %y = cnn.gelu %s : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @gelu_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %s = cnn.scale %x factor 3.0 : tensor<3x4xf64>
  %y = cnn.gelu %s : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @gelu_list(%x: tensor<16xf64>) -> tensor<16xf64> {
  %s = cnn.scale %x factor 3.0 : tensor<16xf64>
  %y = cnn.gelu %s : tensor<16xf64>
  return %y : tensor<16xf64>
}
func.func @silu_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %s = cnn.scale %x factor 3.0 : tensor<2x3x2x2xf64>
  %y = cnn.silu %s : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @silu_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %s = cnn.scale %x factor 3.0 : tensor<3x4xf64>
  %y = cnn.silu %s : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @silu_list(%x: tensor<16xf64>) -> tensor<16xf64> {
  %s = cnn.scale %x factor 3.0 : tensor<16xf64>
  %y = cnn.silu %s : tensor<16xf64>
  return %y : tensor<16xf64>
}
func.func @erfc_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %s = cnn.scale %x factor 3.0 : tensor<2x3x2x2xf64>
  %y = cnn.erfc %s : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @erfc_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %s = cnn.scale %x factor 3.0 : tensor<3x4xf64>
  %y = cnn.erfc %s : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @erfc_list(%x: tensor<16xf64>) -> tensor<16xf64> {
  %s = cnn.scale %x factor 3.0 : tensor<16xf64>
  %y = cnn.erfc %s : tensor<16xf64>
  return %y : tensor<16xf64>
}
func.func @logsoftmax_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<3x4xf64>
  %y = cnn.logsoftmax %s : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @logsoftmax_positions(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<2x3x2x2xf64>
  %y = cnn.logsoftmax %s : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
