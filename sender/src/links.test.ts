import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { ConnectionBurst } from "../../signal/wire/wire.gen.js";
import { Links } from "./links.js";

Object.assign(globalThis, { window: globalThis, document: { hidden: false } });

function begin(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const overloads: string[] = [];
  const nothing = (): void => undefined;
  const links = new Links({
    session: () => ({ members: [], iceServers: [], paused: false, relaying: false, place: { session: "s" } }) as never,
    settings: () => ({}),
    socket: { buffered: 0, probe: nothing, relay: nothing, send: nothing } as never,
  }, { path: nothing, unsealable: nothing, control: nothing, laser: nothing, snapshot: nothing, overload: (member) => overloads.push(member), compared: nothing });
  return { links, overloads };
}

test("an agent who comes with new keys, or leaves and comes, again and again gets no more links than it may", (t) => {
  const { warn } = console;
  const warnings: string[] = [];
  console.warn = (text: string) => warnings.push(text);
  try {
    for (const close of [false, true]) {
      t.mock.timers.reset();
      warnings.length = 0;
      const { links, overloads } = begin(t);
      for (let i = 0; i < ConnectionBurst + 200; i++) {
        links.open({ id: "a", name: "", key: `key${i}` } as never);
        if (close) links.close("a");
      }
      assert.deepEqual(overloads, Array(200).fill("a"));
      assert.equal(warnings.filter((text) => text.includes("more than it may")).length, 1);
      links.open({ id: "b", name: "", key: "" } as never);
      assert.equal(overloads.length, 200, "another agent has a budget of its own");
      links.close("a");
      links.close("b");
    }
  } finally {
    console.warn = warn;
  }
});

test("the page of a console that is known keeps its link, which spends nothing", (t) => {
  const { links, overloads } = begin(t);
  for (let i = 0; i < 10 * ConnectionBurst; i++) links.open({ id: "a", name: "", key: "same" } as never);
  assert.deepEqual(overloads, []);
  links.close("a");
});
