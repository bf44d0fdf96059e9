// RUN: cnn-opt %s --cnn-to-linalg --canonicalize --split-input-file | FileCheck %s
//
// Convolutions on blocks: the order of the loops and what they read. The lanes are the last
// dimension of each map.

// CHECK-DAG: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7, d8) -> (d0, d4, d2 * 2 + d5, d3 * 2 + d6, d7)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7, d8) -> (d1, d4, d5, d6, d7, d8)>
// CHECK-DAG: #[[Y:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7, d8) -> (d0, d1, d2, d3, d8)>
// CHECK-LABEL: func.func @channels
// CHECK: linalg.pack {{.*}} inner_dims_pos = [1, 0] inner_tiles = [16, 16]
// CHECK: tensor.pad {{.*}} low[0, 0, 1, 1, 0] high[0, 0, 0, 0, 0]
// CHECK: linalg.generic {indexing_maps = [#[[X]], #[[W]], #[[Y]]]
func.func @channels(%x: tensor<2x32x8x8xf32>, %w: tensor<48x32x3x3xf32>) -> tensor<2x48x4x4xf32> {
  %y = cnn.conv2d %x, %w stride [2, 2] pad [1, 1, 1, 1] {cnn.blocks = array<i64: 1>} : tensor<2x32x8x8xf32>, tensor<48x32x3x3xf32>
  return %y : tensor<2x48x4x4xf32>
}

// -----

// From few channels: they are read one by one.
// CHECK-DAG: #[[X:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d0, d4, d2 + d5, d3 + d6)>
// CHECK-DAG: #[[W:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d1, d4, d5, d6, d7)>
// CHECK-LABEL: func.func @stem
// CHECK: linalg.generic {indexing_maps = [#[[X]], #[[W]],
func.func @stem(%x: tensor<2x3x8x8xf32>, %w: tensor<16x3x3x3xf32>) -> tensor<2x16x6x6xf32> {
  %y = cnn.conv2d %x, %w {cnn.blocks = array<i64>} : tensor<2x3x8x8xf32>, tensor<16x3x3x3xf32>
  return %y : tensor<2x16x6x6xf32>
}

// -----

// A crop is no slice: the windows start later.
// CHECK-DAG: affine_map<({{.*}}) -> (d0, d4, d2 + d5 + 1, d3 + d6, d7)>
// CHECK-LABEL: func.func @cropped
// CHECK-NOT: tensor.extract_slice
// CHECK-NOT: tensor.pad
// CHECK: return
func.func @cropped(%x: tensor<2x16x8x8xf32>, %w: tensor<16x16x3x3xf32>) -> tensor<2x16x4x6xf32> {
  %y = cnn.conv2d %x, %w pad [-1, -1, 0, 0] {cnn.blocks = array<i64: 1>} : tensor<2x16x8x8xf32>, tensor<16x16x3x3xf32>
  return %y : tensor<2x16x4x6xf32>
}

// -----

// An adjoint reads the filter that it turns, from its last tap.
// CHECK-DAG: affine_map<({{.*}}) -> (d0, d4, d2 + d5, d3 + d6, d7)>
// CHECK-DAG: affine_map<({{.*}}) -> (d1, d4, -d5 + 2, -d6 + 2, d7, d8)>
// CHECK-LABEL: func.func @adjoint
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor<32x16x3x3xf32>
// CHECK: %[[P:.*]] = linalg.pack %[[W]] inner_dims_pos = [1, 0]
// CHECK: linalg.transpose ins(%[[P]] : {{.*}} permutation = [1, 0, 2, 3, 5, 4]
// CHECK: linalg.generic
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @adjoint(%dy: tensor<2x32x6x6xf32>, %w: tensor<32x16x3x3xf32>) -> tensor<2x16x8x8xf32> {
  %t = cnn.transpose_filter %w : tensor<32x16x3x3xf32>
  %dx = cnn.conv2d %dy, %t pad [2, 2, 2, 2] {cnn.blocks = array<i64: 1>} : tensor<2x32x6x6xf32>, tensor<16x32x3x3xf32>
  return %dx : tensor<2x16x8x8xf32>
}

// -----

