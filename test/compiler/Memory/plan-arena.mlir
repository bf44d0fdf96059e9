// RUN: cnn-opt %s --pass-pipeline='builtin.module(func.func(cnn-plan-arena))' --split-input-file | FileCheck %s

// %a and %c are never alive together and share bytes; %b is alive with both.
// CHECK-LABEL: func.func @chain(
// CHECK-SAME: %[[WS:[a-z0-9]*]]: memref<192xi8> {cnn.role = "workspace"})
// CHECK-SAME: cnn.arena_bytes = 192 : i64
// CHECK-NOT: alloc
// CHECK: %[[C128:.*]] = arith.constant 128 : index
// CHECK: %[[A:.*]] = memref.view %[[WS]][%[[C128]]][] {cnn.live = array<i64: 0, 1>} : memref<192xi8> to memref<16xf32>
// CHECK: %[[C0:.*]] = arith.constant 0 : index
// CHECK: %[[B:.*]] = memref.view %[[WS]][%[[C0]]][] {cnn.live = array<i64: 1, 2>} : memref<192xi8> to memref<2x16xf32>
// CHECK: %[[C128_1:.*]] = arith.constant 128 : index
// CHECK: %[[C:.*]] = memref.view %[[WS]][%[[C128_1]]][] {cnn.live = array<i64: 2, 3>} : memref<192xi8> to memref<16xf32>
// CHECK-NOT: dealloc
func.func @chain(%x: memref<16xf32>) {
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc() : memref<2x16xf32>
  %c = memref.alloc() : memref<16xf32>
  linalg.copy ins(%x : memref<16xf32>) outs(%a : memref<16xf32>)
  linalg.broadcast ins(%a : memref<16xf32>) outs(%b : memref<2x16xf32>) dimensions = [0]
  linalg.reduce {arith.addf} ins(%b : memref<2x16xf32>) outs(%c : memref<16xf32>) dimensions = [0]
  linalg.copy ins(%c : memref<16xf32>) outs(%x : memref<16xf32>)
  memref.dealloc %a : memref<16xf32>
  return
}

// -----

// A view keeps its buffer alive: %a is read through it after %b is written.
// CHECK-LABEL: func.func @alias(
// CHECK-SAME: memref<128xi8>
// CHECK: memref.view {{.*}} {cnn.live = array<i64: 0, 2>}
// CHECK: memref.view {{.*}} {cnn.live = array<i64: 1, 1>}
func.func @alias(%x: memref<16xf32>, %y: memref<4x4xf32>) {
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  %v = memref.expand_shape %a [[0, 1]] output_shape [4, 4] : memref<16xf32> into memref<4x4xf32>
  linalg.copy ins(%x : memref<16xf32>) outs(%a : memref<16xf32>)
  linalg.copy ins(%x : memref<16xf32>) outs(%b : memref<16xf32>)
  linalg.copy ins(%v : memref<4x4xf32>) outs(%y : memref<4x4xf32>)
  return
}

// -----

// What a loop allocates is alive during the whole loop, with what the loop reads.
// CHECK-LABEL: func.func @loop(
// CHECK-SAME: memref<128xi8>
// CHECK: memref.view {{.*}} {cnn.live = array<i64: 0, 1>}
// CHECK: memref.view {{.*}} {cnn.live = array<i64: 1, 1>}
// CHECK: scf.for
// CHECK-NOT: memref.view
func.func @loop(%x: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %a = memref.alloc() : memref<16xf32>
  linalg.copy ins(%x : memref<16xf32>) outs(%a : memref<16xf32>)
  scf.for %i = %c0 to %c4 step %c1 {
    %b = memref.alloc() : memref<16xf32>
    linalg.copy ins(%a : memref<16xf32>) outs(%b : memref<16xf32>)
    linalg.copy ins(%b : memref<16xf32>) outs(%x : memref<16xf32>)
  }
  return
}

// -----

