// Order, shape and sums over dimensions: linear.
// RUN: cnn-gradcheck %s --first --second --exact --oracle | FileCheck %s
// CHECK-COUNT-48: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 12 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @reshape(%x: tensor<2x3x2x2xf64>) -> tensor<4x6xf64> {
  %y = cnn.reshape %x to [4, 6] : tensor<2x3x2x2xf64>
  return %y : tensor<4x6xf64>
}
func.func @flatten(%x: tensor<2x3x2x2xf64>) -> tensor<2x12xf64> {
  %y = cnn.reshape %x to [2, 12] : tensor<2x3x2x2xf64>
  return %y : tensor<2x12xf64>
}
func.func @transpose(%x: tensor<2x3x4xf64>) -> tensor<4x2x3xf64> {
  %y = cnn.transpose %x permutation [2, 0, 1] : tensor<2x3x4xf64>
  return %y : tensor<4x2x3xf64>
}
func.func @exchange(%x: tensor<2x3x2x2xf64>) -> tensor<3x2x2x2xf64> {
  %y = cnn.transpose %x permutation [1, 0, 2, 3] : tensor<2x3x2x2xf64>
  return %y : tensor<3x2x2x2xf64>
}
func.func @reduce_one(%x: tensor<2x3x4xf64>) -> tensor<2x4xf64> {
  %y = cnn.reduce_sum %x dims [1] : tensor<2x3x4xf64>
  return %y : tensor<2x4xf64>
}
func.func @reduce_all(%x: tensor<3x4xf64>) -> tensor<f64> {
  %y = cnn.reduce_sum %x dims [0, 1] : tensor<3x4xf64>
  return %y : tensor<f64>
}
func.func @reduce_none(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.reduce_sum %x dims [] : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @broadcast_channels(%x: tensor<3xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.broadcast %x dims [1] to [2, 3, 2, 2] : tensor<3xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @broadcast_scalar(%x: tensor<f64>) -> tensor<3x4xf64> {
  %y = cnn.broadcast %x dims [] to [3, 4] : tensor<f64>
  return %y : tensor<3x4xf64>
}
func.func @broadcast_two(%x: tensor<2x4xf64>) -> tensor<2x3x4xf64> {
  %y = cnn.broadcast %x dims [0, 2] to [2, 3, 4] : tensor<2x4xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @transpose_filter(%x: tensor<4x3x3x2xf64>) -> tensor<3x4x3x2xf64> {
  %y = cnn.transpose_filter %x : tensor<4x3x3x2xf64>
  return %y : tensor<3x4x3x2xf64>
}
func.func @transpose_filter_groups(%x: tensor<4x3x2x3xf64>) -> tensor<6x2x2x3xf64> {
  %y = cnn.transpose_filter %x groups 2 : tensor<4x3x2x3xf64>
  return %y : tensor<6x2x2x3xf64>
}
