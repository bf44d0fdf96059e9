// RUN: cnn-opt --pass-pipeline='builtin.module(func.func(cnn-fold-batch-norm))' %s | FileCheck %s

// conv, normalize, scale, shift: one factor and one addend are left; the filter is as it was.
// CHECK-LABEL: func.func @whole_chain
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<1x3x17x17xf32>, %[[W:[a-z0-9]+]]: tensor<8x3x3x3xf32>, %[[M:[a-z0-9]+]]: tensor<8xf32>
// CHECK-SAME: %[[V:[a-z0-9]+]]: tensor<8xf32>, %[[G:[a-z0-9]+]]: tensor<8xf32>, %[[B:[a-z0-9]+]]: tensor<8xf32>
// CHECK-DAG: %[[C:.*]] = cnn.conv2d %[[X]], %[[W]] stride [2, 2] pad [1, 1, 1, 1]
// CHECK-DAG: %[[R:.*]] = cnn.pow %{{.*}} : tensor<8xf32>
// CHECK-DAG: %[[S:.*]] = cnn.mul %[[R]], %[[G]] : tensor<8xf32>
// CHECK-DAG: %[[Y:.*]] = cnn.scale_channels %[[C]], %[[S]]
// CHECK-DAG: %[[T:.*]] = cnn.add %{{.*}}, %[[B]] : tensor<8xf32>
// CHECK: %[[Z:.*]] = cnn.bias_add %[[Y]], %[[T]]
// CHECK-NEXT: return %[[Z]]
func.func @whole_chain(%x: tensor<1x3x17x17xf32>, %w: tensor<8x3x3x3xf32>, %m: tensor<8xf32>,
                       %v: tensor<8xf32>, %g: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<1x8x9x9xf32> {
  %0 = cnn.conv2d %x, %w stride [2, 2] pad [1, 1, 1, 1] : tensor<1x3x17x17xf32>, tensor<8x3x3x3xf32>
  %1 = cnn.normalize %0, %m, %v epsilon 1.0e-5 : tensor<1x8x9x9xf32>, tensor<8xf32>
  %2 = cnn.scale_channels %1, %g : tensor<1x8x9x9xf32>, tensor<8xf32>
  %3 = cnn.bias_add %2, %b : tensor<1x8x9x9xf32>, tensor<8xf32>
  return %3 : tensor<1x8x9x9xf32>
}

// The convolution's own bias is scaled, too.
// CHECK-LABEL: func.func @biased
// CHECK: %[[C:.*]] = cnn.conv2d
// CHECK-DAG: %[[S:.*]] = cnn.scale_channels %[[C]]
// CHECK-DAG: %[[B:.*]] = cnn.mul %{{.*}}, %{{.*}} : tensor<8xf32>
// CHECK: cnn.bias_add %[[S]]
// CHECK-NOT: cnn.bias_add
// CHECK: return
func.func @biased(%x: tensor<1x3x9x9xf32>, %w: tensor<8x3x3x3xf32>, %b: tensor<8xf32>, %m: tensor<8xf32>,
                  %v: tensor<8xf32>) -> tensor<1x8x7x7xf32> {
  %0 = cnn.conv2d %x, %w : tensor<1x3x9x9xf32>, tensor<8x3x3x3xf32>
  %1 = cnn.bias_add %0, %b : tensor<1x8x7x7xf32>, tensor<8xf32>
  %2 = cnn.normalize %1, %m, %v epsilon 1.0e-5 : tensor<1x8x7x7xf32>, tensor<8xf32>
  return %2 : tensor<1x8x7x7xf32>
}

// Factors join behind a convolution only.
// CHECK-LABEL: func.func @factors_of_input
// CHECK-COUNT-2: cnn.scale_channels
func.func @factors_of_input(%x: tensor<1x8x7x7xf32>, %a: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<1x8x7x7xf32> {
  %0 = cnn.scale_channels %x, %a : tensor<1x8x7x7xf32>, tensor<8xf32>
  %1 = cnn.scale_channels %0, %b : tensor<1x8x7x7xf32>, tensor<8xf32>
  return %1 : tensor<1x8x7x7xf32>
}

// Somebody else wants what was not scaled: neither the factors join nor does the bias move.
// CHECK-LABEL: func.func @second_user
// CHECK: %[[C:.*]] = cnn.conv2d
// CHECK: %[[S:.*]] = cnn.scale_channels %[[C]]
// CHECK: %[[T:.*]] = cnn.scale_channels %[[S]]
// CHECK: %[[D:.*]] = cnn.conv2d
// CHECK: %[[B:.*]] = cnn.bias_add %[[D]]
// CHECK: %[[U:.*]] = cnn.scale_channels %[[B]]
// CHECK: return %[[S]], %[[T]], %[[B]], %[[U]]
func.func @second_user(%x: tensor<1x3x9x9xf32>, %w: tensor<8x3x3x3xf32>, %s: tensor<8xf32>)
    -> (tensor<1x8x7x7xf32>, tensor<1x8x7x7xf32>, tensor<1x8x7x7xf32>, tensor<1x8x7x7xf32>) {
  %0 = cnn.conv2d %x, %w : tensor<1x3x9x9xf32>, tensor<8x3x3x3xf32>
  %1 = cnn.scale_channels %0, %s : tensor<1x8x7x7xf32>, tensor<8xf32>
  %2 = cnn.scale_channels %1, %s : tensor<1x8x7x7xf32>, tensor<8xf32>
  %3 = cnn.conv2d %x, %w : tensor<1x3x9x9xf32>, tensor<8x3x3x3xf32>
  %4 = cnn.bias_add %3, %s : tensor<1x8x7x7xf32>, tensor<8xf32>
  %5 = cnn.scale_channels %4, %s : tensor<1x8x7x7xf32>, tensor<8xf32>
  return %1, %2, %4, %5 : tensor<1x8x7x7xf32>, tensor<1x8x7x7xf32>, tensor<1x8x7x7xf32>, tensor<1x8x7x7xf32>
}

// No convolution to fold into.
// CHECK-LABEL: func.func @normalize_of_input
// CHECK: cnn.normalize
func.func @normalize_of_input(%x: tensor<1x8x7x7xf32>, %m: tensor<8xf32>, %v: tensor<8xf32>) -> tensor<1x8x7x7xf32> {
  %0 = cnn.normalize %x, %m, %v epsilon 1.0e-5 : tensor<1x8x7x7xf32>, tensor<8xf32>
  return %0 : tensor<1x8x7x7xf32>
}

// The statistics of training depend on the convolution's output.
// CHECK-LABEL: func.func @training
// CHECK: cnn.conv2d
// CHECK-NEXT: cnn.batch_norm
// CHECK-NEXT: cnn.scale_channels
func.func @training(%x: tensor<2x3x9x9xf32>, %w: tensor<8x3x3x3xf32>, %s: tensor<8xf32>) -> tensor<2x8x7x7xf32> {
  %0 = cnn.conv2d %x, %w : tensor<2x3x9x9xf32>, tensor<8x3x3x3xf32>
  %1, %m, %v = cnn.batch_norm %0 epsilon 1.0e-5 : tensor<2x8x7x7xf32>
  %2 = cnn.scale_channels %1, %s : tensor<2x8x7x7xf32>, tensor<8xf32>
  return %2 : tensor<2x8x7x7xf32>
}
