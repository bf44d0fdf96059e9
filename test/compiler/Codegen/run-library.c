/* Runs the library `net` through its table; see run-network.h. */
#include "net.h"

#include "run-network.h"

int main(void) {
  void *params = allocate(NET_PARAMS_BYTES);
  net_init(params, 7);
  run_network(net_info(), params);
  return 0;
}
