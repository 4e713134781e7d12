import Foundation
import TestSupport

/// A copy of what comes with the program, to be changed.
enum HomeCopy {
    static func make(at path: String) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        for folder in ["Config", "Templates", "Public", "Migrations"] {
            try files.copyItem(
                atPath: "\(TestStore.repository)/\(folder)",
                toPath: "\(path)/\(folder)"
            )
        }
    }
}
