"""Tables, charts, colours and pages, in usual, narrow and small windows."""

import re

from terminal import Failure, Terminal, check, main, run


def lines_fit(session, columns):
    for line in session.screen().split("\n"):
        check(len(line) <= columns, f"a line is wider than the window: {line}")


def tablesFitAndSayWhatIsLeftOut():
    with Terminal() as session:
        session.line("organisations | first 2")
        session.expect(r"^no room for: sector_as_printed, source$")
        session.clear()
        session.line('employment(by:[cluster, year], year:2003..2011, in:"Ohio", cluster:"Automotive") | pivot year')
        session.expect(r"^cluster +2003 +.* … +.* 2011 +trend *$")
        session.expect(r"^Automotive .* [▁▂▃▄▅▆▇█]{9}$")
        session.expect(r"^no room for: 20\d\d, 20\d\d")
        session.clear()
        # The next result takes the width that the window has then.
        session.resize(120, 24)
        session.line('employment(by:[cluster, year], year:2003..2011, in:"Ohio", cluster:"Automotive") | pivot year')
        session.expect(r"^cluster +2003 +2004 +2005 +2006 +2007 +2008 +2009 +2010 +2011 +trend *$")
        session.resize(40, 12)
        session.line(":width")
        session.expect(r"width is auto")
        session.line("employment(by:state) | first 3")
        session.expect(r"^Alabama +1,548,007$")
        lines_fit(session, 40)


def longResultsComeByPages():
    # Without $PAGER and less, cq turns the pages itself.
    with Terminal(PAGER="no-such-pager") as session:
        session.line("employment(by:state)")
        session.expect(r"^-- 23 of \d+ lines: Space goes on, Enter one line, a all, q ends --$")
        session.keys("Space")
        session.expect(r"^-- 46 of ")
        session.keys("Enter")
        session.expect(r"^-- 47 of ")
        session.keys("a")
        session.expect(r"^Wyoming +196,750$")
        session.expect(r"^source: ")
        session.clear()
        session.line("employment(by:state)")
        session.expect(r"^-- 23 of ")
        session.keys("q")
        session.expect(r"\n\ncq> *$")
        session.clear()
        session.line("employment(by:state)")
        session.expect(r"^-- 23 of ")
        session.keys("C-c")
        session.expect(r"\n\ncq> *$")
        session.line(":pager off")
        session.line("employment(by:state)")
        session.expect(r"^Wyoming +196,750$")
        session.leave()


def aPagerOfTheUsersIsUsed():
    with Terminal(PAGER="head -n 4; echo paged") as session:
        session.line("employment(by:state)")
        session.expect(r"^paged$")
        session.expect(r"^employment · by state")
        session.forbid("Wyoming")


def coloursHelpAndCanBeTurnedOff():
    query = 'growth(by:cluster, in:"Ohio", cluster:["Automotive", "Business Services"], year:2003..2007)'
    with Terminal() as session:
        session.line(query)
        session.expect(r"\x1b\[(2;)?31m *-\d+\.\d%", colors=True)
        session.clear()
        session.line('lq(cluster:"Aerospace", by:state) | top 2')
        session.expect(r"\x1b\[(0;)?(2;32|32;2|2m.*32)m? *5\.55~", colors=True)
        session.line(":set color never")
        session.clear()
        session.line(query)
        session.expect(r"-\d+\.\d%", colors=True)
        session.forbid(r"\x1b\[[0-9;]*3[0-9]m", colors=True)
    with Terminal(NO_COLOR=1) as session:
        session.line(query)
        session.expect(r"-\d+\.\d%")
        session.forbid(r"\x1b\[[0-9;]*3[0-9]m", colors=True)
    check("\x1b" not in run("-e", query).stdout, "colours in a pipe")


def messagesBreakBetweenWords():
    for columns in (80, 40):
        with Terminal(columns, 40) as session:
            session.line("employment(by:state) | foo")
            session.expect(r"^cq> *\n*\Z")
            session.line('employment(county:"Wayne County")')
            session.expect(r"county:\"Wayne")
            session.expect(r"^cq> *\n*\Z")
            session.line(":sql")
            session.expect(r"^cq> *\n*\Z")
            # A line of the window that ends in a letter must not go on with one: nothing was cut within a word.
            screen = session.screen(scrollback=True)
            lines = screen[screen.index("cq> "):].split("\n")
            for line, following in zip(lines, lines[1:]):
                is_full = len(line) == columns and not line.startswith("cq>") and "│" not in line
                check(not is_full or following.startswith(" "), f"cut within a word at {columns} columns: {line}|{following}")


def plansFitTheWindow():
    with Terminal(80, 40) as session:
        session.line(':plan lq(cluster:"Aerospace", by:state)')
        session.expect(r"^  1 read employment  us_qcew_state  2020\n      69,399 rows · |^  1 read employment  us_qcew_state  2020 +69,399 rows · [\d.]+ ms$")
        session.expect(r"^  4 table")
        lines_fit(session, 79)


def chartsAreReadableAtSixtyColumns():
    with Terminal(60, 40, NO_COLOR=1) as session:
        session.line('growth(by:cluster, in:"Ohio", cluster:traded, year:2003..2011) | bottom 6 | chart bar')
        session.expect(r"^Tobacco +-100\.0%~ █+$")
        session.expect(r"−100% +−50% +0%")
        session.clear()
        session.line('employment(by:year, year:2003..2011, state:"Ohio") | chart line')
        session.expect(r"^Employment \(persons\)$")
        session.expect(r"^ +2003 .* 2011$")
        session.clear()
        session.line('table(lq, avg_wage, by:state, cluster:"Automotive") | chart scatter')
        session.expect(r"○ Michigan")
        session.expect(r"^ +LQ$")
        session.clear()
        session.line('lq(by:[state, year], state:["Ohio", "Michigan"], cluster:"Automotive", year:2003..2006) | chart heat')
        session.expect(r"2003 +2004 +2005 +2006")
        lines_fit(session, 60)


def fiftyBarsComeByPages():
    with Terminal(80, 24, PAGER="no-such-pager") as session:
        session.line("employment(by:state) | top 50 | chart bar")
        session.expect(r"^-- 23 of \d+ lines")
        session.expect(r"^California +13,964,756 +█{20,}")
        session.keys("a")
        session.expect(r"^North Dakota +326,368 +")
        session.expect(r"^source: ")


main([tablesFitAndSayWhatIsLeftOut, longResultsComeByPages, aPagerOfTheUsersIsUsed, coloursHelpAndCanBeTurnedOff,
      messagesBreakBetweenWords, plansFitTheWindow, chartsAreReadableAtSixtyColumns, fiftyBarsComeByPages])
