// RUN: cnn-opt --cnn-to-linalg --split-input-file %s | FileCheck %s

// In blocks of channels the statistics take one pass: sums and squares of each map, relative to
// its first element, and a mean and a variance of these.
// CHECK-DAG: #[[FIRST:map[0-9]*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, 0, 0, d4)>
// CHECK-LABEL: func.func @maps(
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[FIRST]], #{{.*}}, #{{.*}}], iterator_types = ["parallel", "parallel", "reduction", "reduction", "parallel"]}
// CHECK: arith.subf
// CHECK-NEXT: arith.addf
// CHECK-NEXT: arith.mulf
// CHECK-NEXT: arith.addf
// CHECK-NEXT: linalg.yield {{.*}} : f32, f32
// CHECK: -> (tensor<2x1x16xf32>, tensor<2x1x16xf32>)
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "reduction", "parallel"]
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "reduction", "parallel"]
// CHECK: math.sqrt
func.func @maps(%x: tensor<2x16x32x32xf32>) -> (tensor<2x16x32x32xf32>, tensor<16xf32>, tensor<16xf32>) {
  %y:3 = cnn.batch_norm %x epsilon 1.0e-05 {cnn.blocks = array<i64: 1>} : tensor<2x16x32x32xf32>
  return %y#0, %y#1, %y#2 : tensor<2x16x32x32xf32>, tensor<16xf32>, tensor<16xf32>
}

// -----

// Of maps with more elements each row has its own: fewer squares that can cancel.
// CHECK-LABEL: func.func @rows(
// CHECK: iterator_types = ["parallel", "parallel", "parallel", "reduction", "parallel"]
// CHECK: -> (tensor<2x1x33x16xf32>, tensor<2x1x33x16xf32>)
// CHECK: iterator_types = ["parallel", "reduction", "reduction", "parallel"]
func.func @rows(%x: tensor<2x16x33x32xf32>) -> tensor<2x16x33x32xf32> {
  %y:3 = cnn.batch_norm %x epsilon 1.0e-05 {cnn.blocks = array<i64: 1>} : tensor<2x16x33x32xf32>
  return %y#0 : tensor<2x16x33x32xf32>
}

// -----

// Small maps, plain images, and images in blocks: the mean, then the squares around it.
// CHECK-LABEL: func.func @small(
// CHECK-NOT: -> (tensor<
// CHECK: return
func.func @small(%x: tensor<2x16x5x6xf32>) -> tensor<2x16x5x6xf32> {
  %y:3 = cnn.batch_norm %x epsilon 1.0e-05 {cnn.blocks = array<i64: 1>} : tensor<2x16x5x6xf32>
  return %y#0 : tensor<2x16x5x6xf32>
}

// CHECK-LABEL: func.func @plain(
// CHECK-NOT: -> (tensor<
// CHECK: return
func.func @plain(%x: tensor<2x16x32x32xf32>) -> tensor<2x16x32x32xf32> {
  %y:3 = cnn.batch_norm %x epsilon 1.0e-05 : tensor<2x16x32x32xf32>
  return %y#0 : tensor<2x16x32x32xf32>
}

// CHECK-LABEL: func.func @images(
// CHECK-NOT: -> (tensor<
// CHECK: return
func.func @images(%x: tensor<16x2x32x32xf32>) -> tensor<16x2x32x32xf32> {
  %y:3 = cnn.batch_norm %x epsilon 1.0e-05 {cnn.blocks = array<i64: 0>} : tensor<16x2x32x32xf32>
  return %y#0 : tensor<16x2x32x32xf32>
}
