#include "faulty_disk.h"
#include "passing.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

static atomic_int calls;
static atomic_int failing_call;
static atomic_int failing_kind;
static sqlite3_vfs *real;

// Whether this call is to fail, and how.
static int verdict(int wants_room, int error) {
    int call = atomic_fetch_add(&calls, 1) + 1;
    int failing = atomic_load(&failing_call);
    int kind = atomic_load(&failing_kind);
    if (failing == 0 || call < failing) return SQLITE_OK;
    switch (kind) {
    case faulty_disk_once: return call == failing ? error : SQLITE_OK;
    case faulty_disk_onwards: return error;
    case faulty_disk_full: return wants_room ? SQLITE_FULL : SQLITE_OK;
    default: return SQLITE_OK;
    }
}

static int file_read(sqlite3_file *f, void *to, int count, sqlite3_int64 at) {
    int code = verdict(0, SQLITE_IOERR_READ);
    return code ? code : METHODS_OF(f)->xRead(FILE_OF(f), to, count, at);
}

static int file_write(sqlite3_file *f, const void *from, int count, sqlite3_int64 at) {
    int code = verdict(1, SQLITE_IOERR_WRITE);
    if (!code) return METHODS_OF(f)->xWrite(FILE_OF(f), from, count, at);
    // A write that fails has often been done in part.
    if (count > 1) METHODS_OF(f)->xWrite(FILE_OF(f), from, count / 2, at);
    return code;
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size) {
    int code = verdict(0, SQLITE_IOERR_TRUNCATE);
    return code ? code : METHODS_OF(f)->xTruncate(FILE_OF(f), size);
}

static int file_sync(sqlite3_file *f, int flags) {
    int code = verdict(0, SQLITE_IOERR_FSYNC);
    return code ? code : METHODS_OF(f)->xSync(FILE_OF(f), flags);
}

static int file_size(sqlite3_file *f, sqlite3_int64 *size) {
    int code = verdict(0, SQLITE_IOERR_FSTAT);
    return code ? code : METHODS_OF(f)->xFileSize(FILE_OF(f), size);
}

static int file_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **to) {
    int code = verdict(extend, SQLITE_IOERR_SHMMAP);
    return code ? code : METHODS_OF(f)->xShmMap(FILE_OF(f), region, size, extend, to);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_device,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int disk_open(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *granted
) {
    f->pMethods = NULL;
    int code = verdict(0, SQLITE_CANTOPEN);
    if (code) return code;
    passing_file *mine = (passing_file *)f;
    mine->file = (sqlite3_file *)(mine + 1);
    code = real->xOpen(real, name, mine->file, flags, granted);
    if (mine->file->pMethods != NULL) f->pMethods = &methods;
    return code;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int sync) {
    int code = verdict(0, SQLITE_IOERR_DELETE);
    return code ? code : real->xDelete(real, name, sync);
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
    return real->xAccess(real, name, flags, result);
}

static int disk_full_path(sqlite3_vfs *vfs, const char *name, int size, char *full) {
    return real->xFullPathname(real, name, size, full);
}

int faulty_disk_install(void) {
    static sqlite3_vfs faulty;
    if (sqlite3_vfs_find("faulty") != NULL) return SQLITE_OK;
    real = sqlite3_vfs_find(NULL);
    if (real == NULL) return SQLITE_ERROR;
    // Clock, randomness and the like are the real one's own.
    faulty = *real;
    faulty.pNext = NULL;
    faulty.zName = "faulty";
    faulty.szOsFile = (int)sizeof(passing_file) + real->szOsFile;
    faulty.xOpen = disk_open;
    faulty.xDelete = disk_delete;
    faulty.xAccess = disk_access;
    faulty.xFullPathname = disk_full_path;
    return sqlite3_vfs_register(&faulty, 0);
}

void faulty_disk_fail(int call, faulty_disk_kind kind) {
    atomic_store(&calls, 0);
    atomic_store(&failing_kind, kind);
    atomic_store(&failing_call, call);
}

int faulty_disk_heal(void) {
    atomic_store(&failing_call, 0);
    return atomic_load(&calls);
}
