//===- AOT.cpp - Writing the library --------------------------------------===//

#include "compiler/Codegen/AOT.h"
#include "compiler/Codegen/Codegen.h"
#include "compiler/Codegen/EmbeddedRuntime.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace cnnc {

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static bool isKeyword(StringRef name) {
  static const StringSet<> keywords = {
      // C99, the C++ ones that it lacks, and the types that the header uses.
      "auto",
      "break",
      "case",
      "char",
      "const",
      "continue",
      "default",
      "do",
      "double",
      "else",
      "enum",
      "extern",
      "float",
      "for",
      "goto",
      "if",
      "inline",
      "int",
      "long",
      "register",
      "restrict",
      "return",
      "short",
      "signed",
      "sizeof",
      "static",
      "struct",
      "switch",
      "typedef",
      "union",
      "unsigned",
      "void",
      "volatile",
      "while",
      "alignas",
      "alignof",
      "and",
      "and_eq",
      "asm",
      "bitand",
      "bitor",
      "bool",
      "catch",
      "char8_t",
      "char16_t",
      "char32_t",
      "class",
      "compl",
      "concept",
      "consteval",
      "constexpr",
      "constinit",
      "const_cast",
      "co_await",
      "co_return",
      "co_yield",
      "decltype",
      "delete",
      "dynamic_cast",
      "explicit",
      "export",
      "false",
      "friend",
      "mutable",
      "namespace",
      "new",
      "noexcept",
      "not",
      "not_eq",
      "nullptr",
      "operator",
      "or",
      "or_eq",
      "private",
      "protected",
      "public",
      "reinterpret_cast",
      "requires",
      "static_assert",
      "static_cast",
      "template",
      "this",
      "thread_local",
      "throw",
      "true",
      "try",
      "typeid",
      "typename",
      "using",
      "virtual",
      "wchar_t",
      "xor",
      "xor_eq",
      "int32_t",
      "int64_t",
      "uint64_t",
      "size_t",
      "NULL",
      "linux",
      "unix"};
  return keywords.contains(name);
}

std::string cIdentifier(StringRef name) {
  std::string result;
  for (char c : name)
    result += isAlnum(c) ? c : '_';
  // A leading underscore is the implementation's, and so is a double one in C++.
  if (result.empty() || !isAlpha(result.front()))
    result = "x" + result;
  for (size_t at; (at = result.find("__")) != std::string::npos;)
    result.erase(at, 1);
  if (isKeyword(result))
    result += '_';
  return result;
}

namespace {

/// Names that differ from each other and from the header's own arguments.
class ArgumentNames {
public:
  std::string add(StringRef name) {
    std::string base = cIdentifier(name), result = base;
    for (unsigned i = 2; !taken.insert(result).second; ++i)
      result = (base + (base.back() == '_' ? "" : "_") + Twine(i)).str();
    return result;
  }

private:
  StringSet<> taken = {"params", "state", "lr", "workspace"};
};

} // namespace

//===----------------------------------------------------------------------===//
// The header
//===----------------------------------------------------------------------===//

static StringRef cType(cnnc_dtype dtype) {
  switch (dtype) {
  case CNNC_F32:
    return "float";
  case CNNC_F64:
    return "double";
  case CNNC_I32:
    return "int32_t";
  case CNNC_I64:
    return "int64_t";
  }
  return "void";
}

/// `const float *image, `, one for each row, and in a comment its shape.
static std::string declareArrays(ArrayRef<TensorDescription> tensors, bool isConst,
                                 ArgumentNames &names) {
  std::string text;
  raw_string_ostream stream(text);
  for (const TensorDescription &tensor : tensors)
    stream << (isConst ? "const " : "") << cType(tensor.dtype) << " *" << names.add(tensor.name)
           << ", ";
  return text;
}

/// What the arrays of the functions below mean, a line each.
static void describeArrays(raw_ostream &out, ArrayRef<TensorDescription> tensors,
                           StringRef direction) {
  for (const TensorDescription &tensor : tensors) {
    // The name stands in a comment: nothing in it may end that.
    out << " *   " << direction << ' ' << cIdentifier(tensor.name) << ": " << cType(tensor.dtype)
        << '[';
    interleave(tensor.shape, out, "][");
    out << ']';
    if (tensor.classes > 0)
      out << ", labels 0 .. " << tensor.classes - 1;
    out << '\n';
  }
}

