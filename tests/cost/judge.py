"""Adds up, with Python's decimal and none of the project's code, what Twilio billed and what `cost --json` divides.

Usage: judge.py BASE_URL USER PASSWORD FIRST_DAY LAST_DAY < ANSWER
Prints {"billed": dollars, "divided": dollars, "total": dollars of the rows whose cost is known}.
"""

import base64
import json
import sys
import urllib.request
from decimal import Decimal

base, user, password, first, last = sys.argv[1:]
account = f"{base}/2010-04-01/Accounts/{user}/Usage/Records.json?StartDate={first}&EndDate={last}"
token = base64.b64encode(f"{user}:{password}".encode()).decode()
request = urllib.request.Request(account, headers={"Authorization": f"Basic {token}"})
with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
    records = json.load(answer)["usage_records"]
carrier = {"trunking-origination", "trunking-termination"}
billed = sum(Decimal(record["price"]) for record in records if record["category"] in carrier)

rows = json.load(sys.stdin)["rows"]
divided = sum(Decimal(row["carrier"]) for row in rows if row["carrier_is"] == "apportioned")
for row in rows:
    parts = [row["rent"] or "0", row["retell_calls"], row["carrier"]]
    if "unknown" not in parts:
        assert sum(map(Decimal, parts)) == Decimal(row["cost"]), row
    else:
        assert row["cost"] == "unknown", row
total = sum(Decimal(row["cost"]) for row in rows if row["cost"] != "unknown")
print(json.dumps({"billed": str(billed), "divided": str(divided), "total": str(total)}))