// Of a stride of 2 in one direction: two phases with two taps and one, no inserted zeros.
// CHECK-LABEL: func.func @phases
// CHECK: %[[A:.*]] = tensor.extract_slice %{{.*}}[0, 0, 0, 0, 0] [2, 1, 4, 6, 16] [1, 1, 2, 1, 1]
// CHECK: %[[F:.*]] = linalg.fill {{.*}} outs(%[[A]]
// CHECK: %[[T:.*]] = tensor.extract_slice %{{.*}}[0, 0, 0, 0, 0, 0] [1, 1, 2, 1, 16, 16] [1, 1, 2, 1, 1, 1]
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[T]] : {{.*}}) outs(%[[F]]
// CHECK: tensor.insert_slice {{.*}}[0, 0, 0, 0, 0] [2, 1, 4, 6, 16] [1, 1, 2, 1, 1]
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 1, 0, 0] [2, 1, 3, 6, 16] [1, 1, 2, 1, 1]
// CHECK: linalg.generic {{.*}} tensor<1x1x1x1x16x16xf32>
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @phases(%x: tensor<2x16x3x6xf32>, %w: tensor<16x16x3x1xf32>) -> tensor<2x16x7x6xf32> {
  %y = cnn.conv2d %x, %w pad [2, 2, 0, 0] input_dilation [2, 1] {cnn.blocks = array<i64: 1>} : tensor<2x16x3x6xf32>, tensor<16x16x3x1xf32>
  return %y : tensor<2x16x7x6xf32>
}

// -----

// A phase of dilated taps: those that meet an input, as far apart as they do. One of 2 meets every
// tap at neighbouring inputs, where the phase between finds none.
// CHECK-LABEL: func.func @dilated_phases
// CHECK: linalg.generic {{.*}} tensor<1x1x2x2x16x16xf32>
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @dilated_phases(%x: tensor<2x16x3x3xf32>, %w: tensor<16x16x2x2xf32>) -> tensor<2x16x3x3xf32> {
  %y = cnn.conv2d %x, %w dilation [2, 2] input_dilation [2, 2] {cnn.blocks = array<i64: 1>} : tensor<2x16x3x3xf32>, tensor<16x16x2x2xf32>
  return %y : tensor<2x16x3x3xf32>
}

// -----

// Near miss: with a stride a convolution over inserted zeros has no phases, and is added where it
// belongs.
// CHECK-LABEL: func.func @strided_and_transposed
// CHECK-NOT: tensor.insert_slice
// CHECK: return
func.func @strided_and_transposed(%x: tensor<2x16x3x3xf32>, %w: tensor<16x16x2x2xf32>) -> tensor<2x16x2x2xf32> {
  %y = cnn.conv2d %x, %w stride [2, 2] input_dilation [2, 2] {cnn.blocks = array<i64: 1>} : tensor<2x16x3x3xf32>, tensor<16x16x2x2xf32>
  return %y : tensor<2x16x2x2xf32>
}

// -----

// Groups of 8 to 4 channels: four of them are one of 32 to 16, with zeros between their channels.
// CHECK-LABEL: func.func @joined_groups
// CHECK: tensor.insert_slice %{{.*}}[0, 0, 0, 0, 0, 0] [2, 1, 4, 8, 3, 3]
// CHECK: tensor.insert_slice %{{.*}}[0, 1, 0, 8, 0, 0] [2, 1, 4, 8, 3, 3]
// CHECK: tensor.insert_slice %{{.*}}[0, 3, 0, 24, 0, 0] [2, 1, 4, 8, 3, 3]
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<1x4x5x5x16xf32>, tensor<2x2x3x3x16x16xf32>, tensor<2x1x2xf32>)
func.func @joined_groups(%x: tensor<1x64x5x5xf32>, %w: tensor<32x8x3x3xf32>) -> tensor<1x32x3x3xf32> {
  %y = cnn.conv2d %x, %w groups 8 {cnn.blocks = array<i64: 1>} : tensor<1x64x5x5xf32>, tensor<32x8x3x3xf32>
  return %y : tensor<1x32x3x3xf32>
}

// -----

