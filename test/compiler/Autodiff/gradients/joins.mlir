// The larger of two, and small tensors repeated over images.
// RUN: cnn-gradcheck %s --first --second | FileCheck %s
// CHECK-COUNT-68: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 34 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @max_image(%a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %c = cnn.scale %b factor 8.3e-1 : tensor<2x3x2x2xf64>
  %y = cnn.max %a, %c : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @max_of_three_image(%a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64>, %c: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %d = cnn.scale %b factor 8.3e-1 : tensor<2x3x2x2xf64>
  %e = cnn.scale %c factor -7.1e-1 : tensor<2x3x2x2xf64>
  %f = cnn.max %a, %d : tensor<2x3x2x2xf64>
  %y = cnn.max %f, %e : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @max_rows(%a: tensor<3x4xf64>, %b: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %c = cnn.scale %b factor 8.3e-1 : tensor<3x4xf64>
  %y = cnn.max %a, %c : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @max_of_three_rows(%a: tensor<3x4xf64>, %b: tensor<3x4xf64>, %c: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %d = cnn.scale %b factor 8.3e-1 : tensor<3x4xf64>
  %e = cnn.scale %c factor -7.1e-1 : tensor<3x4xf64>
  %f = cnn.max %a, %d : tensor<3x4xf64>
  %y = cnn.max %f, %e : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
func.func @max_sequence(%a: tensor<2x3x4xf64>, %b: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> {
  %c = cnn.scale %b factor 8.3e-1 : tensor<2x3x4xf64>
  %y = cnn.max %a, %c : tensor<2x3x4xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @max_of_three_sequence(%a: tensor<2x3x4xf64>, %b: tensor<2x3x4xf64>, %c: tensor<2x3x4xf64>) -> tensor<2x3x4xf64> {
  %d = cnn.scale %b factor 8.3e-1 : tensor<2x3x4xf64>
  %e = cnn.scale %c factor -7.1e-1 : tensor<2x3x4xf64>
  %f = cnn.max %a, %d : tensor<2x3x4xf64>
  %y = cnn.max %f, %e : tensor<2x3x4xf64>
  return %y : tensor<2x3x4xf64>
}
func.func @max_list(%a: tensor<12xf64>, %b: tensor<12xf64>) -> tensor<12xf64> {
  %c = cnn.scale %b factor 8.3e-1 : tensor<12xf64>
  %y = cnn.max %a, %c : tensor<12xf64>
  return %y : tensor<12xf64>
}
func.func @max_of_three_list(%a: tensor<12xf64>, %b: tensor<12xf64>, %c: tensor<12xf64>) -> tensor<12xf64> {
  %d = cnn.scale %b factor 8.3e-1 : tensor<12xf64>
  %e = cnn.scale %c factor -7.1e-1 : tensor<12xf64>
  %f = cnn.max %a, %d : tensor<12xf64>
  %y = cnn.max %f, %e : tensor<12xf64>
  return %y : tensor<12xf64>
}
func.func @add_features_2x3x2x2_right(%x: tensor<2x3x2x2xf64>, %g: tensor<2x3xf64>) -> tensor<2x3x2x2xf64> {
  %b = cnn.broadcast %g dims [0, 1] to [2, 3, 2, 2] : tensor<2x3xf64>
  %y = cnn.add %x, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @add_features_2x3x2x2_left(%x: tensor<2x3x2x2xf64>, %g: tensor<2x3xf64>) -> tensor<2x3x2x2xf64> {
  %b = cnn.broadcast %g dims [0, 1] to [2, 3, 2, 2] : tensor<2x3xf64>
  %y = cnn.add %b, %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @mul_features_2x3x2x2_right(%x: tensor<2x3x2x2xf64>, %g: tensor<2x3xf64>) -> tensor<2x3x2x2xf64> {
  %b = cnn.broadcast %g dims [0, 1] to [2, 3, 2, 2] : tensor<2x3xf64>
  %y = cnn.mul %x, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @mul_features_2x3x2x2_left(%x: tensor<2x3x2x2xf64>, %g: tensor<2x3xf64>) -> tensor<2x3x2x2xf64> {
  %b = cnn.broadcast %g dims [0, 1] to [2, 3, 2, 2] : tensor<2x3xf64>
  %y = cnn.mul %b, %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @add_pooled_2x3x2x2_right(%x: tensor<2x3x2x2xf64>, %g: tensor<2x3x1x1xf64>) -> tensor<2x3x2x2xf64> {
  %f = cnn.reshape %g to [2, 3] : tensor<2x3x1x1xf64>
  %b = cnn.broadcast %f dims [0, 1] to [2, 3, 2, 2] : tensor<2x3xf64>
  %y = cnn.add %x, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @add_pooled_2x3x2x2_left(%x: tensor<2x3x2x2xf64>, %g: tensor<2x3x1x1xf64>) -> tensor<2x3x2x2xf64> {
  %f = cnn.reshape %g to [2, 3] : tensor<2x3x1x1xf64>
  %b = cnn.broadcast %f dims [0, 1] to [2, 3, 2, 2] : tensor<2x3xf64>
  %y = cnn.add %b, %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @mul_pooled_2x3x2x2_right(%x: tensor<2x3x2x2xf64>, %g: tensor<2x3x1x1xf64>) -> tensor<2x3x2x2xf64> {
  %f = cnn.reshape %g to [2, 3] : tensor<2x3x1x1xf64>
  %b = cnn.broadcast %f dims [0, 1] to [2, 3, 2, 2] : tensor<2x3xf64>
  %y = cnn.mul %x, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @mul_pooled_2x3x2x2_left(%x: tensor<2x3x2x2xf64>, %g: tensor<2x3x1x1xf64>) -> tensor<2x3x2x2xf64> {
  %f = cnn.reshape %g to [2, 3] : tensor<2x3x1x1xf64>
  %b = cnn.broadcast %f dims [0, 1] to [2, 3, 2, 2] : tensor<2x3xf64>
  %y = cnn.mul %b, %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @add_plane_2x3x2x2_right(%x: tensor<2x3x2x2xf64>, %g: tensor<2x1x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %f = cnn.reshape %g to [2, 2, 2] : tensor<2x1x2x2xf64>
  %b = cnn.broadcast %f dims [0, 2, 3] to [2, 3, 2, 2] : tensor<2x2x2xf64>
  %y = cnn.add %x, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @add_plane_2x3x2x2_left(%x: tensor<2x3x2x2xf64>, %g: tensor<2x1x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %f = cnn.reshape %g to [2, 2, 2] : tensor<2x1x2x2xf64>
  %b = cnn.broadcast %f dims [0, 2, 3] to [2, 3, 2, 2] : tensor<2x2x2xf64>
  %y = cnn.add %b, %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @mul_plane_2x3x2x2_right(%x: tensor<2x3x2x2xf64>, %g: tensor<2x1x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %f = cnn.reshape %g to [2, 2, 2] : tensor<2x1x2x2xf64>
  %b = cnn.broadcast %f dims [0, 2, 3] to [2, 3, 2, 2] : tensor<2x2x2xf64>
  %y = cnn.mul %x, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @mul_plane_2x3x2x2_left(%x: tensor<2x3x2x2xf64>, %g: tensor<2x1x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %f = cnn.reshape %g to [2, 2, 2] : tensor<2x1x2x2xf64>
  %b = cnn.broadcast %f dims [0, 2, 3] to [2, 3, 2, 2] : tensor<2x2x2xf64>
  %y = cnn.mul %b, %x : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @add_features_1x4x3x1_right(%x: tensor<1x4x3x1xf64>, %g: tensor<1x4xf64>) -> tensor<1x4x3x1xf64> {
  %b = cnn.broadcast %g dims [0, 1] to [1, 4, 3, 1] : tensor<1x4xf64>
  %y = cnn.add %x, %b : tensor<1x4x3x1xf64>
  return %y : tensor<1x4x3x1xf64>
}
func.func @mul_features_1x4x3x1_right(%x: tensor<1x4x3x1xf64>, %g: tensor<1x4xf64>) -> tensor<1x4x3x1xf64> {
  %b = cnn.broadcast %g dims [0, 1] to [1, 4, 3, 1] : tensor<1x4xf64>
  %y = cnn.mul %x, %b : tensor<1x4x3x1xf64>
  return %y : tensor<1x4x3x1xf64>
}
func.func @add_pooled_1x4x3x1_right(%x: tensor<1x4x3x1xf64>, %g: tensor<1x4x1x1xf64>) -> tensor<1x4x3x1xf64> {
  %f = cnn.reshape %g to [1, 4] : tensor<1x4x1x1xf64>
  %b = cnn.broadcast %f dims [0, 1] to [1, 4, 3, 1] : tensor<1x4xf64>
  %y = cnn.add %x, %b : tensor<1x4x3x1xf64>
  return %y : tensor<1x4x3x1xf64>
}
func.func @mul_pooled_1x4x3x1_right(%x: tensor<1x4x3x1xf64>, %g: tensor<1x4x1x1xf64>) -> tensor<1x4x3x1xf64> {
  %f = cnn.reshape %g to [1, 4] : tensor<1x4x1x1xf64>
  %b = cnn.broadcast %f dims [0, 1] to [1, 4, 3, 1] : tensor<1x4xf64>
  %y = cnn.mul %x, %b : tensor<1x4x3x1xf64>
  return %y : tensor<1x4x3x1xf64>
}
func.func @add_plane_1x4x3x1_right(%x: tensor<1x4x3x1xf64>, %g: tensor<1x1x3x1xf64>) -> tensor<1x4x3x1xf64> {
  %f = cnn.reshape %g to [1, 3, 1] : tensor<1x1x3x1xf64>
  %b = cnn.broadcast %f dims [0, 2, 3] to [1, 4, 3, 1] : tensor<1x3x1xf64>
  %y = cnn.add %x, %b : tensor<1x4x3x1xf64>
  return %y : tensor<1x4x3x1xf64>
}
func.func @mul_plane_1x4x3x1_right(%x: tensor<1x4x3x1xf64>, %g: tensor<1x1x3x1xf64>) -> tensor<1x4x3x1xf64> {
  %f = cnn.reshape %g to [1, 3, 1] : tensor<1x1x3x1xf64>
  %b = cnn.broadcast %f dims [0, 2, 3] to [1, 4, 3, 1] : tensor<1x3x1xf64>
  %y = cnn.mul %x, %b : tensor<1x4x3x1xf64>
  return %y : tensor<1x4x3x1xf64>
}
func.func @add_features_3x2x1x2_right(%x: tensor<3x2x1x2xf64>, %g: tensor<3x2xf64>) -> tensor<3x2x1x2xf64> {
  %b = cnn.broadcast %g dims [0, 1] to [3, 2, 1, 2] : tensor<3x2xf64>
  %y = cnn.add %x, %b : tensor<3x2x1x2xf64>
  return %y : tensor<3x2x1x2xf64>
}
func.func @mul_features_3x2x1x2_right(%x: tensor<3x2x1x2xf64>, %g: tensor<3x2xf64>) -> tensor<3x2x1x2xf64> {
  %b = cnn.broadcast %g dims [0, 1] to [3, 2, 1, 2] : tensor<3x2xf64>
  %y = cnn.mul %x, %b : tensor<3x2x1x2xf64>
  return %y : tensor<3x2x1x2xf64>
}
func.func @add_pooled_3x2x1x2_right(%x: tensor<3x2x1x2xf64>, %g: tensor<3x2x1x1xf64>) -> tensor<3x2x1x2xf64> {
  %f = cnn.reshape %g to [3, 2] : tensor<3x2x1x1xf64>
  %b = cnn.broadcast %f dims [0, 1] to [3, 2, 1, 2] : tensor<3x2xf64>
  %y = cnn.add %x, %b : tensor<3x2x1x2xf64>
  return %y : tensor<3x2x1x2xf64>
}
func.func @mul_pooled_3x2x1x2_right(%x: tensor<3x2x1x2xf64>, %g: tensor<3x2x1x1xf64>) -> tensor<3x2x1x2xf64> {
  %f = cnn.reshape %g to [3, 2] : tensor<3x2x1x1xf64>
  %b = cnn.broadcast %f dims [0, 1] to [3, 2, 1, 2] : tensor<3x2xf64>
  %y = cnn.mul %x, %b : tensor<3x2x1x2xf64>
  return %y : tensor<3x2x1x2xf64>
}
func.func @add_plane_3x2x1x2_right(%x: tensor<3x2x1x2xf64>, %g: tensor<3x1x1x2xf64>) -> tensor<3x2x1x2xf64> {
  %f = cnn.reshape %g to [3, 1, 2] : tensor<3x1x1x2xf64>
  %b = cnn.broadcast %f dims [0, 2, 3] to [3, 2, 1, 2] : tensor<3x1x2xf64>
  %y = cnn.add %x, %b : tensor<3x2x1x2xf64>
  return %y : tensor<3x2x1x2xf64>
}
func.func @mul_plane_3x2x1x2_right(%x: tensor<3x2x1x2xf64>, %g: tensor<3x1x1x2xf64>) -> tensor<3x2x1x2xf64> {
  %f = cnn.reshape %g to [3, 1, 2] : tensor<3x1x1x2xf64>
  %b = cnn.broadcast %f dims [0, 2, 3] to [3, 2, 1, 2] : tensor<3x1x2xf64>
  %y = cnn.mul %x, %b : tensor<3x2x1x2xf64>
  return %y : tensor<3x2x1x2xf64>
}
func.func @where_image(%m: tensor<2x3x2x2xf64> {check.zero}, %a: tensor<2x3x2x2xf64>, %b: tensor<2x3x2x2xf64>) -> tensor<2x3x2x2xf64> {
  %y = cnn.where %m, %a, %b : tensor<2x3x2x2xf64>
  return %y : tensor<2x3x2x2xf64>
}
func.func @where_rows(%m: tensor<3x4xf64> {check.zero}, %a: tensor<3x4xf64>, %b: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = cnn.where %m, %a, %b : tensor<3x4xf64>
  return %y : tensor<3x4xf64>
}
