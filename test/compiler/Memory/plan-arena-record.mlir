// What the pass leaves for `cnnc plan`, if it is asked to.
// RUN: cnn-opt %s --mlir-print-local-scope --pass-pipeline='builtin.module(func.func(cnn-plan-arena{record=true}))' | FileCheck %s
// RUN: cnn-opt %s --mlir-print-local-scope --pass-pipeline='builtin.module(func.func(cnn-plan-arena))' | FileCheck %s --check-prefix=OFF

// The places of buffers are those of their allocations; constants, allocations and views are no steps.
// CHECK-LABEL: func.func @forward(
// CHECK-SAME: cnn.arena = {
// CHECK-SAME: buffers = [{at = loc("conv1"("net.cnn":2:3)), bytes = 64 : i64, first = 0 : i64, last = 1 : i64, offset = {{[0-9]+}} : i64},
// CHECK-SAME: {at = loc("relu1"("net.cnn":3:3)), bytes = 20 : i64, first = 1 : i64, last = 2 : i64, offset = {{[0-9]+}} : i64}]
// CHECK-SAME: steps = [loc("conv1"("net.cnn":2:3)), loc("relu1"("net.cnn":3:3)), loc("fc1"("net.cnn":4:3))]}
// OFF-LABEL: func.func @forward(
// OFF-NOT: cnn.arena =
func.func @forward(%x: memref<16xf32>, %y: memref<5xf32>) {
  %zero = arith.constant 0.0 : f32 loc("fc1"("net.cnn":4:3))
  %a = memref.alloc() : memref<16xf32> loc("conv1"("net.cnn":2:3))
  %b = memref.alloc() : memref<5xf32> loc("relu1"("net.cnn":3:3))
  linalg.copy ins(%x : memref<16xf32>) outs(%a : memref<16xf32>) loc("conv1"("net.cnn":2:3))
  %part = memref.subview %a[0] [5] [1] : memref<16xf32> to memref<5xf32, strided<[1]>> loc("relu1"("net.cnn":3:3))
  linalg.copy ins(%part : memref<5xf32, strided<[1]>>) outs(%b : memref<5xf32>) loc("relu1"("net.cnn":3:3))
  linalg.copy ins(%b : memref<5xf32>) outs(%y : memref<5xf32>) loc("fc1"("net.cnn":4:3))
  return loc("fc1"("net.cnn":4:3))
}
