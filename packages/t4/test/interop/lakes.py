"""Reads exports as others do: `lakes.py pyiceberg` or `lakes.py spark`; questions come as JSON on standard input, answers go to standard output."""
import datetime
import json
import sys


def plain(value):
    """A value as JSON has it; a struct is a list of its members."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, tuple) else value


def rows_of(rows):
    """Rows in the order of their texts as JSON, spelt as JavaScript spells it."""
    spelt = lambda row: json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return sorted(([plain(value) for value in row] for row in rows), key=spelt)


def ask_pyiceberg(given):
    from pyarrow import dataset, fs
    from pyiceberg.table import StaticTable

    properties = given["properties"]
    bucket = fs.S3FileSystem(
        endpoint_override=properties["s3.endpoint"],
        access_key=properties["s3.access-key-id"],
        secret_key=properties["s3.secret-access-key"],
        region=properties["s3.region"],
    )
    answers = []
    for question in given["questions"]:
        if "parquet" in question:
            found = dataset.dataset(question["parquet"], filesystem=bucket).to_table().to_pylist()
            answers.append({"rows": rows_of(row.values() for row in found)})
            continue
        table = StaticTable.from_metadata(question["table"], properties)
        scan = table.scan(**({"row_filter": question["filter"]} if "filter" in question else {}))
        found = scan.to_arrow().to_pylist()
        answers.append({
            "schema": [[field.field_id, field.name, str(field.field_type)] for field in table.schema().fields],
            "snapshots": [snapshot.snapshot_id for snapshot in table.metadata.snapshots],
            "operations": [snapshot.summary.operation.value for snapshot in table.metadata.snapshots],
            "files": len(list(scan.plan_files())),
            "rows": rows_of(row.values() for row in found),
        })
    return answers


def ask_spark(given):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]")
    for name, value in given["settings"].items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    for name, path in given["views"].items():
        spark.read.parquet(path).createOrReplaceTempView(name)
    return [rows_of(spark.sql(statement).collect()) for statement in given["statements"]]


given = json.load(sys.stdin)
print(json.dumps({"pyiceberg": ask_pyiceberg, "spark": ask_spark}[sys.argv[1]](given)))
