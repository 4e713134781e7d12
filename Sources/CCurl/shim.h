#include <curl/curl.h>
#include <dlfcn.h>
#include <stdbool.h>

// libcurl brings two dozen libraries with it. Linked, they were a tenth of every start, also of a
// process that never sends a letter; so it is opened by whoever sends one.
struct kith_curl {
    CURL *(*start)(void);
    CURLcode (*setopt)(CURL *, CURLoption, ...);
    CURLcode (*perform)(CURL *);
    void (*finish)(CURL *);
    const char *_Nonnull (*reason)(CURLcode);
    struct curl_slist *(*append)(struct curl_slist *, const char *);
    void (*forget)(struct curl_slist *);
};

/// False when the library is not there; `dlerror` has the reason.
static inline bool kith_curl_open(struct kith_curl *curl) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) return false;
    *(void **)&curl->start = dlsym(library, "curl_easy_init");
    *(void **)&curl->setopt = dlsym(library, "curl_easy_setopt");
    *(void **)&curl->perform = dlsym(library, "curl_easy_perform");
    *(void **)&curl->finish = dlsym(library, "curl_easy_cleanup");
    *(void **)&curl->reason = dlsym(library, "curl_easy_strerror");
    *(void **)&curl->append = dlsym(library, "curl_slist_append");
    *(void **)&curl->forget = dlsym(library, "curl_slist_free_all");
    return curl->start && curl->setopt && curl->perform && curl->finish && curl->reason
        && curl->append && curl->forget;
}

// curl_easy_setopt is variadic, which Swift cannot call.
static inline CURLcode kith_curl_set_text(
    const struct kith_curl *curl, CURL *handle, CURLoption option, const char *value
) {
    return curl->setopt(handle, option, value);
}

static inline CURLcode kith_curl_set_number(
    const struct kith_curl *curl, CURL *handle, CURLoption option, long value
) {
    return curl->setopt(handle, option, value);
}

static inline CURLcode kith_curl_set_list(
    const struct kith_curl *curl, CURL *handle, CURLoption option, struct curl_slist *value
) {
    return curl->setopt(handle, option, value);
}

static inline CURLcode kith_curl_set_pointer(
    const struct kith_curl *curl, CURL *handle, CURLoption option, void *value
) {
    return curl->setopt(handle, option, value);
}

typedef size_t (*kith_curl_reader)(char *buffer, size_t size, size_t count, void *context);

static inline CURLcode kith_curl_set_reader(
    const struct kith_curl *curl, CURL *handle, kith_curl_reader reader
) {
    return curl->setopt(handle, CURLOPT_READFUNCTION, reader);
}

typedef int (*kith_curl_watcher)(
    void *context, curl_off_t down, curl_off_t downloaded, curl_off_t up, curl_off_t uploaded
);

static inline CURLcode kith_curl_set_watcher(
    const struct kith_curl *curl, CURL *handle, kith_curl_watcher watcher
) {
    return curl->setopt(handle, CURLOPT_XFERINFOFUNCTION, watcher);
}
