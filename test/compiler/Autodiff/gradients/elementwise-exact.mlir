// The linear part of arithmetic.
// RUN: cnn-gradcheck %s --exact | FileCheck %s
// CHECK-COUNT-5: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 5 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @add(%a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> attributes {check.joint} {
  %y = cnn.add %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @sub(%a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> attributes {check.joint} {
  %y = cnn.sub %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @mul(%a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.mul %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @scale(%a: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.scale %a factor -3.0 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @mask(%a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64> {check.fixed}) -> tensor<2x3x2x2xf64> {
  %y = cnn.relu_mask %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
