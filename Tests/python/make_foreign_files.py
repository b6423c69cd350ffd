"""Writes the Arrow files of Tests/CQColumnsTests/Fixtures that our own writer can't make.

Needs pyarrow; run from the root of the repository. The files are committed, so tests don't need Python.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.ipc as ipc

FOLDER = Path("Tests/CQColumnsTests/Fixtures")

NUMBERS = pa.table({"n": pa.array([1, 2, 3], pa.int32())})
MEMBERS = pa.table(
    {
        "year": pa.array([2019, 2020, 2020], pa.int16()),
        "share": pa.array([0.25, -1.5, 0.0], pa.float64()),
        "name": pa.array(["Ohio", "", "Québec"]),
        "state": pa.DictionaryArray.from_arrays(pa.array([1, 0, 1], pa.int8()), pa.array(["known", "withheld"])),
    }
).replace_schema_metadata({"title": "Written by pyarrow"})


def write(name, table, compression=None, chunk_size=None):
    options = ipc.IpcWriteOptions(compression=compression)
    with ipc.new_file(FOLDER / name, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=chunk_size)


write("foreign.arrow", MEMBERS)
write("foreign_no_rows.arrow", MEMBERS.slice(0, 0))
write("compressed.arrow", NUMBERS, compression="lz4")
write("two_batches.arrow", NUMBERS, chunk_size=2)
write("nulls.arrow", pa.table({"n": pa.array([1, None, 3], pa.int32())}))
write("bool.arrow", pa.table({"flag": pa.array([True, False])}))
write("float16.arrow", pa.table({"f": pa.array([1.5], pa.float16())}))
write("uint32.arrow", pa.table({"u": pa.array([1], pa.uint32())}))
write(
    "number_dictionary.arrow",
    pa.table({"d": pa.DictionaryArray.from_arrays(pa.array([0], pa.int8()), pa.array([7], pa.int16()))}),
)
NARROW = pa.table(
    {
        "u": pa.array([0, 65535, 7], pa.uint16()),
        "n": pa.DictionaryArray.from_arrays(pa.array([1, 0, 1], pa.uint8()), pa.array([5, -70000], pa.int32())),
        "f": pa.DictionaryArray.from_arrays(pa.array([0, 0, 1], pa.int16()), pa.array([0.5, 1.25], pa.float64())),
        "r": pa.RunEndEncodedArray.from_arrays(pa.array([2, 3], pa.int32()), pa.array(["01001", "01003"])),
    }
)
write("foreign_narrow.arrow", NARROW)
write("foreign_narrow_no_rows.arrow", NARROW.slice(0, 0))
write(
    "number_runs.arrow",
    pa.table({"r": pa.RunEndEncodedArray.from_arrays(pa.array([1], pa.int16()), pa.array([7], pa.int32()))}),
)
