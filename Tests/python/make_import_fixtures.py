"""Writes the files of Tests/CQImportTests/Fixtures: one small table in the formats that other programs write.

Needs pandas, pyarrow and polars. The table follows from the number of the row, so that the tests need no list of values.
"""

import decimal
import gzip
import json
import pathlib
import sqlite3

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.ipc as ipc
import pyarrow.parquet as parquet

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "CQImportTests" / "Fixtures"
ROWS = 24
STATES = ["Ohio", "Nuevo León", "Texas", "Québec"]


def frame():
    rows = range(ROWS)
    return pd.DataFrame(
        {
            "year": pd.Series([2000 + i % 5 for i in rows], dtype="int32"),
            "state": [STATES[i % 4] for i in rows],
            "code": ["%05d" % (1001 + 37 * i) for i in rows],
            "jobs": pd.Series([1000 * i - 5 for i in rows], dtype="int64"),
            "pay": [i + 0.125 * i for i in rows],
            "some": pd.array([None if i % 7 == 0 else i for i in rows], dtype="Int64"),
            "word": [None if i % 5 == 0 else "t%d" % (i % 6) for i in rows],
        }
    )


def types(folder):
    """Columns of all types that Arrow files of tables have, with a value missing in each, in three compressed batches."""
    rows = range(ROWS)
    missing = lambda values: [None if i % 6 == 5 else value for i, value in enumerate(values)]
    days = [7305 + 31 * i for i in rows]
    seconds = [86_400 * day + 3_600 for day in days]
    texts = missing([STATES[i % 4] if i % 2 else "a longer text than a view holds in itself, number %d" % i for i in rows])
    columns = {
        **{kind: pa.array(missing([i for i in rows]), getattr(pa, kind)())
           for kind in ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]},
        **{kind: pa.array(missing([i / 4 for i in rows]), getattr(pa, kind)()) for kind in ["float16", "float32", "float64"]},
        "decimal128": pa.array(missing([decimal.Decimal(i) / 4 for i in rows]), pa.decimal128(12, 2)),
        "decimal256": pa.array(missing([decimal.Decimal(-i) / 4 for i in rows]), pa.decimal256(40, 2)),
        "truth": pa.array(missing([i % 3 == 0 for i in rows])),
        "date32": pa.array(missing(days), pa.date32()),
        "date64": pa.array(missing([day * 86_400_000 for day in days]), pa.date64()),
        **{"time_" + unit: pa.array(missing([second * scale for second in seconds]), pa.timestamp(unit))
           for unit, scale in [("s", 1), ("ms", 1_000), ("us", 1_000_000), ("ns", 1_000_000_000)]},
        "utf8": pa.array(texts), "large_utf8": pa.array(texts, pa.large_string()),
        "view": pa.array(texts, pa.string_view()), "dictionary": pa.array(texts).dictionary_encode(),
        "nothing": pa.nulls(ROWS), "list": pa.array([[i] for i in rows]), "last": pa.array(list(rows), pa.int32()),
    }
    table = pa.table(columns)
    for codec in ["lz4", "zstd"]:
        with ipc.new_file(folder / f"types-{codec}.arrow", table.schema, options=ipc.IpcWriteOptions(compression=codec)) as writer:
            writer.write_table(table, max_chunksize=10)


def main():
    table = frame()
    FOLDER.mkdir(exist_ok=True)
    arrow = pa.Table.from_pandas(table, preserve_index=False)

    for codec in ["none", "snappy", "gzip", "zstd", "lz4"]:
        parquet.write_table(arrow, FOLDER / f"{codec}.parquet", compression=codec, row_group_size=10)
    parquet.write_table(
        arrow, FOLDER / "encodings.parquet", data_page_version="2.0", use_dictionary=False, compression="snappy",
        column_encoding={
            "year": "DELTA_BINARY_PACKED", "jobs": "DELTA_BINARY_PACKED", "state": "DELTA_BYTE_ARRAY",
            "code": "DELTA_LENGTH_BYTE_ARRAY", "pay": "BYTE_STREAM_SPLIT",
        },
    )
    pl.from_pandas(table).write_parquet(FOLDER / "polars.parquet")

    for codec in ["lz4", "zstd", "uncompressed"]:
        feather.write_feather(arrow, FOLDER / f"{codec}.feather", compression=codec, chunksize=10)
    with ipc.new_stream(FOLDER / "stream.arrow", arrow.schema) as writer:
        writer.write_table(arrow, max_chunksize=7)
    with_codes = arrow.set_column(1, "state", arrow["state"].combine_chunks().dictionary_encode())
    with ipc.new_file(FOLDER / "dictionary.arrow", with_codes.schema) as writer:
        writer.write_table(with_codes)
    pl.from_pandas(table).write_ipc(FOLDER / "polars.arrow", compression="uncompressed")

    types(FOLDER)
    large = pa.table({"id": pa.array([1, 2**64 - 1], pa.uint64())})
    feather.write_feather(large, FOLDER / "overflow.feather", compression="uncompressed")
    parquet.write_table(large, FOLDER / "overflow.parquet")

    stata = table.copy()
    stata["some"] = stata["some"].astype("float64")
    stata["word"] = stata["word"].fillna("")
    stata["state"] = pd.Categorical(stata["state"])
    stata.to_stata(FOLDER / "118.dta", version=118, write_index=False)
    stata.to_stata(FOLDER / "119.dta", version=119, write_index=False, byteorder="big", convert_strl=["code"])
    stata.to_stata(FOLDER / "117.dta", version=117, write_index=False, convert_strl=["code"])

    path = FOLDER / "jobs.sqlite"
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.execute("create table jobs (year, state, code, jobs, pay, some, word)")
    plain = table.astype(object).where(table.notna(), None)
    database.executemany("insert into jobs values (?, ?, ?, ?, ?, ?, ?)", plain.values.tolist())
    database.commit()
    database.close()

    records = [json.dumps(record, ensure_ascii=False) for record in plain.to_dict("records")]
    (FOLDER / "jobs.jsonl").write_text("\n".join(records) + "\n", encoding="utf-8")
    (FOLDER / "jobs.json").write_text("[" + ",\n".join(records) + "]", encoding="utf-8")
    csv = table.to_csv(index=False)
    (FOLDER / "jobs.csv").write_text(csv, encoding="utf-8")
    (FOLDER / "latin1.csv").write_bytes(csv.encode("latin-1"))
    table.to_csv(FOLDER / "decimal-comma.csv", index=False, sep=";", decimal=",")
    (FOLDER / "jobs.csv.gz").write_bytes(gzip.compress(csv.encode(), mtime=0))
    with pa.CompressedOutputStream(str(FOLDER / "jobs.csv.zst"), "zstd") as stream:
        stream.write(csv.encode())


if __name__ == "__main__":
    main()
