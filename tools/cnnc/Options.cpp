//===- Options.cpp - Verbs, flags and what they mean ----------------------===//

#include "tools/cnnc/Options.h"
#include "tools/cnnc/Verbs.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace cnnc;

static constexpr Flag kNetworkFlagTable[] = {
    {"--net", "NAME", "the network to take, where the file has several"},
    {"--param", "NAME=VALUE", "set a parameter of the network", true},
    kDiagnosticsFlag,
    {"--werror", "", "warnings are errors"},
};
const ArrayRef<Flag> cnnc::kNetworkFlags(kNetworkFlagTable);

std::string Arguments::get(StringRef flag, StringRef fallback) const {
  auto found = values.find(flag);
  return found == values.end() ? fallback.str() : found->second.back();
}

ArrayRef<std::string> Arguments::all(StringRef flag) const {
  auto found = values.find(flag);
  return found == values.end() ? ArrayRef<std::string>() : ArrayRef(found->second);
}

std::optional<std::string> cnnc::nearest(StringRef word, ArrayRef<std::string> candidates) {
  // A third of the letters may be wrong, but no word is taken for a quite different one.
  // Rounded up, so that two letters of 'trian' may have changed places.
  unsigned best = divideCeil(word.size(), 3) + 1;
  std::optional<std::string> found;
  for (const std::string &candidate : candidates) {
    unsigned distance = word.edit_distance(candidate, true, best);
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

/// The verb's own flags, and those of all verbs with a network.
static SmallVector<ArrayRef<Flag>, 2> flagsOf(const Verb &verb) {
  if (verb.readsTextOnly)
    return {verb.flags};
  return {verb.flags, kNetworkFlags};
}

static const Flag *findFlag(const Verb &verb, StringRef name) {
  for (ArrayRef<Flag> flags : flagsOf(verb))
    for (const Flag &flag : flags)
      if (flag.name == name)
        return &flag;
  return nullptr;
}

/// A value that stands in --help as "text|json" is one of these words.
static bool isChoice(const Flag &flag, StringRef value) {
  SmallVector<StringRef> choices;
  StringRef(flag.value).split(choices, '|');
  return choices.size() < 2 || is_contained(choices, value);
}

static void complainAboutFlag(const Verb &verb, StringRef name) {
  std::vector<std::string> names{"--help"};
  for (ArrayRef<Flag> flags : flagsOf(verb))
    for (const Flag &flag : flags)
      names.push_back(flag.name.str());
  errs() << "cnnc " << verb.name << ": unknown flag '" << name.take_front(64) << "'";
  if (auto match = nearest(name, names))
    errs() << "; did you mean '" << *match << "'?";
  errs() << "\nTry 'cnnc help " << verb.name << "'.\n";
}

std::optional<Arguments> cnnc::parseArguments(const Verb &verb, ArrayRef<const char *> words) {
  Arguments arguments;
  for (size_t i = 0; i < words.size(); ++i) {
    StringRef word = words[i];
    if (!word.starts_with("-") || word == "-") {
      arguments.positional.push_back(word.str());
      continue;
    }
    if (word == "--help" || word == "-h") {
      arguments.add("--help", "");
      return arguments;
    }
    auto [name, value] = word.split('=');
    const Flag *flag = findFlag(verb, name);
    if (!flag) {
      complainAboutFlag(verb, name);
      return std::nullopt;
    }
    bool hasValue = word.contains('=');
    if (flag->value.empty() && hasValue) {
      errs() << "cnnc " << verb.name << ": " << name << " takes no value\n";
      return std::nullopt;
    }
    if (!flag->value.empty() && !hasValue) {
      if (i + 1 == words.size()) {
        errs() << "cnnc " << verb.name << ": " << name << " needs a value: " << name << ' '
               << flag->value << '\n';
        return std::nullopt;
      }
      value = words[++i];
    }
    if (!isChoice(*flag, value)) {
      errs() << "cnnc " << verb.name << ": " << name << " must be one of " << flag->value
             << ", but is '" << value.take_front(64) << "'\n";
      return std::nullopt;
    }
    if (arguments.has(name) && !flag->repeats) {
      errs() << "cnnc " << verb.name << ": " << name << " is given twice\n";
      return std::nullopt;
    }
    arguments.add(name, value);
  }
  size_t given = arguments.positional.size();
  if (verb.readsTextOnly ? given < verb.positional : given != verb.positional) {
    errs() << "cnnc " << verb.name << ": expected "
           << (verb.readsTextOnly ? "a file"
               : verb.positional  ? "one file"
                                  : "no argument")
           << ", found " << arguments.positional.size() << "\nUsage: cnnc " << verb.name << ' '
           << verb.synopsis << '\n';
    return std::nullopt;
  }
  return arguments;
}

std::optional<int64_t> cnnc::integerFlag(const Arguments &arguments, StringRef flag,
                                         int64_t fallback, int64_t least, int64_t most) {
  if (!arguments.has(flag))
    return fallback;
  std::string text = arguments.get(flag);
  int64_t value;
  if (!StringRef(text).getAsInteger(10, value) && value >= least && value <= most)
    return value;
  errs() << "cnnc: " << flag << " must be an integer from " << least << " to " << most
         << ", but is '" << StringRef(text).take_front(64) << "'\n";
  return std::nullopt;
}

void cnnc::printHelp(const Verb &verb) {
  outs() << verb.summary << "\n\nUsage: cnnc " << verb.name << (verb.synopsis.empty() ? "" : " ")
         << verb.synopsis << "\n\n";
  auto print = [](const Flag &flag) {
    std::string left = flag.name.str();
    if (!flag.value.empty())
      left += " " + flag.value.str();
    outs() << "  " << left_justify(left, 24) << ' ' << flag.help << '\n';
  };
  for_each(verb.flags, print);
  if (verb.positional > 0 && !verb.readsTextOnly)
    for_each(kNetworkFlags, print);
  outs() << "  " << left_justify("--help", 24) << " this text\n\nExample: " << verb.example << '\n';
}
