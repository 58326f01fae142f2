// What every figure is: mounted once for its element, told when its size or what it waits for changes, closed with its element.
// (browser.py puts this text in front of each view.js, as it does evaluator.js.)

const mounted = new WeakMap(); // parentElement -> Live

// Let the figure of an element show `data`; where it is one of another kind, a new one takes its place. Gives what Streamlit calls at the end.
function mount({ data, parentElement, setStateValue }, selector, create, kind = "") {
  let figure = mounted.get(parentElement);
  if (figure?.figureKind !== kind) {
    figure?.close();
    mounted.set(parentElement, figure = Object.assign(create(), { figureKind: kind }));
  }
  figure.receive(parentElement.querySelector(selector), data, setStateValue);
  // Streamlit can also call the cleanup of a run that the next one overtook. Only an element that has left the page is unmounted.
  return () => setTimeout(() => { if (!parentElement.isConnected) { figure.close(); mounted.delete(parentElement); } });
}

// Its own are receive(root, data, setStateValue), resize(), and arrived(name).
class Live {
  held = null; // what the hand is on
  request = 0; // the frame that is asked for
  timer = 0; // what is said or sent after a pause

  // event: what the window hears when something comes that the figure may wait for, or that came anew under its old name.
  constructor(event = "latent-model") {
    const heard = ({ detail }) => { if (this.data) this.arrived(detail); };
    globalThis.addEventListener(event, heard);
    this.unhear = () => globalThis.removeEventListener(event, heard);
    this.observer = new ResizeObserver(() => this.resize());
  }

  close() {
    this.unhear();
    this.observer.disconnect();
    cancelAnimationFrame(this.request);
    clearTimeout(this.timer);
    this.closed = true;
  }

  // Keep what Python says. Whether it is about something else (`about`, or its revision) than before, or in another element.
  heed(root, data, setStateValue, about) {
    const order = JSON.stringify([about, data.revision ?? 0]), fresh = order !== this.order, moved = root !== this.root;
    Object.assign(this, { root, data, setStateValue, order, theme: readTheme(root) });
    return { fresh, moved };
  }
}

// A radio group is one tab stop; the arrows choose.
function radios(group) {
  group.onkeydown = (event) => {
    const turn = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!turn) return;
    event.preventDefault();
    const buttons = [...group.children].filter((button) => !button.disabled);
    const next = buttons[(buttons.indexOf(event.target.closest("button")) + turn + buttons.length) % buttons.length];
    next.focus();
    next.click();
  };
}
