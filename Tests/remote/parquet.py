"""Writes what `facts` has made as a Parquet file: Tests/remote/parquet.py FOLDER FILE. Needs numpy and pyarrow."""

import sys

import numpy
import pyarrow
import pyarrow.parquet

folder, target = sys.argv[1:]
ROWS = 1 << 20


def names(name):
    return pyarrow.array(open(f"{folder}/{name}.txt").read().split("\n"))


def numbers(name, kind):
    return numpy.memmap(f"{folder}/{name}", dtype=kind, mode="r")


years, values = numbers("year.i16", "<i2"), numbers("employment.i32", "<i4")
states, activities = numbers("region.u16", "<u2"), numbers("activity.u16", "<u2")
state_names, activity_names = names("regions"), names("activities")
types = [("yr", pyarrow.int32()), ("st", pyarrow.string()), ("industry", pyarrow.string()), ("emp", pyarrow.int32())]
schema = pyarrow.schema(types)
with pyarrow.parquet.ParquetWriter(target, schema) as writer:
    for start in range(0, len(years), ROWS):
        part = slice(start, start + ROWS)
        columns = [
            pyarrow.array(years[part].astype("int32")),
            state_names.take(pyarrow.array(states[part].astype("int64"))),
            activity_names.take(pyarrow.array(activities[part].astype("int64"))),
            pyarrow.array(values[part]),
        ]
        writer.write_table(pyarrow.Table.from_arrays(columns, schema=schema))
