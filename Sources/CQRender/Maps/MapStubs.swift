import CQColumns

struct MapPicture { init?(_ table: Table) { return nil } }
struct SVGMap { init(_ map: MapPicture) {}; var text: String { "" } }
struct TerminalMap { init(_ map: MapPicture, options: RenderOptions) {}; var text: String { "" } }
