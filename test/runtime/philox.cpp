// RUN: runtime-test-philox
//
// The known answers of the paper's own distribution (Random123, kat_vectors).

#include "runtime/embedded/Philox.h"
#include "test/runtime/Check.h"

static void check(cnnc_philox counter, uint32_t key0, uint32_t key1, cnnc_philox expected) {
  cnnc_philox found = cnnc_philox4x32_10(counter, key0, key1);
  for (int i = 0; i < 4; ++i)
    CHECK(found.word[i] == expected.word[i]);
}

int main() {
  check({{0, 0, 0, 0}}, 0, 0, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}});
  check({{~0u, ~0u, ~0u, ~0u}}, ~0u, ~0u, {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}});
  check({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, 0xa4093822, 0x299f31d0,
        {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}});
  // The seed is the key, low word first; the index is the counter's low half.
  cnnc_philox direct = cnnc_philox4x32_10({{5, 1, 7, CNNC_DRAW_INIT}}, 2, 3);
  cnnc_philox block = cnnc_philox_block(0x300000002, CNNC_DRAW_INIT, 7, 0x100000005);
  for (int i = 0; i < 4; ++i)
    CHECK(direct.word[i] == block.word[i]);
  return cnnc::test::finish();
}
