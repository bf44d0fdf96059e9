// A network from tensors to a running library. In memory and as a library it is the same object,
// so the losses and all bits of the results are the same.

// RUN: rm -rf %t && mkdir %t
// RUN: %{to-llvm} %s -o %t/net.mlir
// RUN: codegen-test %t/net.mlir native %t/net > %t/in-memory.txt
// RUN: FileCheck %s < %t/in-memory.txt
// RUN: %{cc} -std=c99 -D_ISOC11_SOURCE -Wall -Werror -I%t %S/run-library.c %t/net.o -lm -o %t/run
// RUN: %t/run > %t/library.txt
// RUN: diff %t/in-memory.txt %t/library.txt
// RUN: %{cc} -std=c99 -D_ISOC11_SOURCE -I%t %S/run-library.c %t/net.a -lm -o %t/run-archive
// RUN: %t/run-archive | diff %t/in-memory.txt -

// CHECK: net batch 4 params
// CHECK: loss 0x1.
// CHECK: loss 0x1.
// CHECK: loss 0x1.
// CHECK: y {{[0-9a-f]+}} first
// CHECK: params
// CHECK: gradient loss 0x1.8p+0 w 1 int -1.5625

// Nothing undefined but libm and mem*; nothing public but the library's own names.
// RUN: llvm-nm --undefined-only --just-symbol-name %t/net.o | not grep -vxE 'tanhf|mem[a-z]+'
// RUN: llvm-nm --defined-only --extern-only %t/net.o | FileCheck %s --check-prefix=PUBLIC --implicit-check-not='{{ [A-Z] }}'
// Kernels are compiled apart and stay the library's own.
// RUN: llvm-nm --defined-only %t/net.o | FileCheck %s --check-prefix=KERNELS
// KERNELS: t kernel_0
// PUBLIC: T net_forward
// PUBLIC: T net_gradient
// PUBLIC: T net_info
// PUBLIC: T net_init
// PUBLIC: T net_load
// PUBLIC: T net_save
// PUBLIC: T net_set_parallel
// PUBLIC: T net_train_step

// The header: C99 and C++, keywords avoided, sizes as the text says.
// RUN: FileCheck %s --check-prefix=HEADER < %t/net.h
// RUN: %{cxx} -std=c++17 -Wall -Werror -fsyntax-only -x c++ %t/net.h
// HEADER: net.h, generated from net.cnn
// HEADER: #define NET_BATCH 4
// HEADER: #define NET_PARAMS_BYTES 192
// HEADER: #define NET_WORKSPACE_BYTES {{[0-9]+}}
// HEADER: #define NET_STATE_BYTES 64
// HEADER: #define NET_TRAIN_WORKSPACE_BYTES {{[0-9]+}}
// HEADER: void net_forward(const void *params, const float *int_, float *y, void *workspace);
// HEADER: float net_train_step(void *params, void *state, const float *int_, const int32_t *the_label, float lr, void *workspace);

// Other processors: the same module, and code that is theirs.
// RUN: not codegen-test %t/net.mlir aarch64 %t/arm 2>&1 | FileCheck %s --check-prefix=FOREIGN
// FOREIGN: code for generic cannot run on this processor
// RUN: llvm-objdump -h %t/arm.o | FileCheck %s --check-prefix=ARM
// ARM: elf64-littleaarch64
// RUN: codegen-test %t/net.mlir x86-64-v3 %t/v3 && FileCheck %s --check-prefix=V3 < %t/v3.s
// V3-NOT: zmm
// V3: vfmadd
// RUN: codegen-test %t/net.mlir x86-64-v2 %t/v2 && FileCheck %s --check-prefix=V2 < %t/v2.s
// V2-NOT: {{ymm|vfmadd}}
// V2: mulps

// Kernels that say that they are vectorized are left as they are, in either way to say it; the
// others get vectors.
// RUN: llvm-objdump -d --disassemble-symbols=kernel_0,kernel_2,kernel_4,kernel_5,kernel_6 %t/v3.o | FileCheck %s --check-prefix=VECTORS
// VECTORS: <kernel_0>
// VECTORS: ymm
// RUN: sed 's/passthrough = \["noinline"\]/cnn.vectorized, &/' %t/net.mlir > %t/attribute.mlir
// RUN: sed 's/passthrough = \["noinline"/&, "cnn-vectorized"/' %t/net.mlir > %t/passthrough.mlir
// RUN: codegen-test %t/attribute.mlir x86-64-v3 %t/attribute
// RUN: codegen-test %t/passthrough.mlir x86-64-v3 %t/passthrough
// RUN: llvm-objdump -d --disassemble-symbols=kernel_0,kernel_2,kernel_4,kernel_5,kernel_6 %t/attribute.o | FileCheck %s --check-prefix=SCALAR
// RUN: llvm-objdump -d --disassemble-symbols=kernel_0,kernel_2,kernel_4,kernel_5,kernel_6 %t/passthrough.o | FileCheck %s --check-prefix=SCALAR
// SCALAR: <kernel_0>
// SCALAR-NOT: ymm
// SCALAR: <kernel_6>
// SCALAR-NOT: ymm
// RUN: not codegen-test %t/net.mlir pentium9 %t/none 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: unknown target 'pentium9', expected native

