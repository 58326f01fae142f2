// Which part of a map is in view.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST, Zoom } from "../../pages/components/latent_pad/zoom.js";

const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} ${b}`);

test("what is under the hand stays there, and the way back is the way there", () => {
  const zoom = new Zoom();
  zoom.by(4, 0.3, 0.6);
  near(zoom.fractionAcross(0.3), 0.3);
  near(zoom.fractionDown(0.6), 0.6);
  near(zoom.across(zoom.fractionAcross(0.17)), 0.17);
  near(zoom.down(zoom.fractionDown(0.91)), 0.91);
  zoom.by(0.25, 0.3, 0.6);
  assert.deepEqual(zoom.state(), [0.5, 0.5, 1]);
});

test("nothing beyond the map is shown, and no more than there is", () => {
  const zoom = new Zoom();
  zoom.by(1e6, 0, 0);
  assert.equal(zoom.scale, MOST);
  near(zoom.fractionAcross(0), 0);
  zoom.pan(100, -100);
  near(zoom.fractionAcross(0), 0);
  near(zoom.fractionDown(1), 1);
  for (const odd of [Number.NaN, undefined, Number.POSITIVE_INFINITY]) {
    zoom.show(odd, odd, odd);
    assert.deepEqual(zoom.state(), [0.5, 0.5, 1]);
  }
});

test("a dot that leaves the view is followed as far as it must be", () => {
  const zoom = new Zoom();
  zoom.show(0.5, 0.5, 5);
  zoom.reveal(0.52, 0.5);
  near(zoom.u, 0.5);
  zoom.reveal(0.8, 0.1);
  near(zoom.across(0.8), 0.95);
  near(zoom.down(0.1), 0.05);
  zoom.whole();
  assert.ok(zoom.isWhole);
});
