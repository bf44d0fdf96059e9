// Means over windows that divide the image into a number, and their adjoint: linear.
// RUN: cnn-gradcheck %s --first --second --oracle | FileCheck %s
// CHECK-COUNT-60: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 20 functions, {{[1-9][0-9]*}} values, 0 failed
// RUN: cnn-gradcheck %s --oracle --optimized | FileCheck %s --check-prefix=OPTIMIZED
// OPTIMIZED-COUNT-20: {{(exact|oracle) +[1-9]}}
// OPTIMIZED: 20 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @divides(%x: tensor<2x2x4x8xf64>) -> tensor<2x2x2x4xf64> {
  %y = cnn.adaptive_avg_pool %x size [2, 4] : tensor<2x2x4x8xf64>
  return %y : tensor<2x2x2x4xf64>
}
func.func @overlaps(%x: tensor<1x2x5x7xf64>) -> tensor<1x2x3x2xf64> {
  %y = cnn.adaptive_avg_pool %x size [3, 2] : tensor<1x2x5x7xf64>
  return %y : tensor<1x2x3x2xf64>
}
func.func @one_divides(%x: tensor<1x2x4x5xf64>) -> tensor<1x2x2x3xf64> {
  %y = cnn.adaptive_avg_pool %x size [2, 3] : tensor<1x2x4x5xf64>
  return %y : tensor<1x2x2x3xf64>
}
func.func @by_two_everywhere(%x: tensor<1x1x6x3xf64>) -> tensor<1x1x4x2xf64> {
  %y = cnn.adaptive_avg_pool %x size [4, 2] : tensor<1x1x6x3xf64>
  return %y : tensor<1x1x4x2xf64>
}
func.func @common_divisor(%x: tensor<1x1x6x10xf64>) -> tensor<1x1x4x4xf64> {
  %y = cnn.adaptive_avg_pool %x size [4, 4] : tensor<1x1x6x10xf64>
  return %y : tensor<1x1x4x4xf64>
}
func.func @alexnet(%x: tensor<1x1x13x13xf64>) -> tensor<1x1x6x6xf64> {
  %y = cnn.adaptive_avg_pool %x size [6, 6] : tensor<1x1x13x13xf64>
  return %y : tensor<1x1x6x6xf64>
}
func.func @whole_image(%x: tensor<2x2x3x5xf64>) -> tensor<2x2x1x1xf64> {
  %y = cnn.adaptive_avg_pool %x size [1, 1] : tensor<2x2x3x5xf64>
  return %y : tensor<2x2x1x1xf64>
}
func.func @same_size(%x: tensor<1x2x3x4xf64>) -> tensor<1x2x3x4xf64> {
  %y = cnn.adaptive_avg_pool %x size [3, 4] : tensor<1x2x3x4xf64>
  return %y : tensor<1x2x3x4xf64>
}
func.func @more_windows_than_positions(%x: tensor<1x2x2x3xf64>) -> tensor<1x2x4x5xf64> {
  %y = cnn.adaptive_avg_pool %x size [4, 5] : tensor<1x2x2x3xf64>
  return %y : tensor<1x2x4x5xf64>
}
func.func @one_more(%x: tensor<1x1x5x7xf64>) -> tensor<1x1x4x6xf64> {
  %y = cnn.adaptive_avg_pool %x size [4, 6] : tensor<1x1x5x7xf64>
  return %y : tensor<1x1x4x6xf64>
}
func.func @blocks_of_images(%x: tensor<3x2x5x3xf64>) -> tensor<3x2x3x2xf64> {
  %y = cnn.adaptive_avg_pool %x size [3, 2] {cnn.blocks = array<i64: 0>} : tensor<3x2x5x3xf64>
  return %y : tensor<3x2x3x2xf64>
}
func.func @blocks_of_images_by_two(%x: tensor<2x2x3x6xf64>) -> tensor<2x2x2x4xf64> {
  %y = cnn.adaptive_avg_pool %x size [2, 4] {cnn.blocks = array<i64: 0>} : tensor<2x2x3x6xf64>
  return %y : tensor<2x2x2x4xf64>
}
func.func @spread_divides(%x: tensor<2x2x2x4xf64>) -> tensor<2x2x4x8xf64> {
  %y = cnn.adaptive_spread %x size [4, 8] : tensor<2x2x2x4xf64>
  return %y : tensor<2x2x4x8xf64>
}
func.func @spread_overlaps(%x: tensor<1x2x3x2xf64>) -> tensor<1x2x5x7xf64> {
  %y = cnn.adaptive_spread %x size [5, 7] : tensor<1x2x3x2xf64>
  return %y : tensor<1x2x5x7xf64>
}
func.func @spread_common_divisor(%x: tensor<1x1x4x4xf64>) -> tensor<1x1x6x10xf64> {
  %y = cnn.adaptive_spread %x size [6, 10] : tensor<1x1x4x4xf64>
  return %y : tensor<1x1x6x10xf64>
}
func.func @spread_by_two_everywhere(%x: tensor<1x2x4x2xf64>) -> tensor<1x2x6x3xf64> {
  %y = cnn.adaptive_spread %x size [6, 3] : tensor<1x2x4x2xf64>
  return %y : tensor<1x2x6x3xf64>
}
func.func @spread_whole_image(%x: tensor<2x2x1x1xf64>) -> tensor<2x2x3x4xf64> {
  %y = cnn.adaptive_spread %x size [3, 4] : tensor<2x2x1x1xf64>
  return %y : tensor<2x2x3x4xf64>
}
func.func @spread_more_windows(%x: tensor<1x1x4x5xf64>) -> tensor<1x1x2x3xf64> {
  %y = cnn.adaptive_spread %x size [2, 3] : tensor<1x1x4x5xf64>
  return %y : tensor<1x1x2x3xf64>
}
func.func @spread_blocks_of_images(%x: tensor<3x2x2x3xf64>) -> tensor<3x2x3x5xf64> {
  %y = cnn.adaptive_spread %x size [3, 5] {cnn.blocks = array<i64: 0>} : tensor<3x2x2x3xf64>
  return %y : tensor<3x2x3x5xf64>
}
func.func @spread_blocks_of_images_by_two(%x: tensor<2x1x4x2xf64>) -> tensor<2x1x6x3xf64> {
  %y = cnn.adaptive_spread %x size [6, 3] {cnn.blocks = array<i64: 0>} : tensor<2x1x4x2xf64>
  return %y : tensor<2x1x6x3xf64>
}
