#include <stdint.h>

// A disk whose power goes. It stands between SQLite and the real file system, under the name
// "power". What was flushed stays. Of what was only written, each sector of 512 bytes keeps any
// of the states it had since the last flush, as a drive's cache may leave it. One disk for the
// process: tests that use it run one after another.

int power_loss_install(void);

// The power goes at this call from here that changes the disk: in the midst of it.
void power_loss_at(int call);

// Whether it is gone. Every call fails then.
int power_loss_is_gone(void);

// What the power's going left of the files, once nobody has them open; drawn from the seed. Then
// the power is back. Tells how many sectors lost something.
int power_loss_strike(uint64_t seed);
