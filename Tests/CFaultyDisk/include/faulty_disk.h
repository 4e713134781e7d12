// A way to the disk that fails when told to. It stands between SQLite and the real file system,
// under the name "faulty", and counts the calls that reach the disk. One counter for the process:
// tests that use it run one after another.

typedef enum {
    // The call fails, and the disk is well again.
    faulty_disk_once = 1,
    // Every call from then on fails, until it is healed.
    faulty_disk_onwards = 2,
    // Every call that wants room fails as on a full disk, until it is healed.
    faulty_disk_full = 3,
} faulty_disk_kind;

int faulty_disk_install(void);

// The call with this number, counted from here, fails; the first is 1.
void faulty_disk_fail(int call, faulty_disk_kind kind);

// Nothing fails any more. Tells how many calls there were since `faulty_disk_fail`.
int faulty_disk_heal(void);
