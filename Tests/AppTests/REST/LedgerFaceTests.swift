import Basics
import Foundation
import HTTPServer
import Identity
import Ledger
import Relationships
import Store
import TestSupport
import Testing
import Web

@testable import App

/// The ledger as programs see it. That each answer is as the OpenAPI document says is checked by
/// `RestClient`.
@Suite struct LedgerFaceTests {
    let rig: Rig
    let client: RestClient
    let bank: String
    let funds: String

    init() throws {
        rig = try Rig()
        client = try RestClient(rig, "eve", .ledger)
        let accounts = try client.accounts()
        bank = try #require(accounts["bank"])
        funds = try #require(accounts["funds"])
    }

    private func body(_ amount: Int64, _ more: String = "") -> String {
        """
        {\(more)"legs":[{"account":"\(bank)","amount":\(-amount),"currency":"GBP"},
        {"account":"\(funds)","amount":\(amount),"currency":"GBP"}]}
        """
    }

    private func count() throws -> Int64 {
        try rig.database.read { try Ledger.count(in: $0) }
    }

    @Test func `an entry is written, read again, and is in the balances`() throws {
        let before = try client.get("/api/ledger/balances").json
        let answer = try client.post(
            body(1250, #""kind":"top-up","effectiveAt":"2026-11-20T09:00:00+01:00","#),
            key: "first"
        )
        #expect(answer.status == 201)
        let number = try #require(answer.json["id"]?.number)
        #expect(answer.location == "/api/ledger/entries/\(number)")
        #expect(answer.json["effectiveAt"] == .text("2026-11-20T08:00:00.000Z"))
        #expect(try client.get("/api/ledger/entries/\(number)").json == answer.json)
        #expect(
            try client.get("/api/ledger/entries?after=\(number - 1)").json["entries"]
                == .array([answer.json])
        )
        let after = try client.get("/api/ledger/balances").json
        #expect(after["entries"] == .whole(number))
        for (old, new) in zip(before["balances"]?.items ?? [], after["balances"]?.items ?? []) {
            let moved = (new["balance"]?.number ?? 0) - (old["balance"]?.number ?? 0)
            let expected = [bank: -1250, funds: 1250][new["account"]?.string ?? ""] ?? 0
            #expect(moved == Int64(expected))
        }
        #expect(try rig.database.read { try Ledger.verify(in: $0) }.isEmpty)
    }

