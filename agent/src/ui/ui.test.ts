import assert from "node:assert/strict";
import { test } from "node:test";
import { duration } from "./duration.js";
import { flatten } from "./flatten.js";
import { wheelSteps } from "./gestures.js";
import { fitting, isPhone } from "./scale.js";
import { Signs } from "./signs.js";
import { verifiedName } from "./verifiedname.js";
import { Visited } from "./visited.js";
import { larger, percent, smaller, zoomOf, type Zoom } from "./zoom.js";

test("durations read like a clock", () => {
  for (const [ms, want] of [[0, "0:00"], [7_900, "0:07"], [247_000, "4:07"], [3_847_000, "1:04:07"], [-5, "0:00"]] as const) {
    assert.equal(duration(ms), want);
  }
});

test("open values are listed as names and texts", () => {
  assert.deepEqual(flatten({ name: "Ana", cart: { total: 3, items: ["a", { id: 1 }] }, none: null, yes: true, empty: {} }), [
    ["name", "Ana"], ["cart › total", "3"], ["cart › items › 1", "a"], ["cart › items › 2 › id", "1"], ["none", "–"], ["yes", "true"], ["empty", "–"],
  ]);
  assert.deepEqual(flatten({}), []);
});

test("a page is shown as large as fits, but never larger than it is", () => {
  assert.equal(fitting(1000, 500, 500, 500), 0.5);
  assert.equal(fitting(1000, 500, 2000, 250), 0.5);
  assert.equal(fitting(400, 800, 2000, 2000), 1);
  assert.equal(fitting(0, 0, 100, 100), 1);
  assert.equal(fitting(1000, 1000, 0, 0), 0.05);
});

test("a phone is told from a window by its size", () => {
  for (const [width, height, want] of [[390, 844, true], [844, 390, true], [480, 1_000, true], [768, 1_024, false], [1_280, 400, false], [0, 0, false]] as const) {
    assert.equal(isPhone(width, height), want, `${width} × ${height}`);
  }
});

test("zooming goes from step to step, from whatever fits", () => {
  for (const [scale, fits, out, into] of [
    [0.53, 0.53, 0.5, 0.75], [0.3, 0.3, "fit", 0.5], [0.5, 0.3, "fit", 0.75], [0.5, 0.9, 0.5, 0.75], [1, 0.5, 0.75, 1.25], [1, 1, 0.75, 1.25], [0.9999, 0.9999, 0.75, 1.25],
    [2, 0.4, 1.5, 2], [1.25, 0.4, 1, 1.5],
  ] as const satisfies [number, number, Zoom, Zoom][]) {
    assert.equal(smaller(scale, fits), out, `out of ${scale}`);
    assert.equal(larger(scale), into, `into ${scale}`);
  }
  for (const [text, want] of [["", "fit"], ["fit", "fit"], ["1.25", 1.25], ["1", 1], ["3", "fit"], ["NaN", "fit"], ["-1", "fit"]] as const) assert.equal(zoomOf(text), want, text);
  assert.equal(percent(0.527), "53 %");
});

test("a notch of a wheel is a step, and so are many small parts of a pinch", () => {
  const turn = wheelSteps();
  assert.deepEqual([-120, 100, 53, -53].map(turn), [1, -1, -1, 1]);
  assert.deepEqual([-20, -20, -20, 20, 20, 20, -49, 49].map(turn), [0, 0, 1, 0, 0, -1, 0, 0]);
});

test("the verified name is what names the customer best", () => {
  for (const [verified, want] of [
    [{ customer: "Ada Lovelace", cartItems: 0 }, "Ada Lovelace"], [{ id: 4711, email: "ada@example.com", name: "Ada" }, "Ada"], [{ user: { id: 7, full_name: "Ada L." } }, "Ada L."],
    [{ "Full Name": "Ada", name: "" }, "Ada"], [{ customerId: 4711 }, "4711"], [{ customer: { tier: "gold" } }, ""], [{ product: { name: "Throw" } }, ""], [{ name: null }, ""],
    [{ cart: { items: [{ name: "Throw" }] }, email: "a@b.example" }, "a@b.example"], [{}, ""], [{ cartItems: 3 }, ""], [{ name: { first: "Ada" } }, ""], [{ customer: ["Ada"] }, ""],
  ] as const) assert.equal(verifiedName(verified), want, JSON.stringify(verified));
});

test("pages count once while the customer is there, also over a reload of the console", () => {
  let kept = 0;
  const visited = new Visited(0, (number) => (kept = number));
  for (const url of ["https://a.example/", "https://a.example/?q=1", "https://a.example/#x", "https://a.example/cart", "https://a.example/"]) visited.at(url);
  assert.equal(visited.count, 3);
  const reloaded = new Visited(kept, (number) => (kept = number));
  reloaded.at("https://a.example/");
  assert.equal(reloaded.count, 3);
  reloaded.at("https://a.example/thanks");
  assert.equal(kept, 4);
  reloaded.clear();
  assert.deepEqual([kept, reloaded.count], [0, 0]);
});

test("who clicks one place again and again, or does nothing for long, may be stuck", () => {
  const signs = new Signs();
  signs.begin(1_000);
  assert.deepEqual([0, 100, 200, 300, 400].map((after) => signs.clicked(50 + after / 100, 50, 2_000 + after)), [false, false, false, true, false]);
  assert.deepEqual([signs.repeats(2_500), signs.repeats(12_000), signs.repeats(13_000)], [5, 5, 0]);
  assert.deepEqual([0, 1, 2, 3, 4].map((n) => signs.clicked(50 + 100 * n, 50, 20_000 + n)), [false, false, false, false, false]); // in many places
  assert.deepEqual([0, 1, 2, 3, 4].map((n) => signs.clicked(50, 50, 30_000 + 2_000 * n)), [false, false, false, false, false]); // slowly
  assert.equal(signs.clicked(50, 50, 38_001), false); // a double click
  assert.deepEqual([signs.idle(60_000), signs.idle(68_001)], [0, 30_000]);
  signs.acted(70_000);
  assert.equal(signs.idle(80_000), 0);
  signs.begin(200_000);
  assert.deepEqual([signs.idle(200_000), signs.repeats(200_000)], [0, 0]);
});
