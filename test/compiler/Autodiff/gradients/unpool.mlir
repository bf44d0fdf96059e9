// The two directions of a choice that max pooling made: linear.
// RUN: cnn-gradcheck %s --first --second --exact | FileCheck %s
// CHECK-COUNT-51: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 17 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @unpool_plain(%dy: tensor<1x2x2x2xf64>, %x: tensor<1x2x4x4xf64> {check.fixed}) -> tensor<1x2x4x4xf64> {
  %i = cnn.pool_argmax %x kernel [2, 2] stride [2, 2] : tensor<1x2x4x4xf64>
  %dx = cnn.unpool %dy, %i size [4, 4] kernel [2, 2] stride [2, 2] : tensor<1x2x2x2xf64>, tensor<1x2x2x2xi8>
  return %dx : tensor<1x2x4x4xf64>
}
func.func @unpool_overlapping(%dy: tensor<1x2x2x2xf64>, %x: tensor<1x2x5x5xf64> {check.fixed}) -> tensor<1x2x5x5xf64> {
  %i = cnn.pool_argmax %x kernel [3, 3] stride [2, 2] : tensor<1x2x5x5xf64>
  %dx = cnn.unpool %dy, %i size [5, 5] kernel [3, 3] stride [2, 2] : tensor<1x2x2x2xf64>, tensor<1x2x2x2xi8>
  return %dx : tensor<1x2x5x5xf64>
}
func.func @unpool_padded(%dy: tensor<1x2x3x3xf64>, %x: tensor<1x2x5x5xf64> {check.fixed}) -> tensor<1x2x5x5xf64> {
  %i = cnn.pool_argmax %x kernel [3, 3] stride [2, 2] pad [1, 1, 1, 1] : tensor<1x2x5x5xf64>
  %dx = cnn.unpool %dy, %i size [5, 5] kernel [3, 3] stride [2, 2] pad [1, 1, 1, 1] : tensor<1x2x3x3xf64>, tensor<1x2x3x3xi8>
  return %dx : tensor<1x2x5x5xf64>
}
func.func @unpool_asymmetric_padding(%dy: tensor<1x1x3x3xf64>, %x: tensor<1x1x5x6xf64> {check.fixed}) -> tensor<1x1x5x6xf64> {
  %i = cnn.pool_argmax %x kernel [3, 2] stride [2, 2] pad [0, 2, 1, 0] : tensor<1x1x5x6xf64>
  %dx = cnn.unpool %dy, %i size [5, 6] kernel [3, 2] stride [2, 2] pad [0, 2, 1, 0] : tensor<1x1x3x3xf64>, tensor<1x1x3x3xi8>
  return %dx : tensor<1x1x5x6xf64>
}
func.func @unpool_cropped(%dy: tensor<1x2x3x3xf64>, %x: tensor<1x2x6x6xf64> {check.fixed}) -> tensor<1x2x6x6xf64> {
  %i = cnn.pool_argmax %x kernel [2, 2] pad [-1, -1, 0, -2] : tensor<1x2x6x6xf64>
  %dx = cnn.unpool %dy, %i size [6, 6] kernel [2, 2] pad [-1, -1, 0, -2] : tensor<1x2x3x3xf64>, tensor<1x2x3x3xi8>
  return %dx : tensor<1x2x6x6xf64>
}
func.func @unpool_dilated(%dy: tensor<1x1x4x3xf64>, %x: tensor<1x1x6x7xf64> {check.fixed}) -> tensor<1x1x6x7xf64> {
  %i = cnn.pool_argmax %x kernel [2, 3] dilation [2, 2] : tensor<1x1x6x7xf64>
  %dx = cnn.unpool %dy, %i size [6, 7] kernel [2, 3] dilation [2, 2] : tensor<1x1x4x3xf64>, tensor<1x1x4x3xi8>
  return %dx : tensor<1x1x6x7xf64>
}
func.func @unpool_dilated_padded(%dy: tensor<1x1x2x5xf64>, %x: tensor<1x1x5x6xf64> {check.fixed}) -> tensor<1x1x5x6xf64> {
  %i = cnn.pool_argmax %x kernel [2, 2] stride [2, 1] pad [1, 1, 1, 0] dilation [3, 2] : tensor<1x1x5x6xf64>
  %dx = cnn.unpool %dy, %i size [5, 6] kernel [2, 2] stride [2, 1] pad [1, 1, 1, 0] dilation [3, 2] : tensor<1x1x2x5xf64>, tensor<1x1x2x5xi8>
  return %dx : tensor<1x1x5x6xf64>
}
func.func @unpool_gaps(%dy: tensor<1x2x2x2xf64>, %x: tensor<1x2x7x8xf64> {check.fixed}) -> tensor<1x2x7x8xf64> {
  %i = cnn.pool_argmax %x kernel [2, 1] stride [3, 4] : tensor<1x2x7x8xf64>
  %dx = cnn.unpool %dy, %i size [7, 8] kernel [2, 1] stride [3, 4] : tensor<1x2x2x2xf64>, tensor<1x2x2x2xi8>
  return %dx : tensor<1x2x7x8xf64>
}
func.func @take_plain(%v: tensor<1x2x4x4xf64>, %x: tensor<1x2x4x4xf64> {check.fixed}) -> tensor<1x2x2x2xf64> {
  %i = cnn.pool_argmax %x kernel [2, 2] stride [2, 2] : tensor<1x2x4x4xf64>
  %y = cnn.pool_take %v, %i kernel [2, 2] stride [2, 2] : tensor<1x2x4x4xf64>, tensor<1x2x2x2xi8>
  return %y : tensor<1x2x2x2xf64>
}
func.func @take_overlapping(%v: tensor<1x2x5x5xf64>, %x: tensor<1x2x5x5xf64> {check.fixed}) -> tensor<1x2x2x2xf64> {
  %i = cnn.pool_argmax %x kernel [3, 3] stride [2, 2] : tensor<1x2x5x5xf64>
  %y = cnn.pool_take %v, %i kernel [3, 3] stride [2, 2] : tensor<1x2x5x5xf64>, tensor<1x2x2x2xi8>
  return %y : tensor<1x2x2x2xf64>
}
func.func @take_padded(%v: tensor<1x2x5x5xf64>, %x: tensor<1x2x5x5xf64> {check.fixed}) -> tensor<1x2x3x3xf64> {
  %i = cnn.pool_argmax %x kernel [3, 3] stride [2, 2] pad [1, 1, 1, 1] : tensor<1x2x5x5xf64>
  %y = cnn.pool_take %v, %i kernel [3, 3] stride [2, 2] pad [1, 1, 1, 1] : tensor<1x2x5x5xf64>, tensor<1x2x3x3xi8>
  return %y : tensor<1x2x3x3xf64>
}
func.func @take_asymmetric_padding(%v: tensor<1x1x5x6xf64>, %x: tensor<1x1x5x6xf64> {check.fixed}) -> tensor<1x1x3x3xf64> {
  %i = cnn.pool_argmax %x kernel [3, 2] stride [2, 2] pad [0, 2, 1, 0] : tensor<1x1x5x6xf64>
  %y = cnn.pool_take %v, %i kernel [3, 2] stride [2, 2] pad [0, 2, 1, 0] : tensor<1x1x5x6xf64>, tensor<1x1x3x3xi8>
  return %y : tensor<1x1x3x3xf64>
}
func.func @take_cropped(%v: tensor<1x2x6x6xf64>, %x: tensor<1x2x6x6xf64> {check.fixed}) -> tensor<1x2x3x3xf64> {
  %i = cnn.pool_argmax %x kernel [2, 2] pad [-1, -1, 0, -2] : tensor<1x2x6x6xf64>
  %y = cnn.pool_take %v, %i kernel [2, 2] pad [-1, -1, 0, -2] : tensor<1x2x6x6xf64>, tensor<1x2x3x3xi8>
  return %y : tensor<1x2x3x3xf64>
}
func.func @take_dilated(%v: tensor<1x1x6x7xf64>, %x: tensor<1x1x6x7xf64> {check.fixed}) -> tensor<1x1x4x3xf64> {
  %i = cnn.pool_argmax %x kernel [2, 3] dilation [2, 2] : tensor<1x1x6x7xf64>
  %y = cnn.pool_take %v, %i kernel [2, 3] dilation [2, 2] : tensor<1x1x6x7xf64>, tensor<1x1x4x3xi8>
  return %y : tensor<1x1x4x3xf64>
}
func.func @take_dilated_padded(%v: tensor<1x1x5x6xf64>, %x: tensor<1x1x5x6xf64> {check.fixed}) -> tensor<1x1x2x5xf64> {
  %i = cnn.pool_argmax %x kernel [2, 2] stride [2, 1] pad [1, 1, 1, 0] dilation [3, 2] : tensor<1x1x5x6xf64>
  %y = cnn.pool_take %v, %i kernel [2, 2] stride [2, 1] pad [1, 1, 1, 0] dilation [3, 2] : tensor<1x1x5x6xf64>, tensor<1x1x2x5xi8>
  return %y : tensor<1x1x2x5xf64>
}
func.func @take_gaps(%v: tensor<1x2x7x8xf64>, %x: tensor<1x2x7x8xf64> {check.fixed}) -> tensor<1x2x2x2xf64> {
  %i = cnn.pool_argmax %x kernel [2, 1] stride [3, 4] : tensor<1x2x7x8xf64>
  %y = cnn.pool_take %v, %i kernel [2, 1] stride [3, 4] : tensor<1x2x7x8xf64>, tensor<1x2x2x2xi8>
  return %y : tensor<1x2x2x2xf64>
}
// The index of more than 128 taps is i32.
func.func @wide_index(%v: tensor<1x1x12x13xf64>, %x: tensor<1x1x12x13xf64> {check.fixed}) -> tensor<1x1x12x13xf64> {
  %i = cnn.pool_argmax %x kernel [11, 12] : tensor<1x1x12x13xf64>
  %y = cnn.pool_take %v, %i kernel [11, 12] : tensor<1x1x12x13xf64>, tensor<1x1x2x2xi32>
  %dx = cnn.unpool %y, %i size [12, 13] kernel [11, 12] : tensor<1x1x2x2xf64>, tensor<1x1x2x2xi32>
  return %dx : tensor<1x1x12x13xf64>
}
