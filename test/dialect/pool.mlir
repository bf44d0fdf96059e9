// Pools: with the kernel alone and with all attributes.
// RUN: cnn-opt %s | FileCheck %s
// RUN: cnn-opt %s -o %t.mlir && cnn-opt %t.mlir | diff %t.mlir -
// RUN: cnn-opt %s --mlir-print-op-generic | cnn-opt | diff %t.mlir -

// CHECK-LABEL: func.func @max_pool(
// CHECK: cnn.max_pool %{{.*}} kernel [3, 2] : tensor<2x3x7x7xf32>
// CHECK: return {{.*}} : tensor<2x3x5x6xf32>
func.func @max_pool(%x: tensor<2x3x7x7xf32>) -> (tensor<2x3x5x6xf32>) {
  %y = cnn.max_pool %x kernel [3, 2] : tensor<2x3x7x7xf32>
  return %y : tensor<2x3x5x6xf32>
}

// CHECK-LABEL: func.func @max_pool_full(
// CHECK: cnn.max_pool %{{.*}} kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x7x7xf32>
// CHECK: return {{.*}} : tensor<2x3x3x3xf32>
func.func @max_pool_full(%x: tensor<2x3x7x7xf32>) -> (tensor<2x3x3x3xf32>) {
  %y = cnn.max_pool %x kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x7x7xf32>
  return %y : tensor<2x3x3x3xf32>
}

// CHECK-LABEL: func.func @avg_pool(
// CHECK: cnn.avg_pool %{{.*}} kernel [3, 2] : tensor<2x3x7x7xf32>
// CHECK: return {{.*}} : tensor<2x3x5x6xf32>
func.func @avg_pool(%x: tensor<2x3x7x7xf32>) -> (tensor<2x3x5x6xf32>) {
  %y = cnn.avg_pool %x kernel [3, 2] : tensor<2x3x7x7xf32>
  return %y : tensor<2x3x5x6xf32>
}

// CHECK-LABEL: func.func @avg_pool_full(
// CHECK: cnn.avg_pool %{{.*}} kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x7x7xf32>
// CHECK: return {{.*}} : tensor<2x3x3x3xf32>
func.func @avg_pool_full(%x: tensor<2x3x7x7xf32>) -> (tensor<2x3x3x3xf32>) {
  %y = cnn.avg_pool %x kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x7x7xf32>
  return %y : tensor<2x3x3x3xf32>
}

// CHECK-LABEL: func.func @l2_pool(
// CHECK: cnn.l2_pool %{{.*}} kernel [3, 2] : tensor<2x3x7x7xf32>
// CHECK: return {{.*}} : tensor<2x3x5x6xf32>
func.func @l2_pool(%x: tensor<2x3x7x7xf32>) -> (tensor<2x3x5x6xf32>) {
  %y = cnn.l2_pool %x kernel [3, 2] : tensor<2x3x7x7xf32>
  return %y : tensor<2x3x5x6xf32>
}

// CHECK-LABEL: func.func @l2_pool_full(
// CHECK: cnn.l2_pool %{{.*}} kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x7x7xf32>
// CHECK: return {{.*}} : tensor<2x3x3x3xf32>
func.func @l2_pool_full(%x: tensor<2x3x7x7xf32>) -> (tensor<2x3x3x3xf32>) {
  %y = cnn.l2_pool %x kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x7x7xf32>
  return %y : tensor<2x3x3x3xf32>
}

// CHECK-LABEL: func.func @sum_pool(
// CHECK: cnn.sum_pool %{{.*}} kernel [3, 2] : tensor<2x3x7x7xf32>
// CHECK: return {{.*}} : tensor<2x3x5x6xf32>
func.func @sum_pool(%x: tensor<2x3x7x7xf32>) -> (tensor<2x3x5x6xf32>) {
  %y = cnn.sum_pool %x kernel [3, 2] : tensor<2x3x7x7xf32>
  return %y : tensor<2x3x5x6xf32>
}

// CHECK-LABEL: func.func @sum_pool_full(
// CHECK: cnn.sum_pool %{{.*}} kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x7x7xf32>
// CHECK: return {{.*}} : tensor<2x3x3x3xf32>
func.func @sum_pool_full(%x: tensor<2x3x7x7xf32>) -> (tensor<2x3x3x3xf32>) {
  %y = cnn.sum_pool %x kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x7x7xf32>
  return %y : tensor<2x3x3x3xf32>
}

// CHECK-LABEL: func.func @avg_pool_count(
// CHECK: cnn.avg_pool %{{.*}} kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] count_pad overhang [0, 1] : tensor<2x3x7x7xf32>
// CHECK: return {{.*}} : tensor<2x3x3x3xf32>
func.func @avg_pool_count(%x: tensor<2x3x7x7xf32>) -> (tensor<2x3x3x3xf32>) {
  %y = cnn.avg_pool %x kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] count_pad overhang [0, 1] : tensor<2x3x7x7xf32>
  return %y : tensor<2x3x3x3xf32>
}

