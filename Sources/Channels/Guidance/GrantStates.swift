import Basics
import Identity

extension Grant {
    /// How it stands, said to the one who gives it or to the one who holds it.
    func statePhrase(for reader: Person.ID, at now: Instant, _ zone: CivilZone) -> Phrase {
        if isOpen(at: now), let endsAt {
            return Phrase("guidance.state.active", ["time": .time(zone.time(of: endsAt))])
        }
        let isGiver = reader == giver
        switch state {
        case .asked:
            return isGiver
                ? Phrase("guidance.state.asks-you") : Phrase("guidance.state.asked")
        case .declined:
            return isGiver
                ? Phrase("guidance.state.you-declined") : Phrase("guidance.state.declined")
        case .active: return Phrase("guidance.state.over")
        case .stopped:
            if stoppedBy == reader {
                return wasAllowed
                    ? Phrase("guidance.state.you-stopped")
                    : Phrase("guidance.state.you-took-back")
            }
            return wasAllowed
                ? Phrase("guidance.state.stopped") : Phrase("guidance.state.taken-back")
        }
    }
}
