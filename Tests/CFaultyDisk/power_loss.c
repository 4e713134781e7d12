#include "passing.h"
#include "power_loss.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECTOR = 512, FILES = 16 };

// What a sector held before a write that was not flushed yet.
typedef struct {
    sqlite3_int64 sector;
    unsigned char before[SECTOR];
} past;

typedef struct {
    char *path;
    sqlite3_int64 flushed_size;
    past *pasts;
    int count;
    int room;
} record;

typedef struct {
    passing_file base;
    record *record;
} power_file;

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static record records[FILES];
static int calls, last_call, is_gone;
static sqlite3_vfs *real;

#define RECORD_OF(f) (((power_file *)(f))->record)

// Counts a call that changes the disk. Tells whether the power goes in the midst of it.
static int goes_now(void) {
    calls += 1;
    if (last_call != 0 && calls >= last_call) is_gone = 1;
    return is_gone;
}

static void remember(sqlite3_file *f, sqlite3_int64 sector) {
    record *r = RECORD_OF(f);
    if (r->count == r->room) {
        r->room = r->room == 0 ? 256 : r->room * 2;
        r->pasts = realloc(r->pasts, (size_t)r->room * sizeof(past));
    }
    past *p = &r->pasts[r->count++];
    p->sector = sector;
    // Fills with zeros what is beyond the end.
    METHODS_OF(f)->xRead(FILE_OF(f), p->before, SECTOR, sector * SECTOR);
}

static int file_read(sqlite3_file *f, void *to, int count, sqlite3_int64 at) {
    if (power_loss_is_gone()) return SQLITE_IOERR_READ;
    return METHODS_OF(f)->xRead(FILE_OF(f), to, count, at);
}

static int file_write(sqlite3_file *f, const void *from, int count, sqlite3_int64 at) {
    pthread_mutex_lock(&guard);
    int code = SQLITE_IOERR_WRITE;
    if (!is_gone) {
        for (sqlite3_int64 s = at / SECTOR; s * SECTOR < at + count; s++) remember(f, s);
        code = METHODS_OF(f)->xWrite(FILE_OF(f), from, count, at);
        if (goes_now()) code = SQLITE_IOERR_WRITE;
    }
    pthread_mutex_unlock(&guard);
    return code;
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size) {
    pthread_mutex_lock(&guard);
    int code = SQLITE_IOERR_TRUNCATE;
    if (!is_gone && !goes_now()) {
        code = METHODS_OF(f)->xTruncate(FILE_OF(f), size);
        record *r = RECORD_OF(f);
        if (r->flushed_size > size) r->flushed_size = size;
    }
    pthread_mutex_unlock(&guard);
    return code;
}

// Nothing real is flushed: what counts as flushed is ours to say, and that makes it quick.
static int file_sync(sqlite3_file *f, int flags) {
    pthread_mutex_lock(&guard);
    int code = SQLITE_IOERR_FSYNC;
    if (!is_gone && !goes_now()) {
        record *r = RECORD_OF(f);
        r->count = 0;
        code = METHODS_OF(f)->xFileSize(FILE_OF(f), &r->flushed_size);
    }
    pthread_mutex_unlock(&guard);
    return code;
}

static int file_size(sqlite3_file *f, sqlite3_int64 *size) {
    return METHODS_OF(f)->xFileSize(FILE_OF(f), size);
}

