// Arithmetic.
// RUN: cnn-opt %s | FileCheck %s
// RUN: cnn-opt %s -o %t.mlir && cnn-opt %t.mlir | diff %t.mlir -
// RUN: cnn-opt %s --mlir-print-op-generic | cnn-opt | diff %t.mlir -

// CHECK-LABEL: func.func @add(
// CHECK: cnn.add %{{.*}}, %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @add(%a: tensor<2x3x4x4xf32>, %b: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.add %a, %b : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @sub(
// CHECK: cnn.sub %{{.*}}, %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @sub(%a: tensor<2x3x4x4xf32>, %b: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.sub %a, %b : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @mul(
// CHECK: cnn.mul %{{.*}}, %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @mul(%a: tensor<2x3x4x4xf32>, %b: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.mul %a, %b : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @div(
// CHECK: cnn.div %{{.*}}, %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @div(%a: tensor<2x3x4x4xf32>, %b: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.div %a, %b : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @scale(
// CHECK: cnn.scale %{{.*}} factor 2.000000e+00 : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @scale(%a: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.scale %a factor 2.000000e+00 : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @scale_offset(
// CHECK: cnn.scale %{{.*}} factor -1.000000e+00 offset 1.000000e+00 : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @scale_offset(%a: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.scale %a factor -1.000000e+00 offset 1.000000e+00 : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @pow(
// CHECK: cnn.pow %{{.*}} exponent -7.500000e-01 : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @pow(%a: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.pow %a exponent -7.500000e-01 : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @scalars(
// CHECK: cnn.add %{{.*}}, %{{.*}} : tensor<f64>
// CHECK: return {{.*}} : tensor<f64>
func.func @scalars(%a: tensor<f64>, %b: tensor<f64>) -> (tensor<f64>) {
  %y = cnn.add %a, %b : tensor<f64>
  return %y : tensor<f64>
}

// CHECK-LABEL: func.func @max(
// CHECK: cnn.max %{{.*}}, %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @max(%a: tensor<2x3x4x4xf32>, %b: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.max %a, %b : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @where(
// CHECK: cnn.where %{{.*}}, %{{.*}}, %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @where(%m: tensor<2x3x4x4xf32>, %a: tensor<2x3x4x4xf32>, %b: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.where %m, %a, %b : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @exp(
// CHECK: cnn.exp %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @exp(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.exp %x : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}

// CHECK-LABEL: func.func @erfc(
// CHECK: cnn.erfc %{{.*}} : tensor<2x3x4x4xf32>
// CHECK: return {{.*}} : tensor<2x3x4x4xf32>
func.func @erfc(%x: tensor<2x3x4x4xf32>) -> (tensor<2x3x4x4xf32>) {
  %y = cnn.erfc %x : tensor<2x3x4x4xf32>
  return %y : tensor<2x3x4x4xf32>
}
