"""Counts calls without any code of the project: what Retell's list says, and what the store's tables say.

Usage: judge.py BASE_URL KEY SINCE_MS UNTIL_MS DATABASE WORKSPACE
Prints {"listed": {number: sums}, "stored": {number: sums}, "days": {number: sums}}, costs as decimal text in dollars.
"""

import json
import sqlite3
import sys
import urllib.request
from decimal import ROUND_HALF_EVEN, Decimal

base, key, since, until, database, workspace = sys.argv[1:]
since, until = int(since), int(until)


def items():
    page_key = None
    while True:
        body = {"limit": 1000, "sort_order": "descending"}
        if page_key:
            body["pagination_key"] = page_key
        request = urllib.request.Request(
            f"{base}/v3/list-calls",
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            page = json.load(answer)
        yield from page["items"]
        if not page["has_more"]:
            return
        page_key = page["pagination_key"]


def money(micro):
    return str(Decimal(micro) / 1_000_000)


def listed():
    sums = {}
    for call in items():
        if not since <= call["start_timestamp"] < until:
            continue
        number = call["to_number"] if call["direction"] == "inbound" else call["from_number"]
        row = sums.setdefault(number, {"calls": 0, "inbound": 0, "milliseconds": 0, "micro": Decimal(0)})
        row["calls"] += 1
        row["inbound"] += call["direction"] == "inbound"
        row["milliseconds"] += call.get("duration_ms", 0)
        cents = Decimal(repr(call["call_cost"]["combined_cost"]))
        row["micro"] += (cents * 10_000).quantize(Decimal(1), ROUND_HALF_EVEN)
    return {
        number: {"calls": r["calls"], "inbound": r["inbound"], "seconds": r["milliseconds"] // 1000, "cost": money(r["micro"])}
        for number, r in sums.items()
    }


def queried(sql, bounds):
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    rows = connection.execute(sql, (workspace, *bounds)).fetchall()
    return {n: {"calls": c, "inbound": i, "seconds": ms // 1000, "cost": money(u)} for n, c, i, ms, u in rows}


stored = queried(
    "SELECT number, count(*), sum(direction = 'inbound'), sum(ifnull(duration_ms, 0)), sum(ifnull(cost_udollar, 0))"
    " FROM call WHERE workspace = ? AND at_ms >= ? AND at_ms < ? GROUP BY number",
    (since, until),
)
days = queried(
    "SELECT number, sum(calls), sum(inbound), sum(duration_ms), sum(cost_udollar) FROM day WHERE workspace = ?"
    " GROUP BY number",
    (),
)
print(json.dumps({"listed": listed(), "stored": stored, "days": days}))