static void writeSizes(raw_ostream &out, const ModelDescription &model, StringRef macro) {
  out << "#define " << macro << "_BATCH " << model.batch << "\n#define " << macro
      << "_PARAMS_BYTES " << model.paramsBytes << "\n#define " << macro << "_WORKSPACE_BYTES "
      << model.workspaceBytes << '\n';
  if (model.hasTrainStep)
    out << "#define " << macro << "_STATE_BYTES " << model.stateBytes << "\n#define " << macro
        << "_TRAIN_WORKSPACE_BYTES " << model.trainWorkspaceBytes << '\n';
}

static void writePrototypes(raw_ostream &out, const ModelDescription &model) {
  const std::string &prefix = model.prefix;
  out << "/* Names, sizes and initial values of everything below. */\n"
      << "const cnnc_model_info *" << prefix << "_info(void);\n"
      << "/* Fills params with the initial values that belong to seed. */\n"
      << "void " << prefix << "_init(void *params, uint64_t seed);\n"
      << "/* CNNC_OK, or an error code and params as it was. */\n"
      << "int " << prefix << "_load(void *params, const void *safetensors, size_t bytes);\n"
      << "/* The bytes that the file needs; writes it only if capacity suffices. */\n"
      << "size_t " << prefix << "_save(const void *params, void *safetensors, size_t capacity);\n"
      << "/* Threads for the functions below: run divides their work; null: none (the default).\n"
      << " * Not while another thread is in one of them. */\n"
      << "void " << prefix << "_set_parallel(cnnc_parallel run, void *pool);\n\n"
      << "/*\n";
  describeArrays(out, model.inputs, "in");
  if (model.hasTrainStep)
    describeArrays(out, model.targets, "in");
  describeArrays(out, model.outputs, "out");
  out << " *\n * The arrays of one call must not overlap.\n */\n";
  if (model.hasForward) {
    ArgumentNames names;
    out << "void " << prefix << "_forward(const void *params, "
        << declareArrays(model.inputs, true, names) << declareArrays(model.outputs, false, names)
        << "void *workspace);\n";
  }
  if (model.hasTrainStep) {
    ArgumentNames names;
    out << "/* One step of the optimizer; the mean loss over the batch before it. */\n"
        << "float " << prefix << "_train_step(void *params, void *state, "
        << declareArrays(model.inputs, true, names) << declareArrays(model.targets, true, names)
        << "float lr, void *workspace);\n";
  }
}

std::string writeHeader(const ModelDescription &model, StringRef source) {
  std::string text, macro = StringRef(model.prefix).upper();
  raw_string_ostream out(text);
  std::string origin = sys::path::filename(source).str();
  for (char &c : origin) // stands in a comment
    c = isAlnum(c) || c == '.' || c == '-' || c == '_' ? c : '_';
  out << "/* " << model.prefix << ".h, generated from " << origin << " */\n"
      << "#ifndef " << macro << "_H\n#define " << macro << "_H\n\n"
      << abiHeaderText()
      << "\n/* Bytes of the blobs, which must be aligned to CNNC_ALIGNMENT. */\n";
  writeSizes(out, model, macro);
  out << "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  writePrototypes(out, model);
  out << "\n#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << macro << "_H */\n";
  return text;
}

//===----------------------------------------------------------------------===//
// The object
//===----------------------------------------------------------------------===//

Expected<std::string> libraryFile(const CompiledNetwork &network, bool isArchive) {
  if (!isArchive)
    return network.object;
  std::string member = network.model.prefix + ".o";
  NewArchiveMember entry(MemoryBufferRef(network.object, member));
  Expected<std::unique_ptr<MemoryBuffer>> archive =
      writeArchiveToBuffer(entry, SymtabWritingMode::NormalSymtab, object::Archive::K_GNU,
                           /*Deterministic=*/true, /*Thin=*/false);
  if (!archive)
    return archive.takeError();
  return (*archive)->getBuffer().str();
}

} // namespace cnnc
