// What outlives a call.
// RUN: cnn-opt %s | FileCheck %s
// RUN: cnn-opt %s -o %t.mlir && cnn-opt %t.mlir | diff %t.mlir -
// RUN: cnn-opt %s --mlir-print-op-generic | cnn-opt | diff %t.mlir -

// CHECK: cnn.variable @conv1.weight parameter : tensor<6x1x5x5xf32> {uniform = 2.000000e-01 : f64}
cnn.variable @conv1.weight parameter : tensor<6x1x5x5xf32> {uniform = 0.2 : f64}
// CHECK: cnn.variable @bn1.running_var statistic : tensor<6xf64> {constant = 1.000000e+00 : f64}
cnn.variable @bn1.running_var statistic : tensor<6xf64> {constant = 1.0 : f64}
// CHECK: cnn.variable @step slot : tensor<i64>{{$}}
cnn.variable @step slot : tensor<i64>
// CHECK: cnn.variable @fc1.weight parameter : tensor<3x4xf32> {normal = 1.000000e-02 : f64}
cnn.variable @fc1.weight parameter : tensor<3x4xf32> {normal = 0.01 : f64}
// CHECK: cnn.variable @fc2.weight frozen : tensor<3x4xf32> {uniform = 1.000000e+00 : f64}
cnn.variable @fc2.weight frozen : tensor<3x4xf32> {uniform = 1.0 : f64}
// CHECK: cnn.variable @conv3.weight parameter : tensor<32x20x3x3xf32> {blocks = array<i64: 1, 0>}
cnn.variable @conv3.weight parameter : tensor<32x20x3x3xf32> {blocks = array<i64: 1, 0>}
