// Holds ajv to the same verdicts on the fixtures as the embedded schemas and the types.
//
// It installs nothing; ajv may stand in any folder, which is the one argument:
//
//     npm install --prefix DIR ajv@8
//     node tests/contract/schemas.mjs DIR
//
// It also checks that the schemas, and the specification's examples, are in the form that JSON.stringify prints.
// Exit code 0: everything is as expected; 1: a verdict or a form differs.

import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
const schemas = join(root, "schemas");
const specification = join(root, "tests", "fixtures", "specification");
const [modules] = process.argv.slice(2);
if (!modules) {
  console.error("usage: node tests/contract/schemas.mjs DIR, after `npm install --prefix DIR ajv@8`");
  process.exit(2);
}
const Ajv = createRequire(join(resolve(modules), "package.json"))("ajv/dist/2020.js").default;

const jsonFilesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();

const text = (path) => readFileSync(path, "utf8");
const nameOf = (schema) => basename(schema, ".schema.json");

// Texts that may be null are restricted in a definition without a type, and typed where they are used.
const ajv = new Ajv({ strict: true, strictTypes: false, allErrors: true });
const validators = new Map(jsonFilesBelow(schemas).map((path) => [nameOf(path), ajv.compile(JSON.parse(text(path)))]));
const longestFirst = [...validators.keys()].sort((left, right) => right.length - left.length);

const schemaOf = (path) =>
  path.startsWith(specification)
    ? basename(path, ".json")
    : longestFirst.find((name) => basename(path).startsWith(`${name}-`));

const wrong = [];
const expect = (verdict, paths) => {
  for (const path of paths) {
    if (validators.get(schemaOf(path))(JSON.parse(text(path))) !== verdict) {
      wrong.push(`ajv ${verdict ? "refuses" : "accepts"} ${relative(root, path)}`);
    }
  }
};

const examples = jsonFilesBelow(specification);
const good = [...examples, ...jsonFilesBelow(join(root, "tests", "fixtures", "schema", "good"))];
const bad = jsonFilesBelow(join(root, "tests", "fixtures", "schema", "bad"));
expect(true, good);
expect(false, bad);
for (const path of [...jsonFilesBelow(schemas), ...examples]) {
  if (`${JSON.stringify(JSON.parse(text(path)), null, 2)}\n` !== text(path)) {
    wrong.push(`${relative(root, path)} is not in canonical form`);
  }
}

wrong.forEach((line) => console.error(line));
console.log(`ajv: ${good.length} good and ${bad.length} bad files, ${wrong.length} wrong verdicts`);
process.exitCode = wrong.length === 0 ? 0 : 1;
