// Present mode on and off: the button, P where nothing has the focus, and Escape. Python holds the state: it stands in the link.
// Escape also leaves a pad that the arrow keys moved, so that they scroll again; Tab goes on from there.
const PADS = '[role="application"], [role="slider"]:not(input), [role="grid"]';

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".lx-present"), button = root.querySelector("button");
  const press = () => setTriggerValue("pressed", true);
  root.classList.toggle("lx-on", data.on);
  root.querySelector("span").textContent = data.on ? "Leave" : "Present";
  root.querySelector("kbd").textContent = data.on ? "Esc" : "P";
  button.title = data.on ? "Back to the whole page (Esc)" : "The figure alone, large, for a class (P)";
  button.onclick = press;
  const key = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const pad = document.activeElement?.closest(PADS);
    if (event.key === "Escape" && pad?.matches(":focus-visible")) { event.preventDefault(); return pad.blur(); }
    const free = [document.body, document.documentElement, null].includes(document.activeElement);
    if (data.on ? event.key === "Escape" : event.key.toLowerCase() === "p" && free) { event.preventDefault(); press(); }
  };
  root.listener?.abort(); // this runs again with new data
  root.listener = new AbortController();
  document.addEventListener("keydown", key, { signal: root.listener.signal });
  return () => setTimeout(() => { if (!root.isConnected) root.listener.abort(); });
}
