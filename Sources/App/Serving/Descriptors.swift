import Glibc

/// Each open community and each connection takes some of the process's descriptors.
enum Descriptors {
    /// Raises the limit as far as the system lets us.
    static func allowMost() {
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(files, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(files, &limit)
    }
}
