/// Passwords that are tried first by anyone who guesses. Kept short: the slowing of tries does
/// the rest. All have a digit and eight characters or more, since others are refused anyway.
enum CommonPasswords {
    static func contains(_ text: String) -> Bool {
        list.contains(text.lowercased())
    }

    private static let list: Set<String> = [
        "12345678", "123456789", "1234567890", "0123456789", "11111111", "00000000", "87654321",
        "12341234", "11223344", "password1", "password12", "password123", "passw0rd",
        "p@ssw0rd", "p@ssword1", "qwerty123", "qwerty12", "1qaz2wsx", "1q2w3e4r", "1q2w3e4r5t",
        "q1w2e3r4", "abcd1234", "abc12345", "abc123456", "a1b2c3d4", "aa123456", "asdf1234",
        "zaq12wsx", "letmein1", "letmein123", "welcome1", "welcome123", "iloveyou1", "football1",
        "baseball1", "liverpool1", "arsenal1", "chelsea1", "monkey123", "dragon123", "sunshine1",
        "princess1", "charlie1", "michael1", "jessica1", "trustno1", "superman1", "batman123",
        "changeme1", "changeme123", "admin123", "administrator1", "test1234", "testtest1",
        "hello123", "summer2024", "summer2025", "summer2026", "winter2024", "winter2025",
        "winter2026", "spring2026", "autumn2026", "qwertyuiop1", "987654321", "147258369",
        "123123123", "123qweasd", "987654321a", "hatstand1", "kith1234", "care1234", "carer123",
    ]
}
