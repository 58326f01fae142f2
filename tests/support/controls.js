() => {
  // Every control on the screen: id (kind, place, name), kind and value; each element gets its id as data-control.
  const main = document.querySelector("[data-testid=stMain]");
  const seen = (e) =>
    e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    e.getClientRects().length > 0 &&
    e.getBoundingClientRect().width > 1 &&
    !e.closest("[class*=st-key-unseen-]");
  const words = (e) =>
    (e.getAttribute("aria-label") || e.getAttribute("title") || e.textContent || "")
      .trim()
      .replace(/\s+/g, " ")
      .slice(0, 40);
  const place = (e) => {
    const keyed = e.closest("[class*=st-key-]");
    const key = [...(keyed?.classList ?? [])].find((c) => c.startsWith("st-key-"))?.slice(7) ?? "";
    const own = e.dataset.testid && !e.dataset.testid.startsWith("st") ? e.dataset.testid : "";
    return `${key.replace(/(-[0-9]+)+$/, "")}/${own || words(e)}`;
  };
  const found = [];
  const add = (e, kind, value, disabled = false) => {
    if (!seen(e) || disabled) return;
    let id = `${kind}:${place(e)}`;
    for (let n = 2; found.some((other) => other.id === id); n += 1) id = `${kind}:${place(e)}#${n}`;
    e.dataset.control = id;
    found.push({ id, kind, value });
  };
  for (const e of main.querySelectorAll("[data-control]")) delete e.dataset.control;
  for (const e of main.querySelectorAll("select"))
    add(e, "select", e.selectedOptions[0]?.textContent ?? "", e.options.length < 2 || e.disabled);
  for (const e of main.querySelectorAll("[role=radiogroup]:not([data-testid=stButtonGroup] *)")) {
    const radios = [...e.querySelectorAll("[role=radio]:not(:disabled)")];
    add(e, "radio", e.querySelector("[aria-checked=true]")?.textContent ?? "", radios.length < 2);
  }
  for (const e of main.querySelectorAll(".lx-segments:not([role=radiogroup])")) {
    const pressed = e.querySelector("[aria-pressed=true], [aria-checked=true]")?.textContent ?? "";
    add(e, "segments", pressed, !e.querySelector("button:not(:disabled)"));
  }
  for (const e of main.querySelectorAll("[data-testid=stButtonGroup]")) {
    const on = e.querySelector("[kind$=Active], [aria-checked=true], [data-testid$=Active]");
    add(e, "buttons", on?.textContent ?? "", e.querySelectorAll("button").length < 2);
  }
  for (const e of main.querySelectorAll("input[type=range]")) add(e, "range", e.value, e.disabled || e.min === e.max);
  for (const e of main.querySelectorAll("input[type=checkbox]"))
    add(e.closest("label") ?? e, "check", e.checked, e.disabled);
  for (const e of main.querySelectorAll("input[type=number]")) add(e, "number", e.value, e.disabled || e.readOnly);
  for (const e of main.querySelectorAll("input[type=text]:not([role=combobox])"))
    add(e, "text", e.value, e.disabled || e.readOnly);
  for (const e of main.querySelectorAll("[data-testid=stSelectbox]")) {
    const shown = e.querySelector("[role=combobox]");
    add(e, "menu", shown?.value || e.querySelector("[data-baseweb=select]")?.textContent || shown?.textContent || "");
  }
  for (const e of main.querySelectorAll("details")) add(e.querySelector("summary"), "fold", e.open);
  for (const e of main.querySelectorAll("[role=slider]:not(input)")) {
    add(e, "pad", e.getAttribute("aria-valuetext") ?? e.getAttribute("aria-valuenow") ?? e.dataset.z ?? "");
  }
  for (const e of main.querySelectorAll("button[aria-pressed]"))
    if (!e.closest(".lx-segments")) add(e, "switch", e.getAttribute("aria-pressed"), e.disabled);
  for (const e of main.querySelectorAll("button")) {
    // Streamlit's start or open something.
    if (!e.closest(".lx-body") || e.closest(".lx-segments") || e.hasAttribute("aria-pressed")) continue;
    add(e, "button", "", e.disabled);
  }
  return found;
};
