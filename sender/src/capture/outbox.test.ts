import assert from "node:assert/strict";
import { test } from "node:test";
import type { FrameWriter } from "../../../signal/wire/frame.gen.js";
import { Outbox } from "./outbox.js";

test("an asset that a new page overtakes is not reported under a number of that page", async () => {
  Object.assign(globalThis, { window: globalThis });
  let written: string[] = [];
  const failed: number[] = [];
  const writer = {
    get length() { return written.length; },
    begin: () => void (written = []),
    take: () => new Uint8Array(1),
    asset: (id: number) => void written.push(`asset ${id}`),
    assetFailed: (id: number) => void failed.push(id),
  };
  const outbox = new Outbox(writer as unknown as FrameWriter, { frame: () => undefined, backlog: () => 0 });
  let asked = 0;
  const sent = await outbox.asset(1, "image/png", new Uint8Array(100_000), undefined, () => {
    if (++asked === 1) return true;
    outbox.reset();
    return false;
  });
  assert.equal(sent, false);
  assert.deepEqual(failed, []);
});

test("what has been sent of an asset is not sent again because the page has more to tell first", async () => {
  Object.assign(globalThis, { window: globalThis });
  const parts: number[] = [];
  let length = 0;
  const writer = {
    get length() { return length; },
    begin: () => void (length = 0),
    take: () => new Uint8Array(1),
    asset: (_id: number, _type: string, data: Uint8Array) => void (parts.push(data.length), length++),
    assetFailed: () => assert.fail("given up"),
  };
  const outbox = new Outbox(writer as unknown as FrameWriter, { frame: () => undefined, backlog: () => 0 });
  let asked = 0;
  assert.equal(await outbox.asset(1, "image/png", new Uint8Array(100_000), undefined, () => (++asked === 2 || asked === 3 ? undefined : true)), true);
  assert.deepEqual([parts, asked], [[32768, 32768, 32768, 1696], 6]);
});
