// Images at another resolution.
// RUN: cnn-opt %s | FileCheck %s
// RUN: cnn-opt %s -o %t.mlir && cnn-opt %t.mlir | diff %t.mlir -
// RUN: cnn-opt %s --mlir-print-op-generic | cnn-opt | diff %t.mlir -

// CHECK-LABEL: func.func @upsample(
// CHECK: cnn.upsample %{{.*}} factor 2 : tensor<2x3x4x5xf32>
// CHECK: return {{.*}} : tensor<2x3x8x10xf32>
func.func @upsample(%x: tensor<2x3x4x5xf32>) -> tensor<2x3x8x10xf32> {
  %y = cnn.upsample %x factor 2 : tensor<2x3x4x5xf32>
  return %y : tensor<2x3x8x10xf32>
}

// CHECK-LABEL: func.func @upsample_bilinear(
// CHECK: cnn.upsample %{{.*}} factor 3 bilinear : tensor<2x3x4x5xf64>
// CHECK: return {{.*}} : tensor<2x3x12x15xf64>
func.func @upsample_bilinear(%x: tensor<2x3x4x5xf64>) -> tensor<2x3x12x15xf64> {
  %y = cnn.upsample %x factor 3 bilinear : tensor<2x3x4x5xf64>
  return %y : tensor<2x3x12x15xf64>
}

// CHECK-LABEL: func.func @upsample_adjoint(
// CHECK: cnn.upsample_adjoint %{{.*}} factor 3 : tensor<2x3x12x15xf32>
// CHECK: return {{.*}} : tensor<2x3x4x5xf32>
func.func @upsample_adjoint(%x: tensor<2x3x12x15xf32>) -> tensor<2x3x4x5xf32> {
  %y = cnn.upsample_adjoint %x factor 3 : tensor<2x3x12x15xf32>
  return %y : tensor<2x3x4x5xf32>
}

// CHECK-LABEL: func.func @adaptive_avg_pool(
// CHECK: cnn.adaptive_avg_pool %{{.*}} size [6, 7] : tensor<2x3x13x5xf32>
// CHECK: return {{.*}} : tensor<2x3x6x7xf32>
func.func @adaptive_avg_pool(%x: tensor<2x3x13x5xf32>) -> tensor<2x3x6x7xf32> {
  %y = cnn.adaptive_avg_pool %x size [6, 7] : tensor<2x3x13x5xf32>
  return %y : tensor<2x3x6x7xf32>
}

// CHECK-LABEL: func.func @adaptive_spread(
// CHECK: cnn.adaptive_spread %{{.*}} size [13, 5] : tensor<2x3x6x7xf32>
// CHECK: return {{.*}} : tensor<2x3x13x5xf32>
func.func @adaptive_spread(%x: tensor<2x3x6x7xf32>) -> tensor<2x3x13x5xf32> {
  %y = cnn.adaptive_spread %x size [13, 5] : tensor<2x3x6x7xf32>
  return %y : tensor<2x3x13x5xf32>
}
