//===- unary-functions.cpp - Errors of the functions of one element -------===//
//
// Compiles each function for f32 through all phases, runs it on every n-th of all 2^32 floats,
// and compares with libm's f64. An error is counted in ULP: the distance of two neighbours of the
// exact result in f32, which is 2^-149 below the normal numbers. A NaN must give a NaN, and what
// is beyond the largest float an infinity.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/Codegen.h"
#include "compiler/Codegen/JIT.h"
#include "compiler/InitAll.h"
#include "compiler/Pipelines/Pipelines.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"
#include <bit>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

using namespace cnnc;

namespace cl = llvm::cl;

static cl::opt<uint32_t> every("every", cl::init(4099), cl::value_desc("n"),
                               cl::desc("take each n-th float"));
static cl::opt<std::string> only("only", cl::value_desc("name"), cl::desc("one function"));
static cl::opt<double> bar("bar", cl::init(2.5), cl::value_desc("ULP"),
                           cl::desc("an error above it fails, too"));
static cl::opt<bool> isTimed("time", cl::desc("say what an element costs, and compare nothing"));

namespace {

struct Function {
  const char *name;
  const char *op; ///< of the cnn dialect, with its attributes
  double bound;   ///< of the error in ULP: docs/Testing.md has the same
  double (*exact)(double);
  const char *before = ""; ///< ops that make of %x what it reads
};

} // namespace

static double clampToSix(double x) { return std::isnan(x) ? x : std::fmin(std::fmax(x, 0), 6); }

/// Softmax of x and 0: its exponential is one in f32.
static const char besideZero[] =
    R"(%a = cnn.reshape %x to [4096, 1] : tensor<1x4096xf32>
       %b = cnn.pad %a low [0, 0] high [0, 1] : tensor<4096x1xf32>
       %c = cnn.softmax %b : tensor<4096x2xf32>
       %d = cnn.pad %c low [0, 0] high [0, -1] : tensor<4096x2xf32>
       %share = cnn.reshape %d to [1, 4096] : tensor<4096x1xf32>)";

static const Function functions[] = {
    {"exp", "exp %x", 0.51, [](double x) { return std::exp(x); }},
    {"erfc", "erfc %x", 0.51, [](double x) { return std::erfc(x); }},
    {"tanh", "tanh %x", 0.51, [](double x) { return std::tanh(x); }},
    {"sigmoid", "sigmoid %x", 0.51, [](double x) { return 1 / (1 + std::exp(-x)); }},
    {"softplus", "softplus %x", 2,
     [](double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }},
    {"elu", "elu %x", 0.51, [](double x) { return x > 0 ? x : std::expm1(x); }},
    {"silu", "silu %x", 0.51, [](double x) { return x / (1 + std::exp(-x)); }},
    {"gelu", "gelu %x", 0.51, [](double x) { return x / 2 * std::erfc(-x / std::numbers::sqrt2); }},
    {"hardsigmoid", "hardsigmoid %x", 1, [](double x) { return clampToSix(x + 3) / 6; }},
    {"hardswish", "hardswish %x", 2, [](double x) { return x * (clampToSix(x + 3) / 6); }},
    {"relu", "relu %x", 0, [](double x) { return x < 0 ? 0 : x; }},
    {"relu6", "relu6 %x", 0, clampToSix},
    {"lrelu", "lrelu %x slope 0.01", 0.9, [](double x) { return x > 0 ? x : 0.01 * x; }},
    {"softmax", "relu %share", 2.5,
     [](double x) { return 1 / (1 + std::exp(x > 0 ? x - x - x : -x)); }, besideZero},
};

/// So many floats are computed at once.
static constexpr uint32_t blockSize = 4096;

static llvm::Expected<LoadedNetwork> compile(mlir::MLIRContext &context, const Function &function) {
  std::string type = fmt::format("tensor<1x{}xf32>", blockSize);
  std::string text = fmt::format(
      R"(func.func @forward(%x: {0} {{cnn.role = "input", cnn.name = "x"}})
           -> ({0} {{cnn.role = "output", cnn.name = "y"}}) {{
         {2}
         %y = cnn.{1} : {0}
         return %y : {0}
       }})",
      type, function.op, function.before);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  mlir::PassManager passes(&context);
  buildPipeline(passes, Phase::LLVM,
                {.reference = false, .prefix = "net", .machine = hostMachine()});
  if (!module || failed(passes.run(*module)))
    return llvm::createStringError("does not compile");
  return LoadedNetwork::compile(*module);
}

