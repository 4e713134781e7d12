// Tells the Thread Sanitizer of Swift's Mutex. Its quick path is compiled into our own code, where
// the sanitizer sees it. Its slow path, for a mutex that is held, lies in the toolchain's library,
// which was built without the sanitizer: a thread that waited there would seem never to have met
// the one that let it in, and everything the mutex guards would be reported. `bin/sanitize` puts
// these two functions before the library's own.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

__attribute__((weak)) void __tsan_acquire(void *place);
__attribute__((weak)) void __tsan_release(void *place);

#define MUTEX __attribute__((swift_context)) void *mutex
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef __attribute__((swiftcall)) void lock_function(uint32_t thread, MUTEX);
typedef __attribute__((swiftcall)) void unlock_function(MUTEX);

__attribute__((swiftcall)) void told_lock(uint32_t thread, MUTEX) __asm__(LOCK);
__attribute__((swiftcall)) void told_unlock(MUTEX) __asm__(UNLOCK);

__attribute__((swiftcall)) void told_lock(uint32_t thread, MUTEX) {
    static _Atomic(lock_function *) next;
    if (!next) next = (lock_function *)dlsym(RTLD_NEXT, LOCK);
    next(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

__attribute__((swiftcall)) void told_unlock(MUTEX) {
    static _Atomic(unlock_function *) next;
    if (!next) next = (unlock_function *)dlsym(RTLD_NEXT, UNLOCK);
    if (__tsan_release) __tsan_release(mutex);
    next(mutex);
}
