// Activations on arguments beyond both of their kinks.
// RUN: cnn-gradcheck %s --first --second | FileCheck %s
// CHECK-COUNT-48: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 24 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @relu6_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %s = cnn.scale %x factor 8.0 : tensor<2x3x2x2xf64>
  %y = cnn.relu6 %s : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @relu6_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %s = cnn.scale %x factor 8.0 : tensor<3x4xf64>
  %y = cnn.relu6 %s : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @relu6_sequence(%x: tensor<2x3x5xf64>) -> tensor<2x3x5xf64> {
  %s = cnn.scale %x factor 8.0 : tensor<2x3x5xf64>
  %y = cnn.relu6 %s : tensor<2x3x5xf64>
  return %y : tensor<2x3x5xf64>
}
func.func @relu6_list(%x: tensor<8xf64>) -> tensor<8xf64> {
  %s = cnn.scale %x factor 8.0 : tensor<8xf64>
  %y = cnn.relu6 %s : tensor<8xf64>
  return %y : tensor<8xf64>
}
func.func @relu6_tall(%x: tensor<1x2x5x2xf64>) -> tensor<1x2x5x2xf64> {
  %s = cnn.scale %x factor 8.0 : tensor<1x2x5x2xf64>
  %y = cnn.relu6 %s : tensor<1x2x5x2xf64>
  return %y : tensor<1x2x5x2xf64>
}
func.func @relu6_batch(%x: tensor<5x2x2x2xf64>) -> tensor<5x2x2x2xf64> {
  %s = cnn.scale %x factor 8.0 : tensor<5x2x2x2xf64>
  %y = cnn.relu6 %s : tensor<5x2x2x2xf64>
  return %y : tensor<5x2x2x2xf64>
}
func.func @hardsigmoid_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<2x3x2x2xf64>
  %y = cnn.hardsigmoid %s : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @hardsigmoid_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<3x4xf64>
  %y = cnn.hardsigmoid %s : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @hardsigmoid_sequence(%x: tensor<2x3x5xf64>) -> tensor<2x3x5xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<2x3x5xf64>
  %y = cnn.hardsigmoid %s : tensor<2x3x5xf64>
  return %y : tensor<2x3x5xf64>
}
func.func @hardsigmoid_list(%x: tensor<8xf64>) -> tensor<8xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<8xf64>
  %y = cnn.hardsigmoid %s : tensor<8xf64>
  return %y : tensor<8xf64>
}
func.func @hardsigmoid_tall(%x: tensor<1x2x5x2xf64>) -> tensor<1x2x5x2xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<1x2x5x2xf64>
  %y = cnn.hardsigmoid %s : tensor<1x2x5x2xf64>
  return %y : tensor<1x2x5x2xf64>
}
func.func @hardsigmoid_batch(%x: tensor<5x2x2x2xf64>) -> tensor<5x2x2x2xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<5x2x2x2xf64>
  %y = cnn.hardsigmoid %s : tensor<5x2x2x2xf64>
  return %y : tensor<5x2x2x2xf64>
}
func.func @hardswish_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<2x3x2x2xf64>
  %y = cnn.hardswish %s : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @hardswish_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<3x4xf64>
  %y = cnn.hardswish %s : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @hardswish_sequence(%x: tensor<2x3x5xf64>) -> tensor<2x3x5xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<2x3x5xf64>
  %y = cnn.hardswish %s : tensor<2x3x5xf64>
  return %y : tensor<2x3x5xf64>
}
func.func @hardswish_list(%x: tensor<8xf64>) -> tensor<8xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<8xf64>
  %y = cnn.hardswish %s : tensor<8xf64>
  return %y : tensor<8xf64>
}
func.func @hardswish_tall(%x: tensor<1x2x5x2xf64>) -> tensor<1x2x5x2xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<1x2x5x2xf64>
  %y = cnn.hardswish %s : tensor<1x2x5x2xf64>
  return %y : tensor<1x2x5x2xf64>
}
func.func @hardswish_batch(%x: tensor<5x2x2x2xf64>) -> tensor<5x2x2x2xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<5x2x2x2xf64>
  %y = cnn.hardswish %s : tensor<5x2x2x2xf64>
  return %y : tensor<5x2x2x2xf64>
}
func.func @elu_image(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<2x3x2x2xf64>
  %y = cnn.elu %s : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @elu_rows(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<3x4xf64>
  %y = cnn.elu %s : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @elu_sequence(%x: tensor<2x3x5xf64>) -> tensor<2x3x5xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<2x3x5xf64>
  %y = cnn.elu %s : tensor<2x3x5xf64>
  return %y : tensor<2x3x5xf64>
}
func.func @elu_list(%x: tensor<8xf64>) -> tensor<8xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<8xf64>
  %y = cnn.elu %s : tensor<8xf64>
  return %y : tensor<8xf64>
}
func.func @elu_tall(%x: tensor<1x2x5x2xf64>) -> tensor<1x2x5x2xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<1x2x5x2xf64>
  %y = cnn.elu %s : tensor<1x2x5x2xf64>
  return %y : tensor<1x2x5x2xf64>
}
func.func @elu_batch(%x: tensor<5x2x2x2xf64>) -> tensor<5x2x2x2xf64> {
  %s = cnn.scale %x factor 4.0 : tensor<5x2x2x2xf64>
  %y = cnn.elu %s : tensor<5x2x2x2xf64>
  return %y : tensor<5x2x2x2xf64>
}
