// RUN: cnn-opt --cnn-phase-lowering --cnn-join-elementwise %s | FileCheck %s

// One loop: the sum never reaches memory.
// CHECK-LABEL: func.func @chain
// CHECK: linalg.generic
// CHECK: arith.addf
// CHECK-NEXT: math.absf
// CHECK: math.copysign
// CHECK-NEXT: linalg.yield
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @chain(%x: tensor<2x3x4x4xf32>, %b: tensor<3xf32>) -> tensor<2x3x4x4xf32> {
  %0 = cnn.bias_add %x, %b : tensor<2x3x4x4xf32>, tensor<3xf32>
  %1 = cnn.tanh %0 : tensor<2x3x4x4xf32>
  return %1 : tensor<2x3x4x4xf32>
}

// The sum has a second user: it would be computed twice.
// CHECK-LABEL: func.func @two_users
// CHECK: linalg.generic
// CHECK: arith.addf
// CHECK-NEXT: linalg.yield
// CHECK: linalg.generic
// CHECK: math.copysign
func.func @two_users(%x: tensor<2x3x4x4xf32>, %b: tensor<3xf32>) -> (tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>) {
  %0 = cnn.bias_add %x, %b : tensor<2x3x4x4xf32>, tensor<3xf32>
  %1 = cnn.tanh %0 : tensor<2x3x4x4xf32>
  return %0, %1 : tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>
}

// A reduction reads each element once: it takes in what makes it.
// CHECK-LABEL: func.func @reduction
// CHECK: linalg.generic
// CHECK: math.copysign
// CHECK-NEXT: arith.addf
// CHECK-NEXT: linalg.yield
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @reduction(%x: tensor<2x3x4x4xf32>) -> tensor<3xf32> {
  %0 = cnn.tanh %x : tensor<2x3x4x4xf32>
  %1 = cnn.reduce_sum %0 dims [0, 2, 3] : tensor<2x3x4x4xf32>
  return %1 : tensor<3xf32>
}

// Each element becomes four: its sigmoid would be computed four times.
// CHECK-LABEL: func.func @repeated
// CHECK: linalg.generic
// CHECK: arith.truncf
// CHECK: linalg.yield
// CHECK: linalg.generic
// CHECK-NOT: arith.truncf
// CHECK: return
func.func @repeated(%x: tensor<2x3x4x4xf32>) -> tensor<2x3x8x8xf32> {
  %0 = cnn.sigmoid %x : tensor<2x3x4x4xf32>
  %1 = cnn.upsample %0 factor 2 : tensor<2x3x4x4xf32>
  return %1 : tensor<2x3x8x8xf32>
}

// A convolution reads an element for every output channel and window: its input is made first.
// CHECK-LABEL: func.func @convolution
// CHECK: linalg.generic
// CHECK: arith.maximumf
// CHECK-NEXT: linalg.yield
// CHECK: linalg.generic
// CHECK-NOT: arith.maximumf
// CHECK: return
func.func @convolution(%x: tensor<2x3x4x4xf32>, %w: tensor<5x3x3x3xf32>) -> tensor<2x5x2x2xf32> {
  %0 = cnn.relu %x : tensor<2x3x4x4xf32>
  %1 = cnn.conv2d %0, %w : tensor<2x3x4x4xf32>, tensor<5x3x3x3xf32>
  return %1 : tensor<2x5x2x2xf32>
}
