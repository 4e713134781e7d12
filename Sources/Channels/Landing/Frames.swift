import Basics
import HTTPServer
import Identity
import Relationships
package import Store
package import Templating
package import Web

/// What stands round every page: the person's name, their menu and their tabs. Tabs follow what
/// the person came for; with two hats there are two groups, and never a mode to switch.
package struct Frames: Sendable {
    let records: Records

    package func frame(
        _ request: Request,
        _: Words,
        _ data: borrowing Snapshot
    ) throws -> Frame {
        guard let person = request.identified as? SignedIn else { return Frame() }
        let name = try records.name(of: person.id, to: person.acting, in: data)
        let hats = try Hats.of(person.id, in: data)
        let unread = try NoticeStore.countUnread(person.id, in: data)
        return Frame(
            personName: name.full,
            menu: [
                Frame.Link("/record", Phrase("frame.record")),
                Frame.Link("/grants", Phrase("frame.grants")),
                Frame.Link("/hats", Phrase("frame.hats")),
            ],
            tabs: Frames.tabs(hats, unread: unread).map { path, label in
                Frame.Link(path, label, isCurrent: request.http.path == path)
            }
        )
    }

    static func home(for hats: Set<Hat>) -> String {
        if hats.contains(.gettingSupport) || hats.contains(.arrangingSupport) { return "/week" }
        if hats.contains(.givingSupport) { return "/today" }
        if hats.contains(.facilitator) { return "/helping" }
        if hats.contains(.admin) { return "/audit" }
        return "/welcome"
    }

    static func tabs(_ hats: Set<Hat>, unread: Int) -> [(String, Phrase)] {
        var tabs: [(String, Phrase)] = []
        let gets = hats.contains(.gettingSupport)
        let arranges = hats.contains(.arrangingSupport)
        let gives = hats.contains(.givingSupport)
        if gets || arranges { tabs.append(("/week", Phrase("frame.week"))) }
        if gives { tabs.append(("/today", Phrase("frame.today"))) }
        if gets { tabs.append(("/team", Phrase("frame.team"))) }
        if gives || arranges { tabs.append(("/people", Phrase("frame.people"))) }
        if gets || gives {
            tabs.append(("/money", Phrase(gets ? "frame.money" : "frame.earnings")))
        }
        if hats.contains(.facilitator) { tabs.append(("/helping", Phrase("frame.helping"))) }
        if hats.contains(.admin) {
            tabs.append(("/audit", Phrase("frame.audit")))
            tabs.append(("/payment-runs", Phrase("frame.payments")))
            tabs.append(("/funds", Phrase("frame.funds")))
            tabs.append(("/hat-requests", Phrase("frame.requests")))
        }
        if tabs.isEmpty { tabs.append(("/welcome", Phrase("frame.welcome"))) }
        let notices =
            unread == 0
            ? Phrase("frame.notices") : Phrase("frame.notices-unread", ["count": .number(unread)])
        tabs.append(("/notices", notices))
        return tabs
    }
}
