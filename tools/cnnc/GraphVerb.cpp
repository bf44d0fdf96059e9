//===- GraphVerb.cpp - cnnc summary --graph -------------------------------===//
//
// Graphviz lays out: its program `dot` reads a file of ours and writes one, without a
// shell between. Of its SVG only the names that a pointer shows are changed.

#include "runtime/AtomicFile.h"
#include "tools/cnnc/Graph.h"
#include "tools/cnnc/Verbs.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace cnnc;

/// A picture with more boxes is not looked at, and takes Graphviz minutes.
static constexpr size_t kMostBoxes = 1000;
static constexpr unsigned kMostSeconds = 120;

static std::string readAll(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : "";
}

/// Graphviz's SVG of a picture.
static Result<std::string> runDot(const std::string &picture) {
  ErrorOr<std::string> program = sys::findProgramByName("dot");
  if (!program)
    return fail(Exit::Request, "drawing needs the program 'dot': install the package graphviz, or "
                               "write its input with -o NET.dot");
  SmallString<128> paths[3]; // standard input, output and error of dot
  std::vector<FileRemover> removers;
  for (SmallString<128> &path : paths) {
    if (std::error_code error = sys::fs::createTemporaryFile("cnnc-graph", "tmp", path))
      return fail(Exit::File, "no temporary file: {}", error.message());
    removers.emplace_back(path);
  }
  Status written = writeAtomically(paths[0].str().str(), piece(picture));
  if (!written.ok())
    return written;
  std::optional<StringRef> redirects[] = {paths[0].str(), paths[1].str(), paths[2].str()};
  std::string message;
  int code = sys::ExecuteAndWait(*program, {*program, "-Tsvg"}, std::nullopt, redirects,
                                 kMostSeconds, /*MemoryLimit=*/0, &message);
  if (code == 0)
    return readAll(paths[1]);
  std::string said = message.empty() ? readAll(paths[2]) : message;
  return fail(Exit::Request, "{} failed: {}", *program,
              StringRef(said).trim().take_front(200).str());
}

/// Puts details in place of the names that the layout knew, and leaves out what
/// stands before the picture itself.
static std::string withTitles(StringRef svg, const StringMap<std::string> &titles) {
  static constexpr StringLiteral open = "<title>", close = "</title>";
  std::string result = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  svg = svg.substr(std::min(svg.find("<svg"), svg.size()));
  while (!svg.empty()) {
    size_t begin = svg.find(open);
    if (begin == StringRef::npos)
      break;
    result += svg.take_front(begin + open.size());
    svg = svg.drop_front(begin + open.size());
    StringRef name = svg.take_front(svg.find(close));
    svg = svg.drop_front(name.size());
    std::string key = name.str();
    if (size_t arrow = key.find("&#45;&gt;"); arrow != std::string::npos)
      key.replace(arrow, StringRef("&#45;&gt;").size(), "->");
    auto found = titles.find(key);
    result += found == titles.end() ? name.str() : escaped(found->second);
  }
  return result.append(svg);
}

/// Where the picture goes: -o, or NET.svg beside the caller.
static std::string outputPath(const Arguments &arguments, const ParsedNet &parsed) {
  StringRef stem = sys::path::stem(parsed.sources.main().name());
  std::string name = stem == "<stdin>" ? parsed.net.name : stem.str();
  return arguments.get("-o", name + ".svg");
}

int cnnc::graphVerb(const Arguments &arguments, std::optional<int64_t> depth) {
  int exit = 0;
  std::optional<ParsedNet> parsed = parseNet(arguments, exit);
  if (!parsed)
    return exit;
  std::vector<NetRow> rows = netRows(parsed->net, depth);
  if (rows.size() > kMostBoxes)
    return report(fail(Exit::Limit,
                       "a picture of {} layers, but at most {} can be drawn; --depth N folds the "
                       "blocks, --depth 1 all of them",
                       grouped(int64_t(rows.size())), grouped(kMostBoxes)));
  Graph graph = drawGraph(parsed->net, rows);
  std::string path = outputPath(arguments, *parsed), content = graph.dot;
  if (!StringRef(path).ends_with(".dot") && !StringRef(path).ends_with(".gv")) {
    Result<std::string> svg = runDot(graph.dot);
    if (!svg)
      return report(svg.status());
    content = withTitles(*svg, graph.titles);
  }
  return writeOutput(path, content);
}
