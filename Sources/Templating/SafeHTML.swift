/// HTML that is drawn as it stands. Only our own code makes one, out of its own literals and
/// generators (a QR code, a chart); never out of anything a person typed.
package struct SafeHTML: Sendable {
    let html: String

    /// The label is long so that every use can be found and counted.
    package init(trustedHTML html: String) {
        self.html = html
    }
}
