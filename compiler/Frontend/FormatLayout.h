//===- FormatLayout.h - Tokens to lines -------------------------------------===//
//
// Two steps: layOut() decides where lines end and how far they are indented, without
// regard to alignment; alignColumns() then pads within lines. So padding never moves
// a line's end, and formatting twice gives what formatting once does.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_FORMATLAYOUT_H
#define CNNC_FRONTEND_FORMATLAYOUT_H

#include "compiler/Frontend/FormatTokens.h"

namespace cnnc {

/// A place in a line that neighbours may have at the same column.
struct LineAnchor {
  enum Kind : uint8_t { Assign, Arrow, Check } kind;
  size_t position;       ///< in FormatLine::text, in bytes
  unsigned sourceColumn; ///< where the author had it
  bool wasPadded;        ///< with more than one space in front
};

struct FormatLine {
  static constexpr size_t none = ~size_t(0);
  std::string text; ///< without the comment at its end
  std::optional<Comment> comment;
  std::vector<LineAnchor> anchors; ///< by position
  size_t statement = none;         ///< number of the token that starts it
  bool isStep = false;             ///< begins with the `->` of a statement's chain
};

std::vector<FormatLine> layOut(const std::vector<FormatToken> &tokens);
void alignColumns(std::vector<FormatLine> &lines);

} // namespace cnnc

#endif // CNNC_FRONTEND_FORMATLAYOUT_H
