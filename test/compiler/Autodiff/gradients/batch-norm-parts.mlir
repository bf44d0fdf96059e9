// Batch normalization, one result at a time.
// RUN: cnn-gradcheck %s --first --second | FileCheck %s
// CHECK-COUNT-6: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 3 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @output(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y, %mean, %variance = cnn.batch_norm %x epsilon 1.0e-2 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @variance(%x: tensor<2x3x2x2xf64>) -> tensor<3xf64> {
  %y, %mean, %variance = cnn.batch_norm %x epsilon 1.0e-2 : tensor<2x3x2x2xf64>
  return %variance : tensor<3xf64>
}
func.func @output_and_mean(%x: tensor<2x3x2x2xf64>) -> (tensor<2x3x2x2xf64>, tensor<3xf64>) {
  %y, %mean, %variance = cnn.batch_norm %x epsilon 1.0e-2 : tensor<2x3x2x2xf64>
  return %y, %mean : tensor<2x3x2x2xf64>, tensor<3xf64>
}
