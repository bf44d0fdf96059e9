//===- Lexer.cpp - Text to tokens -------------------------------------------===//

#include "compiler/Frontend/Lexer.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/raw_ostream.h"
#include <charconv>
#include <cmath>
#include <fmt/format.h>

using namespace cnnc;

/// A net of 100,000 written layers has about a million tokens. A token makes up to 150 bytes
/// of tree.
static constexpr size_t tokenLimit = 2'000'000;
/// Names stand in messages and, joined, in the names of layers.
static constexpr size_t nameLimit = 255;
/// Offsets have 32 bits; no text that a person wrote comes near.
static constexpr size_t byteLimit = size_t(1) << 30;

static constexpr std::string_view spellings[] = {
#define CNNC_TOKEN(Kind, Spelling) Spelling,
#include "compiler/Frontend/Tokens.def"
};

std::string_view cnnc::spelling(TokenKind kind) { return spellings[static_cast<size_t>(kind)]; }

bool cnnc::isKeyword(TokenKind kind) {
  return kind >= TokenKind::KwAnd && kind <= TokenKind::KwTrue;
}

static TokenKind nameOrKeyword(std::string_view text) {
  return llvm::StringSwitch<TokenKind>(llvm::StringRef(text.data(), text.size()))
#define CNNC_KEYWORD(Kind, Spelling) .Case(Spelling, TokenKind::Kind)
#include "compiler/Frontend/Tokens.def"
      .Default(TokenKind::Name);
}

static bool isDigit(char c) { return c >= '0' && c <= '9'; }
static bool isNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
static bool isNamePart(char c) { return isNameStart(c) || isDigit(c); }

namespace {

class Lexer {
public:
  Lexer(const SourceFile &file, DiagnosticEngine &diags, size_t before)
      : text(file.text()), base(file.base()), diags(diags), before(before) {}
  std::vector<Token> run();

private:
  char peek(size_t ahead = 0) const {
    return position + ahead < text.size() ? text[position + ahead] : '\0';
  }
  void error(std::string_view code, size_t begin, size_t end, std::string message);
  void push(TokenKind kind, size_t begin);
  void skipBlank();
  void skipComment();
  size_t characterLength();
  void lexName();
  void lexNumber();
  void lexString();
  void lexPunctuation();

  SourceRange rangeOf(size_t begin, size_t end) const {
    return {base + static_cast<uint32_t>(begin), base + static_cast<uint32_t>(end)};
  }

  std::string_view text;
  uint32_t base;
  DiagnosticEngine &diags;
  size_t before; ///< tokens of other texts
  std::vector<Token> tokens;
  size_t position = 0;
  size_t lastEnd = 0;
  bool refused = false; ///< bytes since the last token were refused
};

void Lexer::error(std::string_view code, size_t begin, size_t end, std::string message) {
  diags.error(code, rangeOf(begin, end), std::move(message));
  refused = true;
}

void Lexer::push(TokenKind kind, size_t begin) {
  tokens.push_back({kind, begin == lastEnd, refused, rangeOf(begin, position)});
  lastEnd = position;
  refused = false;
}

/// The length of the UTF-8 sequence at `offset`, or 0 if it is none.
static size_t sequenceLength(std::string_view text, size_t offset) {
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data() + offset);
  const auto *end = reinterpret_cast<const llvm::UTF8 *>(text.data() + text.size());
  if (*begin == 0 || !llvm::isLegalUTF8Sequence(begin, end))
    return 0;
  return llvm::getNumBytesForUTF8(*begin);
}

/// The length of the character here, or 0 after bytes that are none were skipped:
/// a run of bad bytes is one error.
size_t Lexer::characterLength() {
  if (size_t length = sequenceLength(text, position))
    return length;
  size_t begin = position;
  bool isNul = peek() == '\0';
  while (position < text.size() && sequenceLength(text, position) == 0)
    ++position;
  error("E004", begin, position,
        isNul ? "the text has a NUL byte" : "the text has bytes that are not UTF-8");
  return 0;
}

void Lexer::skipComment() {
  while (position < text.size() && peek() != '\n')
    position += characterLength();
  // Bytes refused inside a comment do not disturb the tokens around it.
  refused = false;
}

void Lexer::skipBlank() {
  while (position < text.size()) {
    char c = peek();
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
      ++position;
    else if (c == '#')
      skipComment();
    else
      return;
    if (diags.isFull())
      return;
  }
}

void Lexer::lexName() {
  size_t begin = position;
  while (isNamePart(peek()))
    ++position;
  if (position - begin > nameLimit)
    error("E009", begin, position, fmt::format("a name has more than {} bytes", nameLimit));
  push(nameOrKeyword(text.substr(begin, position - begin)), begin);
}

