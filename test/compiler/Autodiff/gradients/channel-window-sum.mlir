// Sums over neighbouring channels: linear.
// RUN: cnn-gradcheck %s --first --second --exact --oracle | FileCheck %s
// CHECK-COUNT-20: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 5 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @both(%x: tensor<1x6x2xf64>) -> tensor<1x6x2xf64> {
  %y = cnn.channel_window_sum %x before 2 after 1 : tensor<1x6x2xf64>
  return %y : tensor<1x6x2xf64>
}
func.func @before(%x: tensor<2x4xf64>) -> tensor<2x4xf64> {
  %y = cnn.channel_window_sum %x before 3 after 0 : tensor<2x4xf64>
  return %y : tensor<2x4xf64>
}
func.func @after(%x: tensor<2x5x3x2xf64>) -> tensor<2x5x3x2xf64> {
  %y = cnn.channel_window_sum %x before 0 after 2 : tensor<2x5x3x2xf64>
  return %y : tensor<2x5x3x2xf64>
}
func.func @none(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.channel_window_sum %x before 0 after 0 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @wider(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.channel_window_sum %x before 4 after 5 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
