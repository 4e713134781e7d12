import Synchronization

final class MailboxLetters: Sendable {
    private static let kept = 30
    private let letters = Mutex<[Letter]>([])

    func add(_ letter: Letter) {
        letters.withLock { letters in
            letters.insert(letter, at: 0)
            letters = Array(letters.prefix(Self.kept))
        }
    }

    var latest: [Letter] {
        letters.withLock { $0 }
    }
}
