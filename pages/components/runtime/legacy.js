// TRANSITION, to be deleted with the last pasted view.js (see register.py): the stores under the names of the old form.
import { models, paths, signals, snapshots } from "./store.js";

const OLD = {
  latentModels: [models, "latent-model"],
  latentSnapshots: [snapshots, "latent-snapshots"],
  latentSignals: [signals, "latent-signal"],
  latentPaths: [paths, "latent-path"],
};

for (const [name, [store, event]] of Object.entries(OLD)) {
  globalThis[name] = store;
  store.subscribe((detail) => globalThis.dispatchEvent(new CustomEvent(event, { detail })));
}
