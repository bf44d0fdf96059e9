// Mean over powers of two positions: exact.
// RUN: cnn-gradcheck %s --exact | FileCheck %s
// CHECK-COUNT-5: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 5 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @two(%x: tensor<1x2x4x4xf64>) -> tensor<1x2x2x2xf64> {
  %y = cnn.avg_pool %x kernel [2, 2] stride [2, 2] : tensor<1x2x4x4xf64>
  return %y : tensor<1x2x2x2xf64>
}
func.func @two_by_four(%x: tensor<1x1x5x8xf64>) -> tensor<1x1x4x3xf64> {
  %y = cnn.avg_pool %x kernel [2, 4] stride [1, 2] : tensor<1x1x5x8xf64>
  return %y : tensor<1x1x4x3xf64>
}
func.func @one_by_two_padded(%x: tensor<1x1x3x5xf64>) -> tensor<1x1x3x5xf64> {
  %y = cnn.avg_pool %x kernel [1, 2] pad [0, 0, 1, 0] : tensor<1x1x3x5xf64>
  return %y : tensor<1x1x3x5xf64>
}
func.func @count_padded(%x: tensor<1x2x5x5xf64>) -> tensor<1x2x3x3xf64> {
  %y = cnn.avg_pool %x kernel [2, 2] stride [2, 2] pad [1, 0, 0, 1] count_pad : tensor<1x2x5x5xf64>
  return %y : tensor<1x2x3x3xf64>
}
func.func @dilated(%x: tensor<1x1x6x6xf64>) -> tensor<1x1x4x3xf64> {
  %y = cnn.avg_pool %x kernel [2, 2] dilation [2, 3] : tensor<1x1x6x6xf64>
  return %y : tensor<1x1x4x3xf64>
}
