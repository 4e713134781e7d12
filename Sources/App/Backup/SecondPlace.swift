import Basics
import Crypto
import FoundationEssentials
import Store
import Vault

/// The place that a community's changes are always shipped to.
enum SecondPlace {
    private static let purpose = "kith shipment 1"

    /// Nil if the settings name none.
    static func shipping(
        _ settings: CommunitySettings,
        _ options: Options,
        report: @escaping @Sendable (String) -> Void
    ) throws -> Shipping? {
        guard let told = settings.shipping else { return nil }
        let key = try Opening.backupKey(options)
        var shipping = Shipping(to: try place(told)) { bytes in
            try SealedStream.seal(bytes, key: key, purpose: purpose)
        } report: { line in
            report(line)
        }
        shipping.keepMinutes = 24 * 60 * Int64(try whole(told.keepDays ?? 30, "keepDays"))
        shipping.baseMinutes = 60 * Int64(try whole(told.baseHours ?? 24, "baseHours"))
        return shipping
    }

    private static func place(_ told: CommunitySettings.Shipping) throws -> Shipping.Place {
        switch (told.folder, told.command) {
        case (let folder?, nil) where folder.hasPrefix("/"): .folder(folder)
        case (nil, let command?) where !command.isEmpty: .command(command)
        default:
            throw Unusable(
                "shipping in community.json needs either a folder, as /mnt/second/kith, or a command"
            )
        }
    }

    private static func whole(_ number: Int, _ name: String) throws -> Int {
        guard (1...36_500).contains(number) else {
            throw Unusable("shipping.\(name) in community.json must be a number from 1 to 36500")
        }
        return number
    }

    /// Restores from the folder that the shipped files are in.
    static func restore(
        from folder: String,
        at time: Instant?,
        to store: String,
        despiteDamage: Bool,
        _ key: SecretKey,
        finish: (_ unfinished: String) throws -> Void = { _ in }
    ) throws -> Restored {
        do {
            return try Shipping.restore(
                from: folder,
                at: time,
                to: store,
                despiteDamage: despiteDamage,
                open: { try SealedStream.open($0, key: key, purpose: purpose) },
                finish: finish
            )
        } catch let refused as RestoreRefused {
            throw BackupRefused(line(refused))
        }
    }

    private static func line(_ refused: RestoreRefused) -> String {
        switch refused {
        case .nothingShipped(let place): "\(place) holds no base, so nothing can be restored"
        case .tooEarly(let place, let first):
            "\(place) holds nothing from before \(first.timestamp)"
        case .damaged(let place, let time):
            "\(place) is damaged, or something is missing, after \(time.timestamp): "
                + "to have the store as it was then, add --despite-damage"
        case .doesNotOpen(let place):
            "nothing in \(place) can be opened: the backup key is not the one it was shipped "
                + "with, or every base is damaged"
        }
    }
}
