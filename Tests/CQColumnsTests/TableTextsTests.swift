import CQColumns
import Testing

@Suite struct TableTextsTests {
  @Test func rowsShareTheTextsThatTheyHave() {
    let shared = TableTexts(codes: [1, 0, 1, 2], values: ["", "Łódź", "x", "of no row"])
    #expect(Array(shared) == ["Łódź", "", "Łódź", "x"])
    #expect(shared == ["Łódź", "", "Łódź", "x"])
    #expect(shared != ["Łódź", "", "Łódź"])
    #expect(TableTexts(["Łódź", "", "Łódź", "x"]) == shared)
    #expect(shared[2] == "Łódź" && shared.count == 4 && TableTexts([]).isEmpty)
  }
}
