//===- Formatter.cpp - The one formatting of a text -------------------------===//

#include "compiler/Frontend/Formatter.h"

#include "compiler/Frontend/ASTPrinter.h"
#include "compiler/Frontend/FormatLayout.h"
#include "compiler/Frontend/Parser.h"
#include "llvm/Support/raw_ostream.h"

using namespace cnnc;

std::optional<std::string> cnnc::format(const SourceFile &file, DiagnosticEngine &diags) {
  ast::File tree = parse(file, diags);
  if (diags.hasErrors())
    return std::nullopt;
  std::vector<FormatLine> lines = layOut(formatTokens(file, tree));
  alignColumns(lines);
  std::string text;
  for (const FormatLine &line : lines)
    text.append(line.text) += '\n';
  return text;
}

namespace {
/// All of a text that its formatting keeps.
struct Meaning {
  bool isValid = false;
  std::vector<std::string> tokens, comments;
  std::string tree;

  bool operator==(const Meaning &) const = default;
};
} // namespace

static Meaning meaningOf(std::string_view text) {
  Sources sources("", std::string(text));
  DiagnosticEngine diags(sources);
  Meaning meaning;
  ast::File tree = parse(sources.main(), diags);
  meaning.isValid = !diags.hasErrors();
  if (!meaning.isValid)
    return meaning;
  llvm::raw_string_ostream stream(meaning.tree);
  printTree(stream, tree);
  for (const FormatToken &token : formatTokens(sources.main(), tree)) {
    meaning.tokens.emplace_back(token.text);
    for (const Comment &comment : token.above)
      meaning.comments.emplace_back(comment.text);
    if (token.behind)
      meaning.comments.emplace_back(token.behind->text);
  }
  return meaning;
}

bool cnnc::differInSpaceOnly(std::string_view first, std::string_view second) {
  Meaning wanted = meaningOf(first);
  return wanted.isValid && wanted == meaningOf(second);
}
