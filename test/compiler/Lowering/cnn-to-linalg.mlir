// RUN: cnn-opt %s --cnn-to-linalg --split-input-file | FileCheck %s
// RUN: cnn-opt %s --cnn-phase-lowering --split-input-file | FileCheck %s --check-prefix=PHASE --implicit-check-not='cnn.{{[a-eg-z]}}'
//
// How the ops become loops: what padding, strides, dilations and groups look like.
// The second run checks that nothing of cnn is left but cnn.fill_border.
// PHASE: linalg

// Padding is a larger tensor, the stride is in the map of the input.
// CHECK-DAG: affine_map<({{.*}}) -> ({{.*}}d{{[0-9]}} * 2 + d{{[0-9]}}, {{.*}}d{{[0-9]}} * 3 + d{{[0-9]}}
// CHECK-LABEL: func.func @padded_and_strided(
// CHECK: tensor.pad %{{.*}} low[0, 0, 1, 2] high[0, 0, 0, 3]
// CHECK: tensor<1x2x7x7xf32> to tensor<1x2x8x12xf32>
// CHECK: linalg.generic
// CHECK: arith.mulf
// CHECK: arith.addf
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @padded_and_strided(%x: tensor<1x2x7x7xf32>, %w: tensor<2x2x3x3xf32>) -> tensor<1x2x3x4xf32> {
  %y = cnn.conv2d %x, %w stride [2, 3] pad [1, 0, 2, 3] : tensor<1x2x7x7xf32>, tensor<2x2x3x3xf32>
  return %y : tensor<1x2x3x4xf32>
}

// -----

// A negative padding crops: a slice, and no larger tensor.
// CHECK-LABEL: func.func @cropped(
// CHECK-NOT: tensor.insert_slice
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 1, 0] [1, 2, 4, 5] [1, 1, 1, 1] : tensor<1x2x7x7xf32> to tensor<1x2x4x5xf32>
// CHECK-NOT: tensor.insert_slice
// CHECK: return
func.func @cropped(%x: tensor<1x2x7x7xf32>, %w: tensor<2x2x3x3xf32>) -> tensor<1x2x2x3xf32> {
  %y = cnn.conv2d %x, %w pad [-1, -2, 0, -2] : tensor<1x2x7x7xf32>, tensor<2x2x3x3xf32>
  return %y : tensor<1x2x2x3xf32>
}

// -----

// Without padding the input is read where it stands.
// CHECK-LABEL: func.func @plain(
// CHECK-NOT: tensor.insert_slice
// CHECK-NOT: tensor.extract_slice
// CHECK: return
func.func @plain(%x: tensor<1x2x7x7xf32>, %w: tensor<2x2x3x3xf32>) -> tensor<1x2x5x5xf32> {
  %y = cnn.conv2d %x, %w : tensor<1x2x7x7xf32>, tensor<2x2x3x3xf32>
  return %y : tensor<1x2x5x5xf32>
}

// -----

// An input dilation is in the map of the output: every input adds its products to
// positions that are 2 and 3 apart, and no tensor holds inserted zeros.
// CHECK-DAG: affine_map<({{.*}}) -> ({{.*}}d{{[0-9]}} * 2{{[ +-]+}}d{{[0-9]}} + 2, {{.*}}d{{[0-9]}} * 3{{[ +-]+}}d{{[0-9]}} + 2
// CHECK-LABEL: func.func @transposed(
// CHECK-NOT: x13x19xf32
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<{{.*}}7x7xf32>, tensor<{{.*}}3x3xf32>) outs(%{{.*}} : tensor<{{.*}}15x21xf32>)
// CHECK: return
func.func @transposed(%x: tensor<1x2x7x7xf32>, %w: tensor<2x2x3x3xf32>) -> tensor<1x2x13x17xf32> {
  %y = cnn.conv2d %x, %w pad [1, 1, 0, 0] input_dilation [2, 3] : tensor<1x2x7x7xf32>, tensor<2x2x3x3xf32>
  return %y : tensor<1x2x13x17xf32>
}

// -----

// Groups are a dimension of their own: no loop over channels of other groups.
// CHECK-LABEL: func.func @groups(
// CHECK: tensor.expand_shape %{{.*}} output_shape [1, 2, 2, 7, 7]
// CHECK: tensor.expand_shape %{{.*}} output_shape [2, 3, 2, 3, 3]
// CHECK: linalg.generic
// CHECK-SAME: outs(%{{.*}} : tensor<1x2x3x5x5xf32>)
// CHECK: tensor.collapse_shape
// CHECK: return
func.func @groups(%x: tensor<1x4x7x7xf32>, %w: tensor<6x2x3x3xf32>) -> tensor<1x6x5x5xf32> {
  %y = cnn.conv2d %x, %w groups 2 : tensor<1x4x7x7xf32>, tensor<6x2x3x3xf32>
  return %y : tensor<1x6x5x5xf32>
}

// -----

// A broadcast is an indexing map of its user.
// CHECK-DAG: #[[CHANNEL:.*]] = affine_map<(d0, d1, d2, d3) -> (d1)>
// CHECK-LABEL: func.func @broadcast(
// CHECK: linalg.generic {indexing_maps = [#[[ID:map[0-9]*]], #[[CHANNEL]], #[[ID]]]{{.*}} ins(%{{.*}}, %{{.*}} : tensor<2x3x4x4xf32>, tensor<3xf32>)
// CHECK: arith.subf
func.func @broadcast(%x: tensor<2x3x4x4xf32>, %b: tensor<3xf32>) -> tensor<2x3x4x4xf32> {
  %a = cnn.broadcast %b dims [1] to [2, 3, 4, 4] : tensor<3xf32>
  %y = cnn.sub %x, %a : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// -----

// Padding of a maximum is less than every number; of a sum it is 0.
// CHECK-LABEL: func.func @pools(
// CHECK: %[[LOWEST:.*]] = arith.constant 0xFF800000 : f32
// CHECK: tensor.pad
// CHECK: tensor.yield %[[LOWEST]] : f32
// CHECK: arith.maximumf
// CHECK: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK: tensor.pad
// CHECK: tensor.yield %[[ZERO]] : f32
// CHECK: arith.addf
func.func @pools(%x: tensor<1x2x4x4xf32>) -> (tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>) {
  %m = cnn.max_pool %x kernel [3, 3] stride [2, 2] pad [1, 0, 1, 0] : tensor<1x2x4x4xf32>
  %s = cnn.sum_pool %x kernel [3, 3] stride [2, 2] pad [1, 0, 1, 0] : tensor<1x2x4x4xf32>
  return %m, %s : tensor<1x2x2x2xf32>, tensor<1x2x2x2xf32>
}

// -----

// Windows of different sizes divide by a table along each axis; of equal sizes by one number.
// CHECK-LABEL: func.func @averages(
// CHECK-DAG: arith.constant dense<[2.000000e+00, 3.000000e+00, 2.000000e+00]> : tensor<3xf32>
// CHECK-DAG: arith.constant 4.000000e+00 : f32
// CHECK: return
func.func @averages(%x: tensor<1x1x5x5xf32>, %y: tensor<1x1x4x4xf32>) -> (tensor<1x1x3x3xf32>, tensor<1x1x2x2xf32>) {
  %a = cnn.avg_pool %x kernel [3, 3] stride [2, 2] pad [1, 1, 1, 1] : tensor<1x1x5x5xf32>
  %b = cnn.avg_pool %y kernel [2, 2] stride [2, 2] : tensor<1x1x4x4xf32>
  return %a, %b : tensor<1x1x3x3xf32>, tensor<1x1x2x2xf32>
}
