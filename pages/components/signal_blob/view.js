// Takes a detection, or a stretch of one in full, as bytes, and puts it where `signals` finds it. Shows nothing.
globalThis.latentSignals ??= new Map(); // name of a detection -> {main, detail}: bytes of each
const SIGNALS_KEPT = 3;

export default function ({ data }) {
  const { header: { kind, name } } = readBlock(data), known = latentSignals.get(name) ?? {};
  if (known[kind]?.length === data.length && (kind === "main" || stampOf(known[kind]) === stampOf(data))) return; // a change of theme
  latentSignals.delete(name); // to the end: what was looked at last goes last
  latentSignals.set(name, { ...known, [kind]: data });
  if (latentSignals.size > SIGNALS_KEPT) latentSignals.delete(latentSignals.keys().next().value);
  globalThis.dispatchEvent(new CustomEvent("latent-signal", { detail: name }));
}
