// Takes one geodesic and puts it where the morph finds it: latentPaths, model -> {a, b, points}. Shows nothing.
export default function ({ data }) {
  globalThis.latentPaths ??= new Map();
  latentPaths.set(data.model, data);
  globalThis.dispatchEvent(new CustomEvent("latent-path", { detail: data.model }));
}
