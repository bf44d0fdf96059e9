// A kernel whose tasks are split, from Memory's form to a library: the same bits in the caller alone,
// in ranges of a program's own, on a pool of the runtime, and in memory. So it is from one kernel to
// the next: the second reads what all tasks of the first have written.

// RUN: rm -rf %t && mkdir %t
// RUN: cnn-opt --cnn-phase-llvm %s -o %t/net.mlir
// RUN: FileCheck %s --check-prefix=DISPATCH < %t/net.mlir
// DISPATCH: llvm.call @cnn.dispatch
// DISPATCH: llvm.call @cnn.dispatch
// DISPATCH: llvm.func @scale{{.*}} {llvm.noalias}, {{.*}} {llvm.noalias}
// RUN: codegen-test %t/net.mlir native %t/net > %t/in-memory.txt
// RUN: %{cc} -std=c99 -D_ISOC11_SOURCE -Wall -Werror -I%t -I%{source}/runtime/include %S/run-split.c %t/net.o %{build}/lib/libCnncRuntime.a -lfmt -lpng -ljpeg -lz -lstdc++ -lm -o %t/run
// RUN: %t/run > %t/alone.txt
// RUN: diff %t/in-memory.txt %t/alone.txt
// RUN: %t/run ranges | diff %t/alone.txt -
// RUN: %t/run 1 | diff %t/alone.txt -
// RUN: %t/run 2 | diff %t/alone.txt -
// RUN: %t/run 5 | diff %t/alone.txt -
// RUN: FileCheck %s < %t/alone.txt
// CHECK: y {{[0-9a-f]+}} first -0.78125

// The library asks for threads and makes none.
// RUN: llvm-nm --undefined-only --just-symbol-name %t/net.o | not grep -vxE 'mem[a-z]+'
// RUN: llvm-nm --defined-only --extern-only %t/net.o | FileCheck %s --check-prefix=PUBLIC --implicit-check-not='{{ [A-Z] }}'
// PUBLIC: T net_forward
// PUBLIC: T net_info
// PUBLIC: T net_init
// PUBLIC: T net_load
// PUBLIC: T net_save
// PUBLIC: T net_set_parallel
// RUN: FileCheck %s --check-prefix=HEADER < %t/net.h
// HEADER: void net_set_parallel(cnnc_parallel run, void *pool);

// Announced: each call between its two, and what the calls are. (The first pass of the two has
// split; to the second the task functions are what the network calls.)
// RUN: cnn-opt --cnn-dispatch-kernels='profile=true' %t/net.mlir -o %t/profile.mlir
// RUN: codegen-test %t/profile.mlir native %t/profile > %t/profile.txt
// RUN: FileCheck %s --check-prefix=PROFILE < %t/profile.txt
// PROFILE: call 0 of cnn.dispatch layer ''
// PROFILE-NEXT: call 1 of cnn.dispatch layer ''
// PROFILE: start 0
// PROFILE-NEXT: end 0
// PROFILE-NEXT: start 1
// PROFILE-NEXT: end 1
// PROFILE-NEXT: y

func.func @forward(%x: memref<13x32xf32> {cnn.role = "input", cnn.name = "x"},
                   %y: memref<13x32xf32> {cnn.role = "output", cnn.name = "y"},
                   %workspace: memref<2048xi8> {cnn.role = "workspace"}) {
  %c0 = arith.constant 0 : index
  %c13 = arith.constant 13 : index
  %c32 = arith.constant 32 : index
  %half = arith.constant 0.5 : f32
  %t = memref.view %workspace[%c0][] : memref<2048xi8> to memref<13x32xf32>
  call @scale(%x, %t, %half, %c0, %c13) : (memref<13x32xf32>, memref<13x32xf32>, f32, index, index) -> ()
  call @columns(%t, %y, %c0, %c32) : (memref<13x32xf32>, memref<13x32xf32>, index, index) -> ()
  return
}

// Task i is row i.
func.func private @scale(%a: memref<13x32xf32> {llvm.noalias}, %b: memref<13x32xf32> {llvm.noalias},
                         %factor: f32, %begin: index, %end: index)
    attributes {cnn.tasks = 13 : i64, passthrough = ["noinline"]} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  scf.for %i = %begin to %end step %c1 {
    scf.for %j = %c0 to %c32 step %c1 {
      %v = memref.load %a[%i, %j] : memref<13x32xf32>
      %m = arith.mulf %v, %factor : f32
      memref.store %m, %b[%i, %j] : memref<13x32xf32>
    }
  }
  return
}

// Task j is column j: the sum of the rows before and at each place.
func.func private @columns(%a: memref<13x32xf32> {llvm.noalias}, %b: memref<13x32xf32> {llvm.noalias},
                           %begin: index, %end: index)
    attributes {cnn.tasks = 32 : i64, passthrough = ["noinline"]} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c13 = arith.constant 13 : index
  %zero = arith.constant 0.0 : f32
  scf.for %j = %begin to %end step %c1 {
    %total = scf.for %i = %c0 to %c13 step %c1 iter_args(%sum = %zero) -> (f32) {
      %v = memref.load %a[%i, %j] : memref<13x32xf32>
      %next = arith.addf %sum, %v : f32
      memref.store %next, %b[%i, %j] : memref<13x32xf32>
      scf.yield %next : f32
    }
  }
  return
}
