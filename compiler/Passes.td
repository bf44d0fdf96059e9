//===- Passes.td - All passes, in the order of the phases ------*- tablegen -*-===//

#ifndef CNNC_PASSES_TD
#define CNNC_PASSES_TD

include "compiler/Autodiff/Passes.td"
include "compiler/Fusion/Passes.td"
include "compiler/Layout/Passes.td"
include "compiler/Lowering/Passes.td"
include "compiler/Tiling/Passes.td"
include "compiler/Memory/Passes.td"
include "compiler/Vector/Passes.td"
include "compiler/LLVM/Passes.td"

#endif // CNNC_PASSES_TD
