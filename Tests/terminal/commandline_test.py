"""The command line without a session: pipes, exit codes, watching."""

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from terminal import ROOT, Terminal, check, main, run


def exitCodesSayWhatHappened():
    with tempfile.TemporaryDirectory() as folder:
        def write(name, text):
            with open(f"{folder}/{name}", "w") as file:
                file.write(text)
            return f"{folder}/{name}"

        good, wrong = write("good.cq", "employment(by:year)\n"), write("wrong.cq", "employmnt(by:year)\n")
        untidy = write("untidy.cq", "employment( by:year )\n")
        failing = write("failing.cq", "## Jobs.\n## example: nothing(by:state)\ndef mine = employment\n")
        for arguments, code in [
            (["-e", "employment(by:year)"], 0), ([good], 0), (["--version"], 0), (["--help"], 0), (["check", good], 0),
            (["fmt", "--check", untidy], 1), (["test", failing], 1),
            (["-e", "growth(by:state, year:2003..2020)"], None),
            ([f"{folder}/none.cq"], 2), (["--fromat"], 2), (["-e", "1", "-o", "/proc/x.csv"], 2),
            (["-e", 'open("none.csv")'], 2), (["completions", "tcsh"], 2), (["watch"], 2),
            (["-e", "employmnt"], 3), ([wrong], 3), (["check", wrong], 3),
            (["-e", "employment(by:[county, naics6])", "--limit-cells", "10"], 4),
            (["-e", "lq(by:[county, naics6])", "--limit-time", "5ms", "--limit-cells", "1B"], 4),
            (["-e", "employment(by:state) | where employment < 0", "--fail-empty"], 5),
        ]:
            done = run(*arguments)
            if code is None:
                check(done.returncode in (1, 3), f"{arguments}: exit code {done.returncode}")
            else:
                check(done.returncode == code, f"{arguments}: exit code {done.returncode}\n{done.stderr}")


def cellsWithoutRowsAreLeftOutAboveABudget():
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/jobs.csv", "w") as file:
            file.write("county,naics6,year,employment\n")
            file.writelines(f"39{2 * place + 1:03},{code},{2010 + place % 9},{place + 1}\n"
                            for place in range(20) for code in ["111110", "311111", "522110"])
        mine = f'let mine = dataset("{folder}/jobs.csv")\n'
        table = mine + "employment(by:[county, naics6, year], data:mine)"
        filled = mine + "table(e = employment ?? 0, by:[county, naics6, year], data:mine)"

        def asked(text, budget):
            found = run("-e", text, "--limit-cells", "3k", "--format", "csv", CQ_DENSE_CELLS=budget)
            return found.returncode, found.stdout, found.stderr

        whole = run("-e", table, "--format", "csv").stdout
        check(whole.count("\n") == 61, whole)
        for budget, code in [("0", 0), ("100", 0), ("1000000", 0), ("100000000", 4), ("none", 4), ("-1", 4)]:
            found = asked(table, budget)
            check(found[0] == code, f"CQ_DENSE_CELLS={budget}: exit code {found[0]}\n{found[2]}")
            check(found[1] == (whole if code == 0 else ""), found[1])
        found = asked(filled, "0")
        check(found[0] == 4 and "e gives a number where the data have none" in found[2], found[2])
        check("`| top 20`" in found[2], found[2])
        check(asked(filled + " | where e > 0", "0")[1].count("\n") == 61, "rows that a verb keeps")


def interruptedRunsEndWith130():
    process = subprocess.Popen(
        [Terminal.cq, "-e", "1 + 1\nlq(by:[county, naics6]) | first 1", "--limit-cells", "1B"], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, cwd=ROOT)
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    check(process.wait(timeout=10) == 130, f"exit code {process.returncode}")


