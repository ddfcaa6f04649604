// Writes a project with any quantity of fictional numbers, some of them with names that try to be markup.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const HOSTILE = "</script><script>window.broken = 1</script><img src=x onerror=\"window.broken = 2\">";

const AREAS = [201, 212, 213, 310, 312, 404, 415, 503, 512, 602, 617, 650, 702, 713, 718, 808];
const AGENTS = ["customer-service", "sales-agent", "support-tier1", "support-tier2", "emergency-line", "survey"];
const TIME = "2025-11-16T09:00:00Z";

/**
 * Makes the project in `folder`: all numbers are in the first workspace, four in five in each other one, one in ten
 * unassigned.
 */
export function makeProject(folder, quantity, names = ["staging", "production"]) {
  const write = (path, value) => {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, `${JSON.stringify(value, null, 2)}\n`);
  };
  const id = (workspace, agent) => `agent_${workspace}_${agent}`;
  const workspaces = Object.fromEntries(names.map((name) => [name, { numbers: [], assignments: [] }]));
  for (const agent of AGENTS) {
    write(`agents/${agent}/agent.json`, { agent_name: agent });
    for (const workspace of Object.keys(workspaces)) write(`agents/${agent}/${workspace}.json`, { agent_id: id(workspace, agent) });
  }
  const numbers = {};
  for (let index = 0; index < quantity; index += 1) {
    const area = AREAS[index % AREAS.length];
    const line = String(100 + Math.floor(index / AREAS.length)).padStart(4, "0");
    const number = `+1${area}555${line}`;
    const pretty = `(${area}) 555-${line}`;
    const hostile = index % 1000 === 7;
    const base = { phone_number: number, phone_number_pretty: pretty, phone_number_type: "local", provider: "twilio" };
    const nickname = hostile ? HOSTILE : `Line ${index}`;
    const entry = {
      ...base, area_code: String(area), country_code: "US",
      capabilities: { voice: true, sms: true, mms: true, fax: false },
      twilio: { phone_number_sid: `PN${String(index).padStart(32, "0")}`, trunk_sid: `TK${"0".repeat(31)}${index % 3}`, friendly_name: pretty, date_created: TIME },
      workspaces: {},
      sip_config: { termination_uri: `trunk${index % 3}.pstn.twilio.com`, origination_uri: "sip:sip.retellai.com", auth_type: "credential", has_credentials: true },
      notes: "", tags: hostile ? [HOSTILE] : index % 4 === 0 ? ["sales"] : [],
    };
    for (const [workspace, files] of Object.entries(workspaces)) {
      const isFirst = workspace === names[0];
      if (!isFirst && index % 5 === 0) continue;
      const agent = index % 10 === 3 ? null : AGENTS[(index + (!isFirst && index % 50 === 1 ? 1 : 0)) % AGENTS.length];
      const agent_id = agent && id(workspace, agent);
      const agent_path = agent && `agents/${agent}`;
      const assignment_type = agent ? "inbound-outbound" : "unassigned";
      entry.workspaces[workspace] = { imported: true, import_date: TIME, agent_path, agent_id, assignment_type };
      files.numbers.push({ ...base, import_method: "sip-trunk", import_date: TIME, termination_uri: entry.sip_config.termination_uri, nickname, assigned: Boolean(agent), last_modified: TIME });
      if (agent) {
        files.assignments.push({ phone_number: number, agent_path, agent_name: agent, agent_id, assignment_type, inbound_agent_id: agent_id, outbound_agent_id: agent_id, assigned_date: TIME, last_modified: TIME });
      }
    }
    numbers[number] = entry;
  }
  const count = (list, fits) => list.filter(fits).length;
  for (const [workspace, { numbers: list, assignments }] of Object.entries(workspaces)) {
    const assigned = count(list, (entry) => entry.assigned);
    const by_agent = {};
    for (const entries of [list, assignments]) entries.sort((left, right) => (left.phone_number < right.phone_number ? -1 : 1));
    for (const { agent_path, phone_number } of assignments) (by_agent[agent_path] ??= []).push(phone_number);
    write(`phone-numbers/${workspace}/numbers.json`, { workspace, last_sync: TIME, numbers: list, summary: { total: list.length, assigned, unassigned: list.length - assigned, import_methods: { "sip-trunk": list.length } } });
    write(`phone-numbers/${workspace}/assignments.json`, { workspace, last_updated: TIME, assignments, by_agent, unassigned: list.filter((entry) => !entry.assigned).map((entry) => entry.phone_number) });
  }
  const all = Object.values(numbers);
  const assigned = count(all, (entry) => Object.values(entry.workspaces).some((bound) => bound.agent_id));
  write("phone-numbers/directory.json", {
    version: "1.0.0", last_updated: TIME, numbers,
    metadata: { total_numbers: quantity, by_workspace: Object.fromEntries(names.map((name) => [name, workspaces[name].numbers.length])), by_type: { local: quantity }, by_provider: { twilio: quantity }, assigned, unassigned: quantity - assigned },
  });
}
