import FoundationEssentials
import Glibc

/// A folder that goes when its last user does.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        var template = Array(
            (FileManager.default.temporaryDirectory.path + "/kith-XXXXXX").utf8CString
        )
        guard unsafe mkdtemp(&template) != nil else {
            throw StoreRefusedToOpen(description: "no temporary folder can be made")
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        Leftovers.add(path)
    }

    deinit {
        Leftovers.remove(path)
    }
}
