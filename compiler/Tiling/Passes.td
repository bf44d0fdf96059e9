//===- Passes.td - Tiling --------------------------------------*- tablegen -*-===//

#ifndef CNNC_TILING_PASSES_TD
#define CNNC_TILING_PASSES_TD

include "mlir/Pass/PassBase.td"

/// The numbers of the target by which tiles are chosen (WithMachine in TileSearch.h).
defvar tileOptions = [
  Option<"vectorBits", "vector-bits", "int64_t", "256", "bits of a vector register">,
  Option<"registers", "registers", "int64_t", "16", "vector registers">,
  Option<"fmaPorts", "fma-ports", "int64_t", "2", "multiply-adds of full vectors that start in a cycle">,
  Option<"fmaLatency", "fma-latency", "int64_t", "4", "cycles until a sum can be added to again">,
  Option<"loadPorts", "load-ports", "int64_t", "2", "loads in a cycle">,
  Option<"l1Bytes", "l1-bytes", "int64_t", "32768", "bytes of a core's first data cache">,
  Option<"l2Bytes", "l2-bytes", "int64_t", "524288", "bytes of a core's second cache">,
  Option<"l2Bandwidth", "l2-bandwidth", "int64_t", "32", "bytes a cycle from a core's second cache">
];

def SpreadElementwisePass : Pass<"cnn-spread-elementwise", "::mlir::func::FuncOp"> {
  let summary = "normalizes in the loops that read normalized values";
  let description = [{
    Gives each user of a cheap element-wise op a copy of it, which `cnn-join-elementwise` puts into the
    user: nothing of the op reaches memory, and its input is kept instead of its result.

    Legal because the op has no effects. Done where it has one input of any size, no more than its
    result has, which is in memory anyway because a reduction reads it (the statistics of a normalization),
    and where all its users are element-wise and read every element once. Leaves alone: ops of more
    than `max-ops` operations, what a convolution reads, and ops with one user, which are joined as they are.

    ```mlir
    %mean = linalg.generic {iterator_types = ["parallel", "reduction"]} ins(%x) …
    %n = linalg.generic ins(%x, %mean) { subf }
    %y = linalg.generic ins(%n, %scale) { mulf }
    %z = linalg.generic ins(%n, %dy) { mulf }
    ==>
    %mean = linalg.generic {iterator_types = ["parallel", "reduction"]} ins(%x) …
    %n = linalg.generic ins(%x, %mean) { subf }
    %y = linalg.generic ins(%n, %scale) { mulf }
    %m = linalg.generic ins(%x, %mean) { subf }
    %z = linalg.generic ins(%m, %dy) { mulf }
    ```
  }];
  let options = [Option<"maxOps", "max-ops", "size_t", "4", "operations on an element">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"spread", "spread", "ops whose results reach no memory">];
}

