"use strict";
const show = (id, text) => { document.getElementById(id).textContent = text; };
const cell = (row, text, kind) => {
  const made = row.insertCell();
  made.textContent = text;
  if (kind) made.className = kind;
};
const fill = (id, rows, cells) => {
  const body = document.getElementById(id);
  body.replaceChildren();
  for (const item of rows) {
    const row = body.insertRow();
    for (const [text, kind] of cells(item)) cell(row, text, kind);
  }
};
const draw = (minutes) => {
  const svg = document.getElementById("hour");
  const most = Math.max(1, ...minutes);
  svg.replaceChildren();
  minutes.forEach((count, at) => {
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const height = 96 * count / most;
    for (const [name, value] of [["x", at * 10], ["y", 96 - height], ["width", 8], ["height", height]]) bar.setAttribute(name, value);
    const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
    title.textContent = `${60 - at} minutes ago: ${count}`;
    bar.append(title);
    svg.append(bar);
  });
};
const told = (event) => {
  const seen = JSON.parse(event.data);
  show("ongoing", seen.ongoing);
  show("last-hour", seen.last_hour);
  show("lost", seen.lost_last_hour);
  show("missed", seen.failed_last_hour);
  fill("lines", seen.lines, (line) => [
    [line.phone_number || "unknown"], [line.workspace], [line.agent_id || "-"], [line.ongoing, "number"], [line.last_hour, "number"],
  ]);
  draw(seen.minutes);
  const state = document.getElementById("state");
  state.className = seen.last_error ? "bad" : "";
  state.textContent = seen.last_error ? `Last error: ${seen.last_error}` : `As of ${seen.now}`;
};
const source = new EventSource(`events${location.search}`);
source.onmessage = told;
source.onerror = () => {
  const state = document.getElementById("state");
  state.className = "bad";
  state.textContent = "The receiver does not answer; the page asks again.";
};
