"""Ctrl-C, resizing and killing at every moment: the session lives on, and the terminal is as it was."""

import os
import pty
import select
import signal
import tempfile
import time

from terminal import Terminal, check, main

SLOW = "lq(by:[county, naics6, year]) | sort lq desc | first 1"


def interruptsAtThePrompt():
    with Terminal() as session:
        session.text("this is never run")
        # The terminal drops what was typed before Ctrl-C and not read yet.
        session.expect(r"^cq> this is never run$")
        session.keys("C-c")
        session.expect(r"^cq> this is never run\^C\ncq> *$")
        session.line("lq(")
        session.expect(r"^  … *$")
        session.keys("C-c")
        session.expect(r"^  … \^C\ncq> *$")
        # While Ctrl-R searches.
        session.keys("C-r")
        session.expect(r"reverse-i-search")
        session.keys("C-c")
        session.expect(r"^cq> *\n*\Z")
        session.line("1 + 1")
        session.expect(r"^ +2\.00$")
        session.leave()


def everyInterruptIsSeen():
    """Ctrl-C right behind a key: the terminal drops the key just when cq has been told of it."""
    with tempfile.TemporaryDirectory() as home:
        child, terminal = pty.fork()
        if child == 0:
            os.environ.update(HOME=home, TERM="xterm", LANG="C.UTF-8")
            os.execv(Terminal.cq, [Terminal.cq])

        def shows(mark, seconds):
            shown, end = b"", time.time() + seconds
            while mark not in shown and time.time() < end:
                if select.select([terminal], [], [], 0.05)[0]:
                    shown += os.read(terminal, 1 << 16)
            return mark in shown

        try:
            check(shows(b"cq> ", 20), "there is no prompt")
            for number in range(400):
                for key in b"abc"[:number % 3 + 1]:
                    os.write(terminal, bytes([key]))
                os.write(terminal, b"\x03")
                check(shows(b"^C", 10), f"Ctrl-C {number} was not seen")
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def interruptsDuringCompletion():
    with Terminal() as session:
        session.text('employment(in:"a')
        session.keys("Tab", "Tab", "C-c")
        session.expect(r"\^C\ncq> *$")
        session.line("1 + 1")
        session.expect(r"^ +2\.00$")
        session.leave()


def interruptsAQueryThatSaysWhatItDoes():
    with Terminal() as session:
        session.line(":set limit-cells 1B")
        session.line(SLOW)
        session.expect(r"^.* · \d\.\d s · Ctrl-C stops *$", seconds=20)
        begin = time.time()
        session.keys("C-c")
        session.expect(r"^error: interrupted$", seconds=20)
        session.expect(r"\n\ncq> *$")
        check(time.time() - begin < 15, "it took too long to stop")
        session.forbid(r"Ctrl-C stops")
        session.line("1 + 1")
        session.expect(r"^ +2\.00$")
        session.leave()


def interruptsReadingAFile():
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/large.csv"
        with open(path, "w") as file:
            file.write("place,year,jobs\n")
            for _ in range(60):
                file.write("".join(f"Ohio,{2000 + index % 20},{index}\n" for index in range(50_000)))
        with Terminal() as session:
            session.line(f'open("{path}") | summarize total = sum(jobs), by:year | first 1')
            session.expect(r"first 1$")
            time.sleep(0.4)
            session.keys("C-c")
            session.expect(r"^error: interrupted$|^error", seconds=20)
            session.expect(r"\n\ncq> *$", seconds=20)
            session.line("1 + 1")
            session.expect(r"^ +2\.00$")
            session.leave()


def resizing():
    with Terminal() as session:
        session.text('lq(cluster:"Aerospace", by:state) | top 3')
        session.resize(40, 12)
        session.expect(r'^cq> lq\(cluster:"Aerospace", by:state\) \|')
        session.resize(100, 30)
        session.keys("Enter")
        session.expect(r"^Washington")
        session.line(":set limit-cells 1B")
        session.line(SLOW)
        session.expect(r"first 1$")
        session.resize(60, 20)
        time.sleep(0.3)
        session.keys("C-c")
        session.expect(r"^error: interrupted$", seconds=10)
        session.leave()


def killed():
    # Whoever kills the session finds a terminal that still echoes, since readline gives it back between keys.
    with Terminal() as session:
        session.line(":set limit-cells 1B")
        session.line(SLOW)
        session.expect(r"first 1$")
        time.sleep(0.3)
        os.kill(session.process(), signal.SIGKILL)
        session.expect(r"^exit code 137$")
        session.expect_sane()


main([interruptsAtThePrompt, everyInterruptIsSeen, interruptsDuringCompletion, interruptsAQueryThatSaysWhatItDoes,
      interruptsReadingAFile, resizing, killed])
