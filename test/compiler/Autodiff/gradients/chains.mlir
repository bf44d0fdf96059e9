// Several ops: gradients that meet, and pass through several results.
// RUN: cnn-gradcheck %s --first --second | FileCheck %s
// CHECK-COUNT-6: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 3 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @residual(%x: tensor<1x2x4x4xf64>, %w: tensor<2x2x3x3xf64>) -> tensor<1x2x4x4xf64> {
  %c = cnn.conv2d %x, %w pad [1, 1, 1, 1] : tensor<1x2x4x4xf64>, tensor<2x2x3x3xf64>
  %t = cnn.tanh %c : tensor<1x2x4x4xf64>
  %y = cnn.add %t, %x : tensor<1x2x4x4xf64>
  return %y : tensor<1x2x4x4xf64>
}
func.func @shared_filter(%x: tensor<1x2x4x4xf64>, %w: tensor<2x2x3x3xf64>) -> tensor<1x2x4x4xf64> {
  %a = cnn.conv2d %x, %w pad [1, 1, 1, 1] : tensor<1x2x4x4xf64>, tensor<2x2x3x3xf64>
  %b = cnn.sigmoid %a : tensor<1x2x4x4xf64>
  %y = cnn.conv2d %b, %w pad [1, 1, 1, 1] : tensor<1x2x4x4xf64>, tensor<2x2x3x3xf64>
  return %y : tensor<1x2x4x4xf64>
}
func.func @classifier(%x: tensor<2x1x4x4xf64>, %w: tensor<2x1x3x3xf64>, %f: tensor<3x2xf64>, %l: tensor<2xi32> {check.classes = 3}) -> tensor<f64> {
  %c = cnn.conv2d %x, %w : tensor<2x1x4x4xf64>, tensor<2x1x3x3xf64>
  %n, %mean, %variance = cnn.batch_norm %c epsilon 1.0e-2 : tensor<2x2x2x2xf64>
  %p = cnn.avg_pool %n kernel [2, 2] : tensor<2x2x2x2xf64>
  %r = cnn.reshape %p to [2, 2] : tensor<2x2x1x1xf64>
  %h = cnn.tanh %r : tensor<2x2xf64>
  %z = cnn.matmul %h, %f transpose_b : tensor<2x2xf64>, tensor<3x2xf64>
  %y = cnn.cross_entropy %z, %l : tensor<2x3xf64>, tensor<2xi32>
  return %y : tensor<f64>
}
