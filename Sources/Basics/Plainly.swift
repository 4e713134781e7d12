import FoundationEssentials

/// An error as one line for whoever runs the platform. Ours say themselves what is the matter;
/// Foundation's speak of domains and codes.
package enum Plainly {
    package static func words(_ error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        let reason =
            switch error.code {
            case .fileNoSuchFile, .fileReadNoSuchFile: "there is no such file or folder"
            case .fileReadNoPermission, .fileWriteNoPermission: "this user may not use it"
            case .fileWriteFileExists: "it is there already"
            case .fileWriteOutOfSpace: "the disk is full"
            case .fileWriteVolumeReadOnly: "the disk cannot be written to"
            case .fileReadCorruptFile, .fileReadInapplicableStringEncoding: "it is no text"
            default: "it cannot be read or written, error \(error.code.rawValue)"
            }
        return "\(error.filePath ?? error.url?.path ?? "a file"): \(reason)"
    }
}
