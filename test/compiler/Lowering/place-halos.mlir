// RUN: cnn-opt --cnn-place-halos --split-input-file -verify-diagnostics %s | FileCheck %s

#i = affine_map<(i, j) -> (i, j)>

// The border is filled before the inside is computed, so that it can be computed there.
// CHECK-LABEL: func.func @computed(
// CHECK: %[[T:[a-z0-9_]+]] = tensor.empty() : tensor<10x11xf32>
// CHECK-NEXT: %[[B:[a-z0-9_]+]] = cnn.fill_border %[[T]] low [1, 1] high [1, 2] value 1.000000e+00 : f32 : tensor<10x11xf32>
// CHECK-NEXT: linalg.fill
// CHECK-NEXT: %[[Y:[a-z0-9_]+]] = linalg.generic
// CHECK: %[[P:[a-z0-9_]+]] = tensor.insert_slice %[[Y]] into %[[B]][1, 1] [8, 8] [1, 1]
// CHECK-NOT: tensor.pad
// CHECK: return %[[P]]
func.func @computed(%x: tensor<8x8xf32>) -> tensor<10x11xf32> {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<8x8xf32>
  %t = linalg.fill ins(%zero : f32) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  %y = linalg.generic {indexing_maps = [#i, #i], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<8x8xf32>) outs(%t : tensor<8x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %out : f32
    linalg.yield %0 : f32
  } -> tensor<8x8xf32>
  %p = tensor.pad %y low[1, 1] high[1, 2] {
  ^bb0(%r: index, %c: index):
    tensor.yield %one : f32
  } : tensor<8x8xf32> to tensor<10x11xf32>
  return %p : tensor<10x11xf32>
}

// What nobody computes here is copied: the border is filled where the padding was.
// CHECK-LABEL: func.func @argument(
// CHECK: linalg.negf
// CHECK: cnn.fill_border
// CHECK-NEXT: tensor.insert_slice
func.func @argument(%x: tensor<8x8xf32>, %e: tensor<8x8xf32>) -> (tensor<8x8xf32>, tensor<9x9xf32>) {
  %zero = arith.constant 0.0 : f32
  %y = linalg.negf ins(%x : tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  %p = tensor.pad %x low[1, 1] high[0, 0] {
  ^bb0(%r: index, %c: index):
    tensor.yield %zero : f32
  } : tensor<8x8xf32> to tensor<9x9xf32>
  return %y, %p : tensor<8x8xf32>, tensor<9x9xf32>
}

// -----

func.func @number(%x: tensor<8xf32>, %number: f32) -> tensor<9xf32> {
  // expected-error @+1 {{expected padding of static width with a constant}}
  %p = tensor.pad %x low[1] high[0] {
  ^bb0(%i: index):
    tensor.yield %number : f32
  } : tensor<8xf32> to tensor<9xf32>
  return %p : tensor<9xf32>
}

// -----

func.func @width(%x: tensor<8xf32>, %width: index) -> tensor<?xf32> {
  %zero = arith.constant 0.0 : f32
  // expected-error @+1 {{expected padding of static width with a constant}}
  %p = tensor.pad %x low[1] high[%width] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<8xf32> to tensor<?xf32>
  return %p : tensor<?xf32>
}
