import Basics
import Events
import Identity
import Relationships
import Transactions

/// Whom each fact is told to: everyone concerned but the one who did it.
enum NoticeSubscribers {
    static var all: [Subscriber] {
        [
            Subscriber("notices-booking-made", to: BookingMade.self) { event, change in
                for person in [event.giver, event.receiver] where person != event.by {
                    let other = person == event.giver ? event.receiver : event.giver
                    try Notices.tell(
                        person,
                        .bookingMade,
                        about: other,
                        reference: event.booking.rawValue,
                        in: change
                    )
                }
            },
            Subscriber("notices-booking-moved", to: BookingMoved.self) { event, change in
                for person in [event.giver, event.receiver] where person != event.by {
                    let other = person == event.giver ? event.receiver : event.giver
                    try Notices.tell(
                        person,
                        .bookingMoved,
                        about: other,
                        reference: event.booking.rawValue,
                        in: change
                    )
                }
            },
            Subscriber("notices-booking-cancelled", to: BookingCancelled.self) { event, change in
                for person in [event.giver, event.receiver] where person != event.by {
                    let other = person == event.giver ? event.receiver : event.giver
                    try Notices.tell(
                        person,
                        .bookingCancelled,
                        about: other,
                        reference: event.booking.rawValue,
                        in: change
                    )
                }
            },
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
            Subscriber("notices-care-log-paid", to: CareLogPaid.self) { event, change in
                try Notices.tell(
                    event.giver,
                    .careLogPaid,
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
        ]
    }
}
