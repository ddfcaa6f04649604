"""Sums calls of exported Parquet files with DuckDB and with pyarrow, which share no code with the project.

Usage: parquet.py FOLDER
Prints {"duckdb": {"workspace number": [calls, milliseconds, cost]}, "pyarrow": the same}, costs as decimal text in dollars, and
under "text" every column's name and every value as text.
"""

import json
import sys
from collections import defaultdict
from decimal import Decimal

import duckdb
import pyarrow.parquet


def with_duckdb(folder):
    rows = duckdb.sql(
        f"SELECT workspace, phone_number, count(*), sum(duration_ms), sum(cost) FROM '{folder}/*.parquet' GROUP BY ALL"
    ).fetchall()
    return {f"{workspace} {number}": [calls, int(length), str(cost)] for workspace, number, calls, length, cost in rows}


def with_pyarrow(folder):
    sums = defaultdict(lambda: [0, 0, Decimal(0)])
    for row in pyarrow.parquet.read_table(folder).to_pylist():
        of_line = sums[f"{row['workspace']} {row['phone_number']}"]
        of_line[0] += 1
        of_line[1] += row["duration_ms"] or 0
        of_line[2] += row["cost"] or Decimal(0)
        assert row["start"].tzinfo is not None, row["start"]
    return {line: [calls, length, str(cost)] for line, (calls, length, cost) in sums.items()}


def as_text(folder):
    table = pyarrow.parquet.read_table(folder)
    return "\n".join([*table.column_names, *(str(row) for row in table.to_pylist())])


if __name__ == "__main__":
    folder = sys.argv[1]
    print(json.dumps({"duckdb": with_duckdb(folder), "pyarrow": with_pyarrow(folder), "text": as_text(folder)}))
