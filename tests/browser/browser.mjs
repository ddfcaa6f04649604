// What the checks in a browser stand on: where Chromium and playwright-core are, and how the browser is started.

import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

/** Ends well without what a check needs, or with 1 where CI is set. */
function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(process.env.CI ? 1 : 0);
}

export function chromium() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const places = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  for (const place of process.env.CHROMIUM ? [process.env.CHROMIUM] : places) {
    try {
      accessSync(place, constants.X_OK);
      return place;
    } catch { /* not here: look at the next place */ }
  }
  return skip("no Chromium: install it, or name it with CHROMIUM");
}

export function playwright() {
  const require = createRequire(import.meta.url);
  const places = [import.meta.dirname, process.cwd(), process.env.PLAYWRIGHT_FOLDER].filter(Boolean);
  try {
    return require(require.resolve("playwright-core", { paths: places }));
  } catch {
    return skip("no playwright-core: `npm install playwright-core`, and name its folder with PLAYWRIGHT_FOLDER");
  }
}

/** A page that is so many times slower than the machine, where CPU_THROTTLE says so: what races, fails there. */
export async function newPage(context) {
  const page = await context.newPage();
  const rate = Number(process.env.CPU_THROTTLE ?? 1);
  if (rate > 1) await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate });
  return page;
}

export const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
