//===- Passes.td - LLVM: C entry points, loops, LLVM dialect --*- tablegen -*-===//

#ifndef CNNC_LLVM_PASSES_TD
#define CNNC_LLVM_PASSES_TD

include "mlir/Pass/PassBase.td"

def EmitEntryPointPass : Pass<"cnn-emit-entry-point", "::mlir::ModuleOp"> {
  let summary = "functions in the form that C calls";
  let description = [{
    Rewrites `@forward`, `@train_step` and `@gradient` on buffers into the entry points of the
    library, named `<prefix>_forward` and so on. Their arguments, in this order:

    | argument | type | of |
    |---|---|---|
    | params | `memref<?xi8>`, parameters and statistics in the order of declaration | all |
    | state | `memref<?xi8>`, slots in the order of declaration | train_step, gradient |
    | inputs | buffers | all |
    | targets | buffers | train_step, gradient |
    | outputs, or gradients | buffers; gradients of the parameters in the order of declaration, then of inputs | forward, gradient |
    | probes | buffers, in the order of the function | forward, gradient |
    | learning rate | `f32` | train_step |
    | workspace | `memref<?xi8>` | all |

    The loss is returned, as `f32` by train_step and as `f64` by gradient. Each variable has an
    offset of its own, a multiple of 64, in `params` or `state`. What the caller must know (names,
    types, offsets, initial values, sizes) becomes the module's attribute `cnn.model`; the
    `cnn.variable` ops go.

    All pointers are `llvm.noalias`: the contract of the generated header is that the arrays of one
    call do not overlap. params, state and workspace are aligned to 64 bytes.

    Leaves alone: private functions and functions without a body.

    Fails if a public function has another name, if an argument has no role, or if forward and
    the training functions disagree about inputs, targets or gradients.

    ```mlir
    cnn.variable @w parameter : tensor<4xf32>
    func.func @forward(%x: memref<4xf32> {cnn.role = "input", cnn.name = "x"},
                       %w: memref<4xf32> {cnn.role = "variable", cnn.name = "w"},
                       %y: memref<4xf32> {cnn.role = "output", cnn.name = "y"},
                       %workspace: memref<0xi8> {cnn.role = "workspace"})
    ==>
    module attributes {cnn.model = {…}} {
    func.func @net_forward(%params: memref<64xi8>, %x: memref<4xf32>, %y: memref<4xf32>, %workspace: memref<0xi8>) {
      %c0 = arith.constant 0 : index
      %w = memref.view %params[%c0][] : memref<64xi8> to memref<4xf32>
    ```
  }];
  let options = [Option<"prefix", "prefix", "std::string", "\"net\"",
                        "start of the public names, a C identifier">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
                           "::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect"];
}

def OutlineKernelsPass : Pass<"cnn-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "one function for each loop nest, with buffers that do not overlap";
  let description = [{
    Moves every linalg op on buffers into a private function of its own, whose arguments are the
    buffers, and calls it. Ops that differ only in where their buffers are share one function.

    A buffer argument is `llvm.noalias` if no other argument is the same buffer: legal because the
    arena gives buffers that are alive together different bytes, and the arrays of one call do not
    overlap by the contract of the library. So LLVM keeps sums in registers and needs no checks
    before it vectorizes. Not inlined, which would undo it.

    Leaves alone: ops on tensors, private functions, constants (each function has its own).

    ```mlir
    func.func @f(%x: memref<4xf32>, %y: memref<4xf32>) {
      linalg.copy ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
      return
    }
    ==>
    func.func @f(%x: memref<4xf32>, %y: memref<4xf32>) {
      call @kernel_0(%x, %y) : (memref<4xf32>, memref<4xf32>) -> ()
      return
    }
    func.func private @kernel_0(%a: memref<4xf32> {llvm.noalias}, %b: memref<4xf32> {llvm.noalias}) {
      linalg.copy ins(%a : memref<4xf32>) outs(%b : memref<4xf32>)
      return
    }
    ```
  }];
  let dependentDialects = ["::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect"];
  let options = [Option<"l2Bytes", "l2-bytes", "int64_t", "524288",
                        "bytes of a core's second cache, for rows that several ops go through">];
  let statistics = [Statistic<"kernels", "kernels", "functions made">,
                    Statistic<"calls", "calls", "ops replaced by calls">];
}

