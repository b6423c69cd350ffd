"""Tab in the shells of users: what `cq completions` writes, read by bash, zsh and fish themselves."""

import os
import shutil
import tempfile
import time

from terminal import Terminal, check, main

SHELLS = {
    "bash": ("bash --norc --noprofile -i", "source <(cq completions bash)"),
    "zsh": ("zsh -f -i", "autoload -U compinit; compinit -u -D; source <(cq completions zsh)"),
    "fish": ("fish --no-config -i", "cq completions fish | source"),
}


def completes(shell):
    command, prepare = SHELLS[shell]
    with tempfile.TemporaryDirectory() as home:
        os.makedirs(f"{home}/bin")
        os.symlink(Terminal.cq, f"{home}/bin/cq")
        path = f"{home}/bin:{os.environ['PATH']}"
        with Terminal(home=home, command=command, PATH=path, PS1="$ ") as window:
            window.line("echo ready")
            window.expect(r"^ready")
            window.line(prepare + "; echo loaded")
            window.expect(r"^loaded")
            for typed, expected in [
                ("cq ch", r"cq check"), ("cq --form", r"cq --format"), ("cq explain E030", r"E0301 [^$]*E0306"),
                ("cq completions ", r"bash +fish +zsh"), ("cq examples/pro", r"cq examples/profile"),
                ("cq import --", r"--limit-time"),
            ]:
                # An empty line below nothing else: what Tab started before has ended. (Ctrl-C while bash completes takes
                # a line that is typed later.)
                window.keys("C-u", "C-l")
                window.expect(r"\A[^\n]*[$#%>] *\n*\Z")
                window.text(typed)
                window.keys("Tab")
                time.sleep(0.3)
                window.keys("Tab")
                window.expect(expected)


def bashCompletes():
    completes("bash")


def zshCompletes():
    completes("zsh")


def fishCompletes():
    completes("fish")


TESTS = [bashCompletes, zshCompletes, fishCompletes]
present = [test for test, shell in zip(TESTS, SHELLS) if shutil.which(shell)]
check(present, "there is no shell to complete in")
for shell in SHELLS:
    if not shutil.which(shell):
        print(f"skipped: there is no {shell}")
main(present)
