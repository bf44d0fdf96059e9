/*===- Normal.h - Normal numbers with the same bits everywhere --------------===*
 *
 * The transform of Box and Muller, "A note on the generation of random normal
 * deviates" (1958), from two words of 32 bits to two independent numbers. Logarithm,
 * root, sine and cosine are series and steps of + - * / in double, which IEEE 754
 * defines exactly; those of a libm differ in their last bits from one to the next.
 *
 *===----------------------------------------------------------------------===*/
#ifndef CNNC_EMBEDDED_NORMAL_H
#define CNNC_EMBEDDED_NORMAL_H

#include <stdint.h>
#include <string.h>

/* ln(k / 2^32) for 1 <= k <= 2^32. With k = m * 2^e and s = (m - 1)/(m + 1):
 * ln m = 2 (s + s^3/3 + s^5/5 + ...), where m from 2^-1/2 to 2^1/2 makes |s| < 0.172. */
static inline double cnnc_log_fraction(uint64_t k) {
  const double ln2 = 0x1.62e42fefa39efp-1, sqrt2 = 0x1.6a09e667f3bcdp+0;
  double m = (double)k, s, square, sum = 0;
  uint64_t bits;
  int exponent, n;
  memcpy(&bits, &m, sizeof bits);
  exponent = (int)(bits >> 52) - 1023 - 32;
  bits = (bits & 0x000FFFFFFFFFFFFFu) | 0x3FF0000000000000u;
  memcpy(&m, &bits, sizeof m);
  if (m > sqrt2) {
    m *= 0.5;
    ++exponent;
  }
  s = (m - 1) / (m + 1);
  square = s * s;
  for (n = 23; n >= 1; n -= 2)
    sum = sum * square + 1.0 / n;
  return exponent * ln2 + 2 * s * sum;
}

/* The root of x >= 0, by Newton's steps from a guess that is wrong by at most 6 %. */
static inline double cnnc_root(double x) {
  double y;
  uint64_t bits;
  int i;
  if (!(x > 0))
    return 0;
  memcpy(&bits, &x, sizeof bits);
  bits = (bits >> 1) + ((uint64_t)1023 << 51);
  memcpy(&y, &bits, sizeof y);
  for (i = 0; i < 5; ++i)
    y = 0.5 * (y + x / y);
  return y;
}

/* Cosine and sine of turn / 2^32 of a full turn: the series of an angle of at most
 * pi/4, mirrored and turned to where it belongs. */
static inline void cnnc_cos_sin(uint32_t turn, double *cosine, double *sine) {
  const double half_pi = 0x1.921fb54442d18p+0;
  double part = (double)(turn & 0x3FFFFFFFu) * 0x1p-30, x, square, c = 0, s = 0, old;
  int mirrored = part > 0.5, n;
  x = (mirrored ? 1 - part : part) * half_pi;
  square = x * x;
  for (n = 16; n >= 0; n -= 2) { /* Horner: 1 - x^2/(1*2) (1 - x^2/(3*4) (1 - ...)) */
    c = 1 - square / ((n + 1.0) * (n + 2.0)) * c;
    s = 1 - square / ((n + 2.0) * (n + 3.0)) * s;
  }
  s *= x;
  if (mirrored) {
    old = c;
    c = s;
    s = old;
  }
  for (n = (int)(turn >> 30); n > 0; --n) { /* a quarter turn each */
    old = c;
    c = -s;
    s = old;
  }
  *cosine = c;
  *sine = s;
}

/* Two independent numbers of the distribution with the mean 0 and the deviation 1. */
static inline void cnnc_normal_pair(uint32_t word0, uint32_t word1, double out[2]) {
  double radius = cnnc_root(-2 * cnnc_log_fraction((uint64_t)word0 + 1)), cosine, sine;
  cnnc_cos_sin(word1, &cosine, &sine);
  out[0] = radius * cosine;
  out[1] = radius * sine;
}

#endif /* CNNC_EMBEDDED_NORMAL_H */
