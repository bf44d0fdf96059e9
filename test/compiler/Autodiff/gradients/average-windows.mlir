// Division by the number of positions: linear, its own adjoint.
// RUN: cnn-gradcheck %s --first --second | FileCheck %s
// CHECK-COUNT-8: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 4 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @plain(%x: tensor<1x2x2x2xf64>) -> tensor<1x2x2x2xf64> {
  %y = cnn.average_windows %x size [4, 4] kernel [2, 2] stride [2, 2] : tensor<1x2x2x2xf64>
  return %y : tensor<1x2x2x2xf64>
}
func.func @borders(%x: tensor<1x1x3x3xf64>) -> tensor<1x1x3x3xf64> {
  %y = cnn.average_windows %x size [5, 5] kernel [3, 3] stride [2, 2] pad [1, 1, 1, 1] : tensor<1x1x3x3xf64>
  return %y : tensor<1x1x3x3xf64>
}
func.func @count_pad(%x: tensor<1x1x3x3xf64>) -> tensor<1x1x3x3xf64> {
  %y = cnn.average_windows %x size [5, 5] kernel [3, 3] stride [2, 2] pad [1, 1, 1, 1] count_pad : tensor<1x1x3x3xf64>
  return %y : tensor<1x1x3x3xf64>
}
func.func @overhang(%x: tensor<1x1x3x3xf64>) -> tensor<1x1x3x3xf64> {
  %y = cnn.average_windows %x size [5, 5] kernel [2, 2] stride [2, 2] pad [0, 1, 0, 1] overhang [1, 1] : tensor<1x1x3x3xf64>
  return %y : tensor<1x1x3x3xf64>
}
