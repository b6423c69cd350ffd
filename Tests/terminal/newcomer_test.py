"""Ten minutes of somebody who has never seen cq, from the banner to a script that gives the same again."""

import re
from terminal import ROOT, Terminal, check, main, run


def newcomer():
    with Terminal() as session:
        # The banner says what to do next.
        session.expect(r"\?\? +a tour of ten steps")
        session.expect(r"Tab completes")

        # The tour: two steps, something of one's own, and out.
        session.line("??")
        session.expect(r"^1/10  Ask for a measure")
        session.expect(r"^Alabama +1,548,007")
        session.expect(r"^Enter goes on")
        session.keys("Enter")
        session.expect(r"^2/10 ")
        session.expect(r"^California +13,964,756")
        session.expect(r"^Enter goes on.*> *$")
        session.line("| top 1")
        session.expect(r"> \| top 1\n(.*\n)+California")
        session.line("q")
        session.expect(r"^cq> *$")
        session.clear()

        # A typo, and its fix.
        session.line('lq(cluster:"Aerospce", by:state) | top 5')
        session.expect(r"^error\[E0301\]: no cluster is called .Aerospce.")
        session.expect(r"\(:fix\)")
        session.line(":fix")
        session.expect(r'^cq> lq\(cluster:"Aerospace Vehicles and Defense", by:state\) \| top 5')
        session.expect(r"^Washington +5\.55~")
        session.clear()

        # Tab inside quotes, by a word in the middle of the name, then a slot and a level.
        session.text('lq(cluster:"defen')
        session.keys("Tab")
        session.expect(r'^cq> lq\(cluster:"Aerospace Vehicles and Defense"$')
        session.text(", by:st")
        session.keys("Tab")
        session.expect(r"by:state$")
        session.text(") | whe")
        session.keys("Tab")
        session.expect(r"\| where *$")
        session.text("l")
        session.keys("Tab")
        session.expect(r"^  lq +number$")
        session.line("q >= 3")
        session.expect(r"^Connecticut +4\.41~")
        session.clear()

        # Going on from the last result, and a picture.
        session.line("| where lq >= 4.5")
        session.expect(r"^Washington +5\.55~\n\n")
        session.clear()
        session.line("| chart bar")
        session.expect(r"^Washington +5\.55~ █+")
        session.clear()

        # What it means.
        session.line("?lq")
        session.expect(r"^Location quotient: how concentrated", scrollback=True)
        session.line("?1")
        session.expect(r'^cq> lq\(cluster:"Aerospace", by:state\) \| top 5')
        session.expect(r"^Arizona +2\.68~")
        session.clear()

        # Keep it; the script gives the same.
        session.line(f":save {session.home}/aerospace.cq")
        session.expect(r"^saved .*aerospace\.cq$")
        session.leave()
        script = (session.home / "aerospace.cq").read_text()
        check("Aerospce" not in script, f"the script holds a mistake:\n{script}")
        first = run(str(session.home / "aerospace.cq"))
        check(first.returncode == 0, first.stderr)
        numbers = re.findall(r"^(\S.*?) +([\d.,]+~?)(?: █.*)?$", first.stdout, re.MULTILINE)
        for expected in [("California", "13,964,756"), ("Washington", "5.55~"), ("Arizona", "2.68~")]:
            check(expected in numbers, f"{expected} is not among what the saved script prints:\n{first.stdout}")
        check("█" in first.stdout, "the saved script draws no picture")
        check(run("check", str(session.home / "aerospace.cq")).returncode == 0, "the saved script has mistakes")


main([newcomer])
