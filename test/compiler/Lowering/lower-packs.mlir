// RUN: cnn-opt --cnn-lower-packs --split-input-file %s | FileCheck %s

// CHECK: #[[PLAIN:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1 * 16 + d4, d2, d3)>
// CHECK: #[[PACKED:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3, d4)>
// One loop nest, in the order of the packed tensor.
// CHECK-LABEL: func.func @pack(
// CHECK-SAME: %[[X:[a-z0-9_]+]]: tensor<8x32x9x9xf32>
// CHECK: linalg.generic {indexing_maps = [#[[PLAIN]], #[[PACKED]]], {{.*}}} ins(%[[X]] : tensor<8x32x9x9xf32>) outs(%{{.*}} : tensor<8x2x9x9x16xf32>)
// CHECK-NEXT: ^bb0(%[[IN:[a-z0-9_]+]]: f32, %{{.*}}: f32):
// CHECK-NEXT: linalg.yield %[[IN]]
// CHECK-NOT: linalg.pack
func.func @pack(%x: tensor<8x32x9x9xf32>, %a: tensor<8x2x9x9x16xf32>) -> tensor<8x2x9x9x16xf32> {
  %p = linalg.pack %x inner_dims_pos = [1] inner_tiles = [16] into %a : tensor<8x32x9x9xf32> -> tensor<8x2x9x9x16xf32>
  return %p : tensor<8x2x9x9x16xf32>
}

// CHECK-LABEL: func.func @unpack(
// CHECK: linalg.generic {indexing_maps = [#[[PACKED]], #[[PLAIN]]], {{.*}}} ins(%{{.*}} : tensor<8x2x9x9x16xf32>) outs(%{{.*}} : tensor<8x32x9x9xf32>)
// CHECK-NOT: linalg.unpack
func.func @unpack(%p: tensor<8x2x9x9x16xf32>, %a: tensor<8x32x9x9xf32>) -> tensor<8x32x9x9xf32> {
  %x = linalg.unpack %p inner_dims_pos = [1] inner_tiles = [16] into %a : tensor<8x2x9x9x16xf32> -> tensor<8x32x9x9xf32>
  return %x : tensor<8x32x9x9xf32>
}

// -----

// A rest is filled with zeros before, and cut off after.
// CHECK-LABEL: func.func @rest(
// CHECK: tensor.pad %{{.*}} low[0, 0, 0, 0] high[0, 12, 0, 0]
// CHECK: tensor<8x20x9x9xf32> to tensor<8x32x9x9xf32>
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<8x2x9x9x16xf32>)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<8x32x9x9xf32>)
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 0, 0] [8, 20, 9, 9] [1, 1, 1, 1]
func.func @rest(%x: tensor<8x20x9x9xf32>, %a: tensor<8x2x9x9x16xf32>) -> tensor<8x20x9x9xf32> {
  %zero = arith.constant 0.0 : f32
  %p = linalg.pack %x padding_value(%zero : f32) inner_dims_pos = [1] inner_tiles = [16] into %a : tensor<8x20x9x9xf32> -> tensor<8x2x9x9x16xf32>
  %u = linalg.unpack %p inner_dims_pos = [1] inner_tiles = [16] into %x : tensor<8x2x9x9x16xf32> -> tensor<8x20x9x9xf32>
  return %u : tensor<8x20x9x9xf32>
}

// -----

// A vector, and maps of one position: nothing moves.
// CHECK-LABEL: func.func @same_order(
// CHECK-NOT: linalg.generic
// CHECK: tensor.expand_shape %{{.*}} {{\[\[}}0, 1]] {{.*}} : tensor<32xf32> into tensor<2x16xf32>
// CHECK: tensor.collapse_shape %{{.*}} : tensor<8x2x1x1x16xf32> into tensor<256xf32>
// CHECK: tensor.expand_shape {{.*}} : tensor<256xf32> into tensor<8x32x1x1xf32>
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @same_order(%v: tensor<32xf32>, %a: tensor<2x16xf32>, %p: tensor<8x2x1x1x16xf32>, %b: tensor<8x32x1x1xf32>) -> (tensor<2x16xf32>, tensor<8x32x1x1xf32>) {
  %0 = linalg.pack %v inner_dims_pos = [0] inner_tiles = [16] into %a : tensor<32xf32> -> tensor<2x16xf32>
  %1 = linalg.unpack %p inner_dims_pos = [1] inner_tiles = [16] into %b : tensor<8x2x1x1x16xf32> -> tensor<8x32x1x1xf32>
  return %0, %1 : tensor<2x16xf32>, tensor<8x32x1x1xf32>
}

// -----

// Two dimensions of a filter.
// CHECK: affine_map<(d0, d1, d2, d3, d4, d5) -> (d0 * 16 + d5, d1 * 16 + d4, d2, d3)>
// CHECK-LABEL: func.func @filter(
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<4x2x3x3x16x16xf32>)
func.func @filter(%w: tensor<64x32x3x3xf32>, %a: tensor<4x2x3x3x16x16xf32>) -> tensor<4x2x3x3x16x16xf32> {
  %p = linalg.pack %w inner_dims_pos = [1, 0] inner_tiles = [16, 16] into %a : tensor<64x32x3x3xf32> -> tensor<4x2x3x3x16x16xf32>
  return %p : tensor<4x2x3x3x16x16xf32>
}
