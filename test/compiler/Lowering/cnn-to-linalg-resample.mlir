// RUN: cnn-opt %s --cnn-to-linalg --split-input-file | FileCheck %s
// RUN: cnn-opt %s --cnn-phase-lowering --split-input-file | FileCheck %s --check-prefix=PHASE --implicit-check-not='cnn.{{[a-eg-z]}}'
//
// Pads, joins and changes of resolution as loops. The second run checks that nothing of
// cnn is left but cnn.fill_border.
// PHASE: tensor

// A crop is a slice, and zeros are written around what is left of it.
// CHECK-LABEL: func.func @pad(
// CHECK: tensor.extract_slice %{{.*}}[0, 1, 0, 0] [2, 2, 4, 3] [1, 1, 1, 1]
// CHECK: tensor.pad %{{.*}} low[0, 0, 2, 0] high[0, 0, 0, 0]
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @pad(%x: tensor<2x3x4x4xf32>) -> tensor<2x2x6x3xf32> {
  %y = cnn.pad %x low [0, -1, 2, 0] high [0, 0, 0, -1] : tensor<2x3x4x4xf32>
  return %y : tensor<2x2x6x3xf32>
}

// -----

// Every input is written to its channels, and nothing is filled first.
// CHECK-LABEL: func.func @concat(
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor<2x3x4x4xf32>, %[[B:[a-z0-9]+]]: tensor<2x1x4x4xf32>
// CHECK-NOT: linalg.fill
// CHECK: %[[E:.*]] = tensor.empty() : tensor<2x7x4x4xf32>
// CHECK: %[[I:.*]] = tensor.insert_slice %[[A]] into %[[E]][0, 0, 0, 0]
// CHECK: %[[J:.*]] = tensor.insert_slice %[[B]] into %[[I]][0, 3, 0, 0]
// CHECK: %[[K:.*]] = tensor.insert_slice %[[A]] into %[[J]][0, 4, 0, 0]
// CHECK-NOT: linalg.fill
// CHECK: return %[[K]]
func.func @concat(%a: tensor<2x3x4x4xf32>, %b: tensor<2x1x4x4xf32>) -> tensor<2x7x4x4xf32> {
  %y = cnn.concat %a, %b, %a : tensor<2x3x4x4xf32>, tensor<2x1x4x4xf32>, tensor<2x3x4x4xf32>
  return %y : tensor<2x7x4x4xf32>
}

// -----

// Blocks of images: the tensor that the channels are written to has blocks, and only its
// result moves back.
// CHECK-LABEL: func.func @concat_blocks_of_images(
// CHECK: %[[E:.*]] = tensor.empty() : tensor<1x7x4x4x16xf32>
// CHECK: tensor.insert_slice %{{.*}} into %[[E]][0, 0, 0, 0, 0] [1, 3, 4, 4, 16]
// CHECK: tensor.insert_slice {{.*}}[0, 3, 0, 0, 0] [1, 4, 4, 4, 16]
// CHECK: return
// PHASE-LABEL: func.func @concat_blocks_of_images(
// PHASE-COUNT-3: linalg.generic
// PHASE-NOT: linalg.generic
// PHASE: return
func.func @concat_blocks_of_images(%a: tensor<16x3x4x4xf32>, %b: tensor<16x4x4x4xf32>) -> tensor<16x7x4x4xf32> {
  %y = cnn.concat %a, %b {cnn.blocks = array<i64: 0>} : tensor<16x3x4x4xf32>, tensor<16x4x4x4xf32>
  return %y : tensor<16x7x4x4xf32>
}

// -----

// A block of channels that two parts share: the parts are written row by row.
// CHECK-LABEL: func.func @concat_in_a_block(
// CHECK-NOT: linalg.pack
// CHECK: return
func.func @concat_in_a_block(%a: tensor<2x8x4x4xf32>) -> tensor<2x16x4x4xf32> {
  %y = cnn.concat %a, %a {cnn.blocks = array<i64: 1>} : tensor<2x8x4x4xf32>, tensor<2x8x4x4xf32>
  return %y : tensor<2x16x4x4xf32>
}

