import CQCatalog
import CQColumns
import Testing

struct FoldingTests {
  @Test(arguments: [
    // case, spaces and punctuation
    ("New York", "new york"), ("  New   YORK ", "new york"), ("Coeur-d,Alene", "coeur d alene"), ("31-33", "31 33"),
    ("U.S.", "u s"), ("Washington, D.C.", "washington d c"), ("economic_area", "economic area"), ("(a)/[b]", "a b"),
    ("…Ohio!", "ohio"), ("¿Ohio?", "ohio"), ("Ohio–Kentucky", "ohio kentucky"), ("", ""), (" - ", ""),
    // apostrophes join, straight or curly
    ("O'Brien", "obrien"), ("O’Brien", "obrien"), ("Coeur d'Alene", "coeur dalene"),
    // an ampersand is a word
    ("Oil & Gas", "oil and gas"), ("Oil and Gas", "oil and gas"), ("R&D", "r and d"), ("&", "and"),
    // accents, composed and combining
    ("Québec", "quebec"), ("QUE\u{301}BEC", "quebec"), ("Michoacán", "michoacan"), ("Nuevo León", "nuevo leon"),
    ("Ñuñoa", "nunoa"), ("œuvre", "oeuvre"), ("Œ", "oe"), ("ÆØÅ", "aeoa"), ("Straße", "strasse"), ("ÿ", "y"),
    ("Élève garçon", "eleve garcon"), ("Łódź", "łodź"),
    // other scripts are lower-cased only
    ("ΑΘΗΝΑ", "αθηνα"), ("東京", "東京"),
  ])
  func comparesTheWayPeopleDo(text: String, folded: String) {
    #expect(fold(text) == folded)
  }

  @Test func foldingTwiceChangesNothing() {
    for text in ["Oil & Gas", "QUÉBEC", "Coeur d’Alene", "31-33", "Ł 東京 ß"] { #expect(fold(fold(text)) == fold(text)) }
  }
}
