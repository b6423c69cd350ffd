"""Opens every bundled file with pyarrow, pandas, polars and duckdb and checks what they read against published totals.

polars can't read run-end encoded columns yet: files in which years or places are runs are left to the others.

    python3 Tests/python/read_bundled.py

Missing packages are installed into a temporary environment; without a network the test is skipped.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

PACKAGES = ["duckdb", "pandas", "polars", "pyarrow"]
DATA = Path(__file__).resolve().parents[2] / "Sources" / "CBundledData" / "data"
STATES = ["known", "estimated", "withheld", "missing"]
# Sums of the states as the agencies published them for the nation.
TOTALS = {
    "us_cbp_state": {2007: 120_604_265, 2011: 113_425_965},
    "us_qcew_state": {2019: 126_358_746},
}


def run_in_temporary_environment():
    """Runs this script again where the packages are installed; returns its exit code."""
    if os.environ.get("CQ_READ_BUNDLED_CHILD"):
        print("skipped: the installed packages can't be imported")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        install = subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES],
            capture_output=True, text=True,
        )
        if install.returncode != 0:
            print(f"skipped: {', '.join(PACKAGES)} can't be installed")
            return 0
        return subprocess.run([python, __file__], env=os.environ | {"CQ_READ_BUNDLED_CHILD": "1"}).returncode


def check(condition, message):
    if not condition:
        sys.exit(f"failed: {message}")


def metadata_of(table):
    return {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}


def decoded(table):
    """Runs and dictionaries as plain columns, so that all readers can be compared."""
    import pyarrow
    import pyarrow.compute

    columns = []
    for column in table.columns:
        if pyarrow.types.is_run_end_encoded(column.type):
            column = pyarrow.compute.run_end_decode(column)
        if pyarrow.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        columns.append(column)
    return pyarrow.table(columns, names=table.column_names)


def has_runs(table):
    import pyarrow

    return any(pyarrow.types.is_run_end_encoded(field.type) for field in table.schema)


def with_keys(table):
    """A data frame whose keys are columns, also those that the metadata give for all rows."""
    frame = decoded(table).to_pandas()
    metadata = metadata_of(table)
    for column, key in [("year", "period"), ("region", "region"), ("activity", "activity")]:
        if column not in frame and key in metadata:
            frame[column] = int(metadata[key]) if key == "period" else metadata[key]
    return frame


def check_states(name, table):
    """The index of a state is what the engine computes with, so the order is part of the format."""
    for column in [column for column in table.column_names if column.endswith("_state")]:
        for chunk in table.column(column).chunks:
            if hasattr(chunk, "dictionary"):
                check(chunk.dictionary.to_pylist() == STATES, f"{name}, {column}: the states are in another order")


def check_facts(name, table, frame):
    metadata = metadata_of(table)
    check(metadata["dataset"] == name.split(".")[0], f"{name} says that it is {metadata['dataset']}")
    check_states(name, table)
    for key in ["year", "region", "activity"]:
        check(key in frame, f"{name} lacks the key {key}")
    for measure in metadata["measures"].split():
        check(measure in frame, f"{name} lacks its measure {measure}")
    for year, total in TOTALS.get(name, {}).items():
        found = frame[(frame["year"] == year) & (frame["activity"] == "00")]["employment"].sum()
        check(found == total, f"{name}: employment of {year} is {found}, published {total}")


def industry_parents(vintage):
    import pandas

    industries = pandas.read_feather(DATA / f"tree.naics.{vintage}.arrow")
    return dict(zip(industries["code"], industries["parent"]))


def covers(frame):
    if "cell" in frame:
        return frame["cell"].str.split(" ").str[1].astype(int)
    return frame["employment_cover"]


def check_cover(name, frame, year, vintage):
    """Sectors added up over their best published cover must not miss more than rounding and withheld cells explain."""
    parents = industry_parents(vintage)

    def sector(code):
        while parents.get(code):
            code = parents[code]
        return code

    rows = frame[(frame["year"] == year)]
    total = rows[rows["activity"] == "00"]["employment"].sum()
    inside = rows[(rows["activity"] != "00") & (covers(rows) < 2)]
    check(set(inside["activity"].map(sector)) <= set(rows["activity"]), f"{name}: a code of {year} has no sector")
    found = inside["employment"].sum()
    check(abs(found - total) <= 0.0001 * total, f"{name}: the sectors of {year} add up to {found}, published {total}")


def check_washington(frame):
    row = frame[(frame["year"] == 2020) & (frame["region"] == "53") & (frame["activity"] == "3364")].iloc[0]
    check(row["employment"] == 80_000, "aerospace manufacturing of Washington in 2020 must have 80,000 jobs")
    check(row["employment_state"] == "known", "aerospace manufacturing of Washington is published")


def main():
    try:
        import duckdb
        import pandas
        import polars
        import pyarrow.ipc
    except ImportError:
        return run_in_temporary_environment()
    paths = sorted(DATA.glob("*.arrow"))
    check(paths, f"there are no files in {DATA}")
    for path in paths:
        with pyarrow.memory_map(str(path)) as source:
            table = pyarrow.ipc.open_file(source).read_all()
            table.validate(full=True)
            plain = decoded(table)
            check(table.num_rows > 0, f"{path.name} has no rows")
            frame = pandas.read_feather(path)
            check(list(frame.columns) == table.column_names, f"{path.name}: readers disagree on columns")
            check(len(frame) == table.num_rows, f"{path.name}: readers disagree on the rows")
            opened = table
            counted = duckdb.sql("select count(*) from opened").fetchall()[0][0]
            check(counted == table.num_rows, f"{path.name}: duckdb disagrees on the rows")
            if not has_runs(table):
                lazy = polars.read_ipc(path)
                check(lazy.columns == table.column_names, f"{path.name}: readers disagree on columns")
                for column in table.column_names:
                    check(
                        lazy[column].to_list() == plain.column(column).to_pylist(),
                        f"{path.name}: readers disagree on {column}",
                    )
            if "measures" in metadata_of(table):
                keyed = with_keys(table)
                check_facts(path.stem, table, keyed)
                if path.stem == "us_cbp_state":
                    check_cover(path.stem, keyed, 2007, vintage=2002)
                    check_cover(path.stem, keyed, 2011, vintage=2007)
                if path.stem == "us_qcew_state":
                    check_cover(path.stem, keyed, 2020, vintage=2017)
                    check_washington(keyed)
            print(f"ok  {path.name}  {table.num_rows} rows{'' if not has_runs(table) else ', not for polars'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
