"use strict";
const SVG = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);
const show = (id, text) => { byId(id).textContent = text; };
const shape = (name, attributes, kind) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (kind) made.setAttribute("class", kind);
  return made;
};
const titled = (made, text) => {
  const title = document.createElementNS(SVG, "title");
  title.textContent = text;
  made.append(title);
  return made;
};
const fill = (id, rows, cells) => {
  const body = byId(id);
  body.replaceChildren();
  for (const item of rows) {
    const row = body.insertRow();
    for (const [content, kind] of cells(item)) {
      const cell = row.insertCell();
      if (content instanceof Node) cell.append(content); else cell.textContent = content;
      if (kind) cell.className = kind;
    }
  }
};
const draw = (minutes) => {
  const svg = byId("hour");
  const most = Math.max(1, ...minutes);
  svg.replaceChildren();
  minutes.forEach((count, at) => {
    const height = 88 * count / most;
    const bar = shape("rect", { x: at * 10, y: 90 - height, width: 8, height, rx: 1.5 }, "c-bar");
    svg.append(titled(bar, `${60 - at} minutes ago: ${count}`));
  });
  show("most", `at most ${Math.max(...minutes)} a minute`);
};
const counted = (value) => value === null ? "unknown" : String(value);
// The most that is known to be under way: Retell counts web calls too, and events of this moment count already.
const used = (row) => Math.max(row.ongoing, row.at_retell ?? 0);
const meter = (row) => {
  if (row.limit === null) return row.problem ?? "Retell was not asked yet";
  const share = row.limit === 0 ? 1 : Math.min(1, used(row) / row.limit);
  const svg = shape("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", role: "img" }, "meter");
  const words = `${used(row)} of ${row.limit}`;
  svg.setAttribute("aria-label", words);
  svg.append(shape("rect", { x: 0, y: 0, width: 100, height: 10 }, "c-track"));
  svg.append(titled(shape("rect", { x: 0, y: 0, width: 100 * share, height: 10 }, share >= 1 ? "c-full" : share >= 0.8 ? "c-near" : "c-bar"), words));
  return svg;
};
const lost = (count) => [count, count > 0 ? "count bad" : "count"];
const time = (moment) => moment.slice(0, 19).replace("T", " ");
const tell = (event) => {
  const seen = JSON.parse(event.data);
  show("ongoing", seen.ongoing);
  show("last-hour", seen.last_hour);
  show("lost", seen.lost_last_hour);
  show("missed", seen.failed_last_hour);
  byId("lost").parentElement.className = seen.lost_last_hour > 0 ? "tile bad" : "tile";
  fill("workspaces", seen.workspaces, (row) => [
    [row.workspace], [row.ongoing, "count"], [counted(row.at_retell), "count"], [counted(row.limit), "count"],
    [meter(row), row.limit === null ? "soft" : ""], lost(row.lost_last_hour),
  ]);
  fill("lines", seen.lines, (line) => [
    [line.phone_number ?? "unknown", "mono"], [line.workspace], [line.agent_path ?? line.agent_id ?? "-"],
    [line.ongoing, "count"], [line.last_hour, "count"], lost(line.lost_last_hour),
  ]);
  byId("silent").hidden = seen.lines.length > 0;
  draw(seen.minutes);
  const error = seen.last_error;
  byId("state").className = error?.lasts ? "bad" : "";
  const told = error ? `${error.lasts ? "Events cannot be stored" : "Events could not be stored"} (${time(error.at)}): ${error.why}` : "";
  show("state", [`As of ${time(seen.now)} UTC`, told].filter(Boolean).join(". "));
};
const source = new EventSource(`events${location.search}`);
source.onmessage = tell;
source.addEventListener("unread", () => {
  byId("state").className = "bad";
  show("state", "The store of calls cannot be read; what stands here is what was known before.");
});
source.onerror = () => {
  byId("state").className = "bad";
  show("state", "The receiver does not answer; the page asks again.");
};
