// RUN: cnn-opt --cnn-join-max-pool --split-input-file %s | FileCheck %s
// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-join-max-pool{min-inputs=5}))' --split-input-file %s | FileCheck %s --check-prefix=DENSE

// The position is asked for where the largest is, and the mask is of pooled size.
// CHECK-LABEL: func.func @relu_before(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<1x2x4x4xf32>, %[[DY:[a-z0-9]+]]: tensor<1x2x2x2xf32>
// CHECK-NEXT: %[[R:.*]] = cnn.relu %[[X]]
// CHECK-NEXT: %[[Y:.*]] = cnn.max_pool %[[R]]
// CHECK-NEXT: %[[I:.*]] = cnn.pool_argmax %[[R]]
// CHECK-NEXT: cnn.tanh %[[Y]]
// CHECK-NEXT: %[[M:.*]] = cnn.relu_mask %[[DY]], %[[Y]] : tensor<1x2x2x2xf32>
// CHECK-NEXT: %[[DX:.*]] = cnn.unpool %[[M]], %[[I]]
// CHECK-NEXT: return %{{.*}}, %[[DX]]
// With four elements a window and five asked for, the bytes are not kept; the mask is small all the same.
// DENSE-LABEL: func.func @relu_before(
// DENSE: cnn.tanh
// DENSE-NEXT: cnn.pool_argmax
// DENSE-NEXT: cnn.relu_mask {{.*}} : tensor<1x2x2x2xf32>
func.func @relu_before(%x: tensor<1x2x4x4xf32>, %dy: tensor<1x2x2x2xf32>) -> (tensor<1x2x2x2xf32>, tensor<1x2x4x4xf32>) {
  %r = cnn.relu %x : tensor<1x2x4x4xf32>
  %y = cnn.max_pool %r kernel [2, 2] stride [2, 2] : tensor<1x2x4x4xf32>
  %t = cnn.tanh %y : tensor<1x2x2x2xf32>
  %i = cnn.pool_argmax %r kernel [2, 2] stride [2, 2] : tensor<1x2x4x4xf32>
  %u = cnn.unpool %dy, %i size [4, 4] kernel [2, 2] stride [2, 2] : tensor<1x2x2x2xf32>, tensor<1x2x2x2xi8>
  %dx = cnn.relu_mask %u, %r : tensor<1x2x4x4xf32>
  return %t, %dx : tensor<1x2x2x2xf32>, tensor<1x2x4x4xf32>
}

// -----

// Others read the gradient unmasked; another tensor masks it; there is no pooling of these windows.
// CHECK-LABEL: func.func @unmasked(
// CHECK: cnn.unpool
// CHECK: cnn.relu_mask {{.*}} : tensor<1x2x4x4xf32>
func.func @unmasked(%x: tensor<1x2x4x4xf32>, %dy: tensor<1x2x2x2xf32>) -> (tensor<1x2x2x2xf32>, tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>) {
  %y = cnn.max_pool %x kernel [2, 2] stride [2, 2] : tensor<1x2x4x4xf32>
  %i = cnn.pool_argmax %x kernel [2, 2] stride [2, 2] : tensor<1x2x4x4xf32>
  %u = cnn.unpool %dy, %i size [4, 4] kernel [2, 2] stride [2, 2] : tensor<1x2x2x2xf32>, tensor<1x2x2x2xi8>
  %dx = cnn.relu_mask %u, %x : tensor<1x2x4x4xf32>
  return %y, %u, %dx : tensor<1x2x2x2xf32>, tensor<1x2x4x4xf32>, tensor<1x2x4x4xf32>
}

// CHECK-LABEL: func.func @other_mask(
// CHECK: cnn.unpool
// CHECK: cnn.relu_mask {{.*}} : tensor<1x2x4x4xf32>
func.func @other_mask(%x: tensor<1x2x4x4xf32>, %z: tensor<1x2x4x4xf32>, %dy: tensor<1x2x2x2xf32>) -> (tensor<1x2x2x2xf32>, tensor<1x2x4x4xf32>) {
  %y = cnn.max_pool %x kernel [2, 2] stride [2, 2] : tensor<1x2x4x4xf32>
  %i = cnn.pool_argmax %x kernel [2, 2] stride [2, 2] : tensor<1x2x4x4xf32>
  %u = cnn.unpool %dy, %i size [4, 4] kernel [2, 2] stride [2, 2] : tensor<1x2x2x2xf32>, tensor<1x2x2x2xi8>
  %dx = cnn.relu_mask %u, %z : tensor<1x2x4x4xf32>
  return %y, %dx : tensor<1x2x2x2xf32>, tensor<1x2x4x4xf32>
}

// CHECK-LABEL: func.func @other_windows(
// CHECK: cnn.max_pool
// CHECK-NEXT: cnn.tanh
// CHECK-NEXT: cnn.pool_argmax
// CHECK-NEXT: cnn.unpool
// CHECK-NEXT: cnn.relu_mask
func.func @other_windows(%x: tensor<1x2x4x4xf32>, %dy: tensor<1x2x2x2xf32>) -> (tensor<1x2x1x1xf32>, tensor<1x2x4x4xf32>) {
  %y = cnn.max_pool %x kernel [4, 4] : tensor<1x2x4x4xf32>
  %t = cnn.tanh %y : tensor<1x2x1x1xf32>
  %i = cnn.pool_argmax %x kernel [2, 2] stride [2, 2] : tensor<1x2x4x4xf32>
  %u = cnn.unpool %dy, %i size [4, 4] kernel [2, 2] stride [2, 2] : tensor<1x2x2x2xf32>, tensor<1x2x2x2xi8>
  %dx = cnn.relu_mask %u, %x : tensor<1x2x4x4xf32>
  return %t, %dx : tensor<1x2x1x1xf32>, tensor<1x2x4x4xf32>
}
