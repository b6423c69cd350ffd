"""Tab: what is inserted, what is shown, in a usual window and in a small one."""

import os
import pty
import select
import tempfile
import time

from terminal import ROOT, Terminal, check, main


def inserts():
    with Terminal() as session:
        for typed, expected in [
            ("employment(by:sta", r"employment\(by:state$"),
            ('employment(by:year, in:"Mexico", state:"leon', r'state:"Nuevo León"$'),
            ('employment(in:"yucat', r'employment\(in:"Yucatán"$'),
            ('lq(by:county, county:"o\'bri', r'county:"O\'Brien County, IA"$'),
            ("employment(by:state) | pi", r"\| pivot *$"),
            ("employment(by:state) | top 5, b", r"top 5, by:$"),
            ("employment(naics4:3364", r"naics4:3364$"),
            (":members clus", r":members cluster$"),
            (":explain e060", r":explain E060\d?$"),
            ("?strongest", r"\?strongest$"),
            ('open("examples/data/gra', r'open\("examples/data/grants\.csv"$'),
            ('use "examples/lib/', r'use "examples/lib/.+'),
        ]:
            session.text(typed)
            session.keys("Tab")
            session.expect(r"^cq> .*" + expected)
            session.keys("C-c")
            session.expect(r"\^C\n(.*\n)*cq> *$")
            session.clear()


def showsWhatCandidatesAre():
    with Terminal() as session:
        session.text("lq(")
        session.keys("Tab")
        session.expect(r"^lq\(of:employment, among:all,")
        session.expect(r"^  by: +what becomes the rows")
        session.expect(r"^  … \d+ more: write a letter or two$")
        session.expect(r"^cq> lq\($")
        session.keys("C-c")
        session.clear()
        session.text('employment(by:metro, in:"san jos')
        session.keys("Tab")
        session.expect(r"^  San Jose-Sunnyvale-Santa Clara, CA +41940 metro$")
        session.expect(r"^  San José Chiapa, Pue\. +21128 county of MX$")
        session.expect(r'^cq> employment\(by:metro, in:"san jos$')


def replacesTheWordAroundTheCursor():
    with Terminal() as session:
        session.text('lq(cluster:"aero", by:state) | top 1')
        for _ in range(len('", by:state) | top 1')):
            session.keys("Left")
        session.keys("Tab")
        session.expect(r'^cq> lq\(cluster:"Aerospace Vehicles and Defense", by:state\) \| top 1$')
        session.keys("Enter")
        session.expect(r"^Washington")


def goesOnFromTheLastResult():
    with Terminal() as session:
        session.line("let strong = lq(by:cluster, in:\"Ohio\")")
        session.line("strong | top 2")
        session.expect(r"^cq> *$")
        session.text("| sort ")
        session.keys("Tab")
        session.expect(r"^  cluster +clusters$")
        session.keys("C-c")
        session.text("table(")
        session.keys("Enter")
        session.expect(r"^  … *$")
        session.text("lq, by:me")
        session.keys("Tab")
        session.expect(r"^  … lq, by:metro$")


def fitsASmallWindow():
    with Terminal(40, 12) as session:
        session.text('lq(cluster:"a')
        session.keys("Tab")
        session.expect(r"^lq\(of:employment, among:all,")
        session.expect(r"^  … \d+ more: write a letter or two$")
        session.keys("C-c")
        session.clear()
        session.text('lq(cluster:"aero')
        session.keys("Tab")
        session.expect(r"Vehicles")
        session.keys("C-c")


def theUsersKeysHold():
    with Terminal(home=None) as session:
        pass
    with tempfile.TemporaryDirectory() as home:
        with open(f"{home}/.inputrc", "w") as file:
            file.write("set show-all-if-ambiguous off\nTAB: menu-complete\n")
        with Terminal(home=home) as session:
            session.text("employment(by:state) | to")
            session.keys("Tab")
            session.expect(r"\| top *$")
            session.keys("C-c")
            session.text("employment(by:c")
            session.keys("Tab")
            session.expect(r"by:country$")
            session.keys("Tab")
            session.expect(r"by:county$")
            session.keys("C-c")


def answersWithoutDelay():
    """From the key to the first byte of the answer, among all members of all levels; a release build takes under 5 ms."""
    with tempfile.TemporaryDirectory() as home:
        process, terminal = pty.fork()
        if process == 0:
            os.environ.update(HOME=home, LANG="C.UTF-8", TERM="xterm", XDG_STATE_HOME="", XDG_CONFIG_HOME="")
            os.execv(Terminal.cq, [str(Terminal.cq)])

        def read(seconds):
            received = b""
            while select.select([terminal], [], [], seconds)[0]:
                received += os.read(terminal, 65536)
            return received

        check(b"cq>" in read(1.5), "no prompt")
        os.write(terminal, b'employment(by:state, activity:"man')
        read(0.5)
        times = []
        for _ in range(4):
            begin = time.perf_counter()
            os.write(terminal, b"\t")
            check(select.select([terminal], [], [], 10)[0], "no answer")
            times.append(time.perf_counter() - begin)
            check(b"Manufacturing" in read(0.5), "no candidates")
        os.close(terminal)
        os.waitpid(process, 0)
        print(f"completion_test: Tab among all activities answers after {min(times) * 1000:.1f} ms")
        check(min(times) < 0.5, f"Tab takes {min(times):.3f} s")


main([inserts, showsWhatCandidatesAre, replacesTheWordAroundTheCursor, goesOnFromTheLastResult, fitsASmallWindow,
      theUsersKeysHold, answersWithoutDelay])
