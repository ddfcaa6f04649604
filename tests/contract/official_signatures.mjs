// Holds Retell's official npm client beside phone-dir: each verifies what the other signs.
//
// It installs nothing; the client may stand in any folder, which is the first argument, the program the second:
//
//     npm install --prefix DIR retell-sdk@5
//     python3 tests/contract/with_sandbox.py target/debug/phone-dir node tests/contract/official_signatures.mjs DIR target/debug/phone-dir
//
// Keys come from the variables that `phone-dir sandbox` prints. Exit code 0: they agree; 1: they do not; 2: a value is missing.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const [modules, binary] = process.argv.slice(2);
const keys = [process.env.RETELL_STAGING_API_KEY, process.env.RETELL_PRODUCTION_API_KEY];
if (!modules || !binary || keys.includes(undefined)) {
  console.error("usage: official_signatures.mjs DIR PROGRAM, with the variables of a sandbox");
  process.exit(2);
}
const program = resolve(binary);
const { sign, verify } = createRequire(join(resolve(modules), "package.json"))("retell-sdk");

// What the sandbox sends, and with which signature, until there is enough of it.
async function sentBySandbox(enough) {
  const sent = [];
  let done;
  const all = new Promise((resolveAll) => (done = resolveAll));
  const receiver = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    sent.push([Buffer.concat(parts).toString("utf8"), request.headers["x-retell-signature"]]);
    response.writeHead(204).end();
    if (sent.length === enough) done();
  });
  await new Promise((listening) => receiver.listen(0, "127.0.0.1", listening));
  const address = `http://127.0.0.1:${receiver.address().port}/webhook/retell`;
  const words = ["sandbox", "--port", "0", "--webhook", address, "--call-every", "1"];
  const sandbox = spawn(program, words, { stdio: "ignore" });
  try {
    await Promise.race([all, new Promise((_, late) => setTimeout(() => late(new Error("no event came")), 60_000).unref())]);
  } finally {
    sandbox.kill();
    receiver.closeAllConnections();
    receiver.close();
  }
  return sent;
}

const verdicts = (body, signature) => Promise.all(keys.map((key) => verify(body, key, signature)));

async function theyVerifyOurs() {
  const sent = await sentBySandbox(3);
  for (const [body, signature] of sent) {
    assert.equal((await verdicts(body, signature)).filter(Boolean).length, 1, "the key of one workspace fits");
    assert.equal((await verdicts(`${body} `, signature)).filter(Boolean).length, 0, "not one byte may differ");
  }
  return `${sent.length} events of the sandbox`;
}

// Runs a receiver in a project of its own while `use` talks to it.
async function withReceiver(use) {
  const folder = mkdtempSync(join(tmpdir(), "phone-dir-"));
  const project = join(folder, "project");
  execFileSync(program, ["-C", folder, "demo", project], { stdio: "ignore" });
  const words = ["-C", project, "webhook", "serve", "--listen", "127.0.0.1:0"];
  const receiver = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((end) => receiver.on("exit", end));
  try {
    for await (const line of createInterface({ input: receiver.stdout })) {
      const address = line.match(/http:\/\/\S+/)?.[0];
      if (address) return await use(address);
    }
    throw new Error("the receiver ended before it said where it listens");
  } finally {
    receiver.kill();
    await ended;
    rmSync(folder, { recursive: true });
  }
}

async function weAcceptTheirs() {
  const call = { call_id: "call_npm", agent_id: "agent_x", call_status: "ended", call_type: "phone_call", note: "Zoë" };
  const body = JSON.stringify({ event: "call_ended", call });
  return withReceiver(async (address) => {
    const post = async (sentBody, signature) =>
      (await fetch(address, { method: "POST", body: sentBody, headers: { "x-retell-signature": signature } })).status;
    for (const key of keys) {
      const signature = await sign(body, key);
      assert.equal(await post(body, signature), 204);
      assert.equal(await post(body.replace("ended", "ending"), signature), 401, "a changed body");
    }
    assert.equal(await post(body, await sign(body, "key_of_nobody")), 401, "the key of no workspace");
    return "signed by theirs, received by ours";
  });
}

let failed = 0;
for (const check of [theyVerifyOurs, weAcceptTheirs]) {
  try {
    console.log(`ok      ${check.name}: ${await check()}`);
  } catch (error) {
    failed = 1;
    console.log(`FAILED  ${check.name}: ${error.stack}`);
  }
}
process.exit(failed);
