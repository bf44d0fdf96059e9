// Arithmetic, and powers of positive numbers.
// RUN: cnn-gradcheck %s --first --second --oracle | FileCheck %s
// CHECK-COUNT-42: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 14 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @add(%a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.add %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @sub(%a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.sub %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @mul(%a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.mul %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @square(%a: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.mul %a, %a : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @div(%a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64> {check.positive}) -> tensor<2x3x2x2xf64> {
  %y = cnn.div %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @scale(%a: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.scale %a factor -2.0 offset 3.0 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @scale_alone(%a: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.scale %a factor 5.0e-1 : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @pow_2_0(%a: tensor<2x3x2x2xf64> {check.positive}) -> tensor<2x3x2x2xf64> {
  %y = cnn.pow %a exponent 2.0 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @pow_3_0(%a: tensor<2x3x2x2xf64> {check.positive}) -> tensor<2x3x2x2xf64> {
  %y = cnn.pow %a exponent 3.0 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @pow_1_0(%a: tensor<2x3x2x2xf64> {check.positive}) -> tensor<2x3x2x2xf64> {
  %y = cnn.pow %a exponent 1.0 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @pow_minus_1_0(%a: tensor<2x3x2x2xf64> {check.positive}) -> tensor<2x3x2x2xf64> {
  %y = cnn.pow %a exponent -1.0 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @pow_5_0eminus_1(%a: tensor<2x3x2x2xf64> {check.positive}) -> tensor<2x3x2x2xf64> {
  %y = cnn.pow %a exponent 5.0e-1 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @pow_minus_7_5eminus_1(%a: tensor<2x3x2x2xf64> {check.positive}) -> tensor<2x3x2x2xf64> {
  %y = cnn.pow %a exponent -7.5e-1 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @pow_of_any_sign(%a: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.pow %a exponent 2.0 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
