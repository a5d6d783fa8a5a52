"""Writes the files of this directory with pyarrow, pandas, NumPy, openpyxl, XlsxWriter, Polars, DuckDB and fastparquet; `expected.json`
says what Python reads in them.

    pip install pyarrow pandas numpy openpyxl xlsxwriter zstandard polars duckdb fastparquet && python make.py
"""
import datetime as dt
import decimal
import json
import math
import uuid

import duckdb
import fastparquet
import numpy as np
import openpyxl
import pandas as pd
import polars
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


def writers():
    """Pages of both versions in every encoding, and those of other writers."""
    count = 12
    table = pa.table({
        "i": pa.array([None if i % 7 == 0 else i for i in range(count)], pa.int64()),
        "text": pa.array([None if i % 5 == 0 else f"text {i % 3}" for i in range(count)]),
        "key": pa.array([f"prefix/{i:08d}" for i in range(count)]),
        "f": pa.array([i / 8 for i in range(count)]),
        "b": pa.array([i % 3 == 0 for i in range(count)]),
        "same": pa.array(["same"] * count),
        "none": pa.array([None] * count, pa.int64()),
        "list": pa.array([[i] * (i % 4) if i % 9 else None for i in range(count)], pa.list_(pa.int64())),
        "struct": pa.array([{"x": i, "y": [str(i)]} for i in range(count)]),
    })
    encodings = {"i": "DELTA_BINARY_PACKED", "text": "DELTA_BYTE_ARRAY", "key": "DELTA_BYTE_ARRAY", "same": "DELTA_LENGTH_BYTE_ARRAY", "f": "BYTE_STREAM_SPLIT", "b": "RLE"}
    for version in ["1.0", "2.0"]:
        for codec in ["none", "lz4"]:
            pq.write_table(table, f"pages-{version}-{codec}.parquet", data_page_version=version, compression=codec, data_page_size=64, write_page_index=True)
        pq.write_table(table, f"encodings-{version}.parquet", data_page_version=version, use_dictionary=False, column_encoding=encodings)
    polars.from_arrow(table).write_parquet("polars.parquet", row_group_size=10, compression="lz4")
    duckdb.sql("copy (from \"table\") to 'duckdb.parquet' (parquet_version v2)")
    flat = table.drop_columns(["none", "list", "struct"])
    fastparquet.write("fastparquet.parquet", flat.to_pandas(), compression="SNAPPY", row_group_offsets=[0, 10])
    for name in ["pages-1.0-none", "pages-1.0-lz4", "pages-2.0-none", "pages-2.0-lz4", "encodings-1.0", "encodings-2.0", "polars", "duckdb"]:
        note(f"{name}.parquet", table)
    # In UTF-8, by which the file has its bounds, the first is less; in UTF-16 the second is.
    order = pa.table({"text": ["\uffff", "\U0001f600"]})
    pq.write_table(order, "order.parquet", compression="none")
    note("order.parquet", order)
    # Without nulls of integers, pandas has floats in their place.
    note("fastparquet.parquet", pq.read_table("fastparquet.parquet"))


def arrow():
    extra = {
        "float16": (pa.float16(), [1.5, -2.0, None]),
        "timestamp_s": (pa.timestamp("s"), [dt.datetime(1969, 12, 31, 23, 59, 59), dt.datetime(2024, 2, 29), None]),
        "date64": (pa.date64(), [dt.date(1969, 12, 31), dt.date(2024, 2, 29), None]),
        "decimal256": (pa.decimal256(60, 2), [decimal.Decimal("-" + "9" * 50 + ".25"), decimal.Decimal("0.01"), None]),
        "fixed_list": (pa.list_(pa.int16(), 2), [[1, 2], [None, 3], None]),
        "large_list": (pa.large_list(pa.string()), [["a"], [], None]),
        "dates": (pa.dictionary(pa.int32(), pa.date32()), [dt.date(2024, 2, 29), dt.date(1969, 1, 1), None]),
    }
    table = types_table()
    for name, (type, values) in extra.items():
        array = pa.array(values).dictionary_encode() if pa.types.is_dictionary(type) else pa.array(values, type)
        table = table.append_column(name, array)
    for codec in ["uncompressed", "lz4", "zstd"]:
        name = f"types-{codec}.feather"
        feather.write_feather(table, name, compression=codec, chunksize=2)
        note(name, table)
    for name, opened in [("types.arrow", pa.ipc.new_file), ("types.arrows", pa.ipc.new_stream)]:
        with opened(name, table.schema) as writer:
            writer.write_table(table, max_chunksize=1)
        note(name, table)


def hostile():
    """A few KB that unpack to 500 MB of zeros, in one record batch."""
    zeros = pa.array(np.zeros(16_000_000, dtype="<i8"))
    table = pa.table({name: zeros for name in "abcd"})
    with pa.ipc.new_file("bomb.arrow", table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)


