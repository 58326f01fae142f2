// Makes the modules that register.py linked modules of this page. This text stands in front of them, in every
// component.

/**
 * The namespace of the last of these modules. Each becomes one blob: URL, kept by its key: two components that import
 * the same file import the same instance, which is how they share stores.
 * @param {[key: string, text: string][]} modules each after those that it imports, which its text names "lx:key"
 */
// biome-ignore lint/correctness/noUnusedVariables: register.py calls it in the text that follows
async function load(modules) {
  // The page's only global of ours: components are loaded one by one and know nothing else of each other.
  globalThis.latentModules ??= new Map();
  const urls = globalThis.latentModules;
  for (const [key, text] of modules) {
    if (urls.has(key)) continue;
    const linked = text.replace(/(["'])lx:([^"'\n]+)\1/g, (_, quote, other) => quote + urls.get(other) + quote);
    urls.set(key, URL.createObjectURL(new Blob([linked], { type: "text/javascript" })));
  }
  const [key] = modules.at(-1);
  try {
    return await import(urls.get(key));
  } catch (error) {
    console.error(`${key} could not be loaded:`, error);
    throw new Error(`${key} could not be loaded: ${error.message}`, { cause: error });
  }
}
