//===- FormatAlign.cpp - Columns of neighbouring lines ----------------------===//
//
// The author aligns by setting things below each other: where neighbouring lines had
// them at one column with extra space, they have so again. The sizes at the ends of a
// chain's lines stand apart by rule.
//
//===----------------------------------------------------------------------===//

#include "compiler/Frontend/FormatLayout.h"
#include "compiler/Frontend/Formatter.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <algorithm>
#include <span>

using namespace cnnc;

/// Between a chain's line and the size at its end.
static constexpr unsigned checkSpace = 4;
/// Between code and the comment behind it.
static constexpr unsigned commentSpace = 2;

static unsigned columnAt(const FormatLine &line, size_t position) {
  return columnsOf(std::string_view(line.text).substr(0, position));
}

/// Inserts spaces in front of an anchor; what follows moves along.
static void pad(FormatLine &line, size_t anchor, unsigned spaces) {
  line.text.insert(line.anchors[anchor].position, spaces, ' ');
  for (size_t i = anchor; i < line.anchors.size(); ++i)
    line.anchors[i].position += spaces;
}

/// Brings an anchor of each line of a run to one column, `extra` further than the widest;
/// not where a line would become too long.
static void alignRun(std::span<FormatLine> run,
                     llvm::function_ref<size_t(const FormatLine &)> anchor, unsigned extra) {
  auto columnOf = [&](const FormatLine &line) {
    return columnAt(line, line.anchors[anchor(line)].position);
  };
  unsigned column = 0;
  for (const FormatLine &line : run)
    column = std::max(column, columnOf(line) + extra);
  for (const FormatLine &line : run)
    if (columnsOf(line.text) + column - columnOf(line) > formatColumns)
      return;
  for (FormatLine &line : run)
    pad(line, anchor(line), column - columnOf(line));
}

static bool hasAnchor(const FormatLine &line, size_t anchor, LineAnchor::Kind kind) {
  return anchor < line.anchors.size() && line.anchors[anchor].kind == kind;
}

/// Aligns the anchors with this number and kind where the author had them at one column.
static bool alignAsWritten(std::vector<FormatLine> &lines, size_t anchor, LineAnchor::Kind kind) {
  bool found = false;
  for (size_t begin = 0; begin < lines.size();) {
    size_t end = begin + 1;
    if (!hasAnchor(lines[begin], anchor, kind)) {
      begin = end;
      continue;
    }
    found = true;
    const LineAnchor &first = lines[begin].anchors[anchor];
    bool isPadded = first.wasPadded;
    bool isChain = kind == LineAnchor::Arrow;
    for (; end < lines.size() && hasAnchor(lines[end], anchor, kind); ++end) {
      const LineAnchor &next = lines[end].anchors[anchor];
      if (next.sourceColumn != first.sourceColumn ||
          (isChain && lines[end].statement != lines[begin].statement))
        break;
      isPadded |= next.wasPadded;
    }
    if (isPadded && end - begin > 1)
      alignRun({&lines[begin], end - begin}, [&](const FormatLine &) { return anchor; }, 0);
    begin = end;
  }
  return found;
}

/// Sizes at the ends of a statement's lines, where it has several lines.
static void alignChecks(std::vector<FormatLine> &lines) {
  llvm::DenseMap<size_t, unsigned> lineCounts;
  for (const FormatLine &line : lines)
    if (line.statement != FormatLine::none)
      ++lineCounts[line.statement];
  auto endsInCheck = [&](const FormatLine &line) {
    return !line.anchors.empty() && line.anchors.back().kind == LineAnchor::Check &&
           lineCounts[line.statement] > 1;
  };
  for (size_t begin = 0; begin < lines.size(); ++begin) {
    if (!endsInCheck(lines[begin]))
      continue;
    size_t end = begin + 1;
    while (end < lines.size() && endsInCheck(lines[end]) &&
           lines[end].statement == lines[begin].statement)
      ++end;
    // The checks of a run need not have the same number in their lines.
    alignRun(
        {&lines[begin], end - begin},
        [](const FormatLine &line) { return line.anchors.size() - 1; }, checkSpace - 1);
    begin = end - 1;
  }
}

/// Comments that stood below each other do so again, the others two columns behind.
static void appendComments(std::vector<FormatLine> &lines) {
  for (size_t begin = 0; begin < lines.size();) {
    size_t end = begin + 1;
    if (!lines[begin].comment) {
      begin = end;
      continue;
    }
    while (end < lines.size() && lines[end].comment &&
           lines[end].comment->column == lines[begin].comment->column)
      ++end;
    unsigned column = 0;
    for (size_t i = begin; i < end; ++i)
      column = std::max(column, columnsOf(lines[i].text) + commentSpace);
    for (size_t i = begin; i < end; ++i) {
      lines[i].text.append(column - columnsOf(lines[i].text), ' ');
      lines[i].text += lines[i].comment->text;
    }
    begin = end;
  }
}

void cnnc::alignColumns(std::vector<FormatLine> &lines) {
  alignAsWritten(lines, 0, LineAnchor::Assign);
  // Padding moves the anchors behind it: from left to right.
  for (size_t anchor = 0; alignAsWritten(lines, anchor, LineAnchor::Arrow); ++anchor)
    continue;
  alignChecks(lines);
  appendComments(lines);
}
