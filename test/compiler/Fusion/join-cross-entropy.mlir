// RUN: cnn-opt --cnn-join-cross-entropy --split-input-file %s | FileCheck %s

// CHECK-LABEL: func.func @joined(
// CHECK-NEXT: %[[LOSS:.*]], %[[DX:.*]] = cnn.cross_entropy_step %{{.*}}, %{{.*}} factor 2.500000e-01
// CHECK-NEXT: cnn.tanh
// CHECK-NEXT: return %[[LOSS]], %[[DX]]
func.func @joined(%x: tensor<4x5xf32>, %l: tensor<4xi32>) -> (tensor<f32>, tensor<4x5xf32>, tensor<4x5xf32>) {
  %loss = cnn.cross_entropy %x, %l : tensor<4x5xf32>, tensor<4xi32>
  %other = cnn.tanh %x : tensor<4x5xf32>
  %p = cnn.softmax %x : tensor<4x5xf32>
  %t = cnn.one_hot %l on 1.0 off 0.0 : tensor<4xi32> -> tensor<4x5xf32>
  %d = cnn.sub %p, %t : tensor<4x5xf32>
  %dx = cnn.scale %d factor 2.5e-1 : tensor<4x5xf32>
  return %loss, %dx, %other : tensor<f32>, tensor<4x5xf32>, tensor<4x5xf32>
}

// -----

// The difference is scaled in two ways: then it is not part of the op. The labels' rows stay for their other user.
// CHECK-LABEL: func.func @two_scales(
// CHECK-NEXT: %{{.*}}, %[[D:.*]] = cnn.cross_entropy_step %{{.*}}, %{{.*}} smooth 5.000000e-01 factor 1.000000e+00
// CHECK-NEXT: %[[T:.*]] = cnn.one_hot
// CHECK-NEXT: cnn.scale %[[D]] factor 2.500000e-01
// CHECK-NEXT: cnn.scale %[[D]] factor 5.000000e-01
// CHECK-NEXT: return %{{.*}}, %[[T]]
func.func @two_scales(%x: tensor<4x2xf32>, %l: tensor<4xi32>) -> (tensor<f32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>) {
  %loss = cnn.cross_entropy %x, %l smooth 0.5 : tensor<4x2xf32>, tensor<4xi32>
  %p = cnn.softmax %x : tensor<4x2xf32>
  %t = cnn.one_hot %l on 0.75 off 0.25 : tensor<4xi32> -> tensor<4x2xf32>
  %d = cnn.sub %p, %t : tensor<4x2xf32>
  %a = cnn.scale %d factor 2.5e-1 : tensor<4x2xf32>
  %b = cnn.scale %d factor 5.0e-1 : tensor<4x2xf32>
  return %loss, %t, %a, %b : tensor<f32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>
}

// -----

// Others read the probabilities.
// CHECK-LABEL: func.func @probabilities(
// CHECK-NEXT: cnn.cross_entropy %
// CHECK-NEXT: cnn.softmax
func.func @probabilities(%x: tensor<4x5xf32>, %l: tensor<4xi32>) -> (tensor<f32>, tensor<4x5xf32>, tensor<4x5xf32>) {
  %loss = cnn.cross_entropy %x, %l : tensor<4x5xf32>, tensor<4xi32>
  %p = cnn.softmax %x : tensor<4x5xf32>
  %t = cnn.one_hot %l on 1.0 off 0.0 : tensor<4xi32> -> tensor<4x5xf32>
  %d = cnn.sub %p, %t : tensor<4x5xf32>
  return %loss, %d, %p : tensor<f32>, tensor<4x5xf32>, tensor<4x5xf32>
}

// -----

// The loss compares with something else: other labels, other logits, other numbers.
// CHECK-LABEL: func.func @other_labels(
// CHECK-NEXT: cnn.cross_entropy %
func.func @other_labels(%x: tensor<4x5xf32>, %l: tensor<4xi32>, %m: tensor<4xi32>) -> (tensor<f32>, tensor<4x5xf32>) {
  %loss = cnn.cross_entropy %x, %l : tensor<4x5xf32>, tensor<4xi32>
  %p = cnn.softmax %x : tensor<4x5xf32>
  %t = cnn.one_hot %m on 1.0 off 0.0 : tensor<4xi32> -> tensor<4x5xf32>
  %d = cnn.sub %p, %t : tensor<4x5xf32>
  return %loss, %d : tensor<f32>, tensor<4x5xf32>
}

// CHECK-LABEL: func.func @other_logits(
// CHECK-NEXT: cnn.cross_entropy %
func.func @other_logits(%x: tensor<4x5xf32>, %y: tensor<4x5xf32>, %l: tensor<4xi32>) -> (tensor<f32>, tensor<4x5xf32>) {
  %loss = cnn.cross_entropy %x, %l : tensor<4x5xf32>, tensor<4xi32>
  %p = cnn.softmax %y : tensor<4x5xf32>
  %t = cnn.one_hot %l on 1.0 off 0.0 : tensor<4xi32> -> tensor<4x5xf32>
  %d = cnn.sub %p, %t : tensor<4x5xf32>
  return %loss, %d : tensor<f32>, tensor<4x5xf32>
}

// CHECK-LABEL: func.func @other_numbers(
// CHECK-NEXT: cnn.cross_entropy %
func.func @other_numbers(%x: tensor<4x5xf32>, %l: tensor<4xi32>) -> (tensor<f32>, tensor<4x5xf32>) {
  %loss = cnn.cross_entropy %x, %l smooth 0.5 : tensor<4x5xf32>, tensor<4xi32>
  %p = cnn.softmax %x : tensor<4x5xf32>
  %t = cnn.one_hot %l on 1.0 off 0.0 : tensor<4xi32> -> tensor<4x5xf32>
  %d = cnn.sub %p, %t : tensor<4x5xf32>
  return %loss, %d : tensor<f32>, tensor<4x5xf32>
}