// -----

// One loop nest writes every copy; the result is not read and not filled.
// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2 * 3 + d4, d3 * 3 + d5)>
// CHECK-LABEL: func.func @nearest(
// CHECK-NOT: linalg.fill
// CHECK: linalg.generic
// CHECK-NOT: arith.
// CHECK: linalg.yield
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @nearest(%x: tensor<2x3x4x5xf32>) -> tensor<2x3x12x15xf32> {
  %y = cnn.upsample %x factor 3 : tensor<2x3x4x5xf32>
  return %y : tensor<2x3x12x15xf32>
}

// -----

// One axis after the other, two taps of constant weight each, between ends that are there
// twice; what lies outside is cropped.
// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2 + d4, d5)>
// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2 * 2 + d3, d5)>
// CHECK-LABEL: func.func @bilinear(
// CHECK: arith.constant dense<{{\[\[}}7.500000e-01, 2.500000e-01], [2.500000e-01, 7.500000e-01]]>
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<2x3x6x5xf32>, tensor<2x2xf32>, tensor<5xf32>) outs(%{{.*}} : tensor<2x3x10x5xf32>)
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 1, 0] [2, 3, 8, 5]
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x3x8x12xf32>)
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 0, 1] [2, 3, 8, 10]
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @bilinear(%x: tensor<2x3x4x5xf32>) -> tensor<2x3x8x10xf32> {
  %y = cnn.upsample %x factor 2 bilinear : tensor<2x3x4x5xf32>
  return %y : tensor<2x3x8x10xf32>
}

// -----

// An odd factor has outputs at the centres of inputs.
// CHECK-LABEL: func.func @bilinear_by_three(
// CHECK: arith.constant dense<{{\[\[}}1.000000e+00, 0.000000e+00], [0.666666{{[0-9]*}}, 0.333333{{[0-9]*}}], [0.333333{{[0-9]*}}, 0.666666{{[0-9]*}}]]>
func.func @bilinear_by_three(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x12x12xf32> {
  %y = cnn.upsample %x factor 3 bilinear : tensor<1x1x4x4xf32>
  return %y : tensor<1x1x12x12xf32>
}

// -----

// The adjoint has the same two maps exchanged.
// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3 * 2 + d5)>
// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3 + d4)>
// CHECK-LABEL: func.func @adjoint(
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<2x3x8x12xf32>, tensor<2x2xf32>, tensor<6xf32>) outs(%{{.*}} : tensor<2x3x8x7xf32>)
// CHECK: return
func.func @adjoint(%x: tensor<2x3x8x10xf32>) -> tensor<2x3x4x5xf32> {
  %y = cnn.upsample_adjoint %x factor 2 : tensor<2x3x8x10xf32>
  return %y : tensor<2x3x4x5xf32>
}

// -----

// 12 rows in 8 windows: 4 groups of 3 rows and 2 windows. 4 columns in 2 windows: as an
// ordinary pool, one window a group.
// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2 * 3 + d4, d5)>
// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2 * 2 + d3, d5)>
// CHECK-LABEL: func.func @adaptive(
// CHECK: arith.constant dense<{{\[\[}}5.000000e-01, 5.000000e-01, 0.000000e+00], [0.000000e+00, 5.000000e-01, 5.000000e-01]]>
// CHECK: arith.constant dense<5.000000e-01> : tensor<1x2xf32>
// CHECK: return
func.func @adaptive(%x: tensor<2x3x12x4xf32>) -> tensor<2x3x8x2xf32> {
  %y = cnn.adaptive_avg_pool %x size [8, 2] : tensor<2x3x12x4xf32>
  return %y : tensor<2x3x8x2xf32>
}

// -----

// CHECK-LABEL: func.func @spread(
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x3x8x4xf32>)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x3x12x4xf32>)
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @spread(%x: tensor<2x3x8x2xf32>) -> tensor<2x3x12x4xf32> {
  %y = cnn.adaptive_spread %x size [12, 4] : tensor<2x3x8x2xf32>
  return %y : tensor<2x3x12x4xf32>
}
