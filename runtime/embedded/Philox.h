/*===- Philox.h - Counter-based random numbers ------------------------------===*
 *
 * Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
 * easy as 1, 2, 3" (2011). A number depends on its key and counter only, so that
 * resuming, the number of threads and the order of drawing do not matter.
 *
 *===----------------------------------------------------------------------===*/
#ifndef CNNC_EMBEDDED_PHILOX_H
#define CNNC_EMBEDDED_PHILOX_H

#include <stdint.h>

typedef struct cnnc_philox {
  uint32_t word[4];
} cnnc_philox;

/* What a number is drawn for. Part of the counter, so that no two uses meet. */
enum {
  CNNC_DRAW_INIT = 1,    /* initial parameters */
  CNNC_DRAW_SHUFFLE = 2, /* the order of images in an epoch */
  CNNC_DRAW_DIGITS = 3   /* the built-in pictures */
};

static inline cnnc_philox cnnc_philox4x32_10(cnnc_philox counter, uint32_t key0, uint32_t key1) {
  uint32_t *x = counter.word;
  int round;
  for (round = 0; round < 10; ++round) {
    uint64_t product0 = (uint64_t)0xD2511F53u * x[0];
    uint64_t product1 = (uint64_t)0xCD9E8D57u * x[2];
    uint32_t next0 = (uint32_t)(product1 >> 32) ^ x[1] ^ key0;
    uint32_t next2 = (uint32_t)(product0 >> 32) ^ x[3] ^ key1;
    x[0] = next0;
    x[1] = (uint32_t)product1;
    x[2] = next2;
    x[3] = (uint32_t)product0;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

/* Four words: the block `index` of stream `stream`, drawn for `purpose`. */
static inline cnnc_philox cnnc_philox_block(uint64_t seed, uint32_t purpose, uint32_t stream,
                                            uint64_t index) {
  cnnc_philox counter;
  counter.word[0] = (uint32_t)index;
  counter.word[1] = (uint32_t)(index >> 32);
  counter.word[2] = stream;
  counter.word[3] = purpose;
  return cnnc_philox4x32_10(counter, (uint32_t)seed, (uint32_t)(seed >> 32));
}

#endif /* CNNC_EMBEDDED_PHILOX_H */
