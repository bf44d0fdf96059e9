// RUN: cnn-opt %s --cnn-to-linalg --split-input-file | FileCheck %s
//
// Losses are one sum over all elements; optimizers write where parameters and slots are.

// The label's element is selected, not multiplied by 1 among zeros: logarithms may be infinite.
// CHECK-LABEL: func.func @nll(
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<f32>)
// CHECK: linalg.index
// CHECK: %[[AT:.*]] = arith.cmpi eq
// CHECK: %[[TERM:.*]] = arith.select %[[AT]]
// CHECK: arith.subf %{{.*}}, %[[TERM]]
// CHECK-NOT: arith.mulf
// CHECK: linalg.yield
func.func @nll(%x: tensor<4x5x2xf32>, %l: tensor<4x2xi32>) -> tensor<f32> {
  %y = cnn.nll %x, %l : tensor<4x5x2xf32>, tensor<4x2xi32>
  return %y : tensor<f32>
}

// -----

// First the score of each label, then the margins.
// CHECK-LABEL: func.func @hinge(
// CHECK: %[[RIGHT:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<4x2xf32>)
// CHECK: linalg.generic {{.*}}%[[RIGHT]] : {{.*}} outs(%{{.*}} : tensor<f32>)
// CHECK: arith.maximumf
func.func @hinge(%x: tensor<4x5x2xf32>, %l: tensor<4x2xi32>) -> tensor<f32> {
  %y = cnn.hinge %x, %l : tensor<4x5x2xf32>, tensor<4x2xi32>
  return %y : tensor<f32>
}

// -----

// No exponential of a positive number.
// CHECK-LABEL: func.func @bce(
// CHECK: %[[DISTANCE:.*]] = math.absf
// CHECK: %[[NEGATIVE:.*]] = arith.negf %[[DISTANCE]]
// CHECK: math.exp %[[NEGATIVE]]
// CHECK: math.log1p
// CHECK-NOT: math.exp
// CHECK: return
func.func @bce(%x: tensor<4x5xf32>, %t: tensor<4x5xf32>) -> tensor<f32> {
  %y = cnn.bce %x, %t : tensor<4x5xf32>
  return %y : tensor<f32>
}

// -----

// CHECK-LABEL: func.func @rmsprop_momentum(
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor<3xf32>, %{{[a-z0-9]+}}: tensor<3xf32>, %[[S:[a-z0-9]+]]: tensor<3xf32>, %[[V:[a-z0-9]+]]: tensor<3xf32>
// CHECK: linalg.generic {{.*}} outs(%[[W]], %[[S]], %[[V]] :
// CHECK: math.sqrt
func.func @rmsprop_momentum(%w: tensor<3xf32>, %g: tensor<3xf32>, %s: tensor<3xf32>, %v: tensor<3xf32>, %lr: tensor<f32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) {
  %u, %s2, %v2 = cnn.rmsprop_momentum %w, %g, %s, %v, %lr alpha 0.9375 epsilon 1.0e-8 momentum 0.5 : tensor<3xf32>
  return %u, %s2, %v2 : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}

// -----

// CHECK-LABEL: func.func @adagrad(
// CHECK-SAME: %[[W:[a-z0-9]+]]: tensor<3xf32>, %{{[a-z0-9]+}}: tensor<3xf32>, %[[S:[a-z0-9]+]]: tensor<3xf32>
// CHECK: linalg.generic {{.*}} outs(%[[W]], %[[S]] :
func.func @adagrad(%w: tensor<3xf32>, %g: tensor<3xf32>, %s: tensor<3xf32>, %lr: tensor<f32>) -> (tensor<3xf32>, tensor<3xf32>) {
  %u, %s2 = cnn.adagrad %w, %g, %s, %lr epsilon 1.0e-10 : tensor<3xf32>
  return %u, %s2 : tensor<3xf32>, tensor<3xf32>
}

// -----

// Decoupled decay touches the parameter, not the moments.
// CHECK-LABEL: func.func @adamw(
// CHECK: linalg.generic {{.*}} outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>)
// CHECK: ^bb0(%[[G:.*]]: f32, %[[LR:.*]]: f32, %{{.*}}: f32, %{{.*}}: f32, %[[W:.*]]: f32, %{{.*}}: f32, %{{.*}}: f32):
// CHECK: %[[SHARE:.*]] = arith.mulf %[[LR]], %{{.*}}
// CHECK: %[[LOST:.*]] = arith.mulf %[[SHARE]], %[[W]]
// CHECK: arith.subf %[[W]], %[[LOST]]
// CHECK: arith.mulf %{{.*}}, %[[G]]
func.func @adamw(%w: tensor<3xf32>, %g: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>, %lr: tensor<f32>, %s: tensor<i64>) -> (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) {
  %u, %m2, %v2 = cnn.adam %w, %g, %m, %v, %lr, %s beta1 0.9 beta2 0.9375 epsilon 1.0e-8 decay 1.0e-2 decoupled : tensor<3xf32>
  return %u, %m2, %v2 : tensor<3xf32>, tensor<3xf32>, tensor<3xf32>
}

// -----

// The gradient needs each exponential once more, so they are kept; and it stands before the mean of the losses,
// which is no matter of one row.
// CHECK-LABEL: func.func @cross_entropy_step(
// CHECK: %[[E:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<4x3xf32>)
// CHECK: arith.shli
// CHECK-NOT: arith.shli
// CHECK: %[[D:.*]] = linalg.generic {{.*}} ins(%[[E]], %{{.*}}, %{{.*}} : tensor<4x3xf32>, tensor<4xf32>, tensor<4xi32>)
// CHECK: linalg.generic {{.*}}["parallel", "reduction"]{{.*}} outs(%{{.*}} : tensor<4xf32>)
// CHECK: linalg.generic {{.*}}["reduction"]{{.*}} outs(%{{.*}} : tensor<f32>)
// CHECK: return %{{.*}}, %[[D]]
func.func @cross_entropy_step(%x: tensor<4x3xf32>, %l: tensor<4xi32>) -> (tensor<f32>, tensor<4x3xf32>) {
  %loss, %dx = cnn.cross_entropy_step %x, %l factor 2.5e-1 : tensor<4x3xf32>, tensor<4xi32>
  return %loss, %dx : tensor<f32>, tensor<4x3xf32>
}
