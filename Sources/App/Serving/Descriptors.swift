import Glibc

/// Each open community and each connection takes some of the process's descriptors.
enum Descriptors {
    /// Raises the limit as far as the system lets us.
    static func allowMost() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(7), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(7), &limit)
    }
}
