import Glibc

/// Tells threads apart, to give each the connection it knows.
enum ThreadNumber {
    static var current: UInt { UInt(pthread_self()) }
}
