//===- compile-network.cpp - Compiles, writes and runs a network ----------===//
//
// codegen-test MODULE.mlir TARGET STEM writes STEM.o, STEM.a, STEM.h and STEM.s;
// for the host's own processor it also runs the object and prints the result.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/AOT.h"
#include "compiler/Codegen/Codegen.h"
#include "compiler/Codegen/JIT.h"
#include "run-network.h"

#include "mlir/Dialect/DLTI/DLTI.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/raw_ostream.h"

/// A network with a profile says what its calls are, and then when.
static void announce(const cnnc::CompiledNetwork &network, const cnnc::LoadedNetwork &loaded) {
  for (auto [i, call] : llvm::enumerate(network.model.calls))
    llvm::outs() << "call " << i << " of " << call.kernel << " layer '" << call.layer << "' line "
                 << call.line << '\n';
  llvm::outs().flush();
  loaded.setProbe(
      [](void *, int64_t call, int32_t start) {
        printf("%s %lld\n", start ? "start" : "end", (long long)call);
      },
      nullptr);
}

int main(int argc, char **argv) {
  llvm::ExitOnError check("codegen-test: ");
  if (argc != 4)
    return 2;
  mlir::MLIRContext context;
  context.loadDialect<mlir::LLVM::LLVMDialect, mlir::DLTIDialect>();
  context.allowUnregisteredDialects(); // cnn.* on the module
  auto module = mlir::parseSourceFile<mlir::ModuleOp>(argv[1], &context);
  if (!module)
    return 1;

  std::string stem = argv[3];
  cnnc::TargetInfo target = check(cnnc::findTarget(argv[2]));
  cnnc::CompiledNetwork network = check(cnnc::compileNetwork(*module, target));
  for (bool isArchive : {false, true})
    check(llvm::writeToOutput(stem + (isArchive ? ".a" : ".o"), [&](llvm::raw_ostream &out) {
      out << check(cnnc::libraryFile(network, isArchive));
      return llvm::Error::success();
    }));
  check(llvm::writeToOutput(stem + ".h", [&](llvm::raw_ostream &out) {
    out << cnnc::writeHeader(network.model, "examples/net.cnn");
    return llvm::Error::success();
  }));
  check(llvm::writeToOutput(stem + ".s", [&](llvm::raw_ostream &out) {
    out << check(cnnc::emitNetwork(*module, target, cnnc::OutputKind::Assembly));
    return llvm::Error::success();
  }));

  cnnc::LoadedNetwork loaded = check(cnnc::LoadedNetwork::load(network));
  announce(network, loaded);
  void *params = allocate(loaded.info().params_bytes);
  loaded.init(params, 7);
  run_network(&loaded.info(), params);
  return 0;
}
