/// What each piece of text does to the HTML's context. All pages that one thread compiles go
/// through the same layouts and parts, which it needs to read only once.
final class KnownContexts {
    private struct Key: Hashable {
        let file: Int
        let offset: Int
        let before: HTMLContext
    }

    private var after: [Key: HTMLContext] = [:]

    func read(
        _ bytes: ArraySlice<UInt8>,
        of file: Int,
        _ context: inout HTMLContext
    ) -> [HTMLContext.Flaw] {
        let key = Key(file: file, offset: bytes.startIndex, before: context)
        // What was open before may have been opened elsewhere for another page.
        let opened = context.opened
        defer { context.opened = context.opened ?? opened }
        if let known = after[key] {
            context = known
            return []
        }
        context.opened = nil
        let flaws = context.read(bytes, of: file)
        if flaws.isEmpty { after[key] = context }
        return flaws
    }
}
