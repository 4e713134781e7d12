// What a way to the disk of ours hands on to the real one unchanged.

#include <sqlite3.h>

typedef struct {
    sqlite3_file base;
    sqlite3_file *file;
} passing_file;

#define FILE_OF(f) (((passing_file *)(f))->file)
#define METHODS_OF(f) (FILE_OF(f)->pMethods)

static int file_lock(sqlite3_file *f, int level) {
    return METHODS_OF(f)->xLock(FILE_OF(f), level);
}

static int file_unlock(sqlite3_file *f, int level) {
    return METHODS_OF(f)->xUnlock(FILE_OF(f), level);
}

static int file_check_lock(sqlite3_file *f, int *held) {
    return METHODS_OF(f)->xCheckReservedLock(FILE_OF(f), held);
}

static int file_control(sqlite3_file *f, int operation, void *argument) {
    return METHODS_OF(f)->xFileControl(FILE_OF(f), operation, argument);
}

static int file_sector(sqlite3_file *f) { return METHODS_OF(f)->xSectorSize(FILE_OF(f)); }

static int file_device(sqlite3_file *f) {
    return METHODS_OF(f)->xDeviceCharacteristics(FILE_OF(f));
}

static int file_shm_lock(sqlite3_file *f, int offset, int count, int flags) {
    return METHODS_OF(f)->xShmLock(FILE_OF(f), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *f) { METHODS_OF(f)->xShmBarrier(FILE_OF(f)); }

static int file_shm_unmap(sqlite3_file *f, int delete) {
    return METHODS_OF(f)->xShmUnmap(FILE_OF(f), delete);
}

static int file_close(sqlite3_file *f) { return METHODS_OF(f)->xClose(FILE_OF(f)); }
