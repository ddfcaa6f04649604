// The live page in a real browser while calls happen: a call appears within seconds, and is over when it ends; calls stand
// beside the limit that Retell tells, and one that found no room is lost; nothing but the page's own events is fetched.
//
//   node tests/browser/live.mjs [PROGRAM]        as tests/browser/report.mjs

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { FLAGS, chromium, playwright } from "./browser.mjs";

const LINE = "+14155550101";
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
  const page = await context.newPage();
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) problems.push(message.text()); });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`${admin}/`);
  const shown = (id, text) => page.locator(`#${id}`).filter({ hasText: new RegExp(`^${text}$`) }).waitFor({ timeout: 15_000 });
  await shown("ongoing", "0");
  const begin = performance.now();
  const made = await fetch(`${base}/_sandbox/calls`, { method: "POST", body: JSON.stringify({ to: LINE, seconds: 5 }) });
  assert.equal(made.status, 200);
  await shown("ongoing", "1");
  const appeared = performance.now() - begin;
  const cell = (column, text) => page.locator("#lines tr", { hasText: LINE })
    .filter({ has: page.locator(`td:nth-of-type(${column})`, { hasText: new RegExp(`^${text}$`) }) }).waitFor({ timeout: 5_000 });
  await cell(4, "1"); // The line is under way,
  await shown("ongoing", "0");
  const ended = performance.now() - begin;
  await cell(5, "1"); // and was called in the last hour.
  await page.locator("#hour rect title", { hasText: /ago: 1$/ }).waitFor({ state: "attached", timeout: 5_000 });
  const workspace = page.locator("#workspaces tr", { hasText: "production" });
  await workspace.locator("svg[aria-label='7 of 9']").waitFor({ timeout: 15_000 });
  assert.deepEqual((await workspace.locator("td").allTextContents()).slice(0, 4), ["production", "0", "7", "9"]);
  assert.equal(await page.locator(".tile.bad").count(), 0, "nothing is lost");
  const full = await fetch(`${base}/_sandbox/concurrency/production`, { method: "POST", body: JSON.stringify({ current: 1, limit: 1 }) });
  assert.equal(full.status, 204);
  await fetch(`${base}/_sandbox/calls`, { method: "POST", body: JSON.stringify({ to: LINE, workspace: "production", seconds: 5 }) });
  await shown("lost", "1");
  assert.equal(await page.locator(".tile.bad #lost").count(), 1);
  assert.ok(appeared < 5_000 && ended > 4_000 && ended < 15_000, `${appeared} ms, ${ended} ms`);
  const foreign = requests.filter((url) => ![`${admin}/`, `${admin}/events`].includes(url) && !url.endsWith("/favicon.ico"));
  assert.deepEqual(foreign, []);
  assert.deepEqual(problems.filter((text) => !text.includes("favicon")), []);
  if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, "live.png"), fullPage: true });
  await context.close();
  console.log(`ok    a call appeared after ${Math.round(appeared)} ms and was over after ${Math.round(ended)} ms`);
} finally {
  for (const child of children) child.kill();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