def JoinElementwisePass : Pass<"cnn-join-elementwise", "::mlir::func::FuncOp"> {
  let summary = "chains of element-wise ops as one loop";
  let description = [{
    Puts the body of an element-wise op into its only user, so that what passes between the two stays
    in a vector register instead of going through memory. The user may be element-wise or a
    reduction that reads every element once.

    Legal because every element is used once: nothing is computed twice. Leaves alone: producers
    with several users, users that repeat elements (a convolution), and users whose result would then
    read more than `max-streams` tensors of its own size (the hardware must fetch each of them ahead).

    ```mlir
    %a = linalg.generic … ins(%x) { addf … }
    %b = linalg.generic … ins(%a) { math.tanh … }
    ==>
    %b = linalg.generic … ins(%x) { addf …, math.tanh … }
    ```
  }];
  let options = [Option<"maxStreams", "max-streams", "unsigned", "8",
                        "inputs of one loop that have an element for each iteration">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def RecomputeActivationsPass : Pass<"cnn-recompute-activations", "::mlir::func::FuncOp"> {
  let summary = "computes cheap activations again where backward needs them";
  let description = [{
    Gives the late users of an element-wise op, those behind a pause of `min-pause` ops, a copy of
    the op each, so that its result need not be kept until then. `cnn-join-elementwise` can put the
    copies into their users.

    Legal because the op has no effects: the copy computes the same bits. Done where the op has at
    most `max-ops` arithmetic operations and no functions, its result at least `min-bytes`, and
    where all its inputs of that order are alive at the last late user without it: arguments, or
    tensors that another op reads then or later.

    Leaves alone: ops with several results, reductions, and users without a pause.

    ```mlir
    %y = linalg.generic … ins(%x) { maximumf … }
    … 64 ops …
    "use"(%y, %x)
    ==>
    %y = linalg.generic … ins(%x) { maximumf … }
    … 64 ops …
    %z = linalg.generic … ins(%x) { maximumf … }
    "use"(%z, %x)
    ```
  }];
  let options = [
    Option<"minPause", "min-pause", "int64_t", "64",
           "ops between users; a layer's forward pass has fewer">,
    Option<"minBytes", "min-bytes", "int64_t", "262144",
           "of a result; smaller ones stay in a cache and make no peak">,
    Option<"maxOps", "max-ops", "size_t", "12", "operations on an element; more take longer than memory does">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"recomputed", "recomputed", "results that are not kept">];
}

def FormKernelsPass : Pass<"cnn-form-kernels", "::mlir::func::FuncOp"> {
  let summary = "reductions with a known start as kernels";
  let description = [{
    Turns a reduction whose results start as a constant into `cnn.kernel`: the start becomes a part
    of the op, so that no pass over memory fills the result first, and there is a place for what
    is to be done with the sums.

    Legal where each result is written once. Leaves alone: reductions that add to what a variable
    holds, that write several times to one place (scattered sums), that ask for their position.

    ```mlir
    %t = linalg.fill ins(%zero) outs(%e)
    %y = linalg.generic {iterator_types = ["parallel", "reduction"]} ins(%x) outs(%t) { addf }
    ==>
    %y = cnn.kernel ins(%x) outs(%e) … starts [0.0 : f32] reduce { addf } finish { … }
    ```
  }];
  let dependentDialects = ["::mlir::cnn::CnnDialect", "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"formed", "formed", "reductions that became kernels">];
}

def JoinReductionsPass : Pass<"cnn-join-reductions", "::mlir::func::FuncOp"> {
  let summary = "several sums over the same tensor in one pass over memory";
  let description = [{
    Of equal kernels one is left: the sums in a softmax are those in its loss. Then makes one kernel with
    an accumulator for each sum of kernels that run over the same loops and read
    the same tensor: the sums of dy and of dy * y in the gradient of a normalization.

    Legal where one of the two can stand where the other one does. Done for sweeps: kernels that have
    an element of an input for every iteration, or one for all that are summed, with lanes that do not
    reduce, and at most `max-inputs` inputs together. Leaves alone: contractions, whose tiles need the
    registers, kernels of which one needs the other's result.

    ```mlir
    %a = cnn.kernel ins(%x) … reduce { addf }
    %b = cnn.kernel ins(%x, %y) … reduce { mulf, addf }
    ==>
    %c:2 = cnn.kernel ins(%x, %y) … reduce { addf, mulf, addf }
    ```
  }];
  let options = [Option<"maxInputs", "max-inputs", "unsigned", "8", "inputs of one kernel">];
  let dependentDialects = ["::mlir::cnn::CnnDialect", "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"joined", "joined", "kernels that joined another one">,
                    Statistic<"shared", "shared", "kernels that were there already">];
}

def SplitElementwisePass : Pass<"cnn-split-elementwise", "::mlir::func::FuncOp"> {
  let summary = "element-wise ops on what kernels write slice by slice, slice by slice";
  let description = [{
    An element-wise op whose operand several kernels write in turns (the phases of a strided
    convolution's gradient) becomes one op for each of them, whose results are inserted in the same way. So
    `cnn-fuse-epilogue` can put each into its kernel.

    Legal because every place belongs to one slice. Done for short sums, of at most `max-steps` products
    each, as depthwise convolutions have them: beside long ones the sweep over memory costs little, and less
    than reading every other place of what else the op reads. Leaves alone: tensors that others read, too, or
    of which a part is no kernel's, and ops that reduce, count elements or update what they write.

    ```mlir
    %a = tensor.insert_slice %even into %t[0] [8] [2]
    %b = tensor.insert_slice %odd into %a[1] [8] [2]
    %y = linalg.generic … ins(%b, %x) { addf }
    ==>
    %x0 = tensor.extract_slice %x[0] [8] [2]
    %y0 = linalg.generic … ins(%even, %x0) { addf }
    …
    %y = tensor.insert_slice %y1 into …[1] [8] [2]
    ```
  }];
  let options = [Option<"maxSteps", "max-steps", "int64_t", "16", "products in a sum">];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
  let statistics = [Statistic<"splits", "splits", "ops that became one for each slice">];
}

def FuseEpiloguePass : Pass<"cnn-fuse-epilogue", "::mlir::func::FuncOp"> {
  let summary = "element-wise ops on the results of a kernel, while these are in registers";
  let description = [{
    Puts the body of an element-wise op into the `finish` of the kernel whose result it reads: a bias,
    an activation, the addition of a shortcut, the mask of an activation's gradient. Repeats as long
    as there is one, with at most `max-extras` further inputs. A result that others read too
    is still written.

    Legal where nobody needs the result between the kernel and the op. Each refusal is a remark of the
    category `cnn-fuse` that says why. Leaves alone: ops that repeat or count elements, that
    reduce, that update what they write.

    ```mlir
    %y = cnn.kernel … finish { yield %sum }
    %z = linalg.generic ins(%y, %bias) { addf, maximumf }
    ==>
    %z = cnn.kernel … extras(%bias) … finish { addf, maximumf }
    ```
  }];
  let options = [Option<"maxExtras", "max-extras", "unsigned", "6", "further inputs of a kernel">];
  let dependentDialects = ["::mlir::cnn::CnnDialect", "::mlir::linalg::LinalgDialect"];
  let statistics = [Statistic<"fused", "fused", "ops that a kernel took in">];
}

def FusePoolPass : Pass<"cnn-fuse-pool", "::mlir::func::FuncOp"> {
  let summary = "pooling of what a kernel has finished, while this is in registers";
  let description = [{
    Makes one kernel of a kernel and another one that pools its result: the points of a window become
    loops of the first, and the second a region that takes all of them (see `cnn.kernel`). The map that is
    pooled is written only where others read it too, or where blocks of a long sum wait in it.

    Legal for windows that do not overlap and leave nothing out that others need, of at most 16 points,
    where nobody needs the result between the two kernels and a tile of registers has room for a
    window. Each refusal is a remark of the category `cnn-fuse` that says why. Leaves alone: what is padded
    before it is pooled, and pooling that asks which position won.

    ```mlir
    %y = cnn.kernel … finish { addf, maximumf }
    %z = cnn.kernel ins(%y) maps [(p, q, k, l) -> (2 * p + k, 2 * q + l), …] reduce { maximumf } finish { … }
    ==>
    %z = cnn.kernel … window [4, 5] … finish { addf, maximumf } pool { maximumf, maximumf, … }
    ```
  }];
  let options = tileOptions;
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::cnn::CnnDialect"];
  let statistics = [Statistic<"fused", "fused", "poolings that a kernel took in">];
}

def SkipPaddingPass : Pass<"cnn-skip-padding", "::mlir::func::FuncOp"> {
  let summary = "find the products of kernels that padding makes zero";
  let description = [{
    Gives a kernel that adds up products the `domain` of those that can be other than zero: where an input
    has a border of zeros (`cnn.fill_border`), the iterations that read inside of it. On small maps these
    are few enough to count: of a 3x3 convolution with padding 1 on 7x7, 18 % of the products are zero.

    Legal for sums of products of finite numbers; with an infinite weight, padding would give NaN and now gives
    nothing. Leaves alone: other reductions, borders of other values, and inputs whose inside reaches
    into the border.

    ```mlir
    %b = cnn.fill_border %e low [0, 1] high [0, 1] value 0.0 : f32 : tensor<8x16xf32>
    %x = tensor.insert_slice %y into %b[0, 1] [8, 14] [1, 1] : …
    %z = cnn.kernel ins(%x, %w : …) maps [(i, p, k) -> (i, p + k), …] …
    ==>
    %z = cnn.kernel … domain affine_set<(i, p, k) : (p + k - 1 >= 0, -p - k + 14 >= 0)>
    ```
  }];
  let statistics = [Statistic<"restricted", "restricted", "kernels with a domain">];
}

def SelectSchedulePass : Pass<"cnn-select-schedule", "::mlir::func::FuncOp"> {
  let summary = "choose the registers' tile and the order of loops";
  let description = [{
    Gives every contraction (a reduction in which some loops do not index all inputs: convolutions in all
    directions, matrix products) `cnn.schedule`: the loop whose iterations are the lanes of a vector,
    the tile of iterations whose sums are in registers at once, the order of the loops around it, the
    blocks of reducing loops whose operands stay in a cache, and the levels that threads share. All tiles
    that fit the registers are tried on a model of the processor's ports; see docs/Rationale.md.
    It is data: it can be read in the IR and written by hand.

    Legal for every linear nest. Leaves alone: ops that have a schedule, and ops that only pass over
    memory, whose order follows from their buffers.

    ```mlir
    %y = cnn.kernel ins(%x, %w : …) …
    ==>
    %y = cnn.kernel ins(%x, %w : …) … attributes {cnn.schedule = {lane_loop = 8, lanes = 16, tile = […], …}}
    ```
  }];
  let options = tileOptions;
  let statistics = [Statistic<"selected", "selected", "ops with a schedule">];
}

def OverrideSchedulesPass : Pass<"cnn-override-schedules", "::mlir::ModuleOp"> {
  let summary = "schedules that the user has written";
  let description = [{
    Replaces `cnn.schedule` of the kernels that the lines of a text name: a layer, a direction (forward,
    data or weights), the number of the kernel where the layer has several in this direction, and the
    schedule. A line is for every function that has this kernel.

    Legal for a schedule of the kernel's loops with which these compute what the op says; each other one is
    an error at its line, or a warning if another function has a kernel that it fits. With `only-fitting`
    such a line is left out: for parts of a network whose text has been read as a whole before. Leaves alone:
    kernels that no line names, and ops that `cnn-select-schedule` has given no schedule.

    ```text
    # a comment
    conv1 forward: {inner = array<i64: 4, 5, 6>, lane_loop = 7, lanes = 8, levels = array<i64: …>, tasks = 0, tile = array<i64: …>}
    conv2 data 3: {…}
    ```
  }];
  let options = [
    Option<"name", "name", "std::string", "\"schedules\"", "of the text, in messages">,
    Option<"schedules", "schedules", "std::string", "\"\"", "the text">,
    Option<"onlyFitting", "only-fitting", "bool", "false", "leave out lines that fit no kernel">
  ];
  let statistics = [Statistic<"overridden", "overridden", "kernels with another schedule">];
}

#endif // CNNC_TILING_PASSES_TD
