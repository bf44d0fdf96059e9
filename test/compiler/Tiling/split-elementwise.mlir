// RUN: cnn-opt --cnn-split-elementwise %s | FileCheck %s
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-split-elementwise{max-steps=1}))' %s | FileCheck %s --check-prefix=LONG
// RUN: cnn-opt --cnn-split-elementwise --cnn-fuse-epilogue %s | FileCheck %s --check-prefix=FUSED

#x = affine_map<(p, q, k) -> (p + k, q)>
#w = affine_map<(p, q, k) -> (k, q)>
#y = affine_map<(p, q, k) -> (p, q)>
#all = affine_map<(i, j) -> (i, j)>
#column = affine_map<(i, j) -> (j)>

// Two phases that take turns along the rows, then a scale for each column and an addition: each phase
// has its own, on every other row of what is added.
// CHECK-LABEL: func.func @phases(
// CHECK-SAME: %[[X:[a-z0-9_]+]]: tensor<9x16xf32>, %[[W:[a-z0-9_]+]]: tensor<2x16xf32>, %[[S:[a-z0-9_]+]]: tensor<16xf32>, %[[R:[a-z0-9_]+]]: tensor<16x16xf32>
// CHECK: %[[EVEN:[a-z0-9_]+]] = cnn.kernel
// CHECK: %[[ODD:[a-z0-9_]+]] = cnn.kernel
// CHECK-NOT: tensor.insert_slice
// CHECK: %[[R0:[a-z0-9_]+]] = tensor.extract_slice %[[R]][0, 0] [8, 16] [2, 1]
// CHECK: %[[Y0:[a-z0-9_]+]] = linalg.generic {{.*}} ins(%[[EVEN]], %[[S]], %[[R0]] : tensor<8x16xf32>, tensor<16xf32>, tensor<8x16xf32>) outs(%{{[a-z0-9_]+}} : tensor<8x16xf32>)
// CHECK: %[[PART:[a-z0-9_]+]] = tensor.insert_slice %[[Y0]] into %{{[a-z0-9_]+}}[0, 0] [8, 16] [2, 1]
// CHECK: %[[R1:[a-z0-9_]+]] = tensor.extract_slice %[[R]][1, 0] [8, 16] [2, 1]
// CHECK: %[[Y1:[a-z0-9_]+]] = linalg.generic {{.*}} ins(%[[ODD]], %[[S]], %[[R1]] :
// CHECK: %[[WHOLE:[a-z0-9_]+]] = tensor.insert_slice %[[Y1]] into %[[PART]][1, 0] [8, 16] [2, 1]
// CHECK: return %[[WHOLE]]
// A sum of two products is too long where one is allowed.
// LONG-LABEL: func.func @phases(
// LONG: tensor.insert_slice
// LONG: tensor.insert_slice
// LONG: linalg.generic
// LONG: return
// FUSED-LABEL: func.func @phases(
// FUSED: cnn.kernel {{.*}} extras(
// FUSED: cnn.kernel {{.*}} extras(
// FUSED-NOT: linalg.generic
// FUSED: return
func.func @phases(%x: tensor<9x16xf32>, %w: tensor<2x16xf32>, %s: tensor<16xf32>, %r: tensor<16x16xf32>) -> tensor<16x16xf32> {
  %t = tensor.empty() : tensor<8x16xf32>
  %even = cnn.kernel ins(%x, %w : tensor<9x16xf32>, tensor<2x16xf32>) outs(%t : tensor<8x16xf32>) maps [#x, #w, #y]
      extents [8, 16, 1] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %odd = cnn.kernel ins(%x, %w : tensor<9x16xf32>, tensor<2x16xf32>) outs(%t : tensor<8x16xf32>) maps [#x, #w, #y]
      extents [8, 16, 2] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p0, %p1 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %e = tensor.empty() : tensor<16x16xf32>
  %a = tensor.insert_slice %even into %e[0, 0] [8, 16] [2, 1] : tensor<8x16xf32> into tensor<16x16xf32>
  // Dead, as the lowering leaves it.
  %dead = tensor.extract_slice %a[1, 0] [8, 16] [2, 1] : tensor<16x16xf32> to tensor<8x16xf32>
  %b = tensor.insert_slice %odd into %a[1, 0] [8, 16] [2, 1] : tensor<8x16xf32> into tensor<16x16xf32>
  %y = linalg.generic {indexing_maps = [#all, #column, #all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%b, %s, %r : tensor<16x16xf32>, tensor<16xf32>, tensor<16x16xf32>) outs(%e : tensor<16x16xf32>) {
  ^bb0(%p: f32, %q: f32, %v: f32, %unused: f32):
    %0 = arith.mulf %p, %q : f32
    %1 = arith.addf %0, %v : f32
    linalg.yield %1 : f32
  } -> tensor<16x16xf32>
  return %y : tensor<16x16xf32>
}

// Rows 8 to 15 are no kernel's, another op reads the tensor, too, or the slices are halves and not turns: these stay.
// CHECK-LABEL: func.func @left_alone(
// CHECK-NOT: extract_slice
func.func @left_alone(%x: tensor<9x16xf32>, %w: tensor<2x16xf32>, %r: tensor<16x16xf32>) -> (tensor<16x16xf32>, tensor<16x16xf32>, tensor<16x16xf32>, tensor<16x16xf32>) {
  %t = tensor.empty() : tensor<8x16xf32>
  %e = tensor.empty() : tensor<16x16xf32>
  %k0 = cnn.kernel ins(%x, %w : tensor<9x16xf32>, tensor<2x16xf32>) outs(%t : tensor<8x16xf32>) maps [#x, #w, #y]
      extents [8, 16, 2] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.addf %sum, %p0 : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %k1 = cnn.kernel ins(%x, %w : tensor<9x16xf32>, tensor<2x16xf32>) outs(%t : tensor<8x16xf32>) maps [#x, #w, #y]
      extents [8, 16, 2] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.addf %sum, %p1 : f32
    cnn.yield %0 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %k2 = cnn.kernel ins(%x, %w : tensor<9x16xf32>, tensor<2x16xf32>) outs(%t : tensor<8x16xf32>) maps [#x, #w, #y]
      extents [8, 16, 2] reductions [false, false, true] starts [0.0 : f32] reduce {
  ^bb0(%p0: f32, %p1: f32, %sum: f32):
    %0 = arith.mulf %p1, %p0 : f32
    %1 = arith.addf %sum, %0 : f32
    cnn.yield %1 : f32
  } finish {
  ^bb0(%sum: f32):
    cnn.yield %sum : f32
  } -> tensor<8x16xf32>
  %part = tensor.insert_slice %k0 into %e[0, 0] [8, 16] [2, 1] : tensor<8x16xf32> into tensor<16x16xf32>
  %y0 = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%part : tensor<16x16xf32>) outs(%e : tensor<16x16xf32>) {
  ^bb0(%p: f32, %unused: f32):
    %0 = arith.addf %p, %p : f32
    linalg.yield %0 : f32
  } -> tensor<16x16xf32>
  %first = tensor.insert_slice %k1 into %e[0, 0] [8, 16] [1, 1] : tensor<8x16xf32> into tensor<16x16xf32>
  %halves = tensor.insert_slice %k2 into %first[8, 0] [8, 16] [1, 1] : tensor<8x16xf32> into tensor<16x16xf32>
  %y1 = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%halves : tensor<16x16xf32>) outs(%e : tensor<16x16xf32>) {
  ^bb0(%p: f32, %unused: f32):
    %0 = arith.addf %p, %p : f32
    linalg.yield %0 : f32
  } -> tensor<16x16xf32>
  return %y0, %y1, %part, %halves : tensor<16x16xf32>, tensor<16x16xf32>, tensor<16x16xf32>, tensor<16x16xf32>
}