cnn.variable @w parameter : tensor<32xf32> {uniform = 0.5 : f64}
cnn.variable @scale statistic : tensor<f32> {constant = 2.0 : f64}
cnn.variable @w.momentum slot : tensor<4xi32>

#id = affine_map<(n, i) -> (n, i)>
#row = affine_map<(n, i) -> (i)>
#batch = affine_map<(n, i) -> (n)>
#one = affine_map<(n, i) -> ()>
#scalar1 = affine_map<(i) -> ()>
#vector = affine_map<(i) -> (i)>

func.func @forward(%x: tensor<4x32xf32> {cnn.role = "input", cnn.name = "int"},
                   %w: tensor<32xf32> {cnn.role = "variable", cnn.name = "w"},
                   %scale: tensor<f32> {cnn.role = "variable", cnn.name = "scale"})
    -> (tensor<4xf32> {cnn.role = "output", cnn.name = "y"}) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %e2 = tensor.empty() : tensor<4x32xf32>
  %t = linalg.generic {indexing_maps = [#id, #one, #id], iterator_types = ["parallel", "parallel"]}
      ins(%x, %scale : tensor<4x32xf32>, tensor<f32>) outs(%e2 : tensor<4x32xf32>) {
  ^bb0(%a: f32, %s: f32, %o: f32):
    %m = arith.mulf %a, %s : f32
    %h = math.tanh %m : f32
    linalg.yield %h : f32
  } -> tensor<4x32xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %y = linalg.generic {indexing_maps = [#id, #row, #batch], iterator_types = ["parallel", "reduction"]}
      ins(%t, %w : tensor<4x32xf32>, tensor<32xf32>) outs(%f : tensor<4xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

func.func @train_step(%x: tensor<4x32xf32> {cnn.role = "input", cnn.name = "int"},
                      %l: tensor<4xi32> {cnn.role = "target", cnn.name = "the-label", cnn.classes = 10 : i64},
                      %w: tensor<32xf32> {cnn.role = "variable", cnn.name = "w"},
                      %seen: tensor<4xi32> {cnn.role = "variable", cnn.name = "w.momentum"},
                      %lr: tensor<f32> {cnn.role = "learning_rate"})
    -> (tensor<f32> {cnn.role = "loss"}, tensor<32xf32> {cnn.role = "update", cnn.name = "w"},
        tensor<4xi32> {cnn.role = "update", cnn.name = "w.momentum"}) {
  %zero = arith.constant 0.0 : f32
  %es = tensor.empty() : tensor<f32>
  %f = linalg.fill ins(%zero : f32) outs(%es : tensor<f32>) -> tensor<f32>
  %loss = linalg.generic {indexing_maps = [#vector, #scalar1], iterator_types = ["reduction"]}
      ins(%w : tensor<32xf32>) outs(%f : tensor<f32>) {
  ^bb0(%a: f32, %o: f32):
    %p = arith.mulf %a, %a : f32
    %s = arith.addf %o, %p : f32
    linalg.yield %s : f32
  } -> tensor<f32>
  %e = tensor.empty() : tensor<32xf32>
  %w1 = linalg.generic {indexing_maps = [#vector, #scalar1, #vector], iterator_types = ["parallel"]}
      ins(%w, %lr : tensor<32xf32>, tensor<f32>) outs(%e : tensor<32xf32>) {
  ^bb0(%a: f32, %r: f32, %o: f32):
    %p = arith.mulf %a, %r : f32
    %s = arith.subf %a, %p : f32
    linalg.yield %s : f32
  } -> tensor<32xf32>
  %e1 = tensor.empty() : tensor<4xi32>
  %sum = linalg.add ins(%seen, %l : tensor<4xi32>, tensor<4xi32>) outs(%e1 : tensor<4xi32>) -> tensor<4xi32>
  return %loss, %w1, %sum : tensor<f32>, tensor<32xf32>, tensor<4xi32>
}

// In the order of abi.h: the parameter, then the input.
func.func @gradient(%x: tensor<4x32xf32> {cnn.role = "input", cnn.name = "int"},
                    %l: tensor<4xi32> {cnn.role = "target", cnn.name = "the-label", cnn.classes = 10 : i64})
    -> (tensor<f32> {cnn.role = "loss"}, tensor<4x32xf32> {cnn.role = "gradient", cnn.name = "input.int"},
        tensor<32xf32> {cnn.role = "gradient", cnn.name = "w"}) {
  %loss = arith.constant dense<1.5> : tensor<f32>
  %one = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<32xf32>
  %dw = linalg.fill ins(%one : f32) outs(%e : tensor<32xf32>) -> tensor<32xf32>
  return %loss, %x, %dw : tensor<f32>, tensor<4x32xf32>, tensor<32xf32>
}
