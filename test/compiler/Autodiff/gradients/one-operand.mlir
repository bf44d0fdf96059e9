// Ops of several operands, differentiated towards one of them alone: a rule that asks about
// one operand and sets the gradient of another leaves it out.
// RUN: cnn-gradcheck %s --first | FileCheck %s
// CHECK-COUNT-33: {{first +[1-9]}}
// CHECK: 33 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @add_a(%a: tensor<3x4xf64>, %b: tensor<3x4xf64> {check.fixed}) -> tensor<3x4xf64> {
  %y = cnn.add %a, %b : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @add_b(%a: tensor<3x4xf64> {check.fixed}, %b: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.add %a, %b : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @sub_a(%a: tensor<3x4xf64>, %b: tensor<3x4xf64> {check.fixed}) -> tensor<3x4xf64> {
  %y = cnn.sub %a, %b : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @sub_b(%a: tensor<3x4xf64> {check.fixed}, %b: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.sub %a, %b : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @mul_a(%a: tensor<3x4xf64>, %b: tensor<3x4xf64> {check.fixed}) -> tensor<3x4xf64> {
  %y = cnn.mul %a, %b : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @mul_b(%a: tensor<3x4xf64> {check.fixed}, %b: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.mul %a, %b : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @div_a(%a: tensor<3x4xf64>, %b: tensor<3x4xf64> {check.fixed}) -> tensor<3x4xf64> {
  %y = cnn.div %a, %b : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @div_b(%a: tensor<3x4xf64> {check.fixed}, %b: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.div %a, %b : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @mse_a(%a: tensor<3x4xf64>, %b: tensor<3x4xf64> {check.fixed}) -> tensor<f64> {
  %y = cnn.mse %a, %b : tensor<3x4xf64>
  return %y : tensor<f64>
}
func.func @mse_b(%a: tensor<3x4xf64> {check.fixed}, %b: tensor<3x4xf64>) -> tensor<f64> {
  %y = cnn.mse %a, %b : tensor<3x4xf64>
  return %y : tensor<f64>
}
func.func @mae_a(%a: tensor<3x4xf64>, %b: tensor<3x4xf64> {check.fixed}) -> tensor<f64> {
  %y = cnn.mae %a, %b : tensor<3x4xf64>
  return %y : tensor<f64>
}
func.func @mae_b(%a: tensor<3x4xf64> {check.fixed}, %b: tensor<3x4xf64>) -> tensor<f64> {
  %y = cnn.mae %a, %b : tensor<3x4xf64>
  return %y : tensor<f64>
}
func.func @huber_a(%a: tensor<3x4xf64>, %b: tensor<3x4xf64> {check.fixed}) -> tensor<f64> {
  %y = cnn.huber %a, %b delta 5.03e-1 : tensor<3x4xf64>
  return %y : tensor<f64>
}
func.func @huber_b(%a: tensor<3x4xf64> {check.fixed}, %b: tensor<3x4xf64>) -> tensor<f64> {
  %y = cnn.huber %a, %b delta 5.03e-1 : tensor<3x4xf64>
  return %y : tensor<f64>
}
func.func @bce_a(%a: tensor<3x4xf64>, %b: tensor<3x4xf64> {check.fixed}) -> tensor<f64> {
  %y = cnn.bce %a, %b : tensor<3x4xf64>
  return %y : tensor<f64>
}
func.func @bce_b(%a: tensor<3x4xf64> {check.fixed}, %b: tensor<3x4xf64>) -> tensor<f64> {
  %y = cnn.bce %a, %b : tensor<3x4xf64>
  return %y : tensor<f64>
}
func.func @max_a(%a: tensor<3x4xf64>, %b: tensor<3x4xf64> {check.fixed}) -> tensor<3x4xf64> {
  %c = cnn.scale %b factor 8.3e-1 : tensor<3x4xf64>
  %y = cnn.max %a, %c : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @max_b(%a: tensor<3x4xf64> {check.fixed}, %b: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %c = cnn.scale %b factor 8.3e-1 : tensor<3x4xf64>
  %y = cnn.max %a, %c : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @matmul_a(%a: tensor<3x4xf64>, %b: tensor<4x2xf64> {check.fixed}) -> tensor<3x2xf64> {
  %y = cnn.matmul %a, %b : tensor<3x4xf64>, tensor<4x2xf64>
  return %y : tensor<3x2xf64>
}
func.func @matmul_b(%a: tensor<3x4xf64> {check.fixed}, %b: tensor<4x2xf64>) -> tensor<3x2xf64> {
  %y = cnn.matmul %a, %b : tensor<3x4xf64>, tensor<4x2xf64>
  return %y : tensor<3x2xf64>
}
func.func @bias_x(%x: tensor<3x4xf64>, %b: tensor<4xf64> {check.fixed}) -> tensor<3x4xf64> {
  %y = cnn.bias_add %x, %b : tensor<3x4xf64>, tensor<4xf64>
  return %y : tensor<3x4xf64>
}
func.func @bias_b(%x: tensor<3x4xf64> {check.fixed}, %b: tensor<4xf64>) -> tensor<3x4xf64> {
  %y = cnn.bias_add %x, %b : tensor<3x4xf64>, tensor<4xf64>
  return %y : tensor<3x4xf64>
}
func.func @scale_channels_x(%x: tensor<3x4xf64>, %w: tensor<4xf64> {check.fixed}) -> tensor<3x4xf64> {
  %y = cnn.scale_channels %x, %w : tensor<3x4xf64>, tensor<4xf64>
  return %y : tensor<3x4xf64>
}
func.func @scale_channels_w(%x: tensor<3x4xf64> {check.fixed}, %w: tensor<4xf64>) -> tensor<3x4xf64> {
  %y = cnn.scale_channels %x, %w : tensor<3x4xf64>, tensor<4xf64>
  return %y : tensor<3x4xf64>
}
func.func @prelu_x(%x: tensor<3x4xf64>, %w: tensor<4xf64> {check.fixed}) -> tensor<3x4xf64> {
  %y = cnn.prelu %x, %w : tensor<3x4xf64>, tensor<4xf64>
  return %y : tensor<3x4xf64>
}
func.func @prelu_w(%x: tensor<3x4xf64> {check.fixed}, %w: tensor<4xf64>) -> tensor<3x4xf64> {
  %y = cnn.prelu %x, %w : tensor<3x4xf64>, tensor<4xf64>
  return %y : tensor<3x4xf64>
}
func.func @conv_x(%x: tensor<1x2x4x3xf64>, %w: tensor<2x2x2x2xf64> {check.fixed}) -> tensor<1x2x3x2xf64> {
  %y = cnn.conv2d %x, %w : tensor<1x2x4x3xf64>, tensor<2x2x2x2xf64>
  return %y : tensor<1x2x3x2xf64>
}
func.func @conv_w(%x: tensor<1x2x4x3xf64> {check.fixed}, %w: tensor<2x2x2x2xf64>) -> tensor<1x2x3x2xf64> {
  %y = cnn.conv2d %x, %w : tensor<1x2x4x3xf64>, tensor<2x2x2x2xf64>
  return %y : tensor<1x2x3x2xf64>
}
func.func @where_a(%m: tensor<3x4xf64> {check.fixed}, %a: tensor<3x4xf64>, %b: tensor<3x4xf64> {check.fixed}) -> tensor<3x4xf64> {
  %y = cnn.where %m, %a, %b : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @where_b(%m: tensor<3x4xf64> {check.fixed}, %a: tensor<3x4xf64> {check.fixed}, %b: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.where %m, %a, %b : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @normalize_x(%x: tensor<2x3x2xf64>, %m: tensor<3xf64> {check.fixed}, %v: tensor<3xf64> {check.positive, check.fixed}) -> tensor<2x3x2xf64> {
  %y = cnn.normalize %x, %m, %v epsilon 1.0e-3 : tensor<2x3x2xf64>, tensor<3xf64>
  return %y : tensor<2x3x2xf64>
}
func.func @normalize_m(%x: tensor<2x3x2xf64> {check.fixed}, %m: tensor<3xf64>, %v: tensor<3xf64> {check.positive, check.fixed}) -> tensor<2x3x2xf64> {
  %y = cnn.normalize %x, %m, %v epsilon 1.0e-3 : tensor<2x3x2xf64>, tensor<3xf64>
  return %y : tensor<2x3x2xf64>
}
func.func @normalize_v(%x: tensor<2x3x2xf64> {check.fixed}, %m: tensor<3xf64> {check.fixed}, %v: tensor<3xf64> {check.positive}) -> tensor<2x3x2xf64> {
  %y = cnn.normalize %x, %m, %v epsilon 1.0e-3 : tensor<2x3x2xf64>, tensor<3xf64>
  return %y : tensor<2x3x2xf64>
}
