/// What an attribute's value is to a browser, which decides what may be drawn in it.
enum Attribute: Hashable {
    /// Text.
    case plain
    /// An address, which must not be one that runs something; nor one of another host, where a
    /// browser makes what it finds there part of the page.
    case address(onOurHost: Bool)
    /// May stand in a template, but not be drawn into: the reason.
    case fixed(String)
    /// May not stand in a template at all: the reason.
    case refused(String)

    init(named name: String, of element: String) {
        let bare = name.hasPrefix("xlink:") ? name.dropFirst(6) : name[...]
        if name.hasPrefix("on") {
            self = .refused("“\(name)” would run a script: put it in a file of its own")
            return
        }
        switch bare {
        case "style":
            self = .refused("the page's security policy stops “style”: use a class")
        case "srcdoc", "http-equiv":
            self = .refused("“\(bare)” does not belong in a page of ours")
        case "srcset", "imagesrcset", "sandbox", "allow", "ping", "archive", "attributename",
            "from",
            "to", "by", "values", "begin":
            self = .fixed("nothing can be drawn into “\(bare)”, since no escape makes it safe")
        case "href", "src", "action", "formaction", "cite", "poster", "background", "data",
            "longdesc", "manifest", "profile", "icon", "codebase", "classid", "usemap", "lowsrc",
            "dynsrc", "itemid", "itemtype", "resource", "about", "url", "base", "code":
            let fetches = [
                "script", "base", "link", "iframe", "frame", "object", "embed", "applet", "portal",
            ]
            self = .address(onOurHost: fetches.contains(element))
        default:
            // A script may read data-href and go there.
            self =
                bare.hasSuffix("href") || bare.hasSuffix("src") || bare.hasSuffix("url")
                ? .address(onOurHost: false) : .plain
        }
    }
}
