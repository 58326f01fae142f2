// @ts-check
// The page's link and the browser's history: which entry what is written belongs to.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as writer from "../../pages/components/address/writer.js";

const HOME = "http://here/page";
const bar = { href: HOME };
/** @type {string[]} */ let entries = [];

Object.assign(globalThis, {
  location: {
    get href() {
      return bar.href;
    },
    pathname: "/page",
  },
  history: {
    state: null,
    pushState: (_state, _title, href) => {
      entries.push(href);
      bar.href = href;
    },
    replaceState: (_state, _title, href) => {
      entries[entries.length - 1] = href;
      bar.href = href;
    },
  },
});

beforeEach(() => {
  bar.href = HOME;
  entries = [HOME];
  writer.arrive();
  writer.endWaiting();
  writer.keepUntold({});
});

const said = () => entries.map((entry) => entry.slice(HOME.length));

test("what the page put right before an entry came is in the new one alone", () => {
  writer.tidyLink({ open: "answer" });
  writer.writeTold({ k: "1" }, true);
  assert.deepEqual(said(), ["", "?open=answer&k=1"]);
});

test("the numbers of a choice are in its own entry", () => {
  writer.writeMoved({ z: "1" }, true);
  writer.writeTold({ z: "1" }, true);
  assert.deepEqual(said(), ["", "?z=1"]);
});

test("a drag makes no entry", () => {
  writer.writeMoved({ z: "1" }, false);
  writer.writeTold({ z: "1" }, false);
  assert.deepEqual(said(), ["?z=1"]);
});

test("a drag before the answer to a choice is in its entry, whatever is answered before", () => {
  writer.beginPress();
  writer.writeMoved({ z: "1" }, true);
  writer.beginPress();
  writer.writeMoved({ z: "2" }, false);
  writer.writeTold({ w: "1" }, false);
  writer.keepUntold({ z: "2" });
  writer.writeTold({ w: "1", z: "1", k: "1" }, true);
  assert.deepEqual(said(), ["", "?z=2&w=1&k=1"]);
});

test("once it is answered a press begins anew", () => {
  writer.writeMoved({ z: "1" }, true);
  writer.endWaiting();
  writer.beginPress();
  writer.writeMoved({ z: "2" }, false);
  writer.writeTold({ k: "1" }, true);
  assert.deepEqual(said(), ["?z=2", "?z=2&k=1"]);
});

test("a choice that takes back what the page alone has written makes an entry", () => {
  writer.beginPress();
  writer.writeMoved({ z: "1" }, false);
  writer.keepUntold({ z: "1" });
  writer.beginPress();
  writer.writeMoved({ z: "" }, true);
  writer.keepUntold({});
  writer.writeTold({ z: "" }, true);
  assert.deepEqual(said(), ["?z=1", ""]);
});

test("a choice that changes nothing makes none", () => {
  writer.beginPress();
  writer.writeMoved({ z: "" }, true);
  writer.writeTold({ z: "" }, true);
  assert.deepEqual(said(), [""]);
});
