// RUN: cnn-opt %s --pass-pipeline='builtin.module(func.func(cnn-plan-arena))' --split-input-file --verify-diagnostics

func.func @dynamic(%n: index) {
  // expected-error @+1 {{expected a static shape and no layout}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

func.func @leaves_the_loop(%x: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %c1 step %c1 iter_args(%t = %x) -> (memref<16xf32>) {
    // expected-error @+1 {{leaves the region that allocates it}}
    %a = memref.alloc() : memref<16xf32>
    linalg.copy ins(%t : memref<16xf32>) outs(%a : memref<16xf32>)
    scf.yield %a : memref<16xf32>
  }
  return
}

// -----

func.func @address() -> index {
  %a = memref.alloc() : memref<16xf32>
  // expected-error @+1 {{takes the address of a buffer that the arena has to place}}
  %p = memref.extract_aligned_pointer_as_index %a : memref<16xf32> -> index
  return %p : index
}