static int file_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **to) {
    return METHODS_OF(f)->xShmMap(FILE_OF(f), region, size, extend, to);
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

static record *record_of(const char *path) {
    for (int i = 0; i < FILES; i++) {
        record *r = &records[i];
        if (r->path != NULL && strcmp(r->path, path) == 0) return r;
    }
    for (int i = 0; i < FILES; i++) {
        record *r = &records[i];
        if (r->path != NULL) continue;
        r->path = strdup(path);
        return r;
    }
    return NULL;
}

static void forget(record *r) {
    free(r->path);
    free(r->pasts);
    memset(r, 0, sizeof(record));
}

static int disk_open(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *granted
) {
    f->pMethods = NULL;
    if (power_loss_is_gone() || name == NULL) return SQLITE_CANTOPEN;
    power_file *mine = (power_file *)f;
    mine->base.file = (sqlite3_file *)(mine + 1);
    int code = real->xOpen(real, name, mine->base.file, flags, granted);
    if (mine->base.file->pMethods == NULL) return code;
    f->pMethods = &methods;
    pthread_mutex_lock(&guard);
    mine->record = record_of(name);
    // What was there when it was opened is taken for flushed.
    if (mine->record != NULL && mine->record->count == 0)
        METHODS_OF(f)->xFileSize(FILE_OF(f), &mine->record->flushed_size);
    pthread_mutex_unlock(&guard);
    return mine->record == NULL ? SQLITE_CANTOPEN : code;
}

static int disk_delete(sqlite3_vfs *vfs, const char *name, int sync) {
    pthread_mutex_lock(&guard);
    int code = SQLITE_IOERR_DELETE;
    if (!is_gone && !goes_now()) {
        code = real->xDelete(real, name, sync);
        // Who has it open still may write to it, but nobody will find that.
        record *r = record_of(name);
        if (r != NULL) r->count = 0;
    }
    pthread_mutex_unlock(&guard);
    return code;
}

static int disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *result) {
    return real->xAccess(real, name, flags, result);
}

static int disk_full_path(sqlite3_vfs *vfs, const char *name, int size, char *full) {
    return real->xFullPathname(real, name, size, full);
}

int power_loss_install(void) {
    static sqlite3_vfs power;
    if (sqlite3_vfs_find("power") != NULL) return SQLITE_OK;
    real = sqlite3_vfs_find(NULL);
    if (real == NULL) return SQLITE_ERROR;
    power = *real;
    power.pNext = NULL;
    power.zName = "power";
    power.szOsFile = (int)sizeof(power_file) + real->szOsFile;
    power.xOpen = disk_open;
    power.xDelete = disk_delete;
    power.xAccess = disk_access;
    power.xFullPathname = disk_full_path;
    return sqlite3_vfs_register(&power, 0);
}

void power_loss_at(int call) {
    pthread_mutex_lock(&guard);
    calls = 0;
    last_call = call;
    is_gone = 0;
    pthread_mutex_unlock(&guard);
}

int power_loss_is_gone(void) {
    pthread_mutex_lock(&guard);
    int gone = is_gone;
    pthread_mutex_unlock(&guard);
    return gone;
}

// SplitMix64.
static uint64_t draw(uint64_t *state) {
    uint64_t word = *state += 0x9E3779B97F4A7C15;
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
    return word ^ (word >> 31);
}

// Gives every sector one of the states it had.
static int strike_sectors(const record *r, int file, uint64_t *state) {
    int lost = 0;
    for (int i = 0; i < r->count; i++) {
        sqlite3_int64 sector = r->pasts[i].sector;
        int is_first = 1, states = 1;
        for (int j = 0; j < i && is_first; j++) is_first = r->pasts[j].sector != sector;
        if (!is_first) continue;
        for (int j = i; j < r->count; j++) states += r->pasts[j].sector == sector;
        int chosen = (int)(draw(state) % (uint64_t)states);
        for (int j = i; j < r->count; j++) {
            if (r->pasts[j].sector != sector) continue;
            if (chosen-- != 0) continue;
            if (pwrite(file, r->pasts[j].before, SECTOR, sector * SECTOR) == SECTOR) lost += 1;
        }
    }
    return lost;
}

int power_loss_strike(uint64_t seed) {
    uint64_t state = seed;
    int lost = 0;
    pthread_mutex_lock(&guard);
    for (int i = 0; i < FILES; i++) {
        record *r = &records[i];
        if (r->path == NULL) continue;
        int file = open(r->path, O_RDWR);
        if (file >= 0) {
            off_t size = lseek(file, 0, SEEK_END);
            lost += strike_sectors(r, file, &state);
            // The file's length may be known to the disk, or not yet.
            off_t kept = draw(&state) % 2 == 0 || size < r->flushed_size ? size : r->flushed_size;
            if (ftruncate(file, kept) != 0) lost = -1;
            close(file);
        }
        forget(r);
    }
    last_call = 0;
    is_gone = 0;
    pthread_mutex_unlock(&guard);
    return lost;
}
