// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-lower-packs))' --split-input-file %s | FileCheck %s

// One loop nest, in the order of the packed tensor, with the blocks in the given order.
// CHECK: #[[PLAIN:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0 * 16 + d5, d1 * 16 + d4, d2, d3)>
// CHECK: #[[PACKED:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3, d4, d5)>
// CHECK-LABEL: func.func @filter
// CHECK: linalg.generic {indexing_maps = [#[[PLAIN]], #[[PACKED]]]{{.*}} ins(%{{.*}} : tensor<32x48x3x3xf32>) outs(%{{.*}} : tensor<2x3x3x3x16x16xf32>)
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @filter(%w: tensor<32x48x3x3xf32>, %e: tensor<2x3x3x3x16x16xf32>) -> tensor<2x3x3x3x16x16xf32> {
  %p = linalg.pack %w inner_dims_pos = [1, 0] inner_tiles = [16, 16] into %e : tensor<32x48x3x3xf32> -> tensor<2x3x3x3x16x16xf32>
  return %p : tensor<2x3x3x3x16x16xf32>
}

// -----

// A rest is padded before, and cut off after.
// CHECK-LABEL: func.func @rest
// CHECK: %[[W:.*]] = tensor.pad %{{.*}} low[0, 0, 0, 0] high[0, 12, 0, 0]
// CHECK: linalg.generic {{.*}} ins(%[[W]] : tensor<2x32x9x9xf32>) outs(%{{.*}} : tensor<2x2x9x9x16xf32>)
// CHECK: %[[U:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<2x32x9x9xf32>)
// CHECK: tensor.extract_slice %[[U]][0, 0, 0, 0] [2, 20, 9, 9]
func.func @rest(%x: tensor<2x20x9x9xf32>, %e: tensor<2x2x9x9x16xf32>, %f: tensor<2x20x9x9xf32>) -> tensor<2x20x9x9xf32> {
  %zero = arith.constant 0.0 : f32
  %p = linalg.pack %x padding_value(%zero : f32) inner_dims_pos = [1] inner_tiles = [16] into %e : tensor<2x20x9x9xf32> -> tensor<2x2x9x9x16xf32>
  %u = linalg.unpack %p inner_dims_pos = [1] inner_tiles = [16] into %f : tensor<2x2x9x9x16xf32> -> tensor<2x20x9x9xf32>
  return %u : tensor<2x20x9x9xf32>
}

// -----

// Nothing moves in a vector or in maps of one position. Near miss: two positions.
// CHECK-LABEL: func.func @same_order
// CHECK-NOT: linalg.generic
// CHECK: tensor.expand_shape %{{.*}} : tensor<32xf32> into tensor<2x16xf32>
// CHECK-NOT: linalg.generic
// CHECK: tensor.expand_shape %{{.*}} into tensor<4x32x1x1xf32>
// CHECK: linalg.generic
func.func @same_order(%b: tensor<32xf32>, %p: tensor<4x2x1x1x16xf32>, %q: tensor<4x2x1x2x16xf32>, %e: tensor<2x16xf32>,
                      %f: tensor<4x32x1x1xf32>, %g: tensor<4x32x1x2xf32>)
    -> (tensor<2x16xf32>, tensor<4x32x1x1xf32>, tensor<4x32x1x2xf32>) {
  %0 = linalg.pack %b inner_dims_pos = [0] inner_tiles = [16] into %e : tensor<32xf32> -> tensor<2x16xf32>
  %1 = linalg.unpack %p inner_dims_pos = [1] inner_tiles = [16] into %f : tensor<4x2x1x1x16xf32> -> tensor<4x32x1x1xf32>
  %2 = linalg.unpack %q inner_dims_pos = [1] inner_tiles = [16] into %g : tensor<4x2x1x2x16xf32> -> tensor<4x32x1x2xf32>
  return %0, %1, %2 : tensor<2x16xf32>, tensor<4x32x1x1xf32>, tensor<4x32x1x2xf32>
}
