// The live page in a real browser while calls happen: a call appears by itself, and is over when it ends; calls stand
// beside the limit that Retell tells, and one that found no room is lost; nothing but the page's own events is fetched.
//
//   node tests/browser/live.mjs [PROGRAM]        as tests/browser/report.mjs

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { FLAGS, chromium, newPage, playwright } from "./browser.mjs";

const [LINE, LONG_LINE] = ["+14155550101", "+14155550102"];
// The states are waited for, so that this is the time after which one that does not come is a failure.
const PATIENCE = 120_000;
const EXPORT = /^export (\w+)=(\S+)$/;
const program = resolve(process.argv[2] ?? "target/debug/phone-dir");
const { chromium: driver } = playwright();
const executablePath = chromium();
const work = mkdtempSync(join(tmpdir(), "phone-dir-live-"));
const children = [];

/** Starts the program, and gives what lines of this form say, up to the one that `isLast` knows. */
async function start(words, env, form, isLast) {
  const child = spawn(program, words, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const found = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const match = form.exec(line);
    if (match) found.push(match.slice(1));
    if (isLast(line)) return found;
  }
  throw new Error(`${words.join(" ")} ended early`);
}

const problems = [];
const requests = [];
try {
  execFileSync(program, ["-C", work, "demo", "project"], { stdio: "ignore" });
  const exports = await start(["sandbox", "--port", "0"], {}, EXPORT, (line) => line.includes("PRODUCTION_API_KEY"));
  const env = Object.fromEntries(exports.map(([name, value]) => [name, value]));
  const limited = await fetch(`${env.RETELL_BASE_URL}/_sandbox/concurrency/production`, { method: "POST", body: JSON.stringify({ current: 7, limit: 9 }) });
  assert.equal(limited.status, 204);
  const words = ["-C", join(work, "project"), "webhook", "serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"];
  const [[receiver], [admin]] = await start(words, env, /at (http:\S+?)\/?$/, (line) => line.startsWith("Live page"));
  const sandbox = ["sandbox", "--port", "0", "--webhook", receiver, "--call-every", "0"];
  const events = await start(sandbox, {}, EXPORT, (line) => line.includes("PRODUCTION_API_KEY"));
  const base = events.find(([name]) => name === "RETELL_BASE_URL")[1];

  const context = await driver.launchPersistentContext(join(work, "profile"), { executablePath, args: FLAGS, headless: true });
  const page = await newPage(context);
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) problems.push(message.text()); });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`${admin}/`);
  // Asked twice a second: a page that is asked at every frame has no time for its events on a slow machine.
  const state = (holds, wanted) => page.waitForFunction(holds, wanted, { timeout: PATIENCE, polling: 500 });
  const shown = (id, text) => state(([id, text]) => document.getElementById(id).textContent === text, [id, text]);
  const call = async (request) => {
    const made = await fetch(`${base}/_sandbox/calls`, { method: "POST", body: JSON.stringify(request) });
    assert.equal(made.status, 200);
  };
  // A line's calls under way and those of the last hour.
  const counts = (number, ...wanted) => state(([number, wanted]) => {
    const cells = [...document.querySelectorAll("#lines tr")].map((row) => [...row.cells].map((cell) => cell.textContent));
    return cells.some((row) => row[0] === number && row[3] === wanted[0] && row[4] === wanted[1]);
  }, [number, wanted]);
  await shown("ongoing", "0");
  const begin = performance.now();
  // One call lasts for as long as the page needs to show it, however slow the machine is; the other one ends.
  await call({ to: LONG_LINE, workspace: "production", seconds: 3600 });
  await counts(LONG_LINE, "1", "1");
  await shown("ongoing", "1");
  const appeared = performance.now() - begin;
  await call({ to: LINE, workspace: "production", seconds: 2 });
  await counts(LINE, "0", "1");
  await shown("ongoing", "1");
  await state(() => [...document.querySelectorAll("#hour rect title")].some((title) => /ago: [12]$/.test(title.textContent)));
  const workspace = page.locator("#workspaces tr", { hasText: "production" });
  await state(() => document.querySelector("#workspaces svg[aria-label='7 of 9']"));
  assert.deepEqual((await workspace.locator("td").allTextContents()).slice(0, 4), ["production", "1", "7", "9"]);
  assert.equal(await page.locator(".tile.bad").count(), 0, "nothing is lost");
  const full = await fetch(`${base}/_sandbox/concurrency/production`, { method: "POST", body: JSON.stringify({ current: 1, limit: 1 }) });
  assert.equal(full.status, 204);
  await call({ to: LINE, workspace: "production", seconds: 5 });
  await shown("lost", "1");
  assert.equal(await page.locator(".tile.bad #lost").count(), 1);
  const foreign = requests.filter((url) => ![`${admin}/`, `${admin}/events`].includes(url) && !url.endsWith("/favicon.ico"));
  assert.deepEqual(foreign, []);
  assert.deepEqual(problems.filter((text) => !text.includes("favicon")), []);
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, "live.png"), fullPage: true });
  await context.close();
  console.log(`ok    a call appeared after ${Math.round(appeared)} ms, and another one ended`);
} finally {
  for (const child of children) child.kill();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
