//===- JsonReader.cpp - JSON from outside ---------------------------------===//

#include "tools/cnnc/JsonReader.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace cnnc;

namespace {

constexpr unsigned kDeepest = 16; ///< of brackets within brackets

/// A recursive descent, as deep as kDeepest. Functions answer false after an error.
class Reader {
public:
  explicit Reader(StringRef text) : text(text) {}

  Result<json::Value> read() {
    json::Value value = nullptr;
    if (!readValue(value, 0))
      return problem;
    skipBlanks();
    if (at != text.size()) {
      refuse("expected the end");
      return problem;
    }
    return Result<json::Value>(std::move(value));
  }

private:
  bool refuse(StringRef reason) {
    problem = fail(Exit::File, "{}, at byte {}", reason.str(), at);
    return false;
  }
  void skipBlanks() { at = std::min(text.find_first_not_of(" \t\r\n", at), text.size()); }
  bool take(char c) {
    skipBlanks();
    if (at == text.size() || text[at] != c)
      return false;
    ++at;
    return true;
  }
  bool readValue(json::Value &value, unsigned depth);
  bool readObject(json::Value &value, unsigned depth);
  bool readArray(json::Value &value, unsigned depth);
  bool readString(std::string &out);
  bool readWord(json::Value &value);
  bool readNumber(json::Value &value);

  StringRef text;
  size_t at = 0;
  Status problem;
};

} // namespace

bool Reader::readValue(json::Value &value, unsigned depth) {
  skipBlanks();
  if (at == text.size())
    return refuse("expected a value");
  char first = text[at];
  if (first == '{' || first == '[') {
    if (depth == kDeepest)
      return refuse("nested too deeply");
    ++at;
    return first == '{' ? readObject(value, depth + 1) : readArray(value, depth + 1);
  }
  if (first == '"') {
    std::string string;
    if (!readString(string))
      return false;
    value = std::move(string);
    return true;
  }
  return first == '-' || isDigit(first) ? readNumber(value) : readWord(value);
}

bool Reader::readObject(json::Value &value, unsigned depth) {
  json::Object object;
  if (!take('}')) {
    do {
      skipBlanks();
      size_t keyAt = at;
      std::string key;
      if (!readString(key))
        return false;
      if (object.find(key) != object.end()) {
        at = keyAt;
        return refuse("duplicate key");
      }
      if (!take(':'))
        return refuse("expected ':'");
      if (!readValue(object[key], depth))
        return false;
    } while (take(','));
    if (!take('}'))
      return refuse("expected ',' or '}'");
  }
  value = std::move(object);
  return true;
}

bool Reader::readArray(json::Value &value, unsigned depth) {
  json::Array array;
  if (!take(']')) {
    do {
      array.push_back(nullptr);
      if (!readValue(array.back(), depth))
        return false;
    } while (take(','));
    if (!take(']'))
      return refuse("expected ',' or ']'");
  }
  value = std::move(array);
  return true;
}

/// LLVM's parser decodes what stands between two quotes: without brackets it cannot recurse.
bool Reader::readString(std::string &out) {
  if (at == text.size() || text[at] != '"')
    return refuse("expected a string");
  size_t end = at + 1;
  while (end < text.size() && text[end] != '"')
    end += text[end] == '\\' ? 2 : 1;
  if (end >= text.size())
    return refuse("unterminated string");
  Expected<json::Value> value = json::parse(text.slice(at, end + 1));
  if (!value) {
    consumeError(value.takeError());
    return refuse("malformed string");
  }
  out = value->getAsString()->str();
  at = end + 1;
  return true;
}

bool Reader::readNumber(json::Value &value) {
  size_t end = std::min(text.find_first_not_of("+-.0123456789eE", at), text.size());
  Expected<json::Value> number = json::parse(text.slice(at, end));
  if (!number) {
    consumeError(number.takeError());
    return refuse("malformed number");
  }
  value = std::move(*number);
  at = end;
  return true;
}

bool Reader::readWord(json::Value &value) {
  for (StringRef word : {"true", "false", "null"}) {
    if (!text.substr(at).starts_with(word))
      continue;
    at += word.size();
    value = word == "null" ? json::Value(nullptr) : json::Value(word == "true");
    return true;
  }
  return refuse("expected a value");
}

Result<json::Value> cnnc::readJson(StringRef text) { return Reader(text).read(); }
