"""Settings, the config file, and every command once."""

import os
import tempfile

from terminal import Terminal, check, main, run


def configFilesHoldForEverySession():
    with tempfile.TemporaryDirectory() as home:
        os.makedirs(f"{home}/.config/cq")
        with open(f"{home}/.config/cq/config", "w") as file:
            file.write('# mine\nin = "Mexico"\ntime = on\ncolour = never\n')
        with Terminal(home=home) as session:
            session.expect(r"config:4: there is no setting `colour`")
            session.expect(r"did you mean `color`\?")
            session.line("employment(by:state) | top 1")
            session.expect(r"· Mexico ·")
            session.expect(r"^time: \d+(\.\d+)? m?s$")
            session.leave()
        # What a program pipes in does not depend on anybody's habits.
        piped = run(stdin="employment(by:year)\n", HOME=home, XDG_CONFIG_HOME="")
        check("United States" in piped.stdout and "colour" not in piped.stderr, piped.stdout + piped.stderr)


def everyCommandAnswers():
    with Terminal(80, 50, BROWSER="/bin/true") as session:
        for line, expected in [
            (":help", r":members LEVEL"), (":help members", r"for example :members cluster aero"),
            ("employment(by:state) | top 1", r"^California"), (":def strongest", r"^def strongest\(n = 10, at = 1\.2\) ="),
            (":source us_qcew_state", r"licence +Public domain"), (":members cluster aero", r"^1 +Aerospace Vehicles"),
            (':years employment in:"Mexico"', r"^mx_censo_nacional +MX"), (":datasets census mexico", r"^mx_censo_metro"),
            (":fmt", r"^employment\(by:state\) \| top 1$"), (":explain E0301", r"^E0301: "), (":sql", r"no SQL"),
            (":mode csv", r"cq>"), ("| first 1", r"^California,06,"), (":mode table", r"cq>"), (":rows 2", r"cq>"),
            ("employment(by:state)", r"showing 2$"), (":rows all", r"cq>"), (":width 50", r"cq>"),
            (":set", r"^width +50 "), (":set in \"Canada\"", r"cq>"), ("employment(by:year) | first 1", r"· Canada ·"),
            (":open", r"^opened /tmp/cq-.*\.html$"), (":history employment", r"\d  employment\(by:state\)"),
            (":reset", r"are forgotten"), ('?"Ohio"', r"^Ohio  state, code 39"), ('?"wage"', r"^mx_labour +dataset"),
            ("?us_qcew_state", r"^examples \(\?1 runs the first\)$"), ("?", r"^\?name explains one of them"), (":time on", r"cq>"), ("1 + 1", r"^time: "),
        ]:
            session.clear()
            session.line(line)
            session.expect(expected)
            session.expect(r"^cq> *\n*\Z")
        session.line(":quit")
        session.expect(r"^exit code 0$")
        session.expect_sane()


def aSmallWindowIsEnough():
    with Terminal(40, 12) as session:
        session.expect(r"^  \?\? +a tour of ten steps$", scrollback=True)
        session.line("?top")
        session.expect(r"^The n largest by the first column")
        session.line('lq(cluster:"Aerospce", by:state)')
        session.expect(r"\(:fix\)")
        session.line(":fix")
        session.expect(r"^source: U\.S\. Bureau", scrollback=True)
        for line in session.screen(scrollback=True).split("\n"):
            check(len(line) <= 40, line)


main([configFilesHoldForEverySession, everyCommandAnswers, aSmallWindowIsEnough])