def LowerLoopsPass : Pass<"cnn-lower-loops", "::mlir::func::FuncOp"> {
  let summary = "linalg on buffers to loops that keep sums in registers";
  let description = [{
    Turns every linalg op on buffers into `scf.for` loops in the order of its dimensions. The
    innermost loops on which no output depends carry their accumulators as loop values, loaded
    before and stored after, so that LLVM sees a reduction and not a store in each iteration.

    A floating-point addition or multiplication that combines such an accumulator gets
    `fastmath<reassoc,contract>`, which lets LLVM split a sum over vector lanes: exact where all
    partial sums are (integers), and else dependent on the lanes of the target, not on the run.
    Sums over outer loops keep their order.

    Also turns `memref.copy` into loops: of strided buffers it would become a call. `cnn.fill_border`
    becomes loops over each side.

    Leaves alone: ops on tensors.

    Fails, at the op, on dynamic shapes.

    ```mlir
    linalg.generic {iterator_types = ["parallel", "reduction"], indexing_maps = [(i, k), (i)]}
      ins(%a : memref<8x16xf32>) outs(%s : memref<8xf32>) { ^bb0(%x: f32, %acc: f32): … addf … }
    ==>
    scf.for %i = %c0 to %c8 step %c1 {
      %0 = memref.load %s[%i]
      %1 = scf.for %k = %c0 to %c16 step %c1 iter_args(%acc = %0) {
        %x = memref.load %a[%i, %k]
        %2 = arith.addf %acc, %x fastmath<reassoc,contract>
        scf.yield %2
      }
      memref.store %1, %s[%i]
    }
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

def DispatchKernelsPass : Pass<"cnn-dispatch-kernels", "::mlir::ModuleOp"> {
  let summary = "kernels that threads of the caller share";
  let description = [{
    A kernel is split if its function has `cnn.tasks = N`, N > 1. Its last two arguments are `begin`
    and `end`, and it does the tasks from `begin` to `end - 1`: with the same bits however the N
    tasks are divided. A call of it, which is of all tasks, becomes a call of `cnn.dispatch`: that
    calls the function in the global `cnn.parallel`, which `<prefix>_set_parallel` sets, or, where
    that is null, does all tasks itself. What the kernel needs travels in an array on the stack, of
    8 bytes an argument and shared by all calls of a function, to `<kernel>_task`, which has the
    signature of every task. The kernel keeps its arguments and what is promised of them.

    With `profile`, each call from a public function of a function with a body stands between two
    calls of `cnn.probe_call`, which passes the call's number and 1 or 0 (start, end) on to the
    function in the global `cnn.probe`. The entry `calls` of `cnn.model` says for each number which
    layer, line and direction its location names, and which kernel is called.

    Afterwards no function has `cnn.tasks`. Leaves alone: kernels of one task.

    Fails, at the function or call, if a split kernel returns something, does not end with two `i64`
    or has arguments of other types than pointers and numbers of at most 64 bits; and if a call does
    not pass the constants 0 and N.

    ```mlir
    llvm.func @net_forward(%x: !llvm.ptr, %y: !llvm.ptr) {
      llvm.call @kernel_0(%x, %y, %c0, %c8) : (!llvm.ptr, !llvm.ptr, i64, i64) -> ()
    ==>
    llvm.func @net_forward(%x: !llvm.ptr, %y: !llvm.ptr) {
      %context = llvm.alloca %c1 x !llvm.array<2 x i64> : (i64) -> !llvm.ptr
      llvm.store %x, %context : !llvm.ptr, !llvm.ptr
      %slot = llvm.getelementptr %context[1] : (!llvm.ptr) -> !llvm.ptr, i64
      llvm.store %y, %slot : !llvm.ptr, !llvm.ptr
      %task = llvm.mlir.addressof @kernel_0_task : !llvm.ptr
      llvm.call @cnn.dispatch(%task, %context, %c8) : (!llvm.ptr, !llvm.ptr, i64) -> ()
    ```
  }];
  let options = [Option<"profile", "profile", "bool", "false",
                        "announce start and end of each call of a kernel">];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
  let statistics = [Statistic<"split", "split", "calls that threads share">];
}

#endif // CNNC_LLVM_PASSES_TD
