import Glibc

/// Each open community and each connection takes some of the process's descriptors.
enum Descriptors {
    /// An open community takes about six, and up to as many more while all threads read there.
    private static let ofCommunity = 8
    private static let mostCommunitiesAnywhere = 200

    /// So many communities may be open unless told otherwise: each takes memory too, and half of
    /// the descriptors is left to connections.
    static var mostCommunities: Int {
        min(mostCommunitiesAnywhere, max(1, limit / 2 / ofCommunity))
    }

    /// So many connections as there may be beside so many communities that come and go: some
    /// descriptors are left to files and the control socket.
    static func connections(
        _ wanted: Int,
        beside communities: Int,
        of limit: Int = Descriptors.limit
    ) -> Int {
        // Whoever asks for more communities than can be open at once still has connections.
        let stores = min(communities, limit / 2 / ofCommunity) * ofCommunity
        return min(wanted, max(1, limit - min(200, limit / 4) - stores))
    }

    static var limit: Int {
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(files, &limit) == 0 else { return 1024 }
        return Int(clamping: limit.rlim_cur)
    }

    /// Raises the limit as far as the system lets us.
    static func allowMost() {
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(files, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(files, &limit)
    }
}
