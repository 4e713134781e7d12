import Basics
import Events
import Identity
import Relationships
import Store
import Transactions

/// Whom each fact is told to: everyone concerned but the one who did it.
enum NoticeSubscribers {
    static var all: [Subscriber] {
        money + [
            booking("notices-booking-made", BookingMade.self, .bookingMade),
            booking("notices-booking-moved", BookingMoved.self, .bookingMoved),
            booking("notices-booking-cancelled", BookingCancelled.self, .bookingCancelled),
            Subscriber("notices-care-log-waiting", to: CareLogWaiting.self) { event, change in
                let other = event.waitsFor == event.giver ? event.receiver : event.giver
                try Notices.tell(
                    event.waitsFor,
                    .careLogWaiting,
                    about: other,
                    reference: event.careLog.rawValue,
                    in: change
                )
            },
            Subscriber("notices-care-log-confirmed", to: CareLogConfirmed.self) { event, change in
                try Notices.tell(
                    event.giver,
                    .careLogConfirmed,
                    about: event.receiver,
                    reference: event.careLog.rawValue,
                    in: change
                )
            },
            Subscriber("notices-grant-asked", to: GrantAsked.self) { event, change in
                try Notices.tell(
                    event.giver,
                    .grantAsked,
                    about: event.holder,
                    reference: event.grant.rawValue,
                    in: change
                )
            },
            Subscriber("notices-grant-answered", to: GrantAnswered.self) { event, change in
                let kind: Notice.Kind =
                    switch event.answer {
                    case .allowed: .grantAllowed
                    case .declined: .grantDeclined
                    case .stopped: .grantStopped
                    }
                try Notices.tell(
                    event.holder,
                    kind,
                    about: event.giver,
                    reference: event.grant.rawValue,
                    in: change
                )
            },
            Subscriber("notices-relationship-asked", to: RelationshipAsked.self) { event, change in
                try Notices.tell(
                    event.asked,
                    .relationshipAsked,
                    about: event.asker,
                    reference: event.relationship.rawValue,
                    in: change
                )
            },
            Subscriber(
                "notices-relationship-answered",
                to: RelationshipAnswered.self
            ) { event, change in
                try Notices.tell(
                    event.asker,
                    event.isAccepted ? .relationshipAccepted : .relationshipDeclined,
                    about: event.asked,
                    reference: event.relationship.rawValue,
                    in: change
                )
            },
            Subscriber("notices-relationship-ended", to: RelationshipEnded.self) { event, change in
                for person in [event.supporter, event.supported] {
                    try Notices.tell(
                        person,
                        person == event.by ? .relationshipEndedByYou : .relationshipEnded,
                        about: person == event.supporter ? event.supported : event.supporter,
                        reference: event.relationship.rawValue,
                        in: change
                    )
                }
            },
            Subscriber("notices-hat-requested", to: HatRequested.self) { event, change in
                try tellAdmins(.hatAsked, event.person, event.hat, but: event.person, in: change)
            },
            Subscriber("notices-hat-decided", to: HatDecided.self) { event, change in
                try Notices.tell(
                    event.person,
                    event.isGiven ? .hatGiven : .hatDeclined,
                    about: nil,
                    reference: event.person.rawValue,
                    Notice.Details(actor: event.by, hat: event.hat),
                    in: change
                )
                guard let decider = event.by else { return }
                try tellAdmins(.hatAnswered, event.person, event.hat, but: decider, in: change)
            },
        ]
    }

    /// Who administers hears of every request and every answer (HAT-10).
    private static func tellAdmins(
        _ kind: Notice.Kind,
        _ asker: Person.ID,
        _ hat: Hat,
        but done: Person.ID,
        in change: borrowing Change
    ) throws {
        for admin in try Hats.wearers(of: .admin, in: change.snapshot)
        where admin != done && admin != asker {
            try Notices.tell(
                admin,
                kind,
                about: asker,
                reference: asker.rawValue,
                Notice.Details(hat: hat),
                in: change
            )
        }
    }

    /// Both are told, but not the one who did it: by an arranger's act, both are.
    private static func booking<Fact: BookingFact>(
        _ name: String,
        _ fact: Fact.Type,
        _ kind: Notice.Kind
    ) -> Subscriber {
        Subscriber(name, to: fact) { event, change in
            for person in [event.giver, event.receiver] where person != event.by {
                try Notices.tell(
                    person,
                    kind,
                    about: person == event.giver ? event.receiver : event.giver,
                    reference: event.booking.rawValue,
                    Notice.Details(
                        actor: event.by,
                        actedFor: event.onBehalfOf,
                        time: try event.time
                            ?? BookingStore.find(event.booking, in: change.snapshot)?.time,
                        before: event.before
                    ),
                    in: change
                )
            }
        }
    }
}
