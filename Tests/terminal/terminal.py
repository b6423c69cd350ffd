"""A session of cq in a real terminal (tmux), driven as a person would and looked at as a person does."""

import itertools
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = itertools.count()


class Failure(Exception):
    pass


class Terminal:
    """A window of `columns` by `lines` in which a command runs; with no command, cq starts in a home of its own."""

    cq = ROOT / ".build/debug/cq"

    def __init__(self, columns=80, lines=24, home=None, command=None, folder=ROOT, **environment):
        self.socket = f"cq-{os.getpid()}-{next(NUMBERS)}"
        self.own_home = None
        if home is None:
            self.own_home = tempfile.TemporaryDirectory()
            home = self.own_home.name
        self.home = Path(home)
        variables = {
            "HOME": home, "LANG": "C.UTF-8", "TERM": "tmux-256color", "XDG_STATE_HOME": "", "XDG_CONFIG_HOME": "",
            "PAGER": "cat", "VISUAL": "", "EDITOR": "", "BROWSER": "", "DISPLAY": "", "WAYLAND_DISPLAY": "", **environment,
        }
        settings = " ".join(f"{name}={shlex.quote(str(value))}" for name, value in variables.items())
        run = command or shlex.quote(str(self.cq))
        # `stty -g` before and after: whatever happens, the terminal must be left as it was found.
        self.before, self.after = (self.home / f"{self.socket}-{name}" for name in ("before", "after"))
        line = f"stty -g >{self.before}; env {settings} {run}; echo \"exit code $?\"; stty -g >{self.after}; read -r _"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(lines), "-c", str(folder), line)
        if command is None:
            self.expect(r"^cq> *$")

    def tmux(self, *arguments):
        done = subprocess.run(["tmux", "-L", self.socket, *arguments], capture_output=True, text=True)
        return done.stdout

    def close(self):
        # What ran here saves its history when the window closes: wait for it before its home goes.
        children = self.children()
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], capture_output=True)
        end = time.time() + 10
        while any(runs(child) for child in children) and time.time() < end:
            time.sleep(0.01)
        if self.own_home:
            self.own_home.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Typing

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def text(self, text):
        self.tmux("send-keys", "-l", text)

    def line(self, text):
        self.text(text)
        self.keys("Enter")

    def paste(self, text):
        """Pastes as a terminal does, between the marks of bracketed paste where the program asked for them."""
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(text)
            file.flush()
            self.tmux("load-buffer", file.name)
            self.tmux("paste-buffer", "-p")

    def clear(self):
        # A Ctrl-C just before takes what was typed with it.
        for _ in range(9):
            self.keys("C-l")
            try:
                return self.expect(r"\Acq> *\n*\Z", seconds=1)
            except Failure:
                pass
        self.expect(r"\Acq> *\n*\Z", seconds=1)

    def resize(self, columns, lines):
        self.tmux("resize-window", "-x", str(columns), "-y", str(lines))

    # Looking

    def screen(self, colors=False, scrollback=False):
        return self.tmux("capture-pane", "-p", *(["-e"] if colors else []), *(["-S", "-"] if scrollback else []))

    def expect(self, pattern, seconds=10, scrollback=False, colors=False):
        """Waits until the screen matches, and returns the match."""
        end = time.time() + seconds
        while True:
            screen = self.screen(colors, scrollback)
            match = re.search(pattern, screen, re.MULTILINE)
            if match:
                return match
            if time.time() > end:
                raise Failure(f"nothing on the screen matches {pattern}\n{screen.rstrip()}")
            time.sleep(0.03)

    def forbid(self, pattern, colors=False):
        screen = self.screen(colors)
        if re.search(pattern, screen, re.MULTILINE):
            raise Failure(f"the screen should not match {pattern}\n{screen.rstrip()}")

    def children(self):
        """The numbers of the processes that the shell of this window has started."""
        shell = self.tmux("list-panes", "-F", "#{pane_pid}").strip()
        if not shell:
            return []
        found = subprocess.run(["ps", "--ppid", shell, "-o", "pid="], capture_output=True, text=True).stdout.split()
        return [int(number) for number in found]

    def process(self):
        """The number of the process of cq in this window."""
        return self.children()[0]

    def leave(self, code=0):
        """Ends the session with Ctrl-D and compares the terminal with what it was."""
        self.keys("C-d")
        self.expect(rf"^exit code {code}$")
        self.expect_sane()

    def expect_sane(self):
        for _ in range(100):
            if self.after.exists() and self.after.read_text():
                break
            time.sleep(0.03)
        if self.before.read_text() != self.after.read_text():
            raise Failure("the terminal is not as it was before")


def runs(process):
    """Whether a process has not ended yet; one that has, and that nobody asked about, counts as ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def run(*arguments, stdin="", **environment):
    """A run of cq without a terminal."""
    variables = {**os.environ, "LANG": "C.UTF-8", **environment}
    return subprocess.run(
        [str(Terminal.cq), *arguments], input=stdin, capture_output=True, text=True, cwd=ROOT, env=variables)


def check(condition, message):
    if not condition:
        raise Failure(message)


def main(tests):
    """Runs the functions of a file, or those whose names are given, and says how long each took."""
    arguments = sys.argv[1:]
    if arguments and "/" in arguments[0]:
        Terminal.cq = Path(arguments.pop(0)).resolve()
    for test in tests:
        if arguments and test.__name__ not in arguments:
            continue
        begin = time.time()
        try:
            test()
        except Failure as failure:
            print(f"{Path(sys.argv[0]).stem}: {test.__name__}: {failure}", file=sys.stderr)
            sys.exit(1)
        print(f"{Path(sys.argv[0]).stem}: {test.__name__} {time.time() - begin:.1f} s")
