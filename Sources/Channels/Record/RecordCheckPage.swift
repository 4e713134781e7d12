package import Basics
import Identity
package import Templating
import Web

/// What was found when the person's lines were held against the proof log.
package struct RecordCheckPage: Page {
    package static let template = "record/check.html"
    package static let example = RecordCheckPage(
        proof: AuditProof(checked: 12, own: 4, changed: 0, logSize: 480, root: "p1f6…")
    )

    let proof: AuditProof

    package var title: Phrase { Phrase("record.check.title") }

    package func record(_ words: Words) -> Record {
        [
            "isWhole": .bool(proof.changed == 0),
            "checked": .int(proof.checked),
            "own": .int(proof.own),
            "changed": .int(proof.changed),
            "logSize": .int(Int(proof.logSize)),
            "root": .text(proof.root),
        ]
    }
}