// A buffer that a loop passes on is its result too.
// CHECK-LABEL: func.func @carried(
// CHECK: memref.view {{.*}} {cnn.live = array<i64: 0, 2>}
// CHECK: memref.view {{.*}} {cnn.live = array<i64: 1, 1>}
func.func @carried(%x: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.alloc() : memref<16xf32>
  %b = memref.alloc() : memref<16xf32>
  %r = scf.for %i = %c0 to %c1 step %c1 iter_args(%t = %a) -> (memref<16xf32>) {
    linalg.copy ins(%x : memref<16xf32>) outs(%t : memref<16xf32>)
    scf.yield %t : memref<16xf32>
  }
  linalg.copy ins(%x : memref<16xf32>) outs(%b : memref<16xf32>)
  linalg.copy ins(%r : memref<16xf32>) outs(%x : memref<16xf32>)
  return
}

// -----

// No buffers: the workspace is there all the same, and empty.
// CHECK-LABEL: func.func @nothing(
// CHECK-SAME: memref<0xi8> {cnn.role = "workspace"}) attributes {cnn.arena_bytes = 0 : i64}
func.func @nothing() {
  return
}

// -----

// By size alone the largest would go first, %b between would have to lie above both others, and
// the arena would have 576 bytes; another order finds the 512 that are alive at the last step.
// CHECK-LABEL: func.func @order(
// CHECK-SAME: memref<512xi8>
func.func @order(%x: memref<64xf32>, %y: memref<48xf32>, %z: memref<32xf32>) {
  %a = memref.alloc() : memref<64xf32>
  %b = memref.alloc() : memref<32xf32>
  %c = memref.alloc() : memref<48xf32>
  %d = memref.alloc() : memref<48xf32>
  linalg.copy ins(%y : memref<48xf32>) outs(%d : memref<48xf32>)
  linalg.copy ins(%x : memref<64xf32>) outs(%a : memref<64xf32>)
  linalg.copy ins(%z : memref<32xf32>) outs(%z : memref<32xf32>)
  linalg.generic {indexing_maps = [affine_map<(i) -> (0)>, affine_map<(i) -> (0)>, affine_map<(i) -> (0)>, affine_map<(i) -> (i)>],
                  iterator_types = ["parallel"]}
      ins(%b, %c, %d : memref<32xf32>, memref<48xf32>, memref<48xf32>) outs(%y : memref<48xf32>) {
  ^bb0(%r: f32, %s: f32, %t: f32, %o: f32):
    linalg.yield %r : f32
  }
  return
}

// -----

// 768 bytes are alive when %c is written the first time, which no order by size, life or time reaches: what is
// alive then has to be placed first.
// CHECK-LABEL: func.func @fullest(
// CHECK-SAME: memref<768xi8>
func.func @fullest() {
  %a = memref.alloc() : memref<80xf32>
  %b = memref.alloc() : memref<80xf32>
  %c = memref.alloc() : memref<64xf32>
  %d = memref.alloc() : memref<16xf32>
  %e = memref.alloc() : memref<64xf32>
  %f = memref.alloc() : memref<48xf32>
  linalg.copy ins(%b : memref<80xf32>) outs(%b : memref<80xf32>)
  linalg.copy ins(%b : memref<80xf32>) outs(%b : memref<80xf32>)
  linalg.copy ins(%e : memref<64xf32>) outs(%e : memref<64xf32>)
  linalg.copy ins(%d : memref<16xf32>) outs(%d : memref<16xf32>)
  linalg.copy ins(%f : memref<48xf32>) outs(%f : memref<48xf32>)
  linalg.copy ins(%c : memref<64xf32>) outs(%c : memref<64xf32>)
  linalg.copy ins(%f : memref<48xf32>) outs(%f : memref<48xf32>)
  linalg.copy ins(%e : memref<64xf32>) outs(%e : memref<64xf32>)
  linalg.copy ins(%a : memref<80xf32>) outs(%a : memref<80xf32>)
  linalg.copy ins(%c : memref<64xf32>) outs(%c : memref<64xf32>)
  linalg.copy ins(%a : memref<80xf32>) outs(%a : memref<80xf32>)
  linalg.copy ins(%d : memref<16xf32>) outs(%d : memref<16xf32>)
  return
}
