"""Entries of several lines, pasting, the history of several sessions."""

import os
import signal
import subprocess
import tempfile
import time

from terminal import Terminal, check, main


def history(home):
    with open(f"{home}/.local/state/cq/history") as file:
        return file.read()


def entriesOfSeveralLinesAreOne():
    with tempfile.TemporaryDirectory() as home:
        with Terminal(home=home) as session:
            session.line("lq(")
            session.expect(r"^  … *$")
            session.line('  cluster:"Aerospace", by:state) | top 1')
            session.expect(r"^Washington")
            session.clear()
            session.keys("Up")
            session.expect(r'^cq> lq\(\n  cluster:"Aerospace", by:state\) \| top 1$')
            session.keys("Enter")
            session.expect(r"^Washington")
            session.leave()
        with Terminal(home=home, LC_ALL="C") as session:
            session.keys("C-r")
            session.text("Aerospace")
            session.expect(r'lq\(\n +cluster:"Aerospace", by:state\) \| top 1|lq\(.*cluster:"Aerospace"')
            session.keys("C-c")
            session.line(":history lq")
            session.expect(r'1  lq\(\n +cluster:"Aerospace"')
            session.text('región "日本語"')
            session.keys("C-b", "C-b")
            session.text("z")
            session.expect('región "日本z語"')
            session.keys("C-c")
            session.leave()
        check(os.stat(f"{home}/.local/state/cq").st_mode & 0o777 == 0o700, "others may read the history")


def pastes():
    with Terminal() as session:
        # Two lines pasted are one entry that can still be changed.
        session.paste("employment(by:state)\n  | top 1")
        session.expect(r"^ *\| top 1$")
        session.keys("Enter")
        session.expect(r"^California")
        session.clear()
        # A session copied from a screen loses its prompts and its answers.
        session.paste("cq> employment(by:state) | top 1\nemployment · by state\n\nCalifornia  1\n\ncq> | first 1\n")
        session.keys("Enter")
        session.expect(r"^California +13,964,756\n(.*\n)+California +13,964,756")
        session.forbid("error")
        session.leave()


def nothingIsLostWhenASessionIsKilled():
    with tempfile.TemporaryDirectory() as home:
        first, second = Terminal(home=home), Terminal(home=home)
        try:
            first.line("employment(by:state) | top 1")
            first.expect(r"^California")
            second.line("establishments(by:state) | top 1")
            second.expect(r"^California")
            first.line(":history")
            first.expect(r"2  :history")
            os.kill(first.process(), signal.SIGKILL)
            first.expect(r"^exit code 137$")
            second.line("payroll(by:state) | top 1")
            second.expect(r"^payroll.*\n(.*\n)+California")
            second.leave()
        finally:
            first.close()
            second.close()
        for entry in ["employment(by:state) | top 1", "establishments(by:state) | top 1", "payroll(by:state) | top 1"]:
            check(history(home).count(entry) == 1, f"{entry} is not in the history:\n{history(home)}")


def twoSessionsEndAtOnce():
    with tempfile.TemporaryDirectory() as home:
        sessions = [Terminal(home=home) for _ in range(2)]
        try:
            for number, session in enumerate(sessions):
                session.line(f"{number + 1} + {number + 1}")
                session.expect(rf"^ +{2 * number + 2}\.00$")
            for session in sessions:
                session.line(":quit")
            for session in sessions:
                session.expect(r"^exit code 0$")
        finally:
            for session in sessions:
                session.close()
        for entry in ["1 + 1", "2 + 2"]:
            check(entry in history(home), f"{entry} is lost:\n{history(home)}")


def editsInAnEditor():
    with tempfile.TemporaryDirectory() as home:
        editor = f"{home}/editor"
        with open(editor, "w") as file:
            file.write("#!/bin/sh\nsed -i 's/top 1/bottom 1/' \"$1\"\n")
        os.chmod(editor, 0o755)
        with Terminal(home=home, EDITOR=editor) as session:
            session.line("employment(by:state) | top 1")
            session.expect(r"^California")
            session.line(":edit")
            session.expect(r"^cq> employment\(by:state\) \| bottom 1$")
            session.expect(r"^Wyoming")
            session.leave()


main([entriesOfSeveralLinesAreOne, pastes, nothingIsLostWhenASessionIsKilled, twoSessionsEndAtOnce, editsInAnEditor])
