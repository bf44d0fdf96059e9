// The larger of two, one of two: by their formulas.
// RUN: cnn-gradcheck %s --oracle | FileCheck %s
// CHECK-COUNT-6: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 6 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @max_image(%a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.max %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @where_image(%m: tensor<2x3x2x2xf64>, %a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.where %m, %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @max_rows(%a: tensor<3x4xf64>, %b: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.max %a, %b : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @where_rows(%m: tensor<3x4xf64>, %a: tensor<3x4xf64>, %b: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.where %m, %a, %b : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @max_images_side_by_side(%a: tensor<4x3x2x3xf64>, %b: tensor<4x3x2x3xf64>) -> tensor<4x3x2x3xf64> {
  %y = cnn.max %a, %b {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>
  return %y : tensor<4x3x2x3xf64>
}
func.func @where_images_side_by_side(%m: tensor<4x3x2x3xf64>, %a: tensor<4x3x2x3xf64>, %b: tensor<4x3x2x3xf64>) -> tensor<4x3x2x3xf64> {
  %y = cnn.where %m, %a, %b {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>
  return %y : tensor<4x3x2x3xf64>
}