    @Test func `the same key and body answer the same, and write once`() throws {
        let first = try client.post(body(100), key: "k-1")
        rig.clock.advance(seconds: 60)
        let again = try client.post(body(100), key: "k-1")
        // Spelt otherwise and by another token of the same person, it is the same.
        let spelt = try RestClient(rig, "eve", .ledger).post(
            body(100, #""kind" : "adjustment" , "#),
            key: "\"k-1\""
        )
        for answer in [again, spelt] {
            #expect(answer.status == 201)
            #expect(answer.body == first.body)
            #expect(answer.location == first.location)
        }
        #expect(try count() == first.json["id"]?.number)
    }

    @Test func `the same key with another body is refused`() throws {
        let first = try client.post(body(100), key: "k-2")
        let others = [
            body(101), body(100, #""kind":"top-up","#),
            body(100, #""effectiveAt":"2026-11-20T09:00:00Z","#),
        ]
        for other in others {
            let answer = try client.post(other, key: "k-2")
            #expect(answer.status == 422)
            #expect(answer.problem == "key-used")
        }
        #expect(try count() == first.json["id"]?.number)
    }

    @Test func `a key is its person's own`() throws {
        let ada = try #require(
            try rig.database.read {
                try rig.community.identity.records.find(named: "ada", in: $0)
            }
        )
        try rig.database.write { try Hats.give(.admin, to: ada, by: nil, in: $0) }
        let first = try client.post(body(100), key: "k-3")
        let hers = try RestClient(rig, "ada", .ledger).post(body(100), key: "k-3")
        #expect(hers.status == 201)
        #expect(hers.json["id"] != first.json["id"])
    }

    @Test func `an entry has as many legs as it needs`() throws {
        let legs = (1...99).map { _ in
            #"{"account":"\#(funds)","amount":1,"currency":"GBP"}"#
        }
        let other = #"{"account":"\#(bank)","amount":-99,"currency":"GBP"}"#
        let answer = try client.post(
            "{\"legs\":[\((legs + [other]).joined(separator: ","))]}",
            key: "many"
        )
        #expect(answer.status == 201)
        #expect(answer.json["legs"]?.items?.count == 100)
    }

    @Test func `every field that is wrong is named`() throws {
        let before = try count()
        let answer = try client.post(
            #"""
            {"kind":"gift","effectiveAt":"yesterday","effective/at":1,"legs":[
             {"account":"nobody","amount":0,"currency":"EUR"},
             {"account":7,"amount":1.5,"currency":"GBP","note":"x"},
             {"amount":9007199254740992}, 3]}
            """#,
            key: "flawed"
        )
        #expect(answer.status == 422)
        #expect(
            answer.pointers.sorted() == [
                "#/effectiveAt", "#/effective~1at", "#/kind", "#/legs/0/account",
                "#/legs/0/amount", "#/legs/0/currency", "#/legs/1/account", "#/legs/1/amount",
                "#/legs/1/note", "#/legs/2/account", "#/legs/2/amount", "#/legs/2/currency",
                "#/legs/3",
            ]
        )
        for other in ["[]", "3", "{}", #"{"legs":{}}"#, #"{"legs":[]}"#] {
            #expect(try client.post(other, key: "flawed").status == 422, "\(other)")
        }
        #expect(try count() == before)
    }

    @Test func `what does not balance is refused`() throws {
        let before = try count()
        let answer = try client.post(
            body(5).replacingOccurrences(of: "\"amount\":5", with: "\"amount\":6"),
            key: "b"
        )
        #expect(answer.status == 422)
        #expect(answer.problem == "unbalanced")
        #expect(try count() == before)
    }

    @Test func `an account that is not there, or counts something else, is refused`() throws {
        let unknown = body(5).replacingOccurrences(of: funds, with: "0000000000001")
        let answer = try client.post(unknown, key: "u")
        #expect(answer.status == 422)
        #expect(answer.pointers == ["#/legs/1/account"])
        let coins = try client.post(
            body(5).replacingOccurrences(of: "GBP", with: "COIN"),
            key: "u"
        )
        #expect(coins.status == 422)
        #expect(coins.pointers == ["#/legs/0/currency", "#/legs/1/currency"])
        // A key whose entry was refused is free.
        #expect(try client.post(body(5), key: "u").status == 201)
    }

    @Test func `no account falls below its floor`() throws {
        let held = try #require(try client.accounts()["held"])
        let answer = try client.post(
            body(-1_000_000).replacingOccurrences(of: funds, with: held),
            key: "floor"
        )
        #expect(answer.status == 409)
        #expect(answer.problem == "below-floor")
    }

    @Test func `what is no such request is refused before it is read`() throws {
        #expect(try client.post(body(5), key: nil).problem == "idempotency-key-needed")
        for odd in ["", "\"\"", "a b", "a,b", "é", String(repeating: "k", count: 256)] {
            #expect(try client.post(body(5), key: odd).problem == "idempotency-key-odd", "\(odd)")
        }
        let malformed = try client.post("{\"legs\":[,]}", key: "m")
        #expect(malformed.status == 400)
        #expect(malformed.json["detail"]?.string?.contains("byte 9") == true)
        for type in [nil, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
            #expect(try client.post(body(5), key: "t", type: type).status == 415)
        }
        let encoded = try client.send(
            .post,
            "/api/ledger/entries",
            [
                ("content-type", "application/json"), ("content-encoding", "gzip"),
                ("idempotency-key", "z"),
            ],
            Array(body(5).utf8)
        )
        #expect(encoded.status == 415)
        #expect(encoded.header("accept-encoding") == "identity")
        let large = body(5) + String(repeating: " ", count: 64 * 1024)
        #expect(try client.post(large, key: "l").status == 413)
        #expect(
            try client.post(body(5), key: "t", type: "Application/JSON; charset=utf-8").status
                == 201
        )
    }

    @Test func `only a good token of the right scope opens anything`() throws {
        for token in ["", "kith_", "kith_" + String(repeating: "A", count: 43), client.token + "A"]
        {
            let answer = try RestClient(rig, token: token).get("/api/ledger/balances")
            #expect(answer.status == 401)
            #expect(answer.header("www-authenticate")?.contains("invalid_token") == true)
        }
        let reader = try RestClient(rig, "eve", .ledgerReading)
        #expect(try reader.get("/api/ledger/entries?limit=1").status == 200)
        let refused = try reader.post(body(5), key: "r")
        #expect(refused.status == 403)
        #expect(refused.header("www-authenticate")?.contains("scope=\"ledger\"") == true)
        // A program is nobody who could open a page, whoever made its token.
        #expect(try rig.answer(to: HTTPRequest.of("/audit", token: client.token)).status == 303)
    }

    @Test func `a token that was stopped, or is too old, opens nothing`() throws {
        let list = try rig.community.answer(
            Control.Question(command: "token", words: ["list"], name: "eve")
        )
        let id = String(try #require(list.first).prefix(13))
        let other = try RestClient(rig, "eve", .ledger)
        _ = try rig.community.answer(Control.Question(command: "token", words: ["stop", id]))
        #expect(try client.get("/api/ledger/balances").status == 401)
        #expect(try other.get("/api/ledger/balances").status == 200)
        rig.clock.advance(seconds: 365 * 24 * 3600)
        #expect(try other.get("/api/ledger/balances").status == 401)
    }

    @Test func `a token is worth no more than the hat of its person`() throws {
        #expect(throws: Unusable.self) { try RestClient(rig, "ben", .ledger) }
        #expect(throws: Unusable.self) { try RestClient(rig, "nobody", .ledger) }
        try Tampering.run(
            "UPDATE relationships_hat SET state = 'declined' WHERE state = 'held'",
            on: rig.database
        )
        let answer = try client.post(body(5), key: "h")
        #expect(answer.status == 403)
        #expect(answer.problem == "not-admin")
    }

    @Test func `each use is in the audit, and in the record of whom it touches`() throws {
        let before = try rig.traces()
        for path in ["accounts", "balances", "entries", "entries/1"] {
            _ = try client.get("/api/ledger/\(path)")
        }
        #expect(try rig.traces() == before + 4)
        _ = try client.post(body(5), key: "a")
        #expect(try rig.traces() == before + 5)
        // Asked again, it is answered with what is there: read, not written.
        _ = try client.post(body(5), key: "a")
        #expect(try rig.traces() == before + 6)
        #expect(try rig.browser("ben").get("/record").text.contains("Made an entry in the ledger"))
        #expect(try rig.database.read { try Audit.verify(in: $0) }.isEmpty)
    }

    @Test func `a person's statement has words for what programs write`() throws {
        _ = try client.post(body(5), key: "a")
        _ = try client.post(body(5, #""kind":"top-up","#), key: "b")
        let page = try rig.browser("ben").get("/money")
        #expect(page.status == 200)
        #expect(page.text.contains("Corrected by the co-op"))
    }

    @Test func `an address or a method that is not there is a problem too`() throws {
        let missing = try client.get("/api/nothing")
        #expect(missing.status == 404)
        #expect(missing.header("content-type") == "application/problem+json")
        for number in ["0", "999999", "01", "-1", "x", "99999999999999999999"] {
            #expect(try client.get("/api/ledger/entries/\(number)").status == 404)
        }
        let method = try client.send(.delete, "/api/ledger/balances", [])
        #expect(method.status == 405)
        #expect(method.header("allow") == "GET, HEAD, OPTIONS")
        for path in ["entries", "accounts", "balances", "entries/1"] {
            #expect(try client.get("/api/ledger/\(path)?limit=%00").status == 400)
        }
        for query in ["limit=0", "limit=1001", "limit=x", "after=-1"] {
            #expect(try client.get("/api/ledger/entries?\(query)").status == 422)
        }
    }

    @Test func `problems speak the language that is asked for`() throws {
        let answer = try client.post("{}", key: "w", language: "cy")
        #expect(answer.header("content-language") == "cy")
        #expect(answer.json["detail"]?.string?.contains("diffygion") == true)
    }

    @Test func `a store that cannot take it says so, and writes nothing`() throws {
        rig.database.close()
        let answer = try client.post(body(5), key: "late")
        #expect(answer.status == 503)
        #expect(answer.header("retry-after") != nil)
    }

    @Test func `the document describes every address, and nothing else`() throws {
        let document = try RestClient.document.get()
        let routes = rig.community.site.allRoutes
            .filter { Site.isForPrograms($0.pattern) }.map { "\($0.method) \($0.pattern)" }
        #expect(document.operations.sorted() == routes.sorted())
        #expect(document.falseExamples == [])
        let served = try rig.browser().get("/api/openapi.json")
        #expect(served.header("content-type") == "application/json")
        #expect(served.json == document.root)
    }
}