// Groups are a part of an index, bounded by a tensor that is never read.
// CHECK-DAG: affine_map<({{.*}}) -> (d0, d1 + d5, d3 + d6, d4 + d7, d8)>
// CHECK-DAG: affine_map<({{.*}}) -> (d1 + d2, d5, d6, d7, d8, d9)>
// CHECK-LABEL: func.func @groups
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<1x2x5x5x16xf32>, tensor<2x1x3x3x16x16xf32>, tensor<2x1x1xf32>)
func.func @groups(%x: tensor<1x32x5x5xf32>, %w: tensor<32x16x3x3xf32>) -> tensor<1x32x3x3xf32> {
  %y = cnn.conv2d %x, %w groups 2 {cnn.blocks = array<i64: 1>} : tensor<1x32x5x5xf32>, tensor<32x16x3x3xf32>
  return %y : tensor<1x32x3x3xf32>
}

// -----

// Depthwise: a block of channels meets a block of filters.
// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, 0, d4, d5, d6)>
// CHECK-LABEL: func.func @depthwise
// CHECK: linalg.pack {{.*}} inner_dims_pos = [0] {{.*}} -> tensor<2x1x3x3x16xf32>
// CHECK: linalg.generic
func.func @depthwise(%x: tensor<1x20x5x5xf32>, %w: tensor<20x1x3x3xf32>) -> tensor<1x20x3x3xf32> {
  %y = cnn.conv2d %x, %w groups 20 {cnn.blocks = array<i64: 1>} : tensor<1x20x5x5xf32>, tensor<20x1x3x3xf32>
  return %y : tensor<1x20x3x3xf32>
}

// -----

// Blocks of images: a weight is a number for all lanes.
// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d0, d4, d2 + d5, d3 + d6, d7)>
// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d1, d4, d5, d6)>
// CHECK-LABEL: func.func @images
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<2x3x5x5x16xf32>, tensor<6x3x3x3xf32>)
func.func @images(%x: tensor<32x3x5x5xf32>, %w: tensor<6x3x3x3xf32>) -> tensor<32x6x3x3xf32> {
  %y = cnn.conv2d %x, %w {cnn.blocks = array<i64: 0>} : tensor<32x3x5x5xf32>, tensor<6x3x3x3xf32>
  return %y : tensor<32x6x3x3xf32>
}

// -----

// Towards a filter the sums wait while all images pass; its blocks are those of the forward pass.
// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5, d6, d7, d8) -> (d6, d1, d7 * 2 + d2, d8 * 2 + d3, d4)>
// CHECK-DAG: affine_map<(d0, d1, d2, d3, d4, d5, d6, d7, d8) -> (d6, d0, d7, d8, d5)>
// CHECK-LABEL: func.func @filter_gradient
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]
// CHECK: linalg.unpack {{.*}} inner_dims_pos = [1, 0]
func.func @filter_gradient(%x: tensor<2x32x8x8xf32>, %dy: tensor<2x48x4x4xf32>) -> tensor<48x32x3x3xf32> {
  %dw = cnn.filter_gradient %x, %dy kernel [3, 3] stride [2, 2] pad [1, 0, 1, 0] {cnn.blocks = array<i64: 1>} : tensor<2x32x8x8xf32>, tensor<2x48x4x4xf32>
  return %dw : tensor<48x32x3x3xf32>
}

// -----

// The same on plain images.
// CHECK-LABEL: func.func @plain_filter_gradient
// CHECK-NOT: linalg.pack
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<2x3x6x6xf32>, tensor<2x4x4x4xf32>) outs(%{{.*}} : tensor<4x3x3x3xf32>)
// CHECK-NOT: linalg.unpack
// CHECK: return
func.func @plain_filter_gradient(%x: tensor<2x3x6x6xf32>, %dy: tensor<2x4x4x4xf32>) -> tensor<4x3x3x3xf32> {
  %dw = cnn.filter_gradient %x, %dy kernel [3, 3] : tensor<2x3x6x6xf32>, tensor<2x4x4x4xf32>
  return %dw : tensor<4x3x3x3xf32>
}

// -----

// Elements are numbered row by row in any layout: their place in a block is a part of the number.
// CHECK-LABEL: func.func @dropout
// CHECK: linalg.index 1
// CHECK: linalg.index 4
func.func @dropout(%x: tensor<2x32x4x4xf32>, %seed: tensor<i64>, %step: tensor<i64>) -> tensor<2x32x4x4xf32> {
  %y = cnn.dropout %x, %seed, %step probability 5.0e-1 stream 0 {cnn.blocks = array<i64: 1>} : tensor<2x32x4x4xf32>
  return %y : tensor<2x32x4x4xf32>
}
