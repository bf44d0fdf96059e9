// Mean over a window, with and without padding, rounded up.
// RUN: cnn-gradcheck %s --first --second --oracle | FileCheck %s
// CHECK-COUNT-60: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 20 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @plain(%x: tensor<1x2x4x4xf64>) -> tensor<1x2x2x2xf64> {
  %y = cnn.avg_pool %x kernel [2, 2] stride [2, 2] : tensor<1x2x4x4xf64>
  return %y : tensor<1x2x2x2xf64>
}
func.func @overlapping(%x: tensor<1x2x5x5xf64>) -> tensor<1x2x2x2xf64> {
  %y = cnn.avg_pool %x kernel [3, 3] stride [2, 2] : tensor<1x2x5x5xf64>
  return %y : tensor<1x2x2x2xf64>
}
func.func @dense(%x: tensor<2x1x4x5xf64>) -> tensor<2x1x3x3xf64> {
  %y = cnn.avg_pool %x kernel [2, 3] : tensor<2x1x4x5xf64>
  return %y : tensor<2x1x3x3xf64>
}
func.func @padded(%x: tensor<1x2x5x5xf64>) -> tensor<1x2x3x3xf64> {
  %y = cnn.avg_pool %x kernel [3, 3] stride [2, 2] pad [1, 1, 1, 1] : tensor<1x2x5x5xf64>
  return %y : tensor<1x2x3x3xf64>
}
func.func @asymmetric_padding(%x: tensor<1x1x5x6xf64>) -> tensor<1x1x3x3xf64> {
  %y = cnn.avg_pool %x kernel [3, 2] stride [2, 2] pad [0, 2, 1, 0] : tensor<1x1x5x6xf64>
  return %y : tensor<1x1x3x3xf64>
}
func.func @cropped(%x: tensor<1x2x6x6xf64>) -> tensor<1x2x3x3xf64> {
  %y = cnn.avg_pool %x kernel [2, 2] pad [-1, -1, 0, -2] : tensor<1x2x6x6xf64>
  return %y : tensor<1x2x3x3xf64>
}
func.func @dilated(%x: tensor<1x1x6x7xf64>) -> tensor<1x1x4x3xf64> {
  %y = cnn.avg_pool %x kernel [2, 3] dilation [2, 2] : tensor<1x1x6x7xf64>
  return %y : tensor<1x1x4x3xf64>
}
func.func @dilated_padded(%x: tensor<1x1x5x6xf64>) -> tensor<1x1x2x5xf64> {
  %y = cnn.avg_pool %x kernel [2, 2] stride [2, 1] pad [1, 1, 1, 0] dilation [3, 2] : tensor<1x1x5x6xf64>
  return %y : tensor<1x1x2x5xf64>
}
func.func @gaps(%x: tensor<1x2x7x8xf64>) -> tensor<1x2x2x2xf64> {
  %y = cnn.avg_pool %x kernel [2, 1] stride [3, 4] : tensor<1x2x7x8xf64>
  return %y : tensor<1x2x2x2xf64>
}
func.func @whole_image(%x: tensor<2x3x3x4xf64>) -> tensor<2x3x1x1xf64> {
  %y = cnn.avg_pool %x kernel [3, 4] : tensor<2x3x3x4xf64>
  return %y : tensor<2x3x1x1xf64>
}
func.func @row(%x: tensor<1x2x3x6xf64>) -> tensor<1x2x3x2xf64> {
  %y = cnn.avg_pool %x kernel [1, 3] stride [1, 2] : tensor<1x2x3x6xf64>
  return %y : tensor<1x2x3x2xf64>
}
func.func @count_padded(%x: tensor<1x2x5x5xf64>) -> tensor<1x2x3x3xf64> {
  %y = cnn.avg_pool %x kernel [3, 3] stride [2, 2] pad [1, 1, 1, 1] count_pad : tensor<1x2x5x5xf64>
  return %y : tensor<1x2x3x3xf64>
}
func.func @count_asymmetric_padding(%x: tensor<1x1x5x6xf64>) -> tensor<1x1x3x3xf64> {
  %y = cnn.avg_pool %x kernel [3, 2] stride [2, 2] pad [0, 2, 1, 0] count_pad : tensor<1x1x5x6xf64>
  return %y : tensor<1x1x3x3xf64>
}
func.func @count_cropped(%x: tensor<1x2x6x6xf64>) -> tensor<1x2x3x3xf64> {
  %y = cnn.avg_pool %x kernel [2, 2] pad [-1, -1, 0, -2] count_pad : tensor<1x2x6x6xf64>
  return %y : tensor<1x2x3x3xf64>
}
func.func @count_dilated_padded(%x: tensor<1x1x5x6xf64>) -> tensor<1x1x2x5xf64> {
  %y = cnn.avg_pool %x kernel [2, 2] stride [2, 1] pad [1, 1, 1, 0] dilation [3, 2] count_pad : tensor<1x1x5x6xf64>
  return %y : tensor<1x1x2x5xf64>
}
func.func @rounded_up(%x: tensor<1x1x5x5xf64>) -> tensor<1x1x3x3xf64> {
  %y = cnn.avg_pool %x kernel [2, 2] stride [2, 2] pad [0, 1, 0, 1] overhang [1, 1] : tensor<1x1x5x5xf64>
  return %y : tensor<1x1x3x3xf64>
}
func.func @count_rounded_up(%x: tensor<1x1x6x5xf64>) -> tensor<1x1x4x3xf64> {
  %y = cnn.avg_pool %x kernel [3, 3] stride [2, 2] pad [1, 2, 1, 1] count_pad overhang [1, 0] : tensor<1x1x6x5xf64>
  return %y : tensor<1x1x4x3xf64>
}
func.func @count_cropped_and_padded(%x: tensor<1x1x6x6xf64>) -> tensor<1x1x3x2xf64> {
  %y = cnn.avg_pool %x kernel [2, 2] stride [2, 2] pad [-1, 1, 0, -2] count_pad : tensor<1x1x6x6xf64>
  return %y : tensor<1x1x3x2xf64>
}
func.func @strides_that_differ(%x: tensor<1x1x7x6xf64>) -> tensor<1x1x2x5xf64> {
  %y = cnn.avg_pool %x kernel [2, 2] stride [3, 1] : tensor<1x1x7x6xf64>
  return %y : tensor<1x1x2x5xf64>
}
func.func @dilated_strided(%x: tensor<1x1x7x9xf64>) -> tensor<1x1x2x3xf64> {
  %y = cnn.avg_pool %x kernel [2, 3] stride [3, 2] dilation [3, 2] : tensor<1x1x7x9xf64>
  return %y : tensor<1x1x2x3xf64>
}
