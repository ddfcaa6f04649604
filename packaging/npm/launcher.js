#!/usr/bin/env node
// Starts the phone-dir of this platform's package. npm installs exactly that one, because each names its platform; no
// script runs at installation.
"use strict";

const { spawn } = require("node:child_process");
const os = require("node:os");

const name = `phone-dir-${process.platform}-${process.arch}`;
const program = process.platform === "win32" ? "phone-dir.exe" : "phone-dir";

function fail(message, hint) {
  process.stderr.write(`error: ${message}\n  hint: ${hint}\n`);
  process.exit(2);
}

let place;
try {
  place = require.resolve(`${name}/${program}`);
} catch {
  fail(`the package \`${name}\` is not installed`, "install phone-dir again, with optional dependencies; docs/installation.md lists the platforms");
}

const child = spawn(place, process.argv.slice(2), { stdio: "inherit", argv0: "phone-dir" });
// Ctrl-C reaches both from the terminal, and phone-dir decides what it means; other signals reach this process alone.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => fail(`cannot start \`${place}\`: ${error.message}`, "see whether it is a program for this machine"));
child.on("exit", (code, signal) => process.exit(signal ? 128 + os.constants.signals[signal] : code));
