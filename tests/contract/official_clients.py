#!/usr/bin/env python3
"""Drives Twilio's and Retell's official Python clients against a running sandbox.

What the official clients accept is the real protocol, so this judges the sandbox independently of phone-dir's own
client. It changes what it creates only, and deletes it again.

    python3 -m venv venv && venv/bin/pip install -r tests/contract/requirements.txt
    phone-dir sandbox --port 4010 --calls 200/day > sandbox.env & sleep 1 && . ./sandbox.env
    export PHONE_DIR_PROGRAM=$(command -v phone-dir)
    venv/bin/python tests/contract/official_clients.py

Addresses and credentials come from the variables that `phone-dir sandbox` prints, or from the options of the same
names. One line per check; exit status 1 when a check fails, 2 when a value is missing.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from urllib.parse import urlsplit

import retell
from retell import Retell
from retell.lib.webhook_auth import symmetric, verify
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

VARIABLES = [
    "TWILIO_API_URL",
    "TWILIO_TRUNKING_URL",
    "RETELL_BASE_URL",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "RETELL_STAGING_API_KEY",
    "RETELL_PRODUCTION_API_KEY",
]
SIDS = {"PN", "TK", "CL", "OU", "CR", "AL"}
NEW_NUMBER = "+14155550199"
TWILIO_NUMBER = "+14155550198"


def is_sid(text, prefix):
    return len(text) == 34 and text[:2] == prefix and prefix in SIDS and int(text[2:], 16) >= 0


def twilio_client(settings, token=None):
    http_client = TwilioHttpClient(timeout=20)
    client = Client(settings.twilio_account_sid, token or settings.twilio_auth_token, http_client=http_client)
    client.api.base_url = settings.twilio_api_url
    client.trunking.base_url = settings.twilio_trunking_url
    return client


def retell_client(settings, key):
    # Strict validation makes the client refuse an answer that does not fit its published types.
    return Retell(
        api_key=key, base_url=settings.retell_base_url, max_retries=0, timeout=20, _strict_response_validation=True
    )


def twilio_numbers(settings):
    client = twilio_client(settings)
    paged = client.incoming_phone_numbers.list(page_size=3)
    whole = client.incoming_phone_numbers.list(page_size=1000)
    assert len(whole) > 3, "too few numbers to need pages"
    assert [row.sid for row in paged] == [row.sid for row in whole], "pages and whole list differ"
    assert len({row.sid for row in paged}) == len(paged), "a number came twice"
    for row in whole:
        assert is_sid(row.sid, "PN") and row.phone_number.startswith("+"), row.sid
        assert row.account_sid == settings.twilio_account_sid
        assert row.date_created.tzinfo is not None and row.date_updated >= row.date_created
        assert set(row.capabilities) >= {"voice", "sms", "mms"}, row.capabilities
        assert row.trunk_sid is None or is_sid(row.trunk_sid, "TK")
        assert row.type in {"local", "mobile", "tollfree"}, row.type
    assert client.incoming_phone_numbers(whole[0].sid).fetch().phone_number == whole[0].phone_number
    return f"{len(whole)} numbers"


def twilio_pages_both_ways(settings):
    client = twilio_client(settings)
    first = client.incoming_phone_numbers.page(page_size=2)
    sids = [row.sid for row in first]
    second = first.next_page()
    assert second is not None and not set(sids) & {row.sid for row in second}
    assert [row.sid for row in second.previous_page()] == sids
    try:
        client.incoming_phone_numbers.page(page_size=2, page_number=1).__next__()
    except TwilioException as error:
        assert "20001" in str(error) or getattr(error, "code", None) == 20001, error
    else:
        raise AssertionError("a page above 0 without its token was answered")
    return "forwards, backwards, and no page without its token"


def twilio_trunks(settings):
    trunks = twilio_client(settings).trunking.v1.trunks.list(page_size=1)
    assert len(trunks) >= 3, len(trunks)
    assert len({trunk.sid for trunk in trunks}) == len(trunks)
    for trunk in trunks:
        assert is_sid(trunk.sid, "TK") and trunk.date_created.tzinfo is not None
        assert trunk.domain_name is None or trunk.domain_name.endswith(".pstn.twilio.com")
        assert set(trunk.auth_type_set) <= {"IP_ACL", "CREDENTIAL_LIST"}, trunk.auth_type_set
    return f"{len(trunks)} trunks"


def twilio_trunk_parts(settings):
    client = twilio_client(settings)
    counts = {"urls": 0, "lists": 0, "ips": 0, "numbers": 0}
    for trunk in client.trunking.v1.trunks.list():
        context = client.trunking.v1.trunks(trunk.sid)
        urls = context.origination_urls.list(page_size=1)
        lists = context.credentials_lists.list(page_size=1)
        ips = context.ip_access_control_lists.list(page_size=1)
        numbers = context.phone_numbers.list(page_size=2)
        assert all(is_sid(url.sid, "OU") and url.sip_url.startswith("sip:") for url in urls)
        assert all(is_sid(row.sid, "CL") for row in lists) and all(is_sid(row.sid, "AL") for row in ips)
        assert all(row.trunk_sid == trunk.sid for row in numbers)
        assert bool(lists) == ("CREDENTIAL_LIST" in trunk.auth_type_set)
        assert bool(ips) == ("IP_ACL" in trunk.auth_type_set)
        for name, rows in zip(counts, (urls, lists, ips, numbers)):
            counts[name] += len(rows)
    owned = [row for row in client.incoming_phone_numbers.list(page_size=1000) if row.trunk_sid]
    assert counts["numbers"] == len(owned), "the trunks and the numbers disagree"
    assert all(counts.values()), counts
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def twilio_credentials(settings):
    client = twilio_client(settings)
    lists = client.sip.credential_lists.list(page_size=1)
    assert len(lists) >= 2 and all(is_sid(row.sid, "CL") for row in lists)
    users = []
    for row in lists:
        credentials = client.sip.credential_lists(row.sid).credentials.list(page_size=1)
        assert credentials and all(is_sid(credential.sid, "CR") for credential in credentials)
        assert not any("password" in credential.__dict__ for credential in credentials)
        users += [credential.username for credential in credentials]
    return f"{len(lists)} lists, {len(users)} user names"


def twilio_changes(settings):
    client = twilio_client(settings)
    trunk = client.trunking.v1.trunks.list()[0]
    number = client.incoming_phone_numbers.create(phone_number=TWILIO_NUMBER, friendly_name="Contract check")
    try:
        assert number.phone_number == TWILIO_NUMBER and number.trunk_sid is None
        changed = client.incoming_phone_numbers(number.sid).update(friendly_name="Renamed", trunk_sid=trunk.sid)
        assert (changed.friendly_name, changed.trunk_sid) == ("Renamed", trunk.sid)
        assert client.incoming_phone_numbers.list(phone_number=TWILIO_NUMBER)[0].friendly_name == "Renamed"
    finally:
        assert client.incoming_phone_numbers(number.sid).delete()
    try:
        client.incoming_phone_numbers(number.sid).fetch()
    except TwilioRestException as error:
        assert (error.status, error.code) == (404, 20404), error
    else:
        raise AssertionError("a released number is still there")
    return "created, renamed, put on a trunk, released"


def twilio_origination_changes(settings):
    client = twilio_client(settings)
    urls = client.trunking.v1.trunks(client.trunking.v1.trunks.list()[0].sid).origination_urls
    url = urls.create(weight=5, priority=7, enabled=True, friendly_name="Check", sip_url="sip:check.example")
    assert (url.weight, url.priority, url.enabled) == (5, 7, True)
    assert urls(url.sid).update(enabled=False).enabled is False
    assert urls(url.sid).delete()
    return "created, disabled, deleted"


def twilio_auth_failure(settings):
    try:
        twilio_client(settings, token="wrong").incoming_phone_numbers.list()
    except TwilioException as error:
        assert "20003" in str(error) or getattr(error, "code", None) == 20003, error
        return "401, code 20003"
    raise AssertionError("a wrong token was accepted")


def all_pages(list_page, limit):
    items, key = [], None
    while True:
        page = list_page(limit=limit, **({"pagination_key": key} if key else {}))
        items += page.items
        if not page.has_more:
            return items
        assert page.pagination_key and page.pagination_key != key, "the page key repeats"
        key = page.pagination_key


def retell_numbers(settings):
    counts = []
    for key in (settings.retell_staging_api_key, settings.retell_production_api_key):
        client = retell_client(settings, key)
        paged, whole = all_pages(client.phone_number.list, 4), all_pages(client.phone_number.list, 1000)
        assert len(whole) > 4 and [row.phone_number for row in paged] == [row.phone_number for row in whole]
        for row in whole:
            assert row.phone_number_type in {"retell-twilio", "retell-telnyx", "custom"}
            for agents in (row.inbound_agents, row.outbound_agents):
                assert not agents or abs(sum(agent.weight for agent in agents) - 1) < 1e-6
        one = client.phone_number.retrieve(whole[0].phone_number)
        assert one == whole[0], "get and list differ"
        ascending = client.phone_number.list(limit=1000, sort_order="ascending").items
        assert [row.phone_number for row in ascending] == [row.phone_number for row in reversed(whole)]
        counts.append(str(len(whole)))
    return " and ".join(counts) + " numbers"


def retell_agents(settings):
    clients = [retell_client(settings, key) for key in (settings.retell_staging_api_key, settings.retell_production_api_key)]
    staging, production = (all_pages(client.agent.list, 2) for client in clients)
    assert staging and production
    assert not {row.agent_id for row in staging} & {row.agent_id for row in production}, "workspaces share agents"
    detail = clients[0].agent.retrieve(staging[0].agent_id)
    assert detail.agent_id == staging[0].agent_id and detail.agent_name == staging[0].agent_name
    return f"{len(staging)} and {len(production)} agents"


def retell_changes(settings):
    client = retell_client(settings, settings.retell_staging_api_key)
    voice = [row for row in all_pages(client.agent.list, 1000) if row.channel == "voice"]
    first, second = voice[0].agent_id, voice[1].agent_id
    number = client.phone_number.import_(
        phone_number=NEW_NUMBER,
        termination_uri="check.pstn.twilio.com",
        sip_trunk_auth_username="check",
        sip_trunk_auth_password="never-returned",
        inbound_agents=[{"agent_id": first, "weight": 1}],
        nickname="Contract check",
    )
    try:
        assert number.phone_number_type == "custom" and number.inbound_agents[0].agent_id == first
        assert "never-returned" not in number.to_json()
        changed = client.phone_number.update(
            NEW_NUMBER,
            inbound_agents=[
                {"agent_id": first, "weight": 0.3},
                {"agent_id": second, "weight": 0.7, "agent_version": "prod"},
            ],
            outbound_agents=None,
            auth_password="never-returned",
        )
        assert [agent.weight for agent in changed.inbound_agents] == [0.3, 0.7]
        assert changed.last_modification_timestamp > number.last_modification_timestamp
        assert client.phone_number.update(NEW_NUMBER, inbound_agents=None).inbound_agents is None
        expect_status(
            400, lambda: client.phone_number.update(NEW_NUMBER, inbound_agents=[{"agent_id": first, "weight": 0.5}])
        )
        expect_status(
            422, lambda: client.phone_number.update(NEW_NUMBER, inbound_agents=[{"agent_id": "nobody", "weight": 1}])
        )
    finally:
        client.phone_number.delete(NEW_NUMBER)
    expect_status(422, lambda: client.phone_number.retrieve(NEW_NUMBER))
    return "imported, bound by weight, unbound, deleted"


def retell_purchase(settings):
    client = retell_client(settings, settings.retell_production_api_key)
    number = client.phone_number.create(area_code=512, nickname="Contract check")
    client.phone_number.delete(number.phone_number)
    assert number.phone_number_type == "retell-twilio" and number.phone_number.startswith("+1512")
    return f"{number.phone_number_type} {number.phone_number_pretty}"


def expect_status(status, call):
    try:
        call()
    except retell.APIStatusError as error:
        assert error.status_code == status, error
        assert error.body["status"] == "error" and error.body["message"], error.body
        return
    raise AssertionError(f"status {status} was expected")


def retell_concurrency(settings):
    live = retell_client(settings, settings.retell_staging_api_key).concurrency.retrieve()
    assert live.concurrency_limit == live.base_concurrency + live.purchased_concurrency, live
    assert 0 <= live.current_concurrency <= live.concurrency_limit, live
    assert live.concurrency_burst_enabled is False and live.concurrency_burst_limit == 0, live
    return f"{live.current_concurrency} of {live.concurrency_limit}"


def twilio_available_numbers(settings):
    client = twilio_client(settings)
    local = client.available_phone_numbers("US").local.list(area_code=415, limit=5)
    assert len(local) == 5 and all(row.phone_number.startswith("+1415") for row in local), local
    assert all(row.capabilities["voice"] for row in local), local
    toll_free = client.available_phone_numbers("US").toll_free.list(limit=3)
    assert len(toll_free) == 3 and all(row.phone_number.startswith("+18") for row in toll_free), toll_free
    owned = {row.phone_number for row in client.incoming_phone_numbers.list()}
    assert not owned & {row.phone_number for row in local + toll_free}, "a number of the account is for sale"
    return f"{len(local)} local, {len(toll_free)} toll-free"


def retell_auth_failure(settings):
    expect_status(401, lambda: retell_client(settings, "key_wrong").phone_number.list())
    return "401"


def retell_calls(settings):
    client = retell_client(settings, settings.retell_production_api_key)
    first = client.call.list(limit=20, sort_order="ascending")
    assert len(first.items) == 20 and first.has_more, "too few calls to need pages"
    second = client.call.list(limit=20, sort_order="ascending", pagination_key=first.pagination_key)
    ids = [call.call_id for call in first.items + second.items]
    assert len(set(ids)) == 40, "a call came twice"
    starts = [call.start_timestamp for call in first.items + second.items]
    assert starts == sorted(starts), "calls are not in order"
    one = client.call.retrieve(ids[0])
    assert one.call_id == ids[0] and one.call_type == "phone_call", one
    return f"{len(ids)} of a longer list"


def twilio_prices(settings):
    client = twilio_client(settings)
    client.pricing.base_url = settings.twilio_api_url
    numbers = client.pricing.v1.phone_numbers.countries("US").fetch()
    local = [price for price in numbers.phone_number_prices if price["number_type"] == "local"]
    assert Decimal(local[0]["current_price"]) > 0, numbers.phone_number_prices
    trunking = client.pricing.v2.countries("US").fetch()
    assert trunking.originating_call_prices, trunking
    records = client.usage.records.list(start_date=date(2025, 1, 1))
    total = next(record for record in records if record.category == "totalprice")
    assert Decimal(total.price) >= 0 and total.price_unit == "usd", total.price
    return f"{len(records)} categories"


def retell_signatures(settings):
    """The official client signs and verifies what phone-dir does, and the other way round."""
    key, event = settings.retell_production_api_key, '{"event":"call_ended","call":{"call_id":"call_1","note":"Zo\u00eb"}}'
    theirs = symmetric["sign"](event, key)
    program = settings.program
    with tempfile.TemporaryDirectory() as folder:
        body = Path(folder, "body.json")
        body.write_bytes(event.encode())
        project = Path(folder, "project")
        subprocess.run([program, "-C", folder, "demo", str(project)], check=True, capture_output=True)
        verify = [program, "-C", str(project), "webhook", "verify", "--body", str(body), "--signature"]
        done = subprocess.run([*verify, theirs], capture_output=True, text=True, check=False)
        assert done.returncode == 0 and "production" in done.stdout, done
        forged = subprocess.run([*verify, theirs[:-1] + "x"], capture_output=True, text=True, check=False)
        assert forged.returncode == 1, forged
    return "signed by theirs, verified by ours"


def sandbox_events(settings):
    """What the sandbox signs, the official client verifies, byte by byte."""
    seen = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            seen.append((body, self.headers["x-retell-signature"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/webhook/retell"
        words = [settings.program, "sandbox", "--port", "0", "--webhook", address, "--call-every", "1"]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL) as sandbox:
            try:
                deadline = monotonic() + 60
                while len(seen) < 3 and monotonic() < deadline:
                    sleep(0.05)
            finally:
                sandbox.terminate()
        server.shutdown()
    assert len(seen) >= 3, f"{len(seen)} events came"
    keys = [settings.retell_staging_api_key, settings.retell_production_api_key]
    for body, signature in seen:
        assert [verify(body, key, signature) for key in keys].count(True) == 1, body[:80]
        assert not any(verify(body + " ", key, signature) for key in keys)
    return f"{len(seen)} events"


CHECKS = [
    twilio_numbers,
    twilio_pages_both_ways,
    twilio_trunks,
    twilio_trunk_parts,
    twilio_credentials,
    twilio_changes,
    twilio_origination_changes,
    twilio_available_numbers,
    twilio_auth_failure,
    retell_numbers,
    retell_agents,
    retell_changes,
    retell_purchase,
    retell_concurrency,
    retell_auth_failure,
    retell_calls,
    twilio_prices,
    retell_signatures,
    sandbox_events,
]


def read_settings():
    parser = argparse.ArgumentParser(description="Checks a sandbox with the providers' official clients.")
    for name in VARIABLES:
        parser.add_argument("--" + name.lower().replace("_", "-"), default=os.environ.get(name))
    parser.add_argument("--program", default=os.environ.get("PHONE_DIR_PROGRAM"), help="phone-dir itself")
    settings = parser.parse_args()
    if not settings.program:
        parser.error("not set: PHONE_DIR_PROGRAM")
    missing = [name for name in VARIABLES if not getattr(settings, name.lower())]
    if missing:
        parser.error("not set: " + ", ".join(missing))
    for name in VARIABLES[:3]:
        # The checks create and delete numbers, which must never reach a real account.
        if urlsplit(getattr(settings, name.lower())).hostname not in {"127.0.0.1", "localhost", "::1"}:
            parser.error(f"{name} is not on loopback")
    return settings


def main():
    settings = read_settings()
    failures = 0
    for check in CHECKS:
        name = check.__name__.replace("_", " ")
        try:
            print(f"ok    {name}: {check(settings)}")
        except Exception as error:  # Any failure is a failed check; the other checks still say theirs.
            failures += 1
            print(f"FAIL  {name}: {type(error).__name__}: {error}")
    print(f"{len(CHECKS) - failures} of {len(CHECKS)} checks passed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
