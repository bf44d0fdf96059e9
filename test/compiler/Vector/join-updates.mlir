// RUN: cnn-opt %s --cnn-join-updates --split-input-file | FileCheck %s
// RUN: cnn-opt %s --cnn-join-updates='vector-bits=512 registers=32' --split-input-file | FileCheck %s --check-prefix=WIDE

// Two variables of different shapes, one rule: one call, one kernel for any number of elements. 4096
// elements are four tasks of 1024, 5000 are five, of which the last ends at the end.
// CHECK-LABEL: func.func @net_train_step(
// CHECK-SAME: %[[G:[^:]*]]: memref<64x64xf32>, %[[V:[^:]*]]: memref<64x64xf32>, %[[H:[^:]*]]: memref<5000xf32>, %[[W:[^:]*]]: memref<5000xf32>, %[[R:[^:]*]]: memref<f32>
// CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[C9:.*]] = arith.constant 9 : index
// CHECK: call @update_all(%[[G]], %[[R]], %[[V]], %[[H]], %[[W]], %[[C0]], %[[C9]])
// CHECK-NEXT: return
// The kernels that it replaces are gone.
// CHECK-NOT: linalg.generic
// CHECK: func.func private @update(%[[D:.*]]: memref<[[ENDLESS:[0-9]+]]xf32> {llvm.noalias}, %{{.*}}: memref<f32> {llvm.noalias}, %{{.*}}: memref<[[ENDLESS]]xf32> {llvm.noalias}, %[[BEGIN:.*]]: index, %[[END:.*]]: index) attributes {cnn.vectorized, passthrough = ["noinline"]}
// CHECK: scf.for
// CHECK: vector.store {{.*}} vector<8xf32>
// WIDE: vector.store {{.*}} vector<16xf32>
// The rest, element by element.
// CHECK: scf.for %{{.*}} = %{{.*}} to %[[END]]
// CHECK: memref.store
// CHECK: func.func private @update_all(%[[A:.*]]: memref<64x64xf32>, %[[RATE:.*]]: memref<f32>, %[[B:.*]]: memref<64x64xf32>, %[[C:.*]]: memref<5000xf32>, %[[E:.*]]: memref<5000xf32>, %[[FIRST:.*]]: index, %[[STOP:.*]]: index) attributes {cnn.tasks = 9 : i64}
// CHECK: %[[FROM:.*]] = arith.maxui %[[FIRST]], %{{.*}}
// CHECK: %[[TO:.*]] = arith.minui %[[STOP]], %{{.*}}
// CHECK: scf.if
// CHECK: memref.reinterpret_cast %[[A]] {{.*}} to memref<[[ENDLESS]]xf32>
// CHECK: call @update(%{{.*}}, %[[RATE]], %{{.*}}, %{{.*}}, %{{.*}})
// CHECK: scf.if
// CHECK: memref.reinterpret_cast %[[C]]
// CHECK: %[[C5000:.*]] = arith.constant 5000 : index
// CHECK: arith.minui %{{.*}}, %[[C5000]]
// CHECK: call @update(
// CHECK: return
#row = affine_map<(d0) -> (d0)>
#rows = affine_map<(d0, d1) -> (d0, d1)>
#one = affine_map<(d0) -> ()>
#ones = affine_map<(d0, d1) -> ()>
func.func @net_train_step(%g: memref<64x64xf32>, %v: memref<64x64xf32>, %h: memref<5000xf32>, %w: memref<5000xf32>, %r: memref<f32>) {
  call @kernel_0(%g, %r, %v) : (memref<64x64xf32>, memref<f32>, memref<64x64xf32>) -> ()
  call @kernel_1(%h, %r, %w) : (memref<5000xf32>, memref<f32>, memref<5000xf32>) -> ()
  return
}
func.func private @kernel_0(%g: memref<64x64xf32> {llvm.noalias}, %r: memref<f32> {llvm.noalias}, %v: memref<64x64xf32> {llvm.noalias}) attributes {passthrough = ["noinline"]} {
  linalg.generic {indexing_maps = [#rows, #ones, #rows], iterator_types = ["parallel", "parallel"]} ins(%g, %r : memref<64x64xf32>, memref<f32>) outs(%v : memref<64x64xf32>) {
  ^bb0(%d: f32, %rate: f32, %old: f32):
    %step = arith.mulf %rate, %d : f32
    %new = arith.subf %old, %step : f32
    linalg.yield %new : f32
  }
  return
}
func.func private @kernel_1(%g: memref<5000xf32> {llvm.noalias}, %r: memref<f32> {llvm.noalias}, %v: memref<5000xf32> {llvm.noalias}) attributes {passthrough = ["noinline"]} {
  linalg.generic {indexing_maps = [#row, #one, #row], iterator_types = ["parallel"]} ins(%g, %r : memref<5000xf32>, memref<f32>) outs(%v : memref<5000xf32>) {
  ^bb0(%d: f32, %rate: f32, %old: f32):
    %step = arith.mulf %rate, %d : f32
    %new = arith.subf %old, %step : f32
    linalg.yield %new : f32
  }
  return
}

// -----

// Too small together, and the next ones have another rule; one reads what the other writes; another
// kernel stands in between.
// CHECK-NOT: update_all
// CHECK-LABEL: func.func @net_apart(
// CHECK-COUNT-2: call @small(
// CHECK: call @large(
// CHECK-NEXT: call @large(
// CHECK-NEXT: call @copy(
// CHECK-NEXT: call @large(
// CHECK-NOT: update_all
#row = affine_map<(d0) -> (d0)>
func.func @net_apart(%g: memref<4000xf32>, %v: memref<4000xf32>, %w: memref<4000xf32>, %h: memref<9000xf32>, %x: memref<9000xf32>, %y: memref<9000xf32>, %z: memref<9000xf32>) {
  call @small(%g, %v) : (memref<4000xf32>, memref<4000xf32>) -> ()
  call @small(%g, %w) : (memref<4000xf32>, memref<4000xf32>) -> ()
  call @large(%h, %x) : (memref<9000xf32>, memref<9000xf32>) -> ()
  call @large(%x, %y) : (memref<9000xf32>, memref<9000xf32>) -> ()
  call @copy(%h, %z) : (memref<9000xf32>, memref<9000xf32>) -> ()
  call @large(%h, %z) : (memref<9000xf32>, memref<9000xf32>) -> ()
  return
}
func.func private @small(%g: memref<4000xf32>, %v: memref<4000xf32>) {
  linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel"]} ins(%g : memref<4000xf32>) outs(%v : memref<4000xf32>) {
  ^bb0(%d: f32, %old: f32):
    %new = arith.addf %old, %d : f32
    linalg.yield %new : f32
  }
  return
}
func.func private @large(%g: memref<9000xf32>, %v: memref<9000xf32>) {
  linalg.generic {indexing_maps = [#row, #row], iterator_types = ["parallel"]} ins(%g : memref<9000xf32>) outs(%v : memref<9000xf32>) {
  ^bb0(%d: f32, %old: f32):
    %new = arith.subf %old, %d : f32
    linalg.yield %new : f32
  }
  return
}
func.func private @copy(%g: memref<9000xf32>, %v: memref<9000xf32>) {
  linalg.copy ins(%g : memref<9000xf32>) outs(%v : memref<9000xf32>)
  return
}
