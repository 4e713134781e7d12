import CLinux
import Glibc

/// Descriptors sent to another process (unix(7), SCM_RIGHTS).
extension LocalSocket {
    /// One byte that carries a descriptor.
    func hand(_ given: Int32) -> Bool {
        var control = Control()
        control.descriptor = given
        return unsafe Self.message(&control) { message in
            Self.again { unsafe sendmsg(descriptor, message, Int32(MSG_NOSIGNAL)) } == 1
        }
    }

    func take() -> Int32? {
        var control = Control()
        let isTaken = unsafe Self.message(&control) { message in
            Self.again { unsafe recvmsg(descriptor, message, Int32(MSG_CMSG_CLOEXEC)) } == 1
        }
        let isDescriptor = control.type == Int32(SCM_RIGHTS) && control.descriptor >= 0
        return isTaken && isDescriptor ? control.descriptor : nil
    }

    /// True when the other end has closed.
    func waitForEnd(seconds: Int) -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        let count = Self.again {
            let left = (end - ContinuousClock.now).components.seconds
            limit(seconds: max(1, Int(left)))
            var byte: UInt8 = 0
            return unsafe recv(descriptor, &byte, 1, 0)
        }
        return count == 0
    }

    /// A signal, or that the process was stopped for a while, is no answer.
    private static func again(_ call: () -> Int) -> Int {
        while true {
            let count = call()
            if count < 0, errno == EINTR { continue }
            return count
        }
    }

    /// Now, without waiting, whether the other end has closed.
    var isLeft: Bool {
        var byte: UInt8 = 0
        return unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
            == 0
    }

    /// `cmsghdr` with one descriptor behind it, as CMSG_DATA would lay it out.
    private struct Control {
        var length = 20
        var level = SOL_SOCKET
        var type = Int32(SCM_RIGHTS)
        var descriptor: Int32 = -1
        var padding: Int32 = 0
    }

    private static func message(
        _ control: inout Control,
        _ use: (UnsafeMutablePointer<msghdr>) -> Bool
    ) -> Bool {
        var byte: UInt8 = 0
        return unsafe withUnsafeMutablePointer(to: &byte) { byte in
            var vector = unsafe iovec(iov_base: byte, iov_len: 1)
            return unsafe withUnsafeMutablePointer(to: &vector) { vector in
                unsafe withUnsafeMutablePointer(to: &control) { control in
                    var message = unsafe msghdr()
                    unsafe message.msg_iov = vector
                    unsafe message.msg_iovlen = 1
                    unsafe message.msg_control = UnsafeMutableRawPointer(control)
                    unsafe message.msg_controllen = 24
                    return unsafe use(&message)
                }
            }
        }
    }
}
