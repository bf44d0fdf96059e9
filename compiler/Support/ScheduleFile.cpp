//===- ScheduleFile.cpp - Schedules in a text of their own ----------------===//

#include "compiler/Support/ScheduleFile.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace cnnc {

static constexpr StringLiteral kForward = "forward";
/// Bytes of the user's text in a message.
static constexpr size_t kQuotedBytes = 64;

StringRef directionName(StringRef direction) {
  return direction.empty() ? StringRef(kForward) : direction;
}

std::string ScheduleLine::name() const {
  std::string text = layer + " " + directionName(direction).str();
  return kernel.value_or(0) > 0 ? text + " " + std::to_string(*kernel) : text;
}

static std::string quoted(StringRef word) {
  std::string text = word.take_front(kQuotedBytes).str();
  for (char &c : text) // no control sequences for the user's terminal
    c = llvm::isPrint(c) ? c : '?';
  return "'" + text + "'";
}

namespace {

/// Reads a dictionary of numbers and of lists of numbers, as MLIR prints it.
class DictionaryReader {
public:
  DictionaryReader(StringRef line, size_t start, MLIRContext *context)
      : line(line), at(start), builder(context) {}

  /// Up to the end of the line.
  DictionaryAttr read();
  std::string reason;

private:
  bool refuse(const Twine &expected) {
    if (reason.empty())
      reason = ("expected " + expected + " in column " + Twine(at + 1)).str();
    return false;
  }
  void skipSpaces() { at = std::min(line.find_first_not_of(" \t", at), line.size()); }
  bool take(StringRef token) {
    skipSpaces();
    if (!line.substr(at).starts_with(token))
      return false;
    at += token.size();
    return true;
  }
  bool expect(StringRef token) { return take(token) || refuse("'" + token + "'"); }
  bool readNumber(int64_t &number);
  bool readList(SmallVectorImpl<int64_t> &list);
  bool readEntry();

  StringRef line;
  size_t at;
  Builder builder;
  SmallVector<NamedAttribute> entries;
};

} // namespace

bool DictionaryReader::readNumber(int64_t &number) {
  skipSpaces();
  size_t start = at;
  at += at < line.size() && line[at] == '-';
  at = std::min(line.find_first_not_of("0123456789", at), line.size());
  StringRef digits = line.slice(start, at);
  if (!digits.getAsInteger(10, number))
    return true;
  at = start;
  return refuse(digits.empty() || digits == "-" ? "a number" : "a number of 64 bits");
}

/// What follows `array`: <i64: 1, 2>, or <i64>.
bool DictionaryReader::readList(SmallVectorImpl<int64_t> &list) {
  if (!expect("<") || !expect("i64"))
    return false;
  if (take(">"))
    return true;
  if (!expect(":"))
    return false;
  do {
    int64_t number;
    if (!readNumber(number))
      return false;
    list.push_back(number);
  } while (take(","));
  return take(">") || refuse("',' or '>'");
}

bool DictionaryReader::readEntry() {
  skipSpaces();
  size_t start = at;
  while (at < line.size() && (llvm::isAlnum(line[at]) || line[at] == '_'))
    ++at;
  StringRef key = line.slice(start, at);
  if (key.empty())
    return refuse("a key");
  if (llvm::any_of(entries, [&](NamedAttribute known) { return known.getName() == key; })) {
    reason = quoted(key) + " stands there twice";
    return false;
  }
  if (!expect("="))
    return false;
  Attribute value;
  if (take("array")) {
    SmallVector<int64_t> list;
    if (!readList(list))
      return false;
    value = builder.getDenseI64ArrayAttr(list);
  } else {
    int64_t number;
    if (!readNumber(number) || (take(":") && !expect("i64")))
      return false;
    value = builder.getI64IntegerAttr(number);
  }
  entries.push_back(builder.getNamedAttr(key, value));
  return true;
}

DictionaryAttr DictionaryReader::read() {
  if (!expect("{"))
    return {};
  do {
    if (!readEntry())
      return {};
  } while (take(","));
  if (!take("}"))
    return refuse("',' or '}'"), DictionaryAttr();
  skipSpaces();
  if (at < line.size())
    return refuse("the end of the line"), DictionaryAttr();
  return builder.getDictionaryAttr(entries);
}

std::optional<ScheduleLine> parseScheduleLine(StringRef text, MLIRContext *context,
                                              std::string &reason) {
  auto refuse = [&](std::string why) {
    reason = std::move(why);
    return std::nullopt;
  };
  if (text.size() > kLineBytes)
    return refuse("a line of " + std::to_string(text.size()) + " bytes, but " +
                  std::to_string(kLineBytes) + " are the most");
  size_t colon = text.find(':');
  SmallVector<StringRef> words;
  llvm::SplitString(text.take_front(colon), words);
  if (colon == StringRef::npos || words.size() < 2 || words.size() > 3)
    return refuse("expected a layer and a direction, as in 'conv1 forward: {…}'");
  ScheduleLine line;
  line.layer = words[0].str();
  if (!llvm::is_contained({StringRef(kForward), StringRef("data"), StringRef("weights")}, words[1]))
    return refuse("the direction must be forward, data or weights, but is " + quoted(words[1]));
  line.direction = words[1] == kForward ? "" : words[1].str();
  int64_t kernel;
  if (words.size() == 3) {
    if (words[2].getAsInteger(10, kernel) || kernel < 0)
      return refuse("expected the number of a kernel behind the direction, but got " +
                    quoted(words[2]));
    line.kernel = kernel;
  }
  DictionaryReader reader(text, colon + 1, context);
  line.schedule = reader.read();
  if (!line.schedule)
    return refuse(reader.reason);
  return line;
}

} // namespace cnnc