void Lexer::lexNumber() {
  size_t begin = position;
  bool isFloat = false, malformed = false;
  auto skipDigits = [&] {
    malformed |= !isDigit(peek());
    while (isDigit(peek()))
      ++position;
  };
  skipDigits();
  // `0..4` is a range: two dots end the number.
  if (peek() == '.' && peek(1) != '.') {
    isFloat = true;
    ++position;
    skipDigits();
  }
  if (peek() == 'e' || peek() == 'E') {
    isFloat = true;
    ++position;
    if (peek() == '+' || peek() == '-')
      ++position;
    skipDigits();
  }
  while (isNamePart(peek())) {
    malformed = true;
    ++position;
  }
  std::string_view number = text.substr(begin, position - begin);
  if (malformed) {
    error("E003", begin, position, fmt::format("{} is not a number", quoted(number)));
  } else if (isFloat) {
    double value = 0;
    auto result = std::from_chars(number.data(), number.data() + number.size(), value);
    if (result.ec != std::errc() || !std::isfinite(value))
      error("E003", begin, position,
            fmt::format("{} does not fit in a 64-bit float", quoted(number)));
  } else {
    int64_t value = 0;
    auto result = std::from_chars(number.data(), number.data() + number.size(), value);
    if (result.ec != std::errc())
      error("E003", begin, position,
            fmt::format("{} does not fit in a 64-bit integer", quoted(number)));
  }
  // The token itself stays: it stands where a number should.
  push(isFloat ? TokenKind::Float : TokenKind::Integer, begin);
}

void Lexer::lexString() {
  size_t begin = position++;
  while (position < text.size() && peek() != '"' && peek() != '\n') {
    if (peek() == '\\' && peek(1) != '"' && peek(1) != '\\') {
      error("E002", position, position + 1, R"(a string knows the escapes \" and \\ only)");
      ++position;
    } else if (peek() == '\\') {
      position += 2;
    } else {
      position += characterLength();
    }
    if (diags.isFull())
      return;
  }
  bool isClosed = peek() == '"';
  if (isClosed)
    ++position;
  else
    error("E002", begin, begin + 1, "the string has no closing '\"' on its line");
  push(TokenKind::String, begin);
  // An open string has swallowed what should follow it.
  refused = !isClosed;
}

void Lexer::lexPunctuation() {
  size_t begin = position;
#define CNNC_PUNCTUATION(Kind, Spelling)                                                           \
  if (text.substr(position).starts_with(Spelling)) {                                               \
    position += std::string_view(Spelling).size();                                                 \
    return push(TokenKind::Kind, begin);                                                           \
  }
#include "compiler/Frontend/Tokens.def"
  // What other languages write, and what this one does.
  static constexpr std::pair<std::string_view, std::string_view> others[] = {
      {"&&", " and "}, {";", ""}, {"!", " not "}};
  for (auto [foreign, ours] : others)
    if (text.substr(position).starts_with(foreign)) {
      position += foreign.size();
      refused = true;
      diags
          .error("E001", rangeOf(begin, position),
                 fmt::format("unexpected {}; {}", quoted(foreign),
                             ours.empty() ? std::string("statements need no semicolon")
                                          : fmt::format("did you mean '{}'?",
                                                        ours.substr(1, ours.size() - 2))))
          .silentFix(ours.empty() ? "remove it" : fmt::format("write{}", ours),
                     {{rangeOf(begin, position), std::string(ours)}});
      return;
    }
  position += sequenceLength(text, position);
  error("E001", begin, position,
        fmt::format("unexpected character {}", quoted(text.substr(begin, position - begin))));
}

std::vector<Token> Lexer::run() {
  if (text.size() > byteLimit) {
    error("E009", 0, 0, fmt::format("the text has more than {} bytes", byteLimit));
    position = text.size();
  }
  if (text.starts_with("\xEF\xBB\xBF"))
    position = 3;
  for (skipBlank(); position < text.size() && !diags.isFull(); skipBlank()) {
    if (before + tokens.size() >= tokenLimit) {
      error("E009", position, position,
            fmt::format("the text{} more than {} tokens",
                        before > 0 ? " and those before it have" : " has", tokenLimit));
      tokens.clear();
      break;
    }
    if (characterLength() == 0)
      continue;
    if (isNameStart(peek()))
      lexName();
    else if (isDigit(peek()))
      lexNumber();
    else if (peek() == '"')
      lexString();
    else
      lexPunctuation();
  }
  push(TokenKind::End, position = std::min(text.size(), byteLimit));
  return std::move(tokens);
}

} // namespace

std::vector<Token> cnnc::lex(const SourceFile &file, DiagnosticEngine &diags, size_t before) {
  return Lexer(file, diags, before).run();
}

void cnnc::printTokens(llvm::raw_ostream &os, const SourceFile &file, DiagnosticEngine &diags) {
  for (const Token &token : lex(file, diags)) {
    LineColumn at = file.lineColumn(token.range.begin);
    std::string_view kind = token.kind == TokenKind::End     ? "end"
                            : isKeyword(token.kind)          ? "keyword"
                            : token.kind > TokenKind::KwTrue ? "punctuation"
                                                             : spelling(token.kind);
    os << at.line << ':' << at.column << ' ' << kind;
    if (token.kind != TokenKind::End)
      os << ' ' << file.slice(token.range);
    os << '\n';
  }
}
