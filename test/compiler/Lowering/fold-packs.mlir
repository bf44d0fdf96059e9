// RUN: cnn-opt --cnn-fold-packs %s | FileCheck %s

// Between neighbours of one layout nothing moves, even with a rest in the last block.
// CHECK-LABEL: func.func @pair(
// CHECK-SAME: %[[P:[a-z0-9_]+]]: tensor<8x2x9x9x16xf32>
// CHECK-NEXT: return %[[P]]
func.func @pair(%p: tensor<8x2x9x9x16xf32>) -> tensor<8x2x9x9x16xf32> {
  %zero = arith.constant 0.0 : f32
  %a = tensor.empty() : tensor<8x20x9x9xf32>
  %b = tensor.empty() : tensor<8x2x9x9x16xf32>
  %u = linalg.unpack %p inner_dims_pos = [1] inner_tiles = [16] into %a : tensor<8x2x9x9x16xf32> -> tensor<8x20x9x9xf32>
  %q = linalg.pack %u padding_value(%zero : f32) inner_dims_pos = [1] inner_tiles = [16] into %b : tensor<8x20x9x9xf32> -> tensor<8x2x9x9x16xf32>
  return %q : tensor<8x2x9x9x16xf32>
}

// Blocks of images become blocks of channels.
// CHECK-LABEL: func.func @another_layout(
// CHECK: linalg.unpack
// CHECK: linalg.pack
func.func @another_layout(%p: tensor<1x32x9x9x16xf32>) -> tensor<16x2x9x9x16xf32> {
  %a = tensor.empty() : tensor<16x32x9x9xf32>
  %b = tensor.empty() : tensor<16x2x9x9x16xf32>
  %u = linalg.unpack %p inner_dims_pos = [0] inner_tiles = [16] into %a : tensor<1x32x9x9x16xf32> -> tensor<16x32x9x9xf32>
  %q = linalg.pack %u inner_dims_pos = [1] inner_tiles = [16] into %b : tensor<16x32x9x9xf32> -> tensor<16x2x9x9x16xf32>
  return %q : tensor<16x2x9x9x16xf32>
}

// Two users pack one tensor: it is packed once, and padded once.
// CHECK-LABEL: func.func @shared(
// CHECK-SAME: %[[X:[a-z0-9_]+]]: tensor<8x32x9x9xf32>
// CHECK: %[[P:[a-z0-9_]+]] = linalg.pack %[[X]]
// CHECK-NOT: linalg.pack
// CHECK: %[[W:[a-z0-9_]+]] = tensor.pad %[[X]]
// CHECK: %[[V:[a-z0-9_]+]] = tensor.pad %[[X]] low[0, 0, 2, 2]
// CHECK: return %[[P]], %[[P]], %[[W]], %[[W]], %[[V]]
func.func @shared(%x: tensor<8x32x9x9xf32>) -> (tensor<8x2x9x9x16xf32>, tensor<8x2x9x9x16xf32>, tensor<8x32x11x11xf32>, tensor<8x32x11x11xf32>, tensor<8x32x11x11xf32>) {
  %zero = arith.constant 0.0 : f32
  %a = tensor.empty() : tensor<8x2x9x9x16xf32>
  %b = tensor.empty() : tensor<8x2x9x9x16xf32>
  %p = linalg.pack %x inner_dims_pos = [1] inner_tiles = [16] into %a : tensor<8x32x9x9xf32> -> tensor<8x2x9x9x16xf32>
  %q = linalg.pack %x inner_dims_pos = [1] inner_tiles = [16] into %b : tensor<8x32x9x9xf32> -> tensor<8x2x9x9x16xf32>
  %w = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%n: index, %c: index, %h: index, %v: index):
    tensor.yield %zero : f32
  } : tensor<8x32x9x9xf32> to tensor<8x32x11x11xf32>
  %same = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%n: index, %c: index, %h: index, %v: index):
    tensor.yield %zero : f32
  } : tensor<8x32x9x9xf32> to tensor<8x32x11x11xf32>
  %low = tensor.pad %x low[0, 0, 2, 2] high[0, 0, 0, 0] {
  ^bb0(%n: index, %c: index, %h: index, %v: index):
    tensor.yield %zero : f32
  } : tensor<8x32x9x9xf32> to tensor<8x32x11x11xf32>
  return %p, %q, %w, %same, %low : tensor<8x2x9x9x16xf32>, tensor<8x2x9x9x16xf32>, tensor<8x32x11x11xf32>, tensor<8x32x11x11xf32>, tensor<8x32x11x11xf32>
}

// Padding with another number is another tensor.
// CHECK-LABEL: func.func @another_number(
// CHECK-COUNT-2: tensor.pad
func.func @another_number(%x: tensor<4xf32>) -> (tensor<6xf32>, tensor<6xf32>) {
  %zero = arith.constant 0.0 : f32
  %least = arith.constant 0xFF800000 : f32
  %p = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<4xf32> to tensor<6xf32>
  %q = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %least : f32
  } : tensor<4xf32> to tensor<6xf32>
  return %p, %q : tensor<6xf32>, tensor<6xf32>
}

// Tensors of equal elements that sums start from are two: one would have to be copied.
// CHECK-LABEL: func.func @starts(
// CHECK-COUNT-2: linalg.fill
func.func @starts() -> (tensor<4xf32>, tensor<4xf32>) {
  %zero = arith.constant 0.0 : f32
  %a = tensor.empty() : tensor<4xf32>
  %b = tensor.empty() : tensor<4xf32>
  %p = linalg.fill ins(%zero : f32) outs(%a : tensor<4xf32>) -> tensor<4xf32>
  %q = linalg.fill ins(%zero : f32) outs(%b : tensor<4xf32>) -> tensor<4xf32>
  return %p, %q : tensor<4xf32>, tensor<4xf32>
}
