"""Writes the files of this directory with pyarrow, pandas, NumPy, openpyxl and XlsxWriter; `expected.json` says what Python reads in them.

    pip install pyarrow pandas numpy openpyxl xlsxwriter zstandard && python make.py
"""
import datetime as dt
import decimal
import json
import math
import uuid

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import xlsxwriter
import zstandard

expected = {}
UTC = dt.timezone.utc


def plain(value):
    """A value as JSON that says its kind, so that nothing depends on how a language prints it."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, pd.Timestamp):
        return {"moment": str(value.value)}
    if isinstance(value, dt.datetime):
        whole = value if value.tzinfo else value.replace(tzinfo=UTC)
        return {"moment": str((whole - dt.datetime(1970, 1, 1, tzinfo=UTC)) // dt.timedelta(microseconds=1) * 1000)}
    if isinstance(value, dt.date):
        return {"moment": str((value - dt.date(1970, 1, 1)).days * 86_400_000_000_000)}
    if isinstance(value, dt.time):
        return value.strftime("%H:%M:%S.%f")
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, (int, np.integer)):
        return {"int": str(int(value))}
    if isinstance(value, (float, np.floating)):
        return {"float": "nan" if math.isnan(value) else float(value).hex() if math.isfinite(value) else str(float(value))}
    if isinstance(value, dict):
        return {"struct": {name: plain(each) for name, each in value.items()}}
    if isinstance(value, (list, np.ndarray)):
        if len(value) > 0 and all(isinstance(each, tuple) for each in value):
            return {"map": [[plain(key), plain(each)] for key, each in value]}
        return [plain(each) for each in value]
    raise TypeError(f"{value!r}")


def rows(table):
    columns = [column.to_pylist() for column in table.columns]
    return [{name: plain(cells[i]) for name, cells in zip(table.column_names, columns)} for i in range(table.num_rows)]


BIG = 2**63 - 1
moment = dt.datetime(2024, 2, 29, 12, 34, 56, 789000, tzinfo=UTC)
FIELDS = {
    "bool": (pa.bool_(), [True, False, None]),
    "int8": (pa.int8(), [-128, 127, None]),
    "int32": (pa.int32(), [-(2**31), 2**31 - 1, None]),
    "int64": (pa.int64(), [-BIG - 1, BIG, None]),
    "uint8": (pa.uint8(), [0, 255, None]),
    "uint32": (pa.uint32(), [0, 2**32 - 1, None]),
    "uint64": (pa.uint64(), [0, 2**64 - 1, None]),
    "float32": (pa.float32(), [1.5, float("nan"), None]),
    "float64": (pa.float64(), [0.1, float("inf"), None]),
    "string": (pa.string(), ["", "é日本\U0001f600", None]),
    "large_string": (pa.large_string(), ["a", "b", None]),
    "binary": (pa.binary(), [b"", b"\x00\xff", None]),
    "fixed": (pa.binary(2), [b"ab", b"\x00\xff", None]),
    "date": (pa.date32(), [dt.date(1969, 12, 31), dt.date(2024, 2, 29), None]),
    "time_ms": (pa.time32("ms"), [dt.time(0, 0, 1), dt.time(23, 59, 59, 999000), None]),
    "time_us": (pa.time64("us"), [dt.time(0, 0, 1), dt.time(23, 59, 59, 999999), None]),
    "timestamp_ms": (pa.timestamp("ms", "UTC"), [moment, moment.replace(year=1968), None]),
    "timestamp_us": (pa.timestamp("us"), [moment.replace(tzinfo=None, microsecond=123456), dt.datetime(1969, 7, 20, 20, 17, 40, 1), None]),
    "decimal": (pa.decimal128(38, 4), [decimal.Decimal("-0.0001"), decimal.Decimal("1234567890123456789012345678901234.5678"), None]),
    "small_decimal": (pa.decimal128(7, 2), [decimal.Decimal("-1.50"), decimal.Decimal("12345.67"), None]),
    "list": (pa.list_(pa.int64()), [[1, None, BIG], [], None]),
    "lists": (pa.list_(pa.list_(pa.string())), [[["a"], None, []], [], None]),
    "struct": (pa.struct([("x", pa.int64()), ("y", pa.list_(pa.decimal128(5, 1)))]), [{"x": BIG, "y": [decimal.Decimal("1.5")]}, {"x": None, "y": None}, None]),
    "map": (pa.map_(pa.string(), pa.int64()), [[("a", 1), ("__proto__", 2)], [], None]),
    "structs": (pa.list_(pa.struct([("at", pa.timestamp("us", "UTC"))])), [[{"at": moment}, None], [], None]),
    "dictionary": (pa.dictionary(pa.int8(), pa.string()), ["red", "blue", None]),
    "__proto__": (pa.string(), ["a", "b", None]),
}


def types_table():
    arrays = [pa.array(values, type) if not pa.types.is_dictionary(type) else pa.array(values).dictionary_encode() for type, values in FIELDS.values()]
    return pa.table(arrays, names=list(FIELDS))


def note(name, table):
    expected[name] = rows(table)
    for row, source in zip(expected[name], table.to_pylist()):
        for column, (type, _) in FIELDS.items():
            # Python shows an empty map as it does an empty list.
            if column in row and pa.types.is_map(type) and source[column] == []:
                row[column] = {"map": []}
            if column == "time_ms" and row.get(column) is not None:
                row[column] = row[column][:-3]


def parquet():
    table = types_table()
    for codec in ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]:
        name = f"types-{codec}.parquet"
        pq.write_table(table, name, compression=codec, data_page_version="2.0" if codec == "zstd" else "1.0")
        note(name, table)
    nanos = pa.table({"ns": pa.array([0, 1, -1, 1_700_000_000_123_456_789], pa.timestamp("ns")), "int96": pa.array([0, 1, 2, 1_700_000_000_123_456_789], pa.timestamp("ns"))})
    values = [{"ns": {"moment": str(a)}, "int96": {"moment": str(b)}} for a, b in zip([0, 1, -1, 1_700_000_000_123_456_789], [0, 1, 2, 1_700_000_000_123_456_789])]
    pq.write_table(nanos.select(["ns"]), "nanos.parquet", version="2.6")
    expected["nanos.parquet"] = [{"ns": row["ns"]} for row in values]
    pq.write_table(nanos.select(["int96"]), "int96.parquet", use_deprecated_int96_timestamps=True)
    expected["int96.parquet"] = [{"int96": row["int96"]} for row in values]
    frame = pd.DataFrame({"city": ["Oslo", "Bergen", None], "celsius": [21.5, np.nan, -3.0], "at": pd.to_datetime(["2024-05-01T12:00:00.123456", None, "1969-07-20"], format="ISO8601"), "visits": pd.array([1, None, 3], "Int64")})
    frame.to_parquet("pandas.parquet")
    note("pandas.parquet", pq.read_table("pandas.parquet"))
    groups = pa.table({"id": pa.array(range(100), pa.int64()), "group": pa.array([i // 10 for i in range(100)], pa.int32())})
    pq.write_table(groups, "groups.parquet", row_group_size=10, write_page_index=True)
    note("groups.parquet", groups)


def text():
    frame = pd.DataFrame({"id": [1, 2, 3], "name": ["a,b", 'say "hi"', "two\nlines"], "celsius": [0.1, None, -1e-300], "ok": [True, False, True], "day": ["2024-02-29", "1969-12-31", None], "zip": ["01234", "94110", "00000"]})
    rows = [
        {
            "id": {"int": str(row["id"])},
            "name": row["name"],
            "celsius": None if math.isnan(row["celsius"]) else plain(row["celsius"]),
            "ok": bool(row["ok"]),
            "day": None if not isinstance(row["day"], str) else plain(dt.date.fromisoformat(row["day"])),
            "zip": row["zip"],
        }
        for row in frame.to_dict("records")
    ]
    frame.to_csv("pandas.csv.gz", index=False, compression={"method": "gzip", "mtime": 1})
    frame.to_csv("pandas.tsv", index=False, sep="\t")
    for name in ["pandas.csv.gz", "pandas.tsv"]:
        expected[name] = rows
    as_json = [{**row, "day": None if row["day"] is None else frame["day"][i]} for i, row in enumerate(rows)]
    frame.to_json("pandas.json", orient="records", double_precision=15)
    expected["pandas.json"] = as_json
    lines = "".join(json.dumps({name: None if value != value else value for name, value in row.items()}) + "\n" for row in frame.to_dict("records"))
    compressor = zstandard.ZstdCompressor(level=3)
    with open("lines.jsonl.zst", "wb") as file:
        # Two frames, as programs write that append.
        half = lines.index("\n") + 1
        file.write(compressor.compress(lines[:half].encode()) + compressor.compress(lines[half:].encode()))
    expected["lines.jsonl.zst"] = as_json


parquet()
text()
with open("expected.json", "w") as file:
    json.dump(expected, file, indent=0, ensure_ascii=True)
    file.write("\n")
