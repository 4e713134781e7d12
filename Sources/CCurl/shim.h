#include <curl/curl.h>

// curl_easy_setopt is variadic, which Swift cannot call.
static inline CURLcode kith_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kith_curl_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kith_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kith_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*kith_curl_reader)(char *buffer, size_t size, size_t count, void *context);

static inline CURLcode kith_curl_set_reader(CURL *handle, kith_curl_reader reader) {
    return curl_easy_setopt(handle, CURLOPT_READFUNCTION, reader);
}
