// Linear on both sides of the kink; of a tie the first of two gets all, the second nothing.
// RUN: cnn-gradcheck %s --exact | FileCheck %s
// CHECK-COUNT-7: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 7 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @where(%m: tensor<2x3x2x2xf64> {check.fixed}, %a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> attributes {check.joint} {
  %y = cnn.where %m, %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @max(%a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> attributes {check.joint} {
  %y = cnn.max %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @max_tie_first(%a: tensor<2x3x2x2xf64> {check.value = 2.0}, %b: tensor<2x3x2x2xf64> {check.value = 2.0, check.fixed}) -> tensor<2x3x2x2xf64> {
  %y = cnn.max %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @max_tie_both(%a: tensor<2x3x2x2xf64> {check.value = 2.0}, %b: tensor<2x3x2x2xf64> {check.value = 2.0}) -> tensor<2x3x2x2xf64> attributes {check.joint} {
  %y = cnn.max %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @prelu(%x: tensor<2x3x2x2xf64>, %w: tensor<3xf64> {check.fixed}) -> tensor<2x3x2x2xf64> {
  %y = cnn.prelu %x, %w : tensor<2x3x2x2xf64>, tensor<3xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @prelu_shared(%x: tensor<2x3x2x2xf64>, %w: tensor<1xf64> {check.fixed}) -> tensor<2x3x2x2xf64> {
  %y = cnn.prelu %x, %w : tensor<2x3x2x2xf64>, tensor<1xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @lrelu(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.lrelu %x slope 3.0 : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
