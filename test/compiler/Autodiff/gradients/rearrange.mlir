// Shuffled channels, depth to space and back, as the layers build them: linear.
// RUN: cnn-gradcheck %s --first --second --exact | FileCheck %s
// CHECK-COUNT-21: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 7 functions, {{[1-9][0-9]*}} values, 0 failed
// RUN: cnn-gradcheck %s --exact --optimized | FileCheck %s --check-prefix=OPTIMIZED
// OPTIMIZED-COUNT-7: {{(exact|oracle) +[1-9]}}
// OPTIMIZED: 7 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @shuffle(%x: tensor<2x6x2x3xf64>) -> tensor<2x6x2x3xf64> {
  %0 = cnn.reshape %x to [2, 2, 3, 2, 3] : tensor<2x6x2x3xf64>
  %1 = cnn.transpose %0 permutation [0, 2, 1, 3, 4] : tensor<2x2x3x2x3xf64>
  %y = cnn.reshape %1 to [2, 6, 2, 3] : tensor<2x3x2x2x3xf64>
  return %y : tensor<2x6x2x3xf64>
}
func.func @shuffle_by_three(%x: tensor<1x6x3x2xf64>) -> tensor<1x6x3x2xf64> {
  %0 = cnn.reshape %x to [1, 3, 2, 3, 2] : tensor<1x6x3x2xf64>
  %1 = cnn.transpose %0 permutation [0, 2, 1, 3, 4] : tensor<1x3x2x3x2xf64>
  %y = cnn.reshape %1 to [1, 6, 3, 2] : tensor<1x2x3x3x2xf64>
  return %y : tensor<1x6x3x2xf64>
}
func.func @shuffle_vectors(%x: tensor<2x8xf64>) -> tensor<2x8xf64> {
  %0 = cnn.reshape %x to [2, 4, 2] : tensor<2x8xf64>
  %1 = cnn.transpose %0 permutation [0, 2, 1] : tensor<2x4x2xf64>
  %y = cnn.reshape %1 to [2, 8] : tensor<2x2x4xf64>
  return %y : tensor<2x8xf64>
}
func.func @depth_to_space(%x: tensor<2x8x2x3xf64>) -> tensor<2x2x4x6xf64> {
  %0 = cnn.reshape %x to [2, 2, 2, 2, 2, 3] : tensor<2x8x2x3xf64>
  %1 = cnn.transpose %0 permutation [0, 1, 4, 2, 5, 3] : tensor<2x2x2x2x2x3xf64>
  %y = cnn.reshape %1 to [2, 2, 4, 6] : tensor<2x2x2x2x3x2xf64>
  return %y : tensor<2x2x4x6xf64>
}
func.func @depth_to_space_by_three(%x: tensor<1x9x1x2xf64>) -> tensor<1x1x3x6xf64> {
  %0 = cnn.reshape %x to [1, 1, 3, 3, 1, 2] : tensor<1x9x1x2xf64>
  %1 = cnn.transpose %0 permutation [0, 1, 4, 2, 5, 3] : tensor<1x1x3x3x1x2xf64>
  %y = cnn.reshape %1 to [1, 1, 3, 6] : tensor<1x1x1x3x2x3xf64>
  return %y : tensor<1x1x3x6xf64>
}
func.func @space_to_depth(%x: tensor<2x2x4x6xf64>) -> tensor<2x8x2x3xf64> {
  %0 = cnn.reshape %x to [2, 2, 2, 2, 3, 2] : tensor<2x2x4x6xf64>
  %1 = cnn.transpose %0 permutation [0, 1, 3, 5, 2, 4] : tensor<2x2x2x2x3x2xf64>
  %y = cnn.reshape %1 to [2, 8, 2, 3] : tensor<2x2x2x2x2x3xf64>
  return %y : tensor<2x8x2x3xf64>
}
func.func @space_to_depth_by_three(%x: tensor<1x1x3x6xf64>) -> tensor<1x9x1x2xf64> {
  %0 = cnn.reshape %x to [1, 1, 1, 3, 2, 3] : tensor<1x1x3x6xf64>
  %1 = cnn.transpose %0 permutation [0, 1, 3, 5, 2, 4] : tensor<1x1x1x3x2x3xf64>
  %y = cnn.reshape %1 to [1, 9, 1, 2] : tensor<1x1x3x3x1x2xf64>
  return %y : tensor<1x9x1x2xf64>
}
