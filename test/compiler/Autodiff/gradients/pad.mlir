// Zeros around and positions taken away: linear.
// RUN: cnn-gradcheck %s --first --second --exact --oracle | FileCheck %s
// CHECK-COUNT-44: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 11 functions, {{[1-9][0-9]*}} values, 0 failed
// RUN: cnn-gradcheck %s --exact --oracle --optimized | FileCheck %s --check-prefix=OPTIMIZED
// OPTIMIZED-COUNT-22: {{(exact|oracle) +[1-9]}}
// OPTIMIZED: 11 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @around(%x: tensor<2x2x3x4xf64>) -> tensor<2x2x5x8xf64> {
  %y = cnn.pad %x low [0, 0, 1, 2] high [0, 0, 1, 2] : tensor<2x2x3x4xf64>
  return %y : tensor<2x2x5x8xf64>
}
func.func @ends_differ(%x: tensor<1x2x3x3xf64>) -> tensor<1x2x5x6xf64> {
  %y = cnn.pad %x low [0, 0, 2, 0] high [0, 0, 0, 3] : tensor<1x2x3x3xf64>
  return %y : tensor<1x2x5x6xf64>
}
func.func @channels(%x: tensor<2x3x2x2xf64>) -> tensor<2x5x2x2xf64> {
  %y = cnn.pad %x low [0, 0, 0, 0] high [0, 2, 0, 0] : tensor<2x3x2x2xf64>
  return %y : tensor<2x5x2x2xf64>
}
func.func @slice(%x: tensor<2x5x2x3xf64>) -> tensor<2x2x2x3xf64> {
  %y = cnn.pad %x low [0, -1, 0, 0] high [0, -2, 0, 0] : tensor<2x5x2x3xf64>
  return %y : tensor<2x2x2x3xf64>
}
func.func @crop(%x: tensor<1x2x5x6xf64>) -> tensor<1x2x3x4xf64> {
  %y = cnn.pad %x low [0, 0, -1, -2] high [0, 0, -1, 0] : tensor<1x2x5x6xf64>
  return %y : tensor<1x2x3x4xf64>
}
func.func @crop_to_one(%x: tensor<1x2x3x5xf64>) -> tensor<1x2x1x1xf64> {
  %y = cnn.pad %x low [0, 0, -2, -2] high [0, 0, 0, -2] : tensor<1x2x3x5xf64>
  return %y : tensor<1x2x1x1xf64>
}
func.func @crop_and_pad(%x: tensor<1x2x4x5xf64>) -> tensor<1x2x5x4xf64> {
  %y = cnn.pad %x low [0, 0, -1, 2] high [0, 0, 2, -3] : tensor<1x2x4x5xf64>
  return %y : tensor<1x2x5x4xf64>
}
func.func @all_dimensions(%x: tensor<3x4x3x3xf64>) -> tensor<3x3x4x3xf64> {
  %y = cnn.pad %x low [-1, 1, 0, -1] high [1, -2, 1, 1] : tensor<3x4x3x3xf64>
  return %y : tensor<3x3x4x3xf64>
}
func.func @vectors(%x: tensor<2x5xf64>) -> tensor<2x6xf64> {
  %y = cnn.pad %x low [0, -2] high [0, 3] : tensor<2x5xf64>
  return %y : tensor<2x6xf64>
}
func.func @nothing(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.pad %x low [0, 0, 0, 0] high [0, 0, 0, 0] : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @blocks_of_images(%x: tensor<3x2x3x4xf64>) -> tensor<3x2x6x4xf64> {
  %y = cnn.pad %x low [0, 1, 1, -1] high [0, -1, 2, 1] {cnn.blocks = array<i64: 0>} : tensor<3x2x3x4xf64>
  return %y : tensor<3x2x6x4xf64>
}
