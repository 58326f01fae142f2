// @ts-check
// Which parts of a figure's state the page itself writes into the link, and how; `moved`: those, see `OwnLink`.

/** A key names a part of the state, of a part of it with points between. */
const partOf = (state, key) => key.split(".").reduce((part, name) => part?.[name], state);

/** As pages/ui/link writes it: nine digits; pairs as `key:number`. */
function textOf(value) {
  if (Array.isArray(value)) return value.map(textOf).join(",");
  if (value && typeof value === "object")
    return Object.entries(value)
      .map(([key, number]) => `${key}:${textOf(number)}`)
      .join(",");
  return typeof value === "number" ? String(Number(value.toPrecision(9))) : "";
}

/** What the link says, by name: nothing of what is as by default. */
export function linkTexts(moved, state) {
  const text = ({ key, normal }) => {
    const value = partOf(state, key);
    return JSON.stringify(value) === JSON.stringify(normal) ? "" : textOf(value);
  };
  return Object.fromEntries(moved.map((each) => [each.name, text(each)]));
}

function restOf(moved, state) {
  const rest = structuredClone(state);
  for (const { key } of moved) {
    const names = key.split(".");
    const last = names.pop();
    const holder = partOf({ rest }, ["rest", ...names].join("."));
    if (holder && typeof holder === "object") delete holder[last];
  }
  return JSON.stringify(rest);
}

/** Whether two states differ in nothing else. */
export function onlyMoved(moved, before, now) {
  return restOf(moved, before) === restOf(moved, now);
}
