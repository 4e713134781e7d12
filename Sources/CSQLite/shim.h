#include <sqlite3.h>

// What Swift cannot call or see by itself: functions with "..." and cast constants.

static inline int kith_sqlite3_db_config(sqlite3 *database, int option, int value) {
    return sqlite3_db_config(database, option, value, (int *)0);
}

// Before the first connection is opened. No connection is used by two threads at once, and without
// that there are no locks in it, and a column's value may be read by itself.
static inline int kith_sqlite3_prepare_process(void) {
    int statistics = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return statistics != SQLITE_OK ? statistics : sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
}

static inline int kith_sqlite3_bind_text(
    sqlite3_stmt *statement, int place, const char *text, int length
) {
    return sqlite3_bind_text(statement, place, text, length, SQLITE_TRANSIENT);
}

static inline int kith_sqlite3_bind_blob(
    sqlite3_stmt *statement, int place, const void *bytes, int length
) {
    return sqlite3_bind_blob(statement, place, bytes, length, SQLITE_TRANSIENT);
}

static const int kith_IOERR_READ = SQLITE_IOERR_READ;
static const int kith_IOERR_SHORT_READ = SQLITE_IOERR_SHORT_READ;
static const int kith_IOERR_FSYNC = SQLITE_IOERR_FSYNC;
static const int kith_IOERR_DIR_FSYNC = SQLITE_IOERR_DIR_FSYNC;
static const int kith_CONSTRAINT_CHECK = SQLITE_CONSTRAINT_CHECK;
static const int kith_CONSTRAINT_FOREIGNKEY = SQLITE_CONSTRAINT_FOREIGNKEY;
static const int kith_CONSTRAINT_NOTNULL = SQLITE_CONSTRAINT_NOTNULL;
static const int kith_CONSTRAINT_TRIGGER = SQLITE_CONSTRAINT_TRIGGER;
static const int kith_CONSTRAINT_UNIQUE = SQLITE_CONSTRAINT_UNIQUE;
static const int kith_CONSTRAINT_PRIMARYKEY = SQLITE_CONSTRAINT_PRIMARYKEY;
static const int kith_CONSTRAINT_ROWID = SQLITE_CONSTRAINT_ROWID;
