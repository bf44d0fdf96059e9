// RUN: cnn-opt %s --pass-pipeline='builtin.module(func.func(cnn-recompute-activations{min-pause=3 min-bytes=64 max-ops=2}))' --split-input-file | FileCheck %s
// RUN: cnn-opt %s --pass-pipeline='builtin.module(func.func(cnn-recompute-activations{min-pause=3 min-bytes=65 max-ops=2}))' --split-input-file | FileCheck %s --check-prefix=SMALL

#i = affine_map<(i) -> (i)>

// The early user keeps the result, the late one gets a copy of the op: %x is alive there.
// CHECK-LABEL: func.func @late(
// CHECK: %[[Y:[0-9a-z]+]] = linalg.generic {{.*}} ins(%[[X:[0-9a-z]+]] : tensor<16xf32>)
// CHECK: arith.maximumf
// CHECK: linalg.exp ins(%[[Y]]
// CHECK: %[[Z:[0-9a-z]+]] = linalg.generic {{.*}} ins(%[[X]] : tensor<16xf32>)
// CHECK-NEXT: ^bb0
// CHECK-NEXT: arith.maximumf
// CHECK: linalg.mul ins(%[[Z]], %[[X]]
// A result of less than min-bytes stays.
// SMALL-LABEL: func.func @late(
// SMALL-COUNT-1: arith.maximumf
// SMALL-NOT: arith.maximumf
func.func @late(%a: tensor<16xf32>) -> (tensor<16xf32>, tensor<16xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16xf32>
  %x = linalg.negf ins(%a : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %y = linalg.generic {indexing_maps = [#i, #i], iterator_types = ["parallel"]} ins(%x : tensor<16xf32>) outs(%e : tensor<16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.maximumf %in, %zero : f32
    linalg.yield %0 : f32
  } -> tensor<16xf32>
  %1 = linalg.exp ins(%y : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %2 = linalg.exp ins(%1 : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %3 = linalg.exp ins(%2 : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %4 = linalg.mul ins(%y, %x : tensor<16xf32>, tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  return %3, %4 : tensor<16xf32>, tensor<16xf32>
}

// -----

#i = affine_map<(i) -> (i)>

// %x would have to be kept instead: nothing is gained.
// CHECK-LABEL: func.func @input_dies(
// SMALL-LABEL: func.func @input_dies(
// CHECK-COUNT-1: arith.maximumf
// CHECK-NOT: arith.maximumf
func.func @input_dies(%a: tensor<16xf32>) -> (tensor<16xf32>, tensor<16xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16xf32>
  %x = linalg.negf ins(%a : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %y = linalg.generic {indexing_maps = [#i, #i], iterator_types = ["parallel"]} ins(%x : tensor<16xf32>) outs(%e : tensor<16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.maximumf %in, %zero : f32
    linalg.yield %0 : f32
  } -> tensor<16xf32>
  %1 = linalg.mul ins(%y, %x : tensor<16xf32>, tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %2 = linalg.exp ins(%1 : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %3 = linalg.exp ins(%2 : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %4 = linalg.exp ins(%y : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  return %3, %4 : tensor<16xf32>, tensor<16xf32>
}

// -----

#i = affine_map<(i) -> (i)>

// A function of libm, or three operations, take longer than reading memory.
// CHECK-LABEL: func.func @dear(
// CHECK-COUNT-1: math.exp
// CHECK-NOT: math.exp
// CHECK-COUNT-3: arith.addf
// CHECK-NOT: arith.addf
// CHECK: return
func.func @dear(%x: tensor<16xf32>) -> (tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) {
  %e = tensor.empty() : tensor<16xf32>
  %f = linalg.generic {indexing_maps = [#i, #i], iterator_types = ["parallel"]} ins(%x : tensor<16xf32>) outs(%e : tensor<16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = math.exp %in : f32
    linalg.yield %0 : f32
  } -> tensor<16xf32>
  %g = linalg.generic {indexing_maps = [#i, #i], iterator_types = ["parallel"]} ins(%x : tensor<16xf32>) outs(%e : tensor<16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %in : f32
    %1 = arith.addf %0, %in : f32
    %2 = arith.addf %1, %in : f32
    linalg.yield %2 : f32
  } -> tensor<16xf32>
  %1 = linalg.negf ins(%x : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %2 = linalg.floor ins(%1 : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %3 = linalg.floor ins(%2 : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %4 = linalg.mul ins(%f, %x : tensor<16xf32>, tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %5 = linalg.mul ins(%g, %x : tensor<16xf32>, tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  return %3, %4, %5 : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>
}

// -----

#i = affine_map<(i) -> (i)>

// The users follow each other: there is no pause.
// CHECK-LABEL: func.func @near(
// CHECK-COUNT-1: arith.maximumf
// CHECK-NOT: arith.maximumf
func.func @near(%x: tensor<16xf32>) -> (tensor<16xf32>, tensor<16xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<16xf32>
  %y = linalg.generic {indexing_maps = [#i, #i], iterator_types = ["parallel"]} ins(%x : tensor<16xf32>) outs(%e : tensor<16xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.maximumf %in, %zero : f32
    linalg.yield %0 : f32
  } -> tensor<16xf32>
  %1 = linalg.exp ins(%y : tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  %2 = linalg.mul ins(%y, %x : tensor<16xf32>, tensor<16xf32>) outs(%e : tensor<16xf32>) -> tensor<16xf32>
  return %1, %2 : tensor<16xf32>, tensor<16xf32>
}
