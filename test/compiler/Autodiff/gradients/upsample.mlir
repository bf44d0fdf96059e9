// More positions, nearest and bilinear, and the adjoint of the latter: linear.
// RUN: cnn-gradcheck %s --first --second --oracle | FileCheck %s
// CHECK-COUNT-69: {{(first|second|exact|oracle) +[1-9]}}
// CHECK: 23 functions, {{[1-9][0-9]*}} values, 0 failed
// RUN: cnn-gradcheck %s --oracle --optimized | FileCheck %s --check-prefix=OPTIMIZED
// OPTIMIZED-COUNT-23: {{(exact|oracle) +[1-9]}}
// OPTIMIZED: 23 functions, {{[1-9][0-9]*}} values, 0 failed

func.func @nearest(%x: tensor<2x2x2x3xf64>) -> tensor<2x2x4x6xf64> {
  %y = cnn.upsample %x factor 2 : tensor<2x2x2x3xf64>
  return %y : tensor<2x2x4x6xf64>
}
func.func @nearest_by_three(%x: tensor<1x2x3x1xf64>) -> tensor<1x2x9x3xf64> {
  %y = cnn.upsample %x factor 3 : tensor<1x2x3x1xf64>
  return %y : tensor<1x2x9x3xf64>
}
func.func @nearest_one_position(%x: tensor<2x3x1x1xf64>) -> tensor<2x3x4x4xf64> {
  %y = cnn.upsample %x factor 4 : tensor<2x3x1x1xf64>
  return %y : tensor<2x3x4x4xf64>
}
func.func @nearest_by_one(%x: tensor<1x2x3x2xf64>) -> tensor<1x2x3x2xf64> {
  %y = cnn.upsample %x factor 1 : tensor<1x2x3x2xf64>
  return %y : tensor<1x2x3x2xf64>
}
func.func @nearest_blocks_of_images(%x: tensor<3x2x2x3xf64>) -> tensor<3x2x4x6xf64> {
  %y = cnn.upsample %x factor 2 {cnn.blocks = array<i64: 0>} : tensor<3x2x2x3xf64>
  return %y : tensor<3x2x4x6xf64>
}
func.func @bilinear(%x: tensor<2x2x3x4xf64>) -> tensor<2x2x6x8xf64> {
  %y = cnn.upsample %x factor 2 bilinear : tensor<2x2x3x4xf64>
  return %y : tensor<2x2x6x8xf64>
}
func.func @bilinear_by_three(%x: tensor<1x2x3x2xf64>) -> tensor<1x2x9x6xf64> {
  %y = cnn.upsample %x factor 3 bilinear : tensor<1x2x3x2xf64>
  return %y : tensor<1x2x9x6xf64>
}
func.func @bilinear_by_four(%x: tensor<1x1x2x3xf64>) -> tensor<1x1x8x12xf64> {
  %y = cnn.upsample %x factor 4 bilinear : tensor<1x1x2x3xf64>
  return %y : tensor<1x1x8x12xf64>
}
func.func @bilinear_by_five(%x: tensor<1x1x3x3xf64>) -> tensor<1x1x15x15xf64> {
  %y = cnn.upsample %x factor 5 bilinear : tensor<1x1x3x3xf64>
  return %y : tensor<1x1x15x15xf64>
}
func.func @bilinear_row(%x: tensor<2x1x1x5xf64>) -> tensor<2x1x2x10xf64> {
  %y = cnn.upsample %x factor 2 bilinear : tensor<2x1x1x5xf64>
  return %y : tensor<2x1x2x10xf64>
}
func.func @bilinear_one_position(%x: tensor<2x2x1x1xf64>) -> tensor<2x2x2x2xf64> {
  %y = cnn.upsample %x factor 2 bilinear : tensor<2x2x1x1xf64>
  return %y : tensor<2x2x2x2xf64>
}
func.func @bilinear_by_one(%x: tensor<1x2x3x2xf64>) -> tensor<1x2x3x2xf64> {
  %y = cnn.upsample %x factor 1 bilinear : tensor<1x2x3x2xf64>
  return %y : tensor<1x2x3x2xf64>
}
func.func @bilinear_blocks_of_images(%x: tensor<3x2x3x2xf64>) -> tensor<3x2x6x4xf64> {
  %y = cnn.upsample %x factor 2 bilinear {cnn.blocks = array<i64: 0>} : tensor<3x2x3x2xf64>
  return %y : tensor<3x2x6x4xf64>
}
func.func @bilinear_by_three_blocks_of_images(%x: tensor<2x2x2x3xf64>) -> tensor<2x2x6x9xf64> {
  %y = cnn.upsample %x factor 3 bilinear {cnn.blocks = array<i64: 0>} : tensor<2x2x2x3xf64>
  return %y : tensor<2x2x6x9xf64>
}
func.func @adjoint(%x: tensor<2x2x6x8xf64>) -> tensor<2x2x3x4xf64> {
  %y = cnn.upsample_adjoint %x factor 2 : tensor<2x2x6x8xf64>
  return %y : tensor<2x2x3x4xf64>
}
func.func @adjoint_by_three(%x: tensor<1x2x6x9xf64>) -> tensor<1x2x2x3xf64> {
  %y = cnn.upsample_adjoint %x factor 3 : tensor<1x2x6x9xf64>
  return %y : tensor<1x2x2x3xf64>
}
func.func @adjoint_by_four(%x: tensor<1x1x12x8xf64>) -> tensor<1x1x3x2xf64> {
  %y = cnn.upsample_adjoint %x factor 4 : tensor<1x1x12x8xf64>
  return %y : tensor<1x1x3x2xf64>
}
func.func @adjoint_column(%x: tensor<1x2x8x2xf64>) -> tensor<1x2x4x1xf64> {
  %y = cnn.upsample_adjoint %x factor 2 : tensor<1x2x8x2xf64>
  return %y : tensor<1x2x4x1xf64>
}
func.func @adjoint_one_position(%x: tensor<2x2x2x2xf64>) -> tensor<2x2x1x1xf64> {
  %y = cnn.upsample_adjoint %x factor 2 : tensor<2x2x2x2xf64>
  return %y : tensor<2x2x1x1xf64>
}
func.func @adjoint_one_position_by_three(%x: tensor<2x1x3x6xf64>) -> tensor<2x1x1x2xf64> {
  %y = cnn.upsample_adjoint %x factor 3 : tensor<2x1x3x6xf64>
  return %y : tensor<2x1x1x2xf64>
}
func.func @adjoint_by_one(%x: tensor<1x2x3x2xf64>) -> tensor<1x2x3x2xf64> {
  %y = cnn.upsample_adjoint %x factor 1 : tensor<1x2x3x2xf64>
  return %y : tensor<1x2x3x2xf64>
}
func.func @adjoint_blocks_of_images(%x: tensor<3x2x4x6xf64>) -> tensor<3x2x2x3xf64> {
  %y = cnn.upsample_adjoint %x factor 2 {cnn.blocks = array<i64: 0>} : tensor<3x2x4x6xf64>
  return %y : tensor<3x2x2x3xf64>
}
func.func @adjoint_by_three_blocks_of_images(%x: tensor<2x1x9x3xf64>) -> tensor<2x1x3x1xf64> {
  %y = cnn.upsample_adjoint %x factor 3 {cnn.blocks = array<i64: 0>} : tensor<2x1x9x3xf64>
  return %y : tensor<2x1x3x1xf64>
}