// CHECK-LABEL: func.func @sum_pool_transposed(
// CHECK: cnn.sum_pool %{{.*}} kernel [2, 2] input_dilation [2, 3] : tensor<2x3x7x7xf32>
// CHECK: return {{.*}} : tensor<2x3x12x18xf32>
func.func @sum_pool_transposed(%x: tensor<2x3x7x7xf32>) -> (tensor<2x3x12x18xf32>) {
  %y = cnn.sum_pool %x kernel [2, 2] input_dilation [2, 3] : tensor<2x3x7x7xf32>
  return %y : tensor<2x3x12x18xf32>
}

// CHECK-LABEL: func.func @pool_argmax(
// CHECK: cnn.pool_argmax %{{.*}} kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x7x7xf32>
// CHECK: return {{.*}} : tensor<2x3x3x3xi8>
func.func @pool_argmax(%x: tensor<2x3x7x7xf32>) -> (tensor<2x3x3x3xi8>) {
  %i = cnn.pool_argmax %x kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x7x7xf32>
  return %i : tensor<2x3x3x3xi8>
}

// CHECK-LABEL: func.func @pool_argmax_largest_byte(
// CHECK: cnn.pool_argmax %{{.*}} kernel [8, 16] : tensor<1x1x8x16xf32>
// CHECK: return {{.*}} : tensor<1x1x1x1xi8>
func.func @pool_argmax_largest_byte(%x: tensor<1x1x8x16xf32>) -> (tensor<1x1x1x1xi8>) {
  %i = cnn.pool_argmax %x kernel [8, 16] : tensor<1x1x8x16xf32>
  return %i : tensor<1x1x1x1xi8>
}

// CHECK-LABEL: func.func @pool_argmax_word(
// CHECK: cnn.pool_argmax %{{.*}} kernel [3, 43] : tensor<1x1x3x43xf32>
// CHECK: return {{.*}} : tensor<1x1x1x1xi32>
func.func @pool_argmax_word(%x: tensor<1x1x3x43xf32>) -> (tensor<1x1x1x1xi32>) {
  %i = cnn.pool_argmax %x kernel [3, 43] : tensor<1x1x3x43xf32>
  return %i : tensor<1x1x1x1xi32>
}

// CHECK-LABEL: func.func @unpool(
// CHECK: cnn.unpool %{{.*}}, %{{.*}} size [7, 7] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x3x3xf32>, tensor<2x3x3x3xi8>
// CHECK: return {{.*}} : tensor<2x3x7x7xf32>
func.func @unpool(%y: tensor<2x3x3x3xf32>, %i: tensor<2x3x3x3xi8>) -> (tensor<2x3x7x7xf32>) {
  %x = cnn.unpool %y, %i size [7, 7] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x3x3xf32>, tensor<2x3x3x3xi8>
  return %x : tensor<2x3x7x7xf32>
}

// CHECK-LABEL: func.func @pool_take(
// CHECK: cnn.pool_take %{{.*}}, %{{.*}} kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x7x7xf32>, tensor<2x3x3x3xi8>
// CHECK: return {{.*}} : tensor<2x3x3x3xf32>
func.func @pool_take(%x: tensor<2x3x7x7xf32>, %i: tensor<2x3x3x3xi8>) -> (tensor<2x3x3x3xf32>) {
  %y = cnn.pool_take %x, %i kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x7x7xf32>, tensor<2x3x3x3xi8>
  return %y : tensor<2x3x3x3xf32>
}

// CHECK-LABEL: func.func @average_windows(
// CHECK: cnn.average_windows %{{.*}} size [7, 7] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x3x3xf32>
// CHECK: return {{.*}} : tensor<2x3x3x3xf32>
func.func @average_windows(%x: tensor<2x3x3x3xf32>) -> (tensor<2x3x3x3xf32>) {
  %y = cnn.average_windows %x size [7, 7] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] : tensor<2x3x3x3xf32>
  return %y : tensor<2x3x3x3xf32>
}

// CHECK-LABEL: func.func @average_windows_count(
// CHECK: cnn.average_windows %{{.*}} size [7, 7] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] count_pad overhang [0, 1] : tensor<2x3x3x3xf32>
// CHECK: return {{.*}} : tensor<2x3x3x3xf32>
func.func @average_windows_count(%x: tensor<2x3x3x3xf32>) -> (tensor<2x3x3x3xf32>) {
  %y = cnn.average_windows %x size [7, 7] kernel [3, 2] stride [2, 2] pad [1, 0, 0, 1] dilation [1, 2] count_pad overhang [0, 1] : tensor<2x3x3x3xf32>
  return %y : tensor<2x3x3x3xf32>
}