def numpy():
    records = np.array([(1, 1.5, "é日", b"ab", [1, 2], (BIG, True)), (-2, np.inf, "", b"", [3, 4], (0, False))], dtype=[("i", ">i4"), ("f", "<f2"), ("u", "<U3"), ("s", "S4"), ("sub", "<u2", (2,)), ("inner", [("q", "<i8"), ("b", "?")])])
    np.save("records.npy", records)
    expected["records.npy"] = [{"i": plain(r["i"]), "f": plain(r["f"]), "u": str(r["u"]), "s": plain(bytes(r["s"])), "sub": [plain(each) for each in r["sub"]], "inner": {"struct": {"q": plain(r["inner"]["q"]), "b": bool(r["inner"]["b"])}}} for r in records]
    matrix = np.arange(6, dtype="<i8").reshape(3, 2) * 2**60
    np.save("matrix.npy", matrix)
    expected["matrix.npy"] = [{str(i): plain(each) for i, each in enumerate(row)} for row in matrix]
    times = np.array(["2024-02-29T12:34:56.123456789", "NaT", "1969-07-20"], dtype="datetime64[ns]")
    days = np.array(["2024-02-29", "NaT", "1969-07-20"], dtype="datetime64[D]")
    images = np.arange(12, dtype="u1").reshape(3, 2, 2)
    complexes = np.array([1 + 2j, 0, -1j], dtype="<c16")
    np.savez_compressed("arrays.npz", times=times, days=days, images=images, complexes=complexes)
    moments = lambda array: [None if np.isnat(each) else {"moment": str(each.astype("datetime64[ns]").astype("int64"))} for each in array]
    expected["arrays.npz"] = [{"times": a, "days": b, "images": [[plain(x) for x in row] for row in c], "complexes": {"struct": {"re": plain(d.real), "im": plain(d.imag)}}} for a, b, c, d in zip(moments(times), moments(days), images, complexes)]


def excel():
    header = ["id", "name", "ok", "day", "moment", "time", "measure", "mixed", None, "name"]
    moment = dt.datetime(2024, 2, 29, 12, 34, 56, 789000)
    data = [
        [1, "é & <b>", True, dt.date(2024, 2, 29), moment, dt.time(12, 34, 56), 0.1, 5, "more", "x"],
        [2, "two\nlines", False, dt.date(1900, 1, 1), dt.datetime(1999, 12, 31), dt.time(0, 0), -1e300, "text", None, "y"],
        [None, None, None, None, None, None, None, True, None, None],
    ]
    names = ["id", "name", "ok", "day", "moment", "time", "measure", "mixed", "I", "name_2"]

    def cell(value):
        if isinstance(value, dt.time):
            return value.strftime("%H:%M:%S.000")
        return plain(value)

    rows = [{name: cell(value) for name, value in zip(names, row)} for row in data]
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = dt.datetime(2024, 1, 1)
    book.active.append(header)
    for row in data:
        book.active.append(row)
    book.create_sheet("other").append(["not", "read"])
    book.save("openpyxl.xlsx")
    expected["openpyxl.xlsx"] = rows
    for name, options in [("xlsxwriter.xlsx", {}), ("since1904.xlsx", {"date_1904": True}), ("inline.xlsx", {"constant_memory": True})]:
        writer = xlsxwriter.Workbook(name, options)
        writer.set_properties({"created": dt.datetime(2024, 1, 1)})
        styles = {dt.date: "yyyy-mm-dd", dt.datetime: "d/m/yy hh:mm:ss.000", dt.time: "h:mm AM/PM", float: '0.00 "days"'}
        formats = {type: writer.add_format({"num_format": code}) for type, code in styles.items()}
        sheet = writer.add_worksheet()
        for i, row in enumerate([header, *data]):
            # Macintoshes had no dates before 1904.
            row = [dt.date(1904, 1, 2) if name == "since1904.xlsx" and value == dt.date(1900, 1, 1) else value for value in row]
            for j, value in enumerate(row):
                if value is not None:
                    sheet.write(i, j, value, formats.get(type(value)))
        writer.close()
        expected[name] = rows if name != "since1904.xlsx" else [{**row, "day": plain(dt.date(1904, 1, 2)) if i == 1 else row["day"]} for i, row in enumerate(rows)]
    frame = pd.DataFrame({"city": ["Oslo", "Bergen"], "celsius": [21.5, None], "at": pd.to_datetime(["2024-05-01 12:00", "2024-05-02"], format="ISO8601")})
    frame.to_excel("pandas.xlsx", index=False)
    expected["pandas.xlsx"] = [{"city": row.city, "celsius": None if math.isnan(row.celsius) else plain(row.celsius), "at": plain(row.at)} for row in frame.itertuples()]


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
writers()
arrow()
hostile()
numpy()
excel()
text()
with open("expected.json", "w") as file:
    json.dump(expected, file, indent=0, ensure_ascii=True)
    file.write("\n")
