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
    | learning rate | `f32` | train_step |
    | workspace | `memref<?xi8>` | all |

    The loss is returned, as `f32` by train_step and as `f64` by gradient. Each variable has an
    offset of its own, a multiple of 64, in `params` or `state`. What the caller must know (names,
    types, offsets, initial values, sizes) becomes the module's attribute `cnn.model`; the
    `cnn.variable` ops go.

    All pointers are `llvm.noalias`: the contract of the generated header is that the arrays of one
    call do not overlap. params, state and workspace are aligned to 64 bytes. `cnn.views` lists
    the views of these three as [argument, offset, bytes] for `cnn-annotate-aliasing`.

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

    Also turns `memref.copy` into loops: of strided buffers it would become a call.

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

def AnnotateAliasingPass : Pass<"cnn-annotate-aliasing", "::mlir::LLVM::LLVMFuncOp"> {
  let summary = "tells LLVM which buffers of one blob cannot overlap";
  let description = [{
    All variables share the pointer `params`, all temporaries share `workspace`, and LLVM cannot
    tell them apart when indices vary. Gives each view that the function lists in `cnn.views` an
    alias scope, and each load and store whose address comes from a view with its constant offset
    the scopes of all views that share no byte with it. So stores to one buffer no longer keep
    LLVM from holding values of another one in registers.

    Legal because an access through a view stays inside it. Views that share bytes, as buffers
    whose lifetimes do not meet, get no such promise.

    Leaves alone: accesses whose address is not a chain of pointer additions on an argument of the
    function, functions without `cnn.views`, and functions of more than 512 views (the lists grow
    with the square).

    ```mlir
    %a = llvm.getelementptr %workspace[0]    // cnn.views = [array<i64: 3, 0, 64>, array<i64: 3, 64, 64>]
    %b = llvm.getelementptr %workspace[64]
    %v = llvm.load %a : !llvm.ptr -> f32
    llvm.store %v, %b : f32, !llvm.ptr
    ==>
    %v = llvm.load %a {alias_scopes = [#view0], noalias_scopes = [#view1]} : !llvm.ptr -> f32
    llvm.store %v, %b {alias_scopes = [#view1], noalias_scopes = [#view0]} : f32, !llvm.ptr
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif // CNNC_LLVM_PASSES_TD