namespace {

/// Runs a compiled function on blocks of floats.
class Runner {
public:
  explicit Runner(const LoadedNetwork &network)
      : info(network.info()), workspace(info.workspace_bytes + CNNC_ALIGNMENT) {}

  void run() {
    const void *inputs[] = {arguments};
    void *outputs[] = {results};
    void *aligned = workspace.data();
    size_t space = workspace.size();
    std::align(CNNC_ALIGNMENT, info.workspace_bytes, aligned, space);
    info.forward(/*params=*/nullptr, inputs, outputs, aligned);
  }

  alignas(CNNC_ALIGNMENT) float arguments[blockSize];
  alignas(CNNC_ALIGNMENT) float results[blockSize];

private:
  const cnnc_model_info &info;
  std::vector<char> workspace;
};

} // namespace

static double errorOf(float found, double exact) {
  constexpr double wrong = std::numeric_limits<double>::infinity();
  if (std::isnan(exact) || std::isnan(found))
    return std::isnan(exact) && std::isnan(found) ? 0 : wrong;
  float nearest = float(exact);
  if (std::isinf(nearest) || std::isinf(found))
    return found == nearest ? 0 : wrong;
  constexpr int digits = std::numeric_limits<float>::digits, least = -149;
  int exponent = least;
  if (exact != 0)
    exponent = std::max(least, std::ilogb(exact) - (digits - 1));
  return std::fabs(double(found) - exact) / std::ldexp(1.0, exponent);
}

/// Returns whether all errors are within the bounds.
static bool measure(const Function &function, Runner &runner) {
  double worst = 0;
  float where = 0;
  uint64_t compared = 0;
  constexpr uint64_t floats = uint64_t(1) << 32;
  for (uint64_t first = 0; first < floats; first += uint64_t(every) * blockSize) {
    for (uint32_t i = 0; i < blockSize; ++i) // what is past the end wraps around
      runner.arguments[i] = std::bit_cast<float>(uint32_t(first + uint64_t(i) * every));
    runner.run();
    for (uint32_t i = 0; i < blockSize; ++i) {
      double error = errorOf(runner.results[i], function.exact(runner.arguments[i]));
      if (error > worst) {
        worst = error;
        where = runner.arguments[i];
      }
    }
    compared += blockSize;
  }
  bool isFine = worst <= std::min(function.bound, bar.getValue());
  llvm::outs() << fmt::format("{:<12} {:>10} floats, worst {:.3f} ULP at {}{}\n", function.name,
                              compared, worst, where, isFine ? "" : "  FAILED");
  llvm::outs().flush();
  return isFine;
}

/// The least time of many runs on numbers from -4 to 4.
static void measureTime(const Function &function, Runner &runner) {
  for (uint32_t i = 0; i < blockSize; ++i)
    runner.arguments[i] = (float(i) + 0.3f) / (blockSize / 8) - 4;
  double least = std::numeric_limits<double>::infinity();
  constexpr int runs = 500;
  for (int i = 0; i < runs; ++i) {
    auto start = std::chrono::steady_clock::now();
    runner.run();
    std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - start;
    least = std::min(least, time.count() / blockSize);
  }
  llvm::outs() << fmt::format("{:<12} {:.2f} ns\n", function.name, least);
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "errors of the functions of one element\n");
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  unsigned failures = 0, chosen = 0;
  for (const Function &function : functions) {
    if (!only.empty() && only != function.name)
      continue;
    ++chosen;
    llvm::Expected<LoadedNetwork> network = compile(context, function);
    if (!network) {
      llvm::errs() << function.name << ": " << llvm::toString(network.takeError()) << '\n';
      return 1;
    }
    auto runner = std::make_unique<Runner>(*network);
    if (isTimed)
      measureTime(function, *runner);
    else
      failures += !measure(function, *runner);
  }
  llvm::outs() << chosen << " functions, " << failures << " failed\n";
  return failures > 0 || chosen == 0;
}
