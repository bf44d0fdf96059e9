// Normalization of images and of positions, through the statistics too.
// RUN: cnn-gradcheck %s --first --second --oracle | FileCheck %s
// CHECK-COUNT-93: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 31 functions, {{[1-9][0-9]*}} values, 0 failed
// RUN: cnn-gradcheck %s --oracle --optimized | FileCheck %s --check-prefix=OPTIMIZED
// OPTIMIZED-COUNT-31: {{(exact|oracle) +[1-9]}}
// OPTIMIZED: 31 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @group_norm_2x4x2x2_groups_1(%x: tensor<2x4x2x2xf64>) -> (tensor<2x4x2x2xf64>, tensor<2x1xf64>, tensor<2x1xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 1 epsilon 1.0e-2 : tensor<2x4x2x2xf64>
  return %y, %mean, %variance : tensor<2x4x2x2xf64>, tensor<2x1xf64>, tensor<2x1xf64>
}
func.func @group_norm_2x4x2x2_groups_2(%x: tensor<2x4x2x2xf64>) -> (tensor<2x4x2x2xf64>, tensor<2x2xf64>, tensor<2x2xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 2 epsilon 1.0e-2 : tensor<2x4x2x2xf64>
  return %y, %mean, %variance : tensor<2x4x2x2xf64>, tensor<2x2xf64>, tensor<2x2xf64>
}
func.func @group_norm_2x4x2x2_groups_4(%x: tensor<2x4x2x2xf64>) -> (tensor<2x4x2x2xf64>, tensor<2x4xf64>, tensor<2x4xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 4 epsilon 1.0e-2 : tensor<2x4x2x2xf64>
  return %y, %mean, %variance : tensor<2x4x2x2xf64>, tensor<2x4xf64>, tensor<2x4xf64>
}
func.func @group_norm_1x6x2x1_groups_1(%x: tensor<1x6x2x1xf64>) -> (tensor<1x6x2x1xf64>, tensor<1x1xf64>, tensor<1x1xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 1 epsilon 1.0e-2 : tensor<1x6x2x1xf64>
  return %y, %mean, %variance : tensor<1x6x2x1xf64>, tensor<1x1xf64>, tensor<1x1xf64>
}
func.func @group_norm_1x6x2x1_groups_2(%x: tensor<1x6x2x1xf64>) -> (tensor<1x6x2x1xf64>, tensor<1x2xf64>, tensor<1x2xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 2 epsilon 1.0e-2 : tensor<1x6x2x1xf64>
  return %y, %mean, %variance : tensor<1x6x2x1xf64>, tensor<1x2xf64>, tensor<1x2xf64>
}
func.func @group_norm_1x6x2x1_groups_3(%x: tensor<1x6x2x1xf64>) -> (tensor<1x6x2x1xf64>, tensor<1x3xf64>, tensor<1x3xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 3 epsilon 1.0e-2 : tensor<1x6x2x1xf64>
  return %y, %mean, %variance : tensor<1x6x2x1xf64>, tensor<1x3xf64>, tensor<1x3xf64>
}
func.func @group_norm_3x2x1x2_groups_1(%x: tensor<3x2x1x2xf64>) -> (tensor<3x2x1x2xf64>, tensor<3x1xf64>, tensor<3x1xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 1 epsilon 1.0e-2 : tensor<3x2x1x2xf64>
  return %y, %mean, %variance : tensor<3x2x1x2xf64>, tensor<3x1xf64>, tensor<3x1xf64>
}
func.func @group_norm_3x2x1x2_groups_2(%x: tensor<3x2x1x2xf64>) -> (tensor<3x2x1x2xf64>, tensor<3x2xf64>, tensor<3x2xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 2 epsilon 1.0e-2 : tensor<3x2x1x2xf64>
  return %y, %mean, %variance : tensor<3x2x1x2xf64>, tensor<3x2xf64>, tensor<3x2xf64>
}
func.func @group_norm_2x4_groups_1(%x: tensor<2x4xf64>) -> (tensor<2x4xf64>, tensor<2x1xf64>, tensor<2x1xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 1 epsilon 1.0e-2 : tensor<2x4xf64>
  return %y, %mean, %variance : tensor<2x4xf64>, tensor<2x1xf64>, tensor<2x1xf64>
}
func.func @group_norm_2x4_groups_2(%x: tensor<2x4xf64>) -> (tensor<2x4xf64>, tensor<2x2xf64>, tensor<2x2xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 2 epsilon 1.0e-2 : tensor<2x4xf64>
  return %y, %mean, %variance : tensor<2x4xf64>, tensor<2x2xf64>, tensor<2x2xf64>
}
func.func @group_norm_3x6_groups_3(%x: tensor<3x6xf64>) -> (tensor<3x6xf64>, tensor<3x3xf64>, tensor<3x3xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 3 epsilon 1.0e-2 : tensor<3x6xf64>
  return %y, %mean, %variance : tensor<3x6xf64>, tensor<3x3xf64>, tensor<3x3xf64>
}
func.func @group_norm_1x8_groups_2(%x: tensor<1x8xf64>) -> (tensor<1x8xf64>, tensor<1x2xf64>, tensor<1x2xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 2 epsilon 1.0e-2 : tensor<1x8xf64>
  return %y, %mean, %variance : tensor<1x8xf64>, tensor<1x2xf64>, tensor<1x2xf64>
}
func.func @group_norm_2x4x3_groups_1(%x: tensor<2x4x3xf64>) -> (tensor<2x4x3xf64>, tensor<2x1xf64>, tensor<2x1xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 1 epsilon 1.0e-2 : tensor<2x4x3xf64>
  return %y, %mean, %variance : tensor<2x4x3xf64>, tensor<2x1xf64>, tensor<2x1xf64>
}
func.func @group_norm_2x4x3_groups_2(%x: tensor<2x4x3xf64>) -> (tensor<2x4x3xf64>, tensor<2x2xf64>, tensor<2x2xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 2 epsilon 1.0e-2 : tensor<2x4x3xf64>
  return %y, %mean, %variance : tensor<2x4x3xf64>, tensor<2x2xf64>, tensor<2x2xf64>
}
func.func @group_norm_2x4x3_groups_4(%x: tensor<2x4x3xf64>) -> (tensor<2x4x3xf64>, tensor<2x4xf64>, tensor<2x4xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 4 epsilon 1.0e-2 : tensor<2x4x3xf64>
  return %y, %mean, %variance : tensor<2x4x3xf64>, tensor<2x4xf64>, tensor<2x4xf64>
}
func.func @group_norm_4x1x2x2_groups_1(%x: tensor<4x1x2x2xf64>) -> (tensor<4x1x2x2xf64>, tensor<4x1xf64>, tensor<4x1xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 1 epsilon 1.0e-2 : tensor<4x1x2x2xf64>
  return %y, %mean, %variance : tensor<4x1x2x2xf64>, tensor<4x1xf64>, tensor<4x1xf64>
}
func.func @group_norm_1x1x3x3_groups_1(%x: tensor<1x1x3x3xf64>) -> (tensor<1x1x3x3xf64>, tensor<1x1xf64>, tensor<1x1xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 1 epsilon 1.0e-2 : tensor<1x1x3x3xf64>
  return %y, %mean, %variance : tensor<1x1x3x3xf64>, tensor<1x1xf64>, tensor<1x1xf64>
}
func.func @group_norm_2x9x1x1_groups_3(%x: tensor<2x9x1x1xf64>) -> (tensor<2x9x1x1xf64>, tensor<2x3xf64>, tensor<2x3xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 3 epsilon 1.0e-2 : tensor<2x9x1x1xf64>
  return %y, %mean, %variance : tensor<2x9x1x1xf64>, tensor<2x3xf64>, tensor<2x3xf64>
}
func.func @group_norm_2x3x2x2_groups_3(%x: tensor<2x3x2x2xf64>) -> (tensor<2x3x2x2xf64>, tensor<2x3xf64>, tensor<2x3xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 3 epsilon 1.0e-2 : tensor<2x3x2x2xf64>
  return %y, %mean, %variance : tensor<2x3x2x2xf64>, tensor<2x3xf64>, tensor<2x3xf64>
}
func.func @group_norm_2x2x2x2x2_groups_2(%x: tensor<2x2x2x2x2xf64>) -> (tensor<2x2x2x2x2xf64>, tensor<2x2xf64>, tensor<2x2xf64>) {
  %y, %mean, %variance = cnn.group_norm %x groups 2 epsilon 1.0e-2 : tensor<2x2x2x2x2xf64>
  return %y, %mean, %variance : tensor<2x2x2x2x2xf64>, tensor<2x2xf64>, tensor<2x2xf64>
}
func.func @position_norm_2x4x2x2(%x: tensor<2x4x2x2xf64>) -> (tensor<2x4x2x2xf64>, tensor<2x2x2xf64>, tensor<2x2x2xf64>) {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-2 : tensor<2x4x2x2xf64>
  return %y, %mean, %variance : tensor<2x4x2x2xf64>, tensor<2x2x2xf64>, tensor<2x2x2xf64>
}
func.func @position_norm_1x6x2x1(%x: tensor<1x6x2x1xf64>) -> (tensor<1x6x2x1xf64>, tensor<1x2x1xf64>, tensor<1x2x1xf64>) {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-2 : tensor<1x6x2x1xf64>
  return %y, %mean, %variance : tensor<1x6x2x1xf64>, tensor<1x2x1xf64>, tensor<1x2x1xf64>
}
func.func @position_norm_3x2x1x2(%x: tensor<3x2x1x2xf64>) -> (tensor<3x2x1x2xf64>, tensor<3x1x2xf64>, tensor<3x1x2xf64>) {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-2 : tensor<3x2x1x2xf64>
  return %y, %mean, %variance : tensor<3x2x1x2xf64>, tensor<3x1x2xf64>, tensor<3x1x2xf64>
}
func.func @position_norm_2x5(%x: tensor<2x5xf64>) -> (tensor<2x5xf64>, tensor<2xf64>, tensor<2xf64>) {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-2 : tensor<2x5xf64>
  return %y, %mean, %variance : tensor<2x5xf64>, tensor<2xf64>, tensor<2xf64>
}
func.func @position_norm_3x3(%x: tensor<3x3xf64>) -> (tensor<3x3xf64>, tensor<3xf64>, tensor<3xf64>) {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-2 : tensor<3x3xf64>
  return %y, %mean, %variance : tensor<3x3xf64>, tensor<3xf64>, tensor<3xf64>
}
func.func @position_norm_1x8(%x: tensor<1x8xf64>) -> (tensor<1x8xf64>, tensor<1xf64>, tensor<1xf64>) {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-2 : tensor<1x8xf64>
  return %y, %mean, %variance : tensor<1x8xf64>, tensor<1xf64>, tensor<1xf64>
}
func.func @position_norm_2x4x3(%x: tensor<2x4x3xf64>) -> (tensor<2x4x3xf64>, tensor<2x3xf64>, tensor<2x3xf64>) {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-2 : tensor<2x4x3xf64>
  return %y, %mean, %variance : tensor<2x4x3xf64>, tensor<2x3xf64>, tensor<2x3xf64>
}
func.func @position_norm_1x2x3x3(%x: tensor<1x2x3x3xf64>) -> (tensor<1x2x3x3xf64>, tensor<1x3x3xf64>, tensor<1x3x3xf64>) {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-2 : tensor<1x2x3x3xf64>
  return %y, %mean, %variance : tensor<1x2x3x3xf64>, tensor<1x3x3xf64>, tensor<1x3x3xf64>
}
func.func @position_norm_2x9x1x1(%x: tensor<2x9x1x1xf64>) -> (tensor<2x9x1x1xf64>, tensor<2x1x1xf64>, tensor<2x1x1xf64>) {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-2 : tensor<2x9x1x1xf64>
  return %y, %mean, %variance : tensor<2x9x1x1xf64>, tensor<2x1x1xf64>, tensor<2x1x1xf64>
}
func.func @position_norm_2x2x2x2x2(%x: tensor<2x2x2x2x2xf64>) -> (tensor<2x2x2x2x2xf64>, tensor<2x2x2x2xf64>, tensor<2x2x2x2xf64>) {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-2 : tensor<2x2x2x2x2xf64>
  return %y, %mean, %variance : tensor<2x2x2x2x2xf64>, tensor<2x2x2x2xf64>, tensor<2x2x2x2xf64>
}
func.func @position_norm_images_side_by_side(%x: tensor<4x3x2x3xf64>) -> (tensor<4x3x2x3xf64>, tensor<4x2x3xf64>, tensor<4x2x3xf64>) {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-2 {cnn.blocks = array<i64: 0>} : tensor<4x3x2x3xf64>
  return %y, %mean, %variance : tensor<4x3x2x3xf64>, tensor<4x2x3xf64>, tensor<4x2x3xf64>
}
