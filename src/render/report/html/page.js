// The table of every number: search, filter, sort. Only the rows in view are in the page, so that ten thousand stay
// quick. Every text reaches the page as text (textContent), never as markup.
(() => {
  "use strict";
  const phone = matchMedia("(max-width: 760px)");
  const SPARE = 12;
  // The pixels of a line.
  const LINE = 18;
  // A dozen pages; more rows than these are not worth the paper.
  const PRINTED = 1000;
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const places = data.workspaces.length;
  const view = byId("window");
  // The pixels that a table needs with all columns, and with those that say who answers: the first ones, and one for each
  // workspace. In a stack, those that a workspace needs, and a scroll bar's.
  const [WHOLE, BRIEF, STACKED, BAR] = [[708, 190], [302, 150], 340, 17];
  // How the rows stand: with all columns, with those that say who answers, or, where these find no room, each as a stack: who
  // answers in each workspace, as many side by side as fit, with the number and its name.
  const layout = { kind: "", beside: 1 };
  // The pixels before who answers in a stack, and the letters that surely fit a line, in a column and in a stack.
  const label = Math.min(160, Math.max(76, ...data.workspaces.map((name) => Math.ceil(7.2 * name.length))));
  const LETTERS = { column: 18, stack: Math.max(8, Math.floor((234 - label) / 8.5)) };
  view.style.setProperty("--label", `${label}px`);
  const body = byId("rows");
  const said = byId("said");
  const named = ["text", "status", "workspace", "agent", "type", "area", "trunk"];
  const controls = Object.fromEntries(named.map((name) => [name, byId(`f-${name}`)]));
  // What the filters call a number without an area code, or on no trunk.
  const WITHOUT = "-";

  // A row as it comes: [number, pretty, name, type, area, trunk, tags, bindings, marks], a binding for each workspace that
  // has the number: [who answers, kind, handler, agents].
  const rows = data.rows.map(([number, pretty, name, type, area, trunk, tags, bindings, marks]) => {
    const words = bindings.map((binding) => (binding && binding[0] >= 0 ? data.words[binding[0]] : ""));
    const agents = bindings.flatMap((binding) => (binding ? binding[3].map((place) => data.agents[place]) : []));
    const row = { number, pretty, name, type: data.types[type] || "", area, trunk: data.trunks[trunk] || "", tags, bindings, words, agents };
    row.digits = number.slice(1);
    row.text = [number, pretty, name, row.type, area, row.trunk, ...tags, ...words, ...agents].join("\n").toLowerCase();
    row.lines = (letters) => words.map((text) => Math.ceil(text.length / letters));
    row.differs = marks.includes("differs");
    row.pending = marks.includes("pending");
    row.assigned = bindings.some((binding) => binding && binding[1] !== "unassigned");
    row.imported = bindings.some((binding) => binding);
    return row;
  });

  const columns = [
    (row) => row.number,
    (row) => row.name,
    (row) => row.type,
    (row) => row.area,
    ...data.workspaces.map((_, place) => (row) => row.bindings[place] ? row.words[place] || row.bindings[place][1] : ""),
    (row) => row.trunk,
    (row) => row.tags.join(", "),
  ];
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const order = { column: 0, descending: false };
  const directions = { "inbound-outbound": "in and out", "inbound-only": "in", "outbound-only": "out" };
  let shown = rows;
  // Where each row begins, and where the last one ends.
  let tops = [0];
  let printing = false;

  function fit() {
    const room = view.offsetWidth - BAR;
    const fits = ([first, each]) => room >= first + places * each;
    layout.kind = phone.matches || !fits(BRIEF) ? "stack" : fits(WHOLE) ? "" : "brief";
    layout.beside = Math.max(1, Math.floor(room / STACKED));
    for (const kind of ["stack", "brief"]) view.classList.toggle(kind, kind === layout.kind);
    view.classList.toggle("beside", layout.beside > 1);
    view.style.setProperty("--beside", layout.beside);
  }

  const span = () => (printing || layout.kind === "brief" ? 2 + places : columns.length);

  // A row's pixels: more than usual where who answers needs more lines.
  function height(row) {
    if (layout.kind !== "stack") return 40 + LINE * Math.max(0, ...row.lines(LETTERS.column).map((count) => count - 2));
    const lines = row.lines(LETTERS.stack);
    let pixels = 44;
    for (let at = 0; at < places; at += layout.beside) {
      pixels += 26 + LINE * Math.max(0, ...lines.slice(at, at + layout.beside).map((count) => count - 1));
    }
    return pixels;
  }

  const statuses = {
    "": () => true,
    assigned: (row) => row.assigned,
    unassigned: (row) => !row.assigned,
    partly: (row) => row.assigned && row.bindings.some((binding) => binding && binding[1] === "unassigned"),
    differs: (row) => row.differs,
    nowhere: (row) => !row.imported,
    pending: (row) => row.pending,
  };

  function filter() {
    const words = controls.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const plain = controls.text.value.replace(/[^0-9]/g, "");
    const isPhone = plain.length > 1 && /^[0-9+\-(). /]+$/.test(controls.text.value.trim());
    const [type, agent, area, trunk] = ["type", "agent", "area", "trunk"].map((name) => controls[name].value);
    const place = controls.workspace.value === "" ? -1 : Number(controls.workspace.value);
    const fits = statuses[controls.status.value];
    shown = rows.filter((row) =>
      (type === "" || row.type === type) &&
      (agent === "" || row.agents.includes(agent)) &&
      (area === "" || (row.area || WITHOUT) === area) &&
      (trunk === "" || (row.trunk || WITHOUT) === trunk) &&
      (place < 0 || row.bindings[place]) &&
      fits(row) &&
      ((isPhone && row.digits.includes(plain)) || words.every((word) => row.text.includes(word))));
    sort();
    view.scrollTop = 0;
    draw();
    say();
    remember();
  }

  // The filters stand in the page's address, so that a link leads to what it was made for.
  const keys = Object.fromEntries(named.map((name) => [name === "text" ? "find" : name, name]));

  function remember() {
    const parts = new URLSearchParams();
    for (const [key, name] of Object.entries(keys)) if (controls[name].value) parts.set(key, controls[name].value);
    if (`${parts}` || location.hash.includes("=")) history.replaceState(null, "", `#${parts}`);
  }

  function recall() {
    if (!location.hash.includes("=")) return;
    const parts = new URLSearchParams(location.hash.slice(1));
    for (const [key, name] of Object.entries(keys)) controls[name].value = parts.get(key) ?? "";
    filter();
    byId("numbers-heading").scrollIntoView();
  }

  function sort() {
    const key = columns[order.column];
    const sign = order.descending ? -1 : 1;
    const keyed = shown.map((row) => [key(row), row]);
    // What is empty stays at the end in both directions.
    keyed.sort(([a, left], [b, right]) =>
      (a === "") - (b === "") || sign * (order.column === 0 ? (a < b ? -1 : a > b ? 1 : 0) : collator.compare(a, b)) ||
      (left.number < right.number ? -1 : 1));
    shown = keyed.map(([, row]) => row);
    measure();
  }

  function measure() {
    tops = new Array(shown.length + 1);
    tops[0] = 0;
    shown.forEach((row, at) => { tops[at + 1] = tops[at] + height(row); });
  }

  // The row that stands at so many pixels.
  function row_at(pixels) {
    let [low, high] = [0, Math.max(0, shown.length - 1)];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (tops[middle] <= pixels) low = middle; else high = middle - 1;
    }
    return low;
  }

  function say() {
    const count = (value) => value.toLocaleString("en");
    said.textContent = shown.length === rows.length
      ? `${count(rows.length)} numbers`
      : `${count(shown.length)} of ${count(rows.length)} numbers`;
  }

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function binding(row, place) {
    const cell = element("td");
    cell.dataset.place = data.workspaces[place];
    const bound = row.bindings[place];
    if (!bound) {
      cell.append(element("span", "not imported", "pill"));
    } else if (bound[1] === "unassigned") {
      cell.append(element("span", bound[2] || "unassigned", "pill off"));
      if (row.words[place]) cell.append(element("span", row.words[place], "who"));
    } else {
      const inner = element("div", undefined, "bound");
      inner.append(element("span", row.words[place], "who"));
      inner.append(element("span", directions[bound[1]] ?? bound[1], "pill"));
      cell.append(inner);
      cell.title = `${bound[3].map((agent) => data.agents[agent]).join(", ")} (${bound[1]})`;
    }
    return cell;
  }

  function draw_row(row, position) {
    const line = element("tr", undefined, row.differs ? "differs" : "");
    line.setAttribute("aria-rowindex", String(position + 2));
    const number = element("th", row.number, "number");
    number.scope = "row";
    number.title = row.pretty;
    const name = element("td", row.name, "name");
    name.title = row.name;
    line.append(number, name, element("td", row.type, "minor"), element("td", row.area, "minor"));
    for (let place = 0; place < places; place += 1) line.append(binding(row, place));
    const trunk = element("td", row.trunk, "minor");
    trunk.title = row.trunk;
    const tags = element("td", undefined, "minor");
    for (const tag of row.tags) tags.append(element("span", tag, "pill tag"));
    tags.title = row.tags.join(", ");
    line.append(trunk, tags);
    if (!printing) line.style.height = `${height(row)}px`;
    return line;
  }

  function gap(size) {
    const line = element("tr", undefined, "gap");
    line.setAttribute("aria-hidden", "true");
    const cell = element("td");
    cell.colSpan = span();
    line.append(cell);
    line.style.height = cell.style.height = `${size}px`;
    return line;
  }

  function sentence(text) {
    const line = element("tr");
    const cell = element("td", text, "none");
    cell.colSpan = span();
    line.append(cell);
    return line;
  }

  function draw() {
    if (printing && shown.length > PRINTED) {
      body.replaceChildren(sentence(`${shown.length.toLocaleString("en")} numbers are too many to print: filter them before, to at most ${PRINTED.toLocaleString("en")}.`));
      return;
    }
    const first = printing ? 0 : Math.max(0, row_at(view.scrollTop) - SPARE);
    const last = printing ? shown.length : Math.min(shown.length, row_at(view.scrollTop + (view.clientHeight || 800)) + 1 + SPARE);
    const lines = [];
    if (first > 0) lines.push(gap(tops[first]));
    for (let position = first; position < last; position += 1) lines.push(draw_row(shown[position], position));
    if (last < shown.length) lines.push(gap(tops[shown.length] - tops[last]));
    if (shown.length === 0) lines.push(sentence("No number fits these filters."));
    body.replaceChildren(...lines);
    body.parentElement.setAttribute("aria-rowcount", String(shown.length + 1));
  }

  function options(select, values) {
    for (const value of values) {
      const option = element("option", value);
      option.value = value;
      select.append(option);
    }
  }

  options(controls.type, data.types);
  options(controls.agent, data.agents);
  for (const [name, none] of [["area", "No area code"], ["trunk", "No trunk"]]) {
    const known = [...new Set(rows.map((row) => row[name]))];
    options(controls[name], known.filter(Boolean).sort(collator.compare));
    if (known.includes("")) controls[name].append(new Option(none, WITHOUT));
  }
  data.workspaces.forEach((name, place) => {
    const option = element("option", name);
    option.value = String(place);
    controls.workspace.append(option);
  });
  for (const control of Object.values(controls)) control.addEventListener("input", filter);
  byId("f-clear").addEventListener("click", () => {
    for (const control of Object.values(controls)) control.value = "";
    filter();
    controls.text.focus();
  });
  const heads = [...document.querySelectorAll("#numbers thead th")];
  heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
    order.descending = order.column === column && !order.descending;
    order.column = column;
    heads.forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
    sort();
    view.scrollTop = 0;
    draw();
  }));
  for (const button of document.querySelectorAll("button[data-status]")) {
    button.addEventListener("click", () => {
      controls.status.value = button.dataset.status;
      filter();
      byId("numbers-heading").scrollIntoView();
      controls.text.focus({ preventScroll: true });
    });
  }
  let waiting = false;
  view.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; draw(); });
  }, { passive: true });
  addEventListener("resize", () => { fit(); measure(); draw(); });
  addEventListener("beforeprint", () => { printing = true; draw(); });
  addEventListener("afterprint", () => { printing = false; draw(); });
  addEventListener("hashchange", recall);
  const asked = location.hash;
  fit();
  // The first drawing measures the window, which has its height only with rows in it.
  filter();
  draw();
  if (asked.includes("=")) location.hash = asked;
})();
