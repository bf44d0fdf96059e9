// RUN: cnn-opt --cnn-spread-elementwise --split-input-file %s | FileCheck %s
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-spread-elementwise{max-ops=0}))' --split-input-file %s | FileCheck %s --check-prefix=NONE

#m = affine_map<(i, j) -> (i, j)>
#c = affine_map<(i, j) -> (i)>

// A reduction reads %x, so that is in memory: both users subtract the mean themselves.
// CHECK-LABEL: func.func @normalized(
// CHECK: linalg.generic {{.*}}reduction
// CHECK: %[[A:[0-9a-z]+]] = linalg.generic {{.*}} ins(%[[X:[0-9a-z]+]], %[[MEAN:[0-9a-z]+]] :
// CHECK: arith.subf
// CHECK: linalg.generic {{.*}} ins(%[[A]], %{{[0-9a-z]+}} :
// CHECK: arith.mulf
// CHECK: %[[B:[0-9a-z]+]] = linalg.generic {{.*}} ins(%[[X]], %[[MEAN]] :
// CHECK: arith.subf
// CHECK: linalg.generic {{.*}} ins(%[[B]] :
// CHECK: arith.negf
// More operations than max-ops stay.
// NONE-LABEL: func.func @normalized(
// NONE-COUNT-1: arith.subf
// NONE-NOT: arith.subf
func.func @normalized(%x: tensor<16x32xf32>, %s: tensor<16xf32>) -> (tensor<16x32xf32>, tensor<16x32xf32>, tensor<16xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16x32xf32>
  %v = tensor.empty() : tensor<16xf32>
  %start = linalg.fill ins(%zero : f32) outs(%v : tensor<16xf32>) -> tensor<16xf32>
  %mean = linalg.generic {indexing_maps = [#m, #c], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<16x32xf32>) outs(%start : tensor<16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %out, %in : f32
    linalg.yield %0 : f32
  } -> tensor<16xf32>
  %n = linalg.generic {indexing_maps = [#m, #c, #m], iterator_types = ["parallel", "parallel"]} ins(%x, %mean : tensor<16x32xf32>, tensor<16xf32>) outs(%e : tensor<16x32xf32>) {
  ^bb0(%in: f32, %middle: f32, %out: f32):
    %0 = arith.subf %in, %middle : f32
    linalg.yield %0 : f32
  } -> tensor<16x32xf32>
  %y = linalg.generic {indexing_maps = [#m, #c, #m], iterator_types = ["parallel", "parallel"]} ins(%n, %s : tensor<16x32xf32>, tensor<16xf32>) outs(%e : tensor<16x32xf32>) {
  ^bb0(%in: f32, %factor: f32, %out: f32):
    %0 = arith.mulf %in, %factor : f32
    linalg.yield %0 : f32
  } -> tensor<16x32xf32>
  %z = linalg.generic {indexing_maps = [#m, #m], iterator_types = ["parallel", "parallel"]} ins(%n : tensor<16x32xf32>) outs(%e : tensor<16x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.negf %in : f32
    linalg.yield %0 : f32
  } -> tensor<16x32xf32>
  return %y, %z, %mean : tensor<16x32xf32>, tensor<16x32xf32>, tensor<16xf32>
}

// -----

#m = affine_map<(i, j) -> (i, j)>

// No reduction reads %x: a kernel could still finish its sums by this op.
// CHECK-LABEL: func.func @not_summed(
// CHECK-COUNT-1: arith.maximumf
// CHECK-NOT: arith.maximumf
func.func @not_summed(%x: tensor<16x32xf32>) -> (tensor<16x32xf32>, tensor<16x32xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16x32xf32>
  %n = linalg.generic {indexing_maps = [#m, #m], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<16x32xf32>) outs(%e : tensor<16x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.maximumf %in, %zero : f32
    linalg.yield %0 : f32
  } -> tensor<16x32xf32>
  %y = linalg.generic {indexing_maps = [#m, #m], iterator_types = ["parallel", "parallel"]} ins(%n : tensor<16x32xf32>) outs(%e : tensor<16x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.negf %in : f32
    linalg.yield %0 : f32
  } -> tensor<16x32xf32>
  %z = linalg.generic {indexing_maps = [#m, #m], iterator_types = ["parallel", "parallel"]} ins(%n : tensor<16x32xf32>) outs(%e : tensor<16x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %in : f32
    linalg.yield %0 : f32
  } -> tensor<16x32xf32>
  return %y, %z : tensor<16x32xf32>, tensor<16x32xf32>
}

// -----

#m = affine_map<(i, j) -> (i, j)>
#r = affine_map<(i, j) -> (i)>
#k = affine_map<(i, j, k) -> (i, j)>
#w = affine_map<(i, j, k) -> (j, k)>
#o = affine_map<(i, j, k) -> (i, k)>

// A product reads each element of %n 64 times; and %n has two large inputs in the second function.
// CHECK-LABEL: func.func @multiplied(
// CHECK-COUNT-1: arith.maximumf
// CHECK-NOT: arith.maximumf
func.func @multiplied(%x: tensor<16x32xf32>, %b: tensor<32x64xf32>, %t: tensor<16x64xf32>, %s: tensor<16xf32>) -> (tensor<16x64xf32>, tensor<16x32xf32>, tensor<16xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16x32xf32>
  %sum = linalg.generic {indexing_maps = [#m, #r], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<16x32xf32>) outs(%s : tensor<16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %out, %in : f32
    linalg.yield %0 : f32
  } -> tensor<16xf32>
  %n = linalg.generic {indexing_maps = [#m, #m], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<16x32xf32>) outs(%e : tensor<16x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.maximumf %in, %zero : f32
    linalg.yield %0 : f32
  } -> tensor<16x32xf32>
  %y = linalg.generic {indexing_maps = [#k, #w, #o], iterator_types = ["parallel", "reduction", "parallel"]} ins(%n, %b : tensor<16x32xf32>, tensor<32x64xf32>) outs(%t : tensor<16x64xf32>) {
  ^bb0(%in: f32, %weight: f32, %out: f32):
    %0 = arith.mulf %in, %weight : f32
    %1 = arith.addf %out, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<16x64xf32>
  %z = linalg.generic {indexing_maps = [#m, #m], iterator_types = ["parallel", "parallel"]} ins(%n : tensor<16x32xf32>) outs(%e : tensor<16x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.negf %in : f32
    linalg.yield %0 : f32
  } -> tensor<16x32xf32>
  return %y, %z, %sum : tensor<16x64xf32>, tensor<16x32xf32>, tensor<16xf32>
}

// CHECK-LABEL: func.func @two_large(
// CHECK-COUNT-1: arith.divf
// CHECK-NOT: arith.divf
func.func @two_large(%x: tensor<16x32xf32>, %b: tensor<16x32xf32>, %s: tensor<16xf32>) -> (tensor<16x32xf32>, tensor<16x32xf32>, tensor<16xf32>) {
  %e = tensor.empty() : tensor<16x32xf32>
  %sum = linalg.generic {indexing_maps = [#m, #r], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<16x32xf32>) outs(%s : tensor<16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %out, %in : f32
    linalg.yield %0 : f32
  } -> tensor<16xf32>
  %n = linalg.generic {indexing_maps = [#m, #m, #m], iterator_types = ["parallel", "parallel"]} ins(%x, %b : tensor<16x32xf32>, tensor<16x32xf32>) outs(%e : tensor<16x32xf32>) {
  ^bb0(%in: f32, %other: f32, %out: f32):
    %0 = arith.divf %in, %other : f32
    linalg.yield %0 : f32
  } -> tensor<16x32xf32>
  %y = linalg.generic {indexing_maps = [#m, #m], iterator_types = ["parallel", "parallel"]} ins(%n : tensor<16x32xf32>) outs(%e : tensor<16x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.negf %in : f32
    linalg.yield %0 : f32
  } -> tensor<16x32xf32>
  %z = linalg.generic {indexing_maps = [#m, #m], iterator_types = ["parallel", "parallel"]} ins(%n : tensor<16x32xf32>) outs(%e : tensor<16x32xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %in : f32
    linalg.yield %0 : f32
  } -> tensor<16x32xf32>
  return %y, %z, %sum : tensor<16x32xf32>, tensor<16x32xf32>, tensor<16xf32>
}
