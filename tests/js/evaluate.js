// @ts-check
// What a function of a packed model gives for each value; see tests/node.py.
import { readFileSync } from "node:fs";
import { fromBase64 } from "../../pages/components/runtime/bytes.js";
import { parseModel } from "../../pages/components/runtime/model.js";

const { blob, function: name, values } = JSON.parse(readFileSync(0, "utf8"));
const model = parseModel(fromBase64(blob));
const results = values.map((value) => Array.from(model[name](value)));
console.log(JSON.stringify(results));
