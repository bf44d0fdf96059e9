// RUN: cnn-opt %s --cnn-to-linalg --split-input-file | FileCheck %s
// RUN: cnn-opt %s --pass-pipeline='builtin.module(func.func(cnn-to-linalg{has-fma=0}))' --split-input-file \
// RUN:   | FileCheck %s --check-prefix=APART
// RUN: cnn-opt %s --cnn-phase-lowering --split-input-file | FileCheck %s --check-prefix=PHASE --implicit-check-not='cnn.{{[a-z]}}'
// RUN: cnn-opt %s --cnn-phase-lowering --cnn-phase-tiling --split-input-file | FileCheck %s --check-prefix=JOINED
//
// How activations, norms and joins become loops. The second run checks that nothing of cnn is left,
// the third what the fast pipeline makes of them.
// PHASE: linalg

// Each is one loop over the elements, in ops that do not cancel.
// CHECK-LABEL: func.func @gelu(
// CHECK: linalg.generic
// CHECK-NOT: linalg.generic
// CHECK: math.erfc
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @gelu(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = cnn.gelu %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// CHECK-LABEL: func.func @softplus(
// CHECK: linalg.generic
// CHECK-NOT: linalg.generic
// CHECK: math.absf
// CHECK-NOT: linalg.generic
// CHECK: math.log1p
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @softplus(%x: tensor<2x3xf64>) -> tensor<2x3xf64> {
  %y = cnn.softplus %x : tensor<2x3xf64>
  return %y : tensor<2x3xf64>
}

// -----

// CHECK-LABEL: func.func @elu(
// CHECK: linalg.generic
// CHECK-NOT: linalg.generic
// CHECK: arith.extf
// CHECK: %[[NEAR:.*]] = arith.cmpf olt
// CHECK: %[[GROWTH:.*]] = arith.select %[[NEAR]]
// CHECK: %[[ROUNDED:.*]] = arith.truncf %[[GROWTH]]
// CHECK: arith.select {{.*}}, %[[ROUNDED]]
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @elu(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = cnn.elu %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// In f32 the exponential is arithmetic in f64, which LLVM vectorizes, and one rounding ends it.
// CHECK-LABEL: func.func @narrow(
// CHECK: arith.extf
// CHECK-NOT: math.
// CHECK: arith.shli
// CHECK-NOT: math.
// CHECK: arith.divf {{.*}} : f64
// CHECK-NEXT: arith.truncf
// CHECK-NEXT: linalg.yield
func.func @narrow(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = cnn.sigmoid %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// tanh is multiply-adds in f32, with one division, where there are such; else arithmetic in f64.
// CHECK-LABEL: func.func @pairs(
// CHECK-NOT: f64
// CHECK: math.absf
// CHECK: math.fma
// CHECK: arith.divf {{.*}} : f32
// CHECK-NOT: arith.divf
// CHECK: math.copysign
// CHECK: return
// APART-LABEL: func.func @pairs(
// APART-NOT: math.fma
// APART: arith.extf
// APART: arith.divf {{.*}} : f64
// APART: arith.truncf
// APART: return
func.func @pairs(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = cnn.tanh %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// In f64 it is libm's.
// CHECK-LABEL: func.func @wide(
// CHECK-NOT: arith.shli
// CHECK-DAG: math.exp
// CHECK-DAG: math.tanh
// CHECK-NOT: arith.truncf
// CHECK: return
func.func @wide(%x: tensor<2x3xf64>) -> (tensor<2x3xf64>, tensor<2x3xf64>) {
  %y = cnn.sigmoid %x : tensor<2x3xf64>
  %z = cnn.elu %x : tensor<2x3xf64>
  return %y, %z : tensor<2x3xf64>, tensor<2x3xf64>
}

// -----

// The sum with 3 comes before the ends, the division after them.
// CHECK-LABEL: func.func @hardsigmoid(
// CHECK: %[[SUM:.*]] = arith.addf
// CHECK: %[[LOW:.*]] = arith.maximumf %[[SUM]]
// CHECK: %[[HIGH:.*]] = arith.minimumf %[[LOW]]
// CHECK: arith.divf %[[HIGH]]
func.func @hardsigmoid(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = cnn.hardsigmoid %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// A slope a channel, and one for all at its only place.
// CHECK-DAG: #[[CHANNEL:.*]] = affine_map<(d0, d1, d2, d3) -> (d1)>
// CHECK-DAG: #[[ONLY:.*]] = affine_map<(d0, d1, d2, d3) -> (0)>
// CHECK-LABEL: func.func @prelu(
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[CHANNEL]], #{{.*}}]
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[ONLY]], #{{.*}}]
func.func @prelu(%x: tensor<2x3x4x4xf32>, %w: tensor<3xf32>, %s: tensor<1xf32>) -> (tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>) {
  %y = cnn.prelu %x, %w : tensor<2x3x4x4xf32>, tensor<3xf32>
  %z = cnn.prelu %x, %s : tensor<2x3x4x4xf32>, tensor<1xf32>
  return %y, %z : tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>
}

// -----

// The largest, the exponentials, their sum, its inverse: each exponential once, in f32, without a call. A zero
// may have either sign where it is subtracted.
// CHECK-LABEL: func.func @softmax(
// CHECK-NOT: math.exp
// CHECK-NOT: arith.extf
// CHECK: linalg.generic {{.*}}"reduction"
// CHECK: arith.maximumf {{.*}} fastmath<nsz>
// CHECK: %[[E:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<2x3xf32>)
// CHECK: arith.shli {{.*}} : i32
// CHECK-NOT: arith.shli
// CHECK: linalg.generic {{.*}}"reduction"{{.*}} ins(%[[E]] : tensor<2x3xf32>)
// CHECK: arith.divf
// CHECK: linalg.generic {{.*}} ins(%[[E]], %{{.*}}, %{{.*}} : tensor<2x3xf32>, tensor<2xf32>, tensor<2xf32>)
// CHECK-NEXT: ^bb0(%[[A:.*]]: f32, %[[SUM:.*]]: f32, %[[INVERSE:.*]]: f32, %{{.*}}: f32):
// CHECK-NEXT: %[[NEAR:.*]] = arith.mulf %[[A]], %[[INVERSE]]
// CHECK-NEXT: %[[MINUS:.*]] = arith.negf %[[NEAR]]
// CHECK-NEXT: %[[REST:.*]] = math.fma %[[MINUS]], %[[SUM]], %[[A]]
// CHECK-NEXT: math.fma %[[REST]], %[[INVERSE]], %[[NEAR]]
// CHECK: return
// Without multiply-adds that is a division.
// APART-LABEL: func.func @softmax(
// APART: arith.shli
// APART: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<2x3xf32>, tensor<2xf32>)
// APART-NEXT: ^bb0
// APART-NEXT: arith.divf
// APART: return
func.func @softmax(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = cnn.softmax %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// In f64 it is libm's.
// CHECK-LABEL: func.func @softmax_f64(
// CHECK: math.exp {{.*}} : f64
// CHECK-NOT: math.exp
// CHECK: return
func.func @softmax_f64(%x: tensor<2x3xf64>) -> tensor<2x3xf64> {
  %y = cnn.softmax %x : tensor<2x3xf64>
  return %y : tensor<2x3xf64>
}

// -----

// One logarithm a row, not one an element. The exponential is one in f32, without a call.
// CHECK-LABEL: func.func @logsoftmax(
// CHECK-NOT: math.exp
// CHECK: arith.shli {{.*}} : i32
// CHECK-NOT: math.exp
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2xf32>)
// CHECK: math.log
// CHECK-NOT: math.log
// CHECK: return
func.func @logsoftmax(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = cnn.logsoftmax %x : tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}

// -----

// Groups are a dimension of their own, what they hold another: two sums over it, one root a group.
// CHECK-LABEL: func.func @group_norm(
// CHECK: tensor.expand_shape %{{.*}} output_shape [2, 3, 8]
// CHECK: linalg.generic {{.*}}"reduction"{{.*}} outs(%{{.*}} : tensor<2x3xf32>)
// CHECK: linalg.generic {{.*}}"reduction"{{.*}} outs(%{{.*}} : tensor<2x3xf32>)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x3xf32>)
// CHECK: math.sqrt
// CHECK-NOT: math.sqrt
// CHECK: tensor.expand_shape %{{.*}} output_shape [2, 6, 2, 2]
// CHECK: return
func.func @group_norm(%x: tensor<2x6x2x2xf32>) -> tensor<2x6x2x2xf32> {
  %y, %mean, %variance = cnn.group_norm %x groups 3 epsilon 1.0e-5 : tensor<2x6x2x2xf32>
  return %y : tensor<2x6x2x2xf32>
}

// -----

// CHECK-LABEL: func.func @position_norm(
// CHECK-NOT: tensor.expand_shape
// CHECK: linalg.generic {{.*}}"reduction"{{.*}} outs(%{{.*}} : tensor<2x2x2xf32>)
// CHECK: linalg.generic {{.*}}"reduction"{{.*}} outs(%{{.*}} : tensor<2x2x2xf32>)
// CHECK: math.sqrt
// CHECK: return
func.func @position_norm(%x: tensor<2x6x2x2xf32>) -> tensor<2x6x2x2xf32> {
  %y, %mean, %variance = cnn.position_norm %x epsilon 1.0e-5 : tensor<2x6x2x2xf32>
  return %y : tensor<2x6x2x2xf32>
}

// -----

// The loop over 5 images draws; that over the elements only chooses.
// CHECK-LABEL: func.func @whole_images(
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<5xf32>)
// CHECK: arith.xori
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<5x3x4xf32>)
// CHECK-NOT: arith.xori
// CHECK: return
func.func @whole_images(%x: tensor<5x3x4xf32>, %seed: tensor<i64>, %step: tensor<i64>) -> tensor<5x3x4xf32> {
  %y = cnn.dropout %x, %seed, %step probability 5.0e-1 stream 0 whole_images : tensor<5x3x4xf32>
  return %y : tensor<5x3x4xf32>
}

// -----

// A gate of [N, C, 1, 1] is read in place, in either order.
// CHECK-DAG: #[[GATE:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1)>
// CHECK-LABEL: func.func @gate(
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[GATE]], #{{.*}}]{{.*}} ins(%{{.*}}, %{{.*}} : tensor<2x3x4x4xf32>, tensor<2x3xf32>)
// CHECK: arith.mulf
// CHECK: linalg.generic {indexing_maps = [#[[GATE]], #{{.*}}, #{{.*}}]{{.*}} ins(%{{.*}}, %{{.*}} : tensor<2x3xf32>, tensor<2x3x4x4xf32>)
// CHECK: arith.addf
func.func @gate(%x: tensor<2x3x4x4xf32>, %g: tensor<2x3x1x1xf32>) -> tensor<2x3x4x4xf32> {
  %r = cnn.reshape %g to [2, 3] : tensor<2x3x1x1xf32>
  %b = cnn.broadcast %r dims [0, 1] to [2, 3, 4, 4] : tensor<2x3xf32>
  %y = cnn.mul %x, %b : tensor<2x3x4x4xf32>
  %z = cnn.add %b, %y : tensor<2x3x4x4xf32>
  return %z : tensor<2x3x4x4xf32>
}

// -----

// A bias, an activation and a sum with a branch are one loop.
// CHECK-LABEL: func.func @chain(
// JOINED-LABEL: func.func @chain(
// JOINED: linalg.generic
// JOINED-NOT: linalg.generic
// JOINED: arith.addf
// JOINED-NOT: linalg.generic
// JOINED: math.erfc
// JOINED-NOT: linalg.generic
// JOINED: arith.maximumf
// JOINED-NOT: linalg.generic
// JOINED: return
func.func @chain(%x: tensor<2x3x4x4xf32>, %b: tensor<3xf32>, %z: tensor<2x3x4x4xf32>) -> tensor<2x3x4x4xf32> {
  %0 = cnn.bias_add %x, %b : tensor<2x3x4x4xf32>, tensor<3xf32>
  %1 = cnn.gelu %0 : tensor<2x3x4x4xf32>
  %2 = cnn.max %1, %z : tensor<2x3x4x4xf32>
  return %2 : tensor<2x3x4x4xf32>
}
