// Pools over the whole image, as the layers gavgpool and gmaxpool build them.
// RUN: cnn-gradcheck %s --first --second | FileCheck %s
// CHECK-COUNT-18: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 9 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @avg(%x: tensor<2x3x4x4xf64>) -> tensor<2x3xf64> {
  %0 = cnn.avg_pool %x kernel [4, 4] stride [4, 4] : tensor<2x3x4x4xf64>
  %y = cnn.reshape %0 to [2, 3] : tensor<2x3x1x1xf64>
  return %y : tensor<2x3xf64>
}
func.func @avg_odd(%x: tensor<1x2x3x5xf64>) -> tensor<1x2xf64> {
  %0 = cnn.avg_pool %x kernel [3, 5] stride [3, 5] : tensor<1x2x3x5xf64>
  %y = cnn.reshape %0 to [1, 2] : tensor<1x2x1x1xf64>
  return %y : tensor<1x2xf64>
}
func.func @avg_row(%x: tensor<2x2x1x4xf64>) -> tensor<2x2xf64> {
  %0 = cnn.avg_pool %x kernel [1, 4] stride [1, 4] : tensor<2x2x1x4xf64>
  %y = cnn.reshape %0 to [2, 2] : tensor<2x2x1x1xf64>
  return %y : tensor<2x2xf64>
}
func.func @avg_one_position(%x: tensor<2x3x1x1xf64>) -> tensor<2x3xf64> {
  %0 = cnn.avg_pool %x kernel [1, 1] stride [1, 1] : tensor<2x3x1x1xf64>
  %y = cnn.reshape %0 to [2, 3] : tensor<2x3x1x1xf64>
  return %y : tensor<2x3xf64>
}
func.func @max(%x: tensor<2x3x4x4xf64>) -> tensor<2x3xf64> {
  %0 = cnn.max_pool %x kernel [4, 4] stride [4, 4] : tensor<2x3x4x4xf64>
  %y = cnn.reshape %0 to [2, 3] : tensor<2x3x1x1xf64>
  return %y : tensor<2x3xf64>
}
func.func @max_odd(%x: tensor<1x2x3x5xf64>) -> tensor<1x2xf64> {
  %0 = cnn.max_pool %x kernel [3, 5] stride [3, 5] : tensor<1x2x3x5xf64>
  %y = cnn.reshape %0 to [1, 2] : tensor<1x2x1x1xf64>
  return %y : tensor<1x2xf64>
}
func.func @max_row(%x: tensor<2x2x1x4xf64>) -> tensor<2x2xf64> {
  %0 = cnn.max_pool %x kernel [1, 4] stride [1, 4] : tensor<2x2x1x4xf64>
  %y = cnn.reshape %0 to [2, 2] : tensor<2x2x1x1xf64>
  return %y : tensor<2x2xf64>
}
func.func @max_one_position(%x: tensor<2x3x1x1xf64>) -> tensor<2x3xf64> {
  %0 = cnn.max_pool %x kernel [1, 1] stride [1, 1] : tensor<2x3x1x1xf64>
  %y = cnn.reshape %0 to [2, 3] : tensor<2x3x1x1xf64>
  return %y : tensor<2x3xf64>
}
func.func @max_wide(%x: tensor<1x1x12x11xf64>) -> tensor<1x1xf64> {
  %0 = cnn.max_pool %x kernel [12, 11] stride [12, 11] : tensor<1x1x12x11xf64>
  %y = cnn.reshape %0 to [1, 1] : tensor<1x1x1x1xf64>
  return %y : tensor<1x1xf64>
}
