// RUN: cnn-opt %s --cnn-phase-autodiff | FileCheck %s
//
// The derivative rules of all ops but convolutions and pools, each alone:
// the gradient of the sum of y * dy, so that dy is the gradient towards the op's result.

// CHECK-LABEL: func.func @lrn(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.mul %[[X]], %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.channel_window_sum %[[V0]] before 2 after 1 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.scale %[[V1]] factor 2.500000e-01 offset 2.000000e+00 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.pow %[[V2]] exponent -5.000000e-01 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.mul %[[DY]], %[[V3]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V5:.*]] = cnn.mul %[[DY]], %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V6:.*]] = cnn.pow %[[V2]] exponent -1.500000e+00 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V7:.*]] = cnn.mul %[[V5]], %[[V6]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V8:.*]] = cnn.channel_window_sum %[[V7]] before 1 after 2 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V9:.*]] = cnn.mul %[[X]], %[[V8]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V10:.*]] = cnn.scale %[[V9]] factor 2.500000e-01 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V11:.*]] = cnn.sub %[[V4]], %[[V10]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V11]]
func.func @lrn(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.lrn %x {size = 4 : i64, alpha = 1.0 : f64, beta = 0.5 : f64, k = 2.0 : f64} : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// `before` and `after` change places.
// CHECK-LABEL: func.func @channel_window_sum(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.channel_window_sum %[[DY]] before 1 after 2 : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V0]]
func.func @channel_window_sum(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.channel_window_sum %x before 2 after 1 : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// The loss reads the output alone.
// CHECK-LABEL: func.func @batch_norm(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %output, %mean, %variance = cnn.batch_norm %[[X]] epsilon 1.000000e-05
// CHECK-NEXT: %[[V0:.*]] = cnn.scale %variance factor 1.000000e+00 offset 1.000000e-05 : tensor<3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.pow %[[V0]] exponent -5.000000e-01 : tensor<3xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.reduce_sum %[[DY]] dims [0, 2, 3] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.scale %[[V2]] factor 3.125000e-02 : tensor<3xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.broadcast %[[V3]] dims [1] to [2, 3, 4, 4] : tensor<3xf32>
// CHECK-NEXT: %[[V5:.*]] = cnn.sub %[[DY]], %[[V4]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V6:.*]] = cnn.mul %[[DY]], %output : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V7:.*]] = cnn.reduce_sum %[[V6]] dims [0, 2, 3] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V8:.*]] = cnn.scale %[[V7]] factor 3.125000e-02 : tensor<3xf32>
// CHECK-NEXT: %[[V9:.*]] = cnn.scale_channels %output, %[[V8]] : tensor<2x3x4x4xf32>, tensor<3xf32>
// CHECK-NEXT: %[[V10:.*]] = cnn.sub %[[V5]], %[[V9]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V11:.*]] = cnn.scale_channels %[[V10]], %[[V1]] : tensor<2x3x4x4xf32>, tensor<3xf32>
// CHECK-NEXT: return %[[V11]]
func.func @batch_norm(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y, %m, %v = cnn.batch_norm %x epsilon 1.0e-5 : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @batch_norm_mean(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.scale %[[DY]] factor 3.125000e-02 : tensor<3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.broadcast %[[V0]] dims [1] to [2, 3, 4, 4] : tensor<3xf32>
// CHECK-NEXT: return %[[V1]]
func.func @batch_norm_mean(%x: tensor<2x3x4x4xf32>, %dy: tensor<3xf32>) -> (tensor<2x3x4x4xf32>) {
  %y, %m, %v = cnn.batch_norm %x epsilon 1.0e-5 : tensor<2x3x4x4xf32>
  %p = cnn.mul %m, %dy : tensor<3xf32>
  %loss = cnn.reduce_sum %p dims [0] : tensor<3xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @batch_norm_variance(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %output, %mean, %variance = cnn.batch_norm %[[X]] epsilon 1.000000e-05
// CHECK-NEXT: %[[V0:.*]] = cnn.broadcast %mean dims [1] to [2, 3, 4, 4] : tensor<3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.sub %[[X]], %[[V0]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.scale %[[DY]] factor 6.250000e-02 : tensor<3xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.scale_channels %[[V1]], %[[V2]] : tensor<2x3x4x4xf32>, tensor<3xf32>
// CHECK-NEXT: return %[[V3]]
func.func @batch_norm_variance(%x: tensor<2x3x4x4xf32>, %dy: tensor<3xf32>) -> (tensor<2x3x4x4xf32>) {
  %y, %m, %v = cnn.batch_norm %x epsilon 1.0e-5 : tensor<2x3x4x4xf32>
  %p = cnn.mul %v, %dy : tensor<3xf32>
  %loss = cnn.reduce_sum %p dims [0] : tensor<3xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @normalize(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[M:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[V:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.scale %[[V]] factor 1.000000e+00 offset 1.000000e-05 : tensor<3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.pow %[[V0]] exponent -5.000000e-01 : tensor<3xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.scale_channels %[[DY]], %[[V1]] : tensor<2x3x4x4xf32>, tensor<3xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.reduce_sum %[[DY]] dims [0, 2, 3] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.mul %[[V3]], %[[V1]] : tensor<3xf32>
// CHECK-NEXT: %[[V5:.*]] = cnn.scale %[[V4]] factor -1.000000e+00 : tensor<3xf32>
// CHECK-NEXT: %[[V6:.*]] = cnn.broadcast %[[M]] dims [1] to [2, 3, 4, 4] : tensor<3xf32>
// CHECK-NEXT: %[[V7:.*]] = cnn.sub %[[X]], %[[V6]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V8:.*]] = cnn.mul %[[DY]], %[[V7]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V9:.*]] = cnn.reduce_sum %[[V8]] dims [0, 2, 3] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V10:.*]] = cnn.pow %[[V0]] exponent -1.500000e+00 : tensor<3xf32>
// CHECK-NEXT: %[[V11:.*]] = cnn.mul %[[V9]], %[[V10]] : tensor<3xf32>
// CHECK-NEXT: %[[V12:.*]] = cnn.scale %[[V11]] factor -5.000000e-01 : tensor<3xf32>
// CHECK-NEXT: return %[[V2]], %[[V5]], %[[V12]]
func.func @normalize(%x: tensor<2x3x4x4xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>) {
  %y = cnn.normalize %x, %m, %v epsilon 1.0e-5 : tensor<2x3x4x4xf32>, tensor<3xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0, %g1, %g2 = cnn.gradient %loss of %x, %m, %v : tensor<f32> of tensor<2x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>
  return %g0, %g1, %g2 : tensor<2x3x4x4xf32>, tensor<3xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @relu(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.relu %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.relu_mask %[[DY]], %[[V0]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V1]]
func.func @relu(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.relu %x : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// The mask has no derivative.
// CHECK-LABEL: func.func @relu_mask(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[M:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[C:.*]] = arith.constant dense<0.000000e+00> : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V0:.*]] = cnn.relu_mask %[[DY]], %[[M]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V0]], %[[C]]
func.func @relu_mask(%x: tensor<2x3x4x4xf32>, %m: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>) {
  %y = cnn.relu_mask %x, %m : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0, %g1 = cnn.gradient %loss of %x, %m : tensor<f32> of tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>
  return %g0, %g1 : tensor<2x3x4x4xf32>, tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @tanh(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.tanh %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.mul %[[V0]], %[[V0]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.scale %[[V1]] factor -1.000000e+00 offset 1.000000e+00 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.mul %[[DY]], %[[V2]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V3]]
func.func @tanh(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.tanh %x : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @sigmoid(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.sigmoid %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.scale %[[V0]] factor -1.000000e+00 offset 1.000000e+00 : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.mul %[[V0]], %[[V1]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.mul %[[DY]], %[[V2]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V3]]
func.func @sigmoid(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.sigmoid %x : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @softmax(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.softmax %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.mul %[[DY]], %[[V0]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.reduce_sum %[[V1]] dims [1] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.broadcast %[[V2]] dims [0, 2, 3] to [2, 3, 4, 4] : tensor<2x4x4xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.sub %[[DY]], %[[V3]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V5:.*]] = cnn.mul %[[V0]], %[[V4]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V5]]
func.func @softmax(%x: tensor<2x3x4x4xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.softmax %x : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// The same choice of zeros.
// CHECK-LABEL: func.func @dropout(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[S:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[T:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.dropout %[[DY]], %[[S]], %[[T]] probability 5.000000e-01 stream 2 salt 7 : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V0]]
func.func @dropout(%x: tensor<2x3x4x4xf32>, %s: tensor<i64>, %t: tensor<i64>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.dropout %x, %s, %t probability 5.0e-1 stream 2 salt 7 : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @matmul(
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.matmul %[[DY]], %[[B]] transpose_b : tensor<4x5xf32>, tensor<3x5xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.matmul %[[A]], %[[DY]] transpose_a : tensor<4x3xf32>, tensor<4x5xf32>
// CHECK-NEXT: return %[[V0]], %[[V1]]
func.func @matmul(%a: tensor<4x3xf32>, %b: tensor<3x5xf32>, %dy: tensor<4x5xf32>) -> (tensor<4x3xf32>, tensor<3x5xf32>) {
  %y = cnn.matmul %a, %b : tensor<4x3xf32>, tensor<3x5xf32>
  %p = cnn.mul %y, %dy : tensor<4x5xf32>
  %loss = cnn.reduce_sum %p dims [0, 1] : tensor<4x5xf32>
  %g0, %g1 = cnn.gradient %loss of %a, %b : tensor<f32> of tensor<4x3xf32>, tensor<3x5xf32>
  return %g0, %g1 : tensor<4x3xf32>, tensor<3x5xf32>
}

// CHECK-LABEL: func.func @matmul_transpose_a(
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.matmul %[[B]], %[[DY]] transpose_b : tensor<3x5xf32>, tensor<4x5xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.matmul %[[A]], %[[DY]] : tensor<3x4xf32>, tensor<4x5xf32>
// CHECK-NEXT: return %[[V0]], %[[V1]]
func.func @matmul_transpose_a(%a: tensor<3x4xf32>, %b: tensor<3x5xf32>, %dy: tensor<4x5xf32>) -> (tensor<3x4xf32>, tensor<3x5xf32>) {
  %y = cnn.matmul %a, %b transpose_a : tensor<3x4xf32>, tensor<3x5xf32>
  %p = cnn.mul %y, %dy : tensor<4x5xf32>
  %loss = cnn.reduce_sum %p dims [0, 1] : tensor<4x5xf32>
  %g0, %g1 = cnn.gradient %loss of %a, %b : tensor<f32> of tensor<3x4xf32>, tensor<3x5xf32>
  return %g0, %g1 : tensor<3x4xf32>, tensor<3x5xf32>
}

// CHECK-LABEL: func.func @matmul_transpose_b(
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.matmul %[[DY]], %[[B]] : tensor<4x5xf32>, tensor<5x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.matmul %[[DY]], %[[A]] transpose_a : tensor<4x5xf32>, tensor<4x3xf32>
// CHECK-NEXT: return %[[V0]], %[[V1]]
func.func @matmul_transpose_b(%a: tensor<4x3xf32>, %b: tensor<5x3xf32>, %dy: tensor<4x5xf32>) -> (tensor<4x3xf32>, tensor<5x3xf32>) {
  %y = cnn.matmul %a, %b transpose_b : tensor<4x3xf32>, tensor<5x3xf32>
  %p = cnn.mul %y, %dy : tensor<4x5xf32>
  %loss = cnn.reduce_sum %p dims [0, 1] : tensor<4x5xf32>
  %g0, %g1 = cnn.gradient %loss of %a, %b : tensor<f32> of tensor<4x3xf32>, tensor<5x3xf32>
  return %g0, %g1 : tensor<4x3xf32>, tensor<5x3xf32>
}

// CHECK-LABEL: func.func @matmul_transpose_a_transpose_b(
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.matmul %[[B]], %[[DY]] transpose_a transpose_b : tensor<5x3xf32>, tensor<4x5xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.matmul %[[DY]], %[[A]] transpose_a transpose_b : tensor<4x5xf32>, tensor<3x4xf32>
// CHECK-NEXT: return %[[V0]], %[[V1]]
func.func @matmul_transpose_a_transpose_b(%a: tensor<3x4xf32>, %b: tensor<5x3xf32>, %dy: tensor<4x5xf32>) -> (tensor<3x4xf32>, tensor<5x3xf32>) {
  %y = cnn.matmul %a, %b transpose_a transpose_b : tensor<3x4xf32>, tensor<5x3xf32>
  %p = cnn.mul %y, %dy : tensor<4x5xf32>
  %loss = cnn.reduce_sum %p dims [0, 1] : tensor<4x5xf32>
  %g0, %g1 = cnn.gradient %loss of %a, %b : tensor<f32> of tensor<3x4xf32>, tensor<5x3xf32>
  return %g0, %g1 : tensor<3x4xf32>, tensor<5x3xf32>
}

// CHECK-LABEL: func.func @bias_add(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.reduce_sum %[[DY]] dims [0, 2, 3] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[DY]], %[[V0]]
func.func @bias_add(%x: tensor<2x3x4x4xf32>, %b: tensor<3xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>, tensor<3xf32>) {
  %y = cnn.bias_add %x, %b : tensor<2x3x4x4xf32>, tensor<3xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0, %g1 = cnn.gradient %loss of %x, %b : tensor<f32> of tensor<2x3x4x4xf32>, tensor<3xf32>
  return %g0, %g1 : tensor<2x3x4x4xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @scale_channels(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.scale_channels %[[DY]], %[[F]] : tensor<2x3x4x4xf32>, tensor<3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.mul %[[DY]], %[[X]] : tensor<2x3x4x4xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.reduce_sum %[[V1]] dims [0, 2, 3] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V0]], %[[V2]]
func.func @scale_channels(%x: tensor<2x3x4x4xf32>, %f: tensor<3xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>, tensor<3xf32>) {
  %y = cnn.scale_channels %x, %f : tensor<2x3x4x4xf32>, tensor<3xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0, %g1 = cnn.gradient %loss of %x, %f : tensor<f32> of tensor<2x3x4x4xf32>, tensor<3xf32>
  return %g0, %g1 : tensor<2x3x4x4xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @add(
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: return %[[DY]], %[[DY]]
func.func @add(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>, %dy: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %y = cnn.add %a, %b : tensor<2x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1] : tensor<2x3xf32>
  %g0, %g1 = cnn.gradient %loss of %a, %b : tensor<f32> of tensor<2x3xf32>, tensor<2x3xf32>
  return %g0, %g1 : tensor<2x3xf32>, tensor<2x3xf32>
}

// CHECK-LABEL: func.func @sub(
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.scale %[[DY]] factor -1.000000e+00 : tensor<2x3xf32>
// CHECK-NEXT: return %[[DY]], %[[V0]]
func.func @sub(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>, %dy: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %y = cnn.sub %a, %b : tensor<2x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1] : tensor<2x3xf32>
  %g0, %g1 = cnn.gradient %loss of %a, %b : tensor<f32> of tensor<2x3xf32>, tensor<2x3xf32>
  return %g0, %g1 : tensor<2x3xf32>, tensor<2x3xf32>
}

// CHECK-LABEL: func.func @mul(
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.mul %[[DY]], %[[B]] : tensor<2x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.mul %[[DY]], %[[A]] : tensor<2x3xf32>
// CHECK-NEXT: return %[[V0]], %[[V1]]
func.func @mul(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>, %dy: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %y = cnn.mul %a, %b : tensor<2x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1] : tensor<2x3xf32>
  %g0, %g1 = cnn.gradient %loss of %a, %b : tensor<f32> of tensor<2x3xf32>, tensor<2x3xf32>
  return %g0, %g1 : tensor<2x3xf32>, tensor<2x3xf32>
}

// CHECK-LABEL: func.func @div(
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.div %[[A]], %[[B]] : tensor<2x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.div %[[DY]], %[[B]] : tensor<2x3xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.mul %[[V1]], %[[V0]] : tensor<2x3xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.scale %[[V2]] factor -1.000000e+00 : tensor<2x3xf32>
// CHECK-NEXT: return %[[V1]], %[[V3]]
func.func @div(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>, %dy: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %y = cnn.div %a, %b : tensor<2x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1] : tensor<2x3xf32>
  %g0, %g1 = cnn.gradient %loss of %a, %b : tensor<f32> of tensor<2x3xf32>, tensor<2x3xf32>
  return %g0, %g1 : tensor<2x3xf32>, tensor<2x3xf32>
}

// CHECK-LABEL: func.func @scale(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.scale %[[DY]] factor 3.000000e+00 : tensor<2x3xf32>
// CHECK-NEXT: return %[[V0]]
func.func @scale(%x: tensor<2x3xf32>, %dy: tensor<2x3xf32>) -> (tensor<2x3xf32>) {
  %y = cnn.scale %x factor 3.0 offset 1.0 : tensor<2x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1] : tensor<2x3xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3xf32>
  return %g0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @pow(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.pow %[[X]] exponent -1.500000e+00 : tensor<2x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.scale %[[V0]] factor -5.000000e-01 : tensor<2x3xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.mul %[[DY]], %[[V1]] : tensor<2x3xf32>
// CHECK-NEXT: return %[[V2]]
func.func @pow(%x: tensor<2x3xf32>, %dy: tensor<2x3xf32>) -> (tensor<2x3xf32>) {
  %y = cnn.pow %x exponent -5.0e-1 : tensor<2x3xf32>
  %p = cnn.mul %y, %dy : tensor<2x3xf32>
  %loss = cnn.reduce_sum %p dims [0, 1] : tensor<2x3xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3xf32>
  return %g0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @reshape(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.reshape %[[DY]] to [2, 3] : tensor<6xf32>
// CHECK-NEXT: return %[[V0]]
func.func @reshape(%x: tensor<2x3xf32>, %dy: tensor<6xf32>) -> (tensor<2x3xf32>) {
  %y = cnn.reshape %x to [6] : tensor<2x3xf32>
  %p = cnn.mul %y, %dy : tensor<6xf32>
  %loss = cnn.reduce_sum %p dims [0] : tensor<6xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3xf32>
  return %g0 : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @transpose(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.transpose %[[DY]] permutation [2, 0, 1] : tensor<3x4x2xf32>
// CHECK-NEXT: return %[[V0]]
func.func @transpose(%x: tensor<2x3x4xf32>, %dy: tensor<3x4x2xf32>) -> (tensor<2x3x4xf32>) {
  %y = cnn.transpose %x permutation [1, 2, 0] : tensor<2x3x4xf32>
  %p = cnn.mul %y, %dy : tensor<3x4x2xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2] : tensor<3x4x2xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4xf32>
  return %g0 : tensor<2x3x4xf32>
}

// CHECK-LABEL: func.func @reduce_sum(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.broadcast %[[DY]] dims [1] to [2, 3, 4, 4] : tensor<3xf32>
// CHECK-NEXT: return %[[V0]]
func.func @reduce_sum(%x: tensor<2x3x4x4xf32>, %dy: tensor<3xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.reduce_sum %x dims [0, 2, 3] : tensor<2x3x4x4xf32>
  %p = cnn.mul %y, %dy : tensor<3xf32>
  %loss = cnn.reduce_sum %p dims [0] : tensor<3xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<2x3x4x4xf32>
  return %g0 : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @broadcast(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.reduce_sum %[[DY]] dims [0, 2, 3] : tensor<2x3x4x4xf32>
// CHECK-NEXT: return %[[V0]]
func.func @broadcast(%x: tensor<3xf32>, %dy: tensor<2x3x4x4xf32>) -> (tensor<3xf32>) {
  %y = cnn.broadcast %x dims [1] to [2, 3, 4, 4] : tensor<3xf32>
  %p = cnn.mul %y, %dy : tensor<2x3x4x4xf32>
  %loss = cnn.reduce_sum %p dims [0, 1, 2, 3] : tensor<2x3x4x4xf32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<3xf32>
  return %g0 : tensor<3xf32>
}

// CHECK-LABEL: func.func @cross_entropy(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[L:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.softmax %[[X]] : tensor<4x5xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.one_hot %[[L]] on 6.000000e-01 off 1.000000e-01 : tensor<4xi32> -> tensor<4x5xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.sub %[[V0]], %[[V1]] : tensor<4x5xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.scale %[[V2]] factor 2.500000e-01 : tensor<4x5xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.broadcast %[[DY]] dims [] to [4, 5] : tensor<f32>
// CHECK-NEXT: %[[V5:.*]] = cnn.mul %[[V3]], %[[V4]] : tensor<4x5xf32>
// CHECK-NEXT: return %[[V5]]
func.func @cross_entropy(%x: tensor<4x5xf32>, %l: tensor<4xi32>, %dy: tensor<f32>) -> (tensor<4x5xf32>) {
  %y = cnn.cross_entropy %x, %l smooth 0.5 : tensor<4x5xf32>, tensor<4xi32>
  %p = cnn.mul %y, %dy : tensor<f32>
  %loss = cnn.reduce_sum %p dims [] : tensor<f32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<4x5xf32>
  return %g0 : tensor<4x5xf32>
}

// The mean is over positions too.
// CHECK-LABEL: func.func @cross_entropy_positions(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[L:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.softmax %[[X]] : tensor<4x2x3x2xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.one_hot %[[L]] on 1.000000e+00 off 0.000000e+00 : tensor<4x3x2xi32> -> tensor<4x2x3x2xf32>
// CHECK-NEXT: %[[V2:.*]] = cnn.sub %[[V0]], %[[V1]] : tensor<4x2x3x2xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.scale %[[V2]] factor 0.041666666666666664 : tensor<4x2x3x2xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.broadcast %[[DY]] dims [] to [4, 2, 3, 2] : tensor<f32>
// CHECK-NEXT: %[[V5:.*]] = cnn.mul %[[V3]], %[[V4]] : tensor<4x2x3x2xf32>
// CHECK-NEXT: return %[[V5]]
func.func @cross_entropy_positions(%x: tensor<4x2x3x2xf32>, %l: tensor<4x3x2xi32>, %dy: tensor<f32>) -> (tensor<4x2x3x2xf32>) {
  %y = cnn.cross_entropy %x, %l : tensor<4x2x3x2xf32>, tensor<4x3x2xi32>
  %p = cnn.mul %y, %dy : tensor<f32>
  %loss = cnn.reduce_sum %p dims [] : tensor<f32>
  %g0 = cnn.gradient %loss of %x : tensor<f32> of tensor<4x2x3x2xf32>
  return %g0 : tensor<4x2x3x2xf32>
}

// CHECK-LABEL: func.func @mse(
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[T:[a-z0-9]+]]: tensor
// CHECK-SAME: %[[DY:[a-z0-9]+]]: tensor
// CHECK-NEXT: %[[V0:.*]] = cnn.sub %[[X]], %[[T]] : tensor<2x3xf32>
// CHECK-NEXT: %[[V1:.*]] = cnn.broadcast %[[DY]] dims [] to [2, 3] : tensor<f32>
// CHECK-NEXT: %[[V2:.*]] = cnn.scale %[[V0]] factor 0.33333333333333331 : tensor<2x3xf32>
// CHECK-NEXT: %[[V3:.*]] = cnn.mul %[[V2]], %[[V1]] : tensor<2x3xf32>
// CHECK-NEXT: %[[V4:.*]] = cnn.scale %[[V3]] factor -1.000000e+00 : tensor<2x3xf32>
// CHECK-NEXT: return %[[V3]], %[[V4]]
func.func @mse(%x: tensor<2x3xf32>, %t: tensor<2x3xf32>, %dy: tensor<f32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %y = cnn.mse %x, %t : tensor<2x3xf32>
  %p = cnn.mul %y, %dy : tensor<f32>
  %loss = cnn.reduce_sum %p dims [] : tensor<f32>
  %g0, %g1 = cnn.gradient %loss of %x, %t : tensor<f32> of tensor<2x3xf32>, tensor<2x3xf32>
  return %g0, %g1 : tensor<2x3xf32>, tensor<2x3xf32>
}
