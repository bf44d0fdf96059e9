// RUN: format-safety-test | FileCheck %s
// CHECK: 12 texts told apart
//
// What stands between the formatter and a file: a text that says something else than
// the one it came from is never written.

#include "compiler/Frontend/Formatter.h"

#include <cstdio>

using namespace cnnc;

int main() {
  constexpr std::string_view text = "net N {  # note\n  input x : [1, 4, 4]\n"
                                    "  let y = x -> conv(1, 3)\n  output y\n}\n";
  struct Case {
    std::string_view other;
    bool isSame;
  };
  constexpr Case cases[] = {
      {text, true},
      {"net N { # note\ninput x:[1,4,4] let y=x->conv(1,3) output y}", true},
      // A name, a number's spelling, its case, a token less, a token more.
      {"net N {  # note\n  input x : [1, 4, 4]\n  let z = x -> conv(1, 3)\n  output y\n}\n", false},
      {"net N {  # note\n  input x : [1, 4, 4]\n  let y = x -> conv(1, 03)\n  output y\n}\n",
       false},
      {"net N {  # note\n  input x : [1, 4, 4]\n  let y = x -> Conv(1, 3)\n  output y\n}\n", false},
      {"net N {  # note\n  input x : [1, 4, 4]\n  let y = x -> conv(3)\n  output y\n}\n", false},
      {"net N {  # note\n  input x : [1, 4, 4]\n  let y = x -> conv(1, 3) -> id\n  output y\n}\n",
       false},
      // Comments: lost, changed, swallowing code.
      {"net N {\n  input x : [1, 4, 4]\n  let y = x -> conv(1, 3)\n  output y\n}\n", false},
      {"net N {  # not\n  input x : [1, 4, 4]\n  let y = x -> conv(1, 3)\n  output y\n}\n", false},
      {"net N {  # note input x : [1, 4, 4]\n  let y = x -> conv(1, 3)\n  output y\n}\n", false},
      // No text at all, and one that does not parse.
      {"", false},
      {"net N {  # note\n  input x : [1, 4, 4]\n  let y = x -> conv (1, 3)\n  output y\n}\n",
       false},
  };
  for (const Case &each : cases)
    if (differInSpaceOnly(text, each.other) != each.isSame) {
      std::fprintf(stderr, "taken for %s:\n%.*s\n", each.isSame ? "other" : "the same",
                   static_cast<int>(each.other.size()), each.other.data());
      return 1;
    }
  std::printf("%zu texts told apart\n", std::size(cases));
  // A text with errors is the same as nothing, not even as itself.
  return differInSpaceOnly("net {", "net {");
}
