//===- Options.h - Verbs, flags and what they mean --------------------------===//
//
// A verb is a row of a table: its arguments, its flags, an example. Parsing, --help
// and the nearest match for a misspelt word all read the table.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TOOLS_OPTIONS_H
#define CNNC_TOOLS_OPTIONS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace cnnc {

/// One flag. Without `value` it is a switch.
struct Flag {
  llvm::StringLiteral name;  ///< with its dashes
  llvm::StringLiteral value; ///< what stands for the value in --help; empty: a switch
  llvm::StringLiteral help;
  bool repeats = false; ///< may be given several times
};

/// What was given.
class Arguments {
public:
  std::vector<std::string> positional;

  bool has(llvm::StringRef flag) const { return values.contains(flag); }
  /// The last value given, or `fallback`.
  std::string get(llvm::StringRef flag, llvm::StringRef fallback = "") const;
  llvm::ArrayRef<std::string> all(llvm::StringRef flag) const;
  void add(llvm::StringRef flag, llvm::StringRef value) { values[flag].push_back(value.str()); }

private:
  llvm::StringMap<std::vector<std::string>> values;
};

struct Verb {
  llvm::StringLiteral name;
  llvm::StringLiteral synopsis; ///< after the verb: NET.cnn [-o FILE]
  llvm::StringLiteral summary;
  llvm::StringLiteral example;
  llvm::ArrayRef<Flag> flags;
  unsigned positional; ///< how many arguments it takes
  int (*run)(const Arguments &);
  bool readsTextOnly = false; ///< takes one file or several, and no flags for networks
};

/// How errors in a text are printed.
inline constexpr Flag kDiagnosticsFlag{"--diagnostics", "text|json", "form of the error messages"};
/// Flags that every verb with a network takes.
extern const llvm::ArrayRef<Flag> kNetworkFlags;

/// Splits a command line. Prints what is wrong to stderr and returns nothing.
std::optional<Arguments> parseArguments(const Verb &verb, llvm::ArrayRef<const char *> words);

/// A flag's value as a number within [least, most]. Prints what is wrong.
std::optional<int64_t> integerFlag(const Arguments &arguments, llvm::StringRef flag,
                                   int64_t fallback, int64_t least, int64_t most);

void printHelp(const Verb &verb);

/// The candidate nearest to `word`, or nothing if none is near.
std::optional<std::string> nearest(llvm::StringRef word, llvm::ArrayRef<std::string> candidates);

} // namespace cnnc

#endif // CNNC_TOOLS_OPTIONS_H
