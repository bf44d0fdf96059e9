// Channels one after another: linear in all inputs together.
// RUN: cnn-gradcheck %s --first --second --exact --oracle | FileCheck %s
// CHECK-COUNT-28: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 7 functions, {{[1-9][0-9]*}} values, 0 failed
// RUN: cnn-gradcheck %s --exact --oracle --optimized | FileCheck %s --check-prefix=OPTIMIZED
// OPTIMIZED-COUNT-14: {{(exact|oracle) +[1-9]}}
// OPTIMIZED: 7 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @one(%x: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> attributes {check.joint} {
  %y = cnn.concat %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @two(%x: tensor<2x3x2x3xf64>, %a: tensor<2x1x2x3xf64>) -> tensor<2x4x2x3xf64> attributes {check.joint} {
  %y = cnn.concat %x, %a : tensor<2x3x2x3xf64>, tensor<2x1x2x3xf64>
  return %y : tensor<2x4x2x3xf64>
}
func.func @three(%x: tensor<1x1x3x3xf64>, %a: tensor<1x4x3x3xf64>, %b: tensor<1x2x3x3xf64>) -> tensor<1x7x3x3xf64> attributes {check.joint} {
  %y = cnn.concat %x, %a, %b : tensor<1x1x3x3xf64>, tensor<1x4x3x3xf64>, tensor<1x2x3x3xf64>
  return %y : tensor<1x7x3x3xf64>
}
func.func @four(%x: tensor<3x2x1x5xf64>, %a: tensor<3x2x1x5xf64>, %b: tensor<3x1x1x5xf64>, %c: tensor<3x3x1x5xf64>) -> tensor<3x8x1x5xf64> attributes {check.joint} {
  %y = cnn.concat %x, %a, %b, %c : tensor<3x2x1x5xf64>, tensor<3x2x1x5xf64>, tensor<3x1x1x5xf64>, tensor<3x3x1x5xf64>
  return %y : tensor<3x8x1x5xf64>
}
func.func @vectors(%x: tensor<2x3xf64>, %a: tensor<2x5xf64>) -> tensor<2x8xf64> attributes {check.joint} {
  %y = cnn.concat %x, %a : tensor<2x3xf64>, tensor<2x5xf64>
  return %y : tensor<2x8xf64>
}
func.func @rank_three(%x: tensor<2x1x4xf64>, %a: tensor<2x3x4xf64>) -> tensor<2x4x4xf64> attributes {check.joint} {
  %y = cnn.concat %x, %a : tensor<2x1x4xf64>, tensor<2x3x4xf64>
  return %y : tensor<2x4x4xf64>
}
func.func @blocks_of_images(%x: tensor<3x2x2x3xf64>, %a: tensor<3x1x2x3xf64>, %b: tensor<3x2x2x3xf64>) -> tensor<3x5x2x3xf64> attributes {check.joint} {
  %y = cnn.concat %x, %a, %b {cnn.blocks = array<i64: 0>} : tensor<3x2x2x3xf64>, tensor<3x1x2x3xf64>, tensor<3x2x2x3xf64>
  return %y : tensor<3x5x2x3xf64>
}