def interruptedRunsLeaveNoHalfFiles():
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "firms.csv"
        with source.open("w") as file:
            file.write("firm,jobs\n")
            file.writelines(f'"Firm ""{row * 7919 % 1_000_003}"", Ltd",{row % 97}\n' for row in range(600_000))
        for name, arguments in [
            ("out.arrow", ["import", source, "-o", "out.arrow"]),
            ("out.csv", ["-e", f'open("{source}") | sort firm', "-o", "out.csv"]),
        ]:
            written = Path(folder) / name
            for seconds in (0.1, 0.2, 0.4, 0.8):
                written.write_text("from before")
                process = subprocess.Popen([Terminal.cq, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder)
                time.sleep(seconds)
                process.send_signal(signal.SIGINT)
                said = process.communicate(timeout=60)[1].decode()
                left = sorted(path.name for path in Path(folder).iterdir())
                check(left == sorted({"firms.csv", name}), f"{arguments}: left {left}")
                if process.returncode == 0:
                    # It was quicker.
                    check(written.read_bytes() != b"from before", f"{arguments}: nothing written")
                elif process.returncode == -signal.SIGINT:
                    # It had not begun to work.
                    check(written.read_text() == "from before", f"{arguments}: the older file is gone")
                else:
                    check(process.returncode == 130, f"{arguments}: exit code {process.returncode}\n{said}")
                    check(said == "error: interrupted\n", said)
                    check(written.read_text() == "from before", f"{arguments}: the older file is gone")
            written.unlink()


def interruptedRunsKeepWhatTheyPrinted():
    process = subprocess.Popen(
        [Terminal.cq, "-e", "1 + 1\nlq(by:[county, naics6]) | sort lq", "--limit-cells", "1B", "--format", "csv"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    # The first result comes as soon as it is there, not with the second one.
    first = process.stdout.readline() + process.stdout.readline()
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1].decode()
    check(process.returncode == 130, f"exit code {process.returncode}")
    check(b"2" in first, f"what was printed is gone: {first}")
    check(said.endswith("error: interrupted\n"), said)


def endsWithin(seconds, group):
    """Waits until no process of a group is left."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def interruptedRunsLeaveNoProcess():
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "firms.csv"
        with source.open("w") as file:
            file.write("firm,jobs\n")
            file.writelines(f"Firm {row * 7919 % 1_000_003} and its sisters,{row % 97}\n" for row in range(900_000))
        for arguments in (["-e", f'open("{source}") | sort firm | first 3\nopen("{source}") | rank jobs'], []):
            process = subprocess.Popen(
                [Terminal.cq, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder,
                start_new_session=True)
            if not arguments:
                process.stdin.write(f'open("{source}") | sort firm | first 3\n1 + 1\n'.encode())
                process.stdin.flush()
            # Until it holds more than a process that ends by itself at once.
            resident = lambda: next(
                (int(line.split()[1]) for line in open(f"/proc/{process.pid}/status") if line.startswith("VmRSS")), 0)
            while process.poll() is None and resident() < 80_000:
                time.sleep(0.002)
            process.send_signal(signal.SIGINT)
            printed, said = (stream.decode() for stream in process.communicate(timeout=60))
            check(process.returncode == 130, f"{arguments}: exit code {process.returncode}, {printed}, {said}")
            check(said == "error: interrupted\n", said)
            check(endsWithin(10, process.pid), f"{arguments}: a process is left")


def pipedSessionsKeepWhatTheyPrinted():
    process = subprocess.Popen(
        [Terminal.cq, "--limit-cells", "1B"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    process.stdin.write(b"40 + 2\n4 + 4\nlq(by:[county, naics6]) | sort lq\n:help\n")
    process.stdin.flush()
    printed = b""
    # Both answers are there before the third is made.
    while b"8" not in printed:
        part = os.read(process.stdout.fileno(), 4096)
        check(part, f"the session ended after {printed}")
        printed += part
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    check(process.returncode == 130, f"exit code {process.returncode}")
    check(b"42" in printed, printed)


def interruptedRunsDoNotWaitForAReader():
    # Nobody reads the pipe, and the document would be finished when Ctrl-C comes.
    rows = "employment(by:[state, naics6], year:2020)"
    process = subprocess.Popen(
        [Terminal.cq, "-e", f"{rows}\nlq(by:[county, naics6]) | sort lq", "--limit-cells", "1B", "--format", "html"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    check(process.wait(timeout=60) == 130, f"exit code {process.returncode}")
    said = process.stderr.read().decode()
    check(said.endswith("error: interrupted\n") and said.count("interrupted") == 1, said)


def pipesHaveNoPromptsAndNoColours():
    done = run(stdin='lq(cluster:"Aerospace", by:state)\n| top 1\n:mode csv\n| first 1\n')
    check("cq>" not in done.stdout and "\x1b" not in done.stdout, done.stdout)
    check("Washington,53," in done.stdout, done.stdout)
    check("s · Ctrl-C" not in done.stderr, done.stderr)
    # A reader that leaves early is no error.
    early = subprocess.run(
        f"set -o pipefail; {Terminal.cq} -e 'employment(by:[state, naics4])' --format csv | head -n 1",
        shell=True, executable="/bin/bash", capture_output=True, text=True, cwd=ROOT)
    check(early.returncode == 0, f"exit code {early.returncode} when the reader leaves")


def sessionsWorkWithoutAnEditor():
    # Standard output is no terminal, so lines are read as they are; standard input is one.
    with Terminal(command=f"{Terminal.cq} | (trap '' INT; cat)") as session:
        session.expect(r"^cq>")
        session.line('lq(cluster:"Aerospace", by:state) | top 1')
        session.expect(r"^Washington")
        session.keys("C-c")
        session.line("1 + 1")
        session.expect(r"^ +2\.00$")
        session.keys("C-d")
        session.expect(r"^exit code 0$")
        session.expect_sane()


def watchRunsAgainWhenAFileIsSaved():
    with tempfile.TemporaryDirectory() as folder:
        def write(text):
            with open(f"{folder}/w.cq", "w") as file:
                file.write(text)

        write('let region = $region ?? "Ohio"\nemployment(by:year, in:region) | first 1\n')
        with Terminal(command=f"{Terminal.cq} watch w.cq --region Texas", folder=folder) as window:
            window.expect(r"· Texas ·")
            window.expect(r"^w\.cq at \d\d:\d\d:\d\d · runs again when it is saved, Ctrl-C ends$")
            write("employment(by:year, in:$region) | frist 1\n")
            window.expect(r"there is no verb `frist`")
            write("employment(by:year, in:$region) | first 1\n")
            window.expect(r"\Aemployment · by year · Texas")
            window.forbid("frist")
            window.keys("C-c")
            window.expect(r"^exit code 130$")
            window.expect_sane()


main([exitCodesSayWhatHappened, cellsWithoutRowsAreLeftOutAboveABudget, interruptedRunsEndWith130, interruptedRunsLeaveNoHalfFiles,
      interruptedRunsKeepWhatTheyPrinted, interruptedRunsLeaveNoProcess,
      pipedSessionsKeepWhatTheyPrinted, interruptedRunsDoNotWaitForAReader, pipesHaveNoPromptsAndNoColours,
      sessionsWorkWithoutAnEditor, watchRunsAgainWhenAFileIsSaved])
