import Testing

/// Templates put together of pieces that tell: whatever compiles, a browser reads no value of it as
/// more than a value.
@Suite struct TemplateTests {
    private static let places = [
        ("<a href=\"", "\">"), ("<a href='", "'>"), ("<a href=", ">"), ("<img src = \"", "\">"),
        ("<a xlink:href=\"", "\">"), ("<form action='", "'>"), ("<object data=\"", "\">"),
        ("<script src=\"", "\"></script>"), ("<iframe src='", "'></iframe>"),
        ("<base href=\"", "\">"),
        ("<link href=\"", "\">"), ("<p title=\"", "\">"), ("<p title='", "'>"), ("<p title=", ">"),
        ("<p ", ">"), ("<p a", ">"), ("</p ", ">"), ("<", ">"), ("<script>", "</script>"),
        ("<style>", "</style>"), ("<svg><style>", "</style></svg>"), ("<title>", "</title>"),
        ("<textarea>", "</textarea>"), ("<noscript><p title=\"", "\"></noscript>"),
        ("<!--", "-->"), ("<!", ">"), ("<p>", "</p>"), ("{% if yes %}", "{% end %}"),
        ("<script><!--<script>", "</script>--></script>"),
    ]

    private static let pieces = [
        "{{ name }}", "{{ link }}", "{{ names | join(\":\") }}", "{{ visits | count }}",
        "{{ t(\"hello\", name=name) }}", "{% if yes %}{{ name }}{% end %}",
        "{% if yes %}a {% end %}", "{% if link %}b=c {% else %}a {% end %}",
        "{% if link %}java{% else %}/{% end %}", "{% for n in names %}{{ n }}{% end %}",
        "java", "script", "javascript", ":", "/", "//", "\\", "?", "#", "&", "&#58;", "&colon;",
        "&sol;",
        "&#x6a", "https:", "data:", "\t", "\n", "\u{B}", " ", "\u{1}", "a", "=", "\"", "'", "`",
        ">",
        "<",
        "-", "--", "!", "--!>", "-->", "<!--", "<script>", "</script", "</title>", "</p a=\">\">",
        "onx=",
    ]

    @Test(arguments: 0..<4)
    func `no value is read as more than a value`(seed: UInt8) throws {
        var numbers = InputNumbers([seed])
        for _ in 0..<1500 {
            var page = ""
            for _ in 0...numbers.below(3) {
                let (before, after) = Self.places[numbers.below(Self.places.count)]
                page += before
                for _ in 0..<numbers.below(5) {
                    page += Self.pieces[numbers.below(Self.pieces.count)]
                }
                page += after
            }
            // What got out would be read here.
            page += "<b title=\"{{ name }}\">{{ name }}</b>"
            #expect(throws: Never.self, "\(page)") { try TemplateTarget.check(Array(page.utf8)) }
        }
    }

    /// A judge that never condemns finds nothing.
    @Test(arguments: [
        "<b zq9>", "<b title=a zq9=b>", "<zq9>", "</b zq9>", "<b onclick=a()>", "<b style='zq9'>",
        "<!--zq9-->", "<!zq9>", "<?zq9>", "</ zq9>", "<script>zq9</script>", "<style>a{}zq9",
        "<script><!--<script></script>zq9--></script>", "<!--><b zq9>-->", "<!---><b zq9>-->",
        "<!-- --!><b zq9>", "<a href=javascript:a()>", "<a href='JavaScript:a()'>",
        "<a href=\"java\tscript:a()\">", "<a href=' javascript:a()'>",
        "<a href='javascript&#58;a()'>",
        "<a href='javascript&#x3a;a()'>", "<a href=javascript&colon;a()>", "<a href='data:zq9'>",
        "<a href='&#106avascript:a()'>", "<form action='vbscript:a'>",
        "<script src='//zq9'></script>",
        "<script src='https:zq9'></script>", "<base href='\\\\zq9'>", "<link href='/&sol;zq9'>",
        "<b\u{B}zq9 a>", "<p title='a'zq9>", "<p/zq9>",
    ])
    func `the judge knows what a browser would do`(page: String) {
        #expect(throws: Broken.self) { try BrowserReader.judge(Array(page.utf8), mark: "zq9") }
    }

    @Test(arguments: [
        "zq9", "<b title='zq9 onclick=a()'>", "<b title=zq9>", "<a href='/zq9?javascript:'>",
        "<a href='https://zq9'>", "<script src='/zq9'></script>", "<title><zq9></title>",
        "<textarea><b zq9></textarea>", "<!-- -- --><b title=zq9>", "<!doctype html>zq9",
        "<script><!--<script></script>--></script><b title='zq9'>", "< zq9 > a<zq",
        "<script><!--></script>zq9", "<a href='javascript zq9:'>", "<p></p a=\">\">zq9",
    ])
    func `and what it would not`(page: String) {
        #expect(throws: Never.self) { try BrowserReader.judge(Array(page.utf8), mark: "zq9") }
    }
}
