// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-scale-sums,cse))' %s | FileCheck %s

// The gradients of a scale and of the normalization before it want the same sums of dy and of
// dy * y: two are left, and each is scaled for the one that wants it so.
// CHECK-LABEL: func.func @normalization(
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor<8x16x9x9xf32>, %[[Y:[a-z0-9]+]]: tensor<8x16x9x9xf32>, %[[S:[a-z0-9]+]]: tensor<16xf32>
// CHECK-DAG: %[[Z:.*]] = cnn.scale_channels %[[DY]], %[[S]]
// CHECK-DAG: %[[A:.*]] = cnn.reduce_sum %[[DY]] dims [0, 2, 3]
// CHECK-DAG: %[[P:.*]] = cnn.mul %[[DY]], %[[Y]] : tensor<8x16x9x9xf32>
// CHECK-DAG: %[[B:.*]] = cnn.reduce_sum %[[P]] dims [0, 2, 3]
// CHECK-DAG: %[[C:.*]] = cnn.mul %[[A]], %[[S]] : tensor<16xf32>
// CHECK-DAG: %[[D:.*]] = cnn.mul %[[B]], %[[S]] : tensor<16xf32>
// CHECK-NOT: reduce_sum
// CHECK: return %[[Z]], %[[A]], %[[B]], %[[C]], %[[D]]
func.func @normalization(%dy: tensor<8x16x9x9xf32>, %y: tensor<8x16x9x9xf32>, %s: tensor<16xf32>)
    -> (tensor<8x16x9x9xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) {
  %0 = cnn.reduce_sum %dy dims [0, 2, 3] : tensor<8x16x9x9xf32>
  %1 = cnn.mul %dy, %y : tensor<8x16x9x9xf32>
  %2 = cnn.reduce_sum %1 dims [0, 2, 3] : tensor<8x16x9x9xf32>
  %3 = cnn.scale_channels %dy, %s : tensor<8x16x9x9xf32>, tensor<16xf32>
  %4 = cnn.reduce_sum %3 dims [0, 2, 3] : tensor<8x16x9x9xf32>
  %5 = cnn.mul %3, %y : tensor<8x16x9x9xf32>
  %6 = cnn.reduce_sum %5 dims [0, 2, 3] : tensor<8x16x9x9xf32>
  return %3, %0, %2, %4, %6 : tensor<8x16x9x9xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>
}

// The second factor may be the scaled one, or both.
// CHECK-LABEL: func.func @both_scaled(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<8x16xf32>, %[[Y:[a-z0-9]+]]: tensor<8x16xf32>, %[[S:[a-z0-9]+]]: tensor<16xf32>
// CHECK-NOT: scale_channels
// CHECK: %[[P:.*]] = cnn.mul %[[X]], %[[Y]] : tensor<8x16xf32>
// CHECK: %[[A:.*]] = cnn.reduce_sum %[[P]] dims [0]
// CHECK: %[[B:.*]] = cnn.mul %[[A]], %[[S]]
// CHECK: %[[C:.*]] = cnn.mul %[[B]], %[[S]]
// CHECK: return %[[C]]
func.func @both_scaled(%x: tensor<8x16xf32>, %y: tensor<8x16xf32>, %s: tensor<16xf32>) -> tensor<16xf32> {
  %0 = cnn.scale_channels %x, %s : tensor<8x16xf32>, tensor<16xf32>
  %1 = cnn.scale_channels %y, %s : tensor<8x16xf32>, tensor<16xf32>
  %2 = cnn.mul %0, %1 : tensor<8x16xf32>
  %3 = cnn.reduce_sum %2 dims [0] : tensor<8x16xf32>
  return %3 : tensor<16xf32>
}

// Near misses: sums over the channels, too, or of fewer dimensions, and a product that stays anyway.
// CHECK-LABEL: func.func @over_channels(
// CHECK: cnn.scale_channels
// CHECK: cnn.reduce_sum %{{.*}} dims [1, 2, 3]
func.func @over_channels(%x: tensor<8x16x9x9xf32>, %s: tensor<16xf32>) -> tensor<8xf32> {
  %0 = cnn.scale_channels %x, %s : tensor<8x16x9x9xf32>, tensor<16xf32>
  %1 = cnn.reduce_sum %0 dims [1, 2, 3] : tensor<8x16x9x9xf32>
  return %1 : tensor<8xf32>
}

// CHECK-LABEL: func.func @of_each_image(
// CHECK: cnn.scale_channels
// CHECK: cnn.reduce_sum %{{.*}} dims [2, 3]
func.func @of_each_image(%x: tensor<8x16x9x9xf32>, %s: tensor<16xf32>) -> tensor<8x16xf32> {
  %0 = cnn.scale_channels %x, %s : tensor<8x16x9x9xf32>, tensor<16xf32>
  %1 = cnn.reduce_sum %0 dims [2, 3] : tensor<8x16x9x9xf32>
  return %1 : tensor<8x16xf32>
}

// CHECK-LABEL: func.func @kept_product(
// CHECK: %[[P:.*]] = cnn.mul
// CHECK: cnn.reduce_sum %[[P]]
func.func @kept_product(%x: tensor<8x16xf32>, %y: tensor<8x16xf32>, %s: tensor<16xf32>) -> (tensor<8x16xf32>, tensor<16xf32>) {
  %0 = cnn.scale_channels %x, %s : tensor<8x16xf32>, tensor<16xf32>
  %1 = cnn.mul %0, %y : tensor<8x16xf32>
  %2 = cnn.reduce_sum %1 dims [0] : tensor<8x16xf32>
  return %1, %2 : tensor<8x16xf32>, tensor<16xf32>
}
