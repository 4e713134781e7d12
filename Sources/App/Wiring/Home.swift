import HTTPServer
import Store
import Templating
import Web

/// What comes with the program and is the same for every community: languages, templates, files,
/// migrations.
struct Home: Sendable {
    let path: String
    let languages: Languages
    let templates: Templates
    let files: StaticFiles
    let interface: Interface
    let migrations: Migrations

    /// Throws all that is wrong in any template or phrase at once. A process that serves already
    /// stays with its own migrations: those on the disk may be a newer program's.
    static func load(_ path: String, migrations: Migrations? = nil) throws -> Home {
        for name in ["Config/locales", "Templates", "Public", "Migrations"]
        where !Opening.isFolder("\(path)/\(name)") {
            throw Unusable(
                "\(path)/\(name) is missing: --home or KITH_HOME must name the folder that has "
                    + "Config, Templates, Public and Migrations"
            )
        }
        let languages = try Languages.reading(folder: path + "/Config/locales")
        return Home(
            path: path,
            languages: languages,
            templates: try templates(path, languages),
            files: try StaticFiles.load(folder: path + "/Public"),
            interface: try Interface(home: path),
            migrations: try migrations ?? Migrations.load(folder: path + "/Migrations")
        )
    }

    static func templates(_ path: String, _ languages: Languages) throws -> Templates {
        try Templates.load(
            folder: path + "/Templates",
            languages: languages,
            pages: Community.pages.map { PageExamples.shape(of: $0, in: languages.usual) },
            site: PageExamples.site(languages.usual)
        )
    }
}
