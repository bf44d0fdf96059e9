// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-fold-packs))' --split-input-file %s | FileCheck %s

// The pair goes, with a rest, too: what lies beyond is zero in the packed tensor.
// CHECK-LABEL: func.func @pair
// CHECK-SAME: %[[P:[a-z0-9]+]]: tensor<2x2x9x9x16xf32>
// CHECK-NEXT: return %[[P]]
func.func @pair(%p: tensor<2x2x9x9x16xf32>) -> tensor<2x2x9x9x16xf32> {
  %zero = arith.constant 0.0 : f32
  %a = tensor.empty() : tensor<2x20x9x9xf32>
  %u = linalg.unpack %p inner_dims_pos = [1] inner_tiles = [16] into %a : tensor<2x2x9x9x16xf32> -> tensor<2x20x9x9xf32>
  %b = tensor.empty() : tensor<2x2x9x9x16xf32>
  %q = linalg.pack %u padding_value(%zero : f32) inner_dims_pos = [1] inner_tiles = [16] into %b : tensor<2x20x9x9xf32> -> tensor<2x2x9x9x16xf32>
  return %q : tensor<2x2x9x9x16xf32>
}

// -----

// A near miss: from blocks of channels to blocks of images.
// CHECK-LABEL: func.func @other_layout
// CHECK: linalg.unpack
// CHECK: linalg.pack
func.func @other_layout(%p: tensor<16x1x9x9x16xf32>) -> tensor<1x16x9x9x16xf32> {
  %a = tensor.empty() : tensor<16x16x9x9xf32>
  %u = linalg.unpack %p inner_dims_pos = [1] inner_tiles = [16] into %a : tensor<16x1x9x9x16xf32> -> tensor<16x16x9x9xf32>
  %b = tensor.empty() : tensor<1x16x9x9x16xf32>
  %q = linalg.pack %u inner_dims_pos = [0] inner_tiles = [16] into %b : tensor<16x16x9x9xf32> -> tensor<1x16x9x9x16xf32>
  return %q : tensor<1x16x9x9x16xf32>
}

// -----

// Equal packs and equal paddings are one. Near misses: another width, another number, and
// tensors of zeros, which sums start from.
// CHECK-LABEL: func.func @shared
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<2x16x9x9xf32>
// CHECK: %[[P:.*]] = linalg.pack %[[X]]
// CHECK-NOT: linalg.pack
// CHECK: %[[A:.*]] = tensor.pad %[[P]] low[0, 0, 1, 1, 0]
// CHECK: %[[B:.*]] = tensor.pad %[[P]] low[0, 0, 2, 1, 0]
// CHECK: %[[C:.*]] = tensor.pad %[[P]] low[0, 0, 1, 1, 0]
// CHECK-NOT: tensor.pad
// CHECK-COUNT-2: linalg.fill
// CHECK: call @use(%[[A]], %[[A]], %[[B]], %[[C]]
func.func private @use(tensor<2x1x11x11x16xf32>, tensor<2x1x11x11x16xf32>, tensor<2x1x12x11x16xf32>, tensor<2x1x11x11x16xf32>, tensor<4xf32>, tensor<4xf32>)
func.func @shared(%x: tensor<2x16x9x9xf32>) {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<2x1x9x9x16xf32>
  %p = linalg.pack %x inner_dims_pos = [1] inner_tiles = [16] into %e : tensor<2x16x9x9xf32> -> tensor<2x1x9x9x16xf32>
  %f = tensor.empty() : tensor<2x1x9x9x16xf32>
  %q = linalg.pack %x inner_dims_pos = [1] inner_tiles = [16] into %f : tensor<2x16x9x9xf32> -> tensor<2x1x9x9x16xf32>
  %a = tensor.pad %p low[0, 0, 1, 1, 0] high[0, 0, 1, 1, 0] {
  ^bb0(%0: index, %1: index, %2: index, %3: index, %4: index):
    tensor.yield %zero : f32
  } : tensor<2x1x9x9x16xf32> to tensor<2x1x11x11x16xf32>
  %b = tensor.pad %q low[0, 0, 1, 1, 0] high[0, 0, 1, 1, 0] {
  ^bb0(%0: index, %1: index, %2: index, %3: index, %4: index):
    tensor.yield %zero : f32
  } : tensor<2x1x9x9x16xf32> to tensor<2x1x11x11x16xf32>
  %c = tensor.pad %q low[0, 0, 2, 1, 0] high[0, 0, 1, 1, 0] {
  ^bb0(%0: index, %1: index, %2: index, %3: index, %4: index):
    tensor.yield %zero : f32
  } : tensor<2x1x9x9x16xf32> to tensor<2x1x12x11x16xf32>
  %d = tensor.pad %q low[0, 0, 1, 1, 0] high[0, 0, 1, 1, 0] {
  ^bb0(%0: index, %1: index, %2: index, %3: index, %4: index):
    tensor.yield %one : f32
  } : tensor<2x1x9x9x16xf32> to tensor<2x1x11x11x16xf32>
  %g = tensor.empty() : tensor<4xf32>
  %s = linalg.fill ins(%zero : f32) outs(%g : tensor<4xf32>) -> tensor<4xf32>
  %h = tensor.empty() : tensor<4xf32>
  %t = linalg.fill ins(%zero : f32) outs(%h : tensor<4xf32>) -> tensor<4xf32>
  call @use(%a, %b, %c, %d, %s, %t) : (tensor<2x1x11x11x16xf32>, tensor<2x1x11x11x16xf32>, tensor<2x1x12x11x16xf32>, tensor<2x1x11x11x16xf32>, tensor<4xf32>, tensor<4xf32>) -> ()
  return
}
