import assert from "node:assert/strict";
import { test } from "node:test";
import { readRelayed, relayed } from "../../signal/wire/packet.js";
import type { PrivateKey } from "../../signal/wire/place.js";
import { Relaying } from "../../signal/wire/relaying.js";
import { pageKey } from "./keys.js";
import { Relays } from "./relays.js";

type Bytes = Uint8Array<ArrayBuffer>;

const bytes = (...values: number[]): Bytes => new Uint8Array(values);
const key = async (): Promise<PrivateKey> => (await pageKey())!;
const fromSender = (member: string): boolean => member === "c";

/** Relays of a page, with the company's keys, and what they tell. */
async function begin(...kept: PrivateKey[]) {
  const own = await key();
  const sent: Bytes[] = [];
  const packets: string[] = [];
  const broken: Error[] = [];
  const relays = new Relays(() => Promise.resolve(kept), Promise.resolve(own), {
    send: (message) => sent.push(message),
    packet: (member, link, packet) => packets.push(`${member} ${link} ${packet.join()}`),
    broken: (_, error) => broken.push(error),
  });
  relays.at("s", "a");
  const until = async (ready: () => boolean): Promise<void> => {
    for (const end = Date.now() + 5_000; !ready(); await new Promise(setImmediate)) assert.ok(Date.now() < end, "it does not come");
  };
  /** Takes a box that is refused, and gives why. */
  const refusal = async (link: string, box: Bytes): Promise<string> => {
    const before = broken.length;
    relays.take(relayed("c", link, box), fromSender);
    await until(() => broken.length > before);
    return broken[before]!.message;
  };
  const take = (link: string, box: Bytes): void => relays.take(relayed("c", link, box), fromSender);
  return { relays, own, sent, packets, until, refusal, refusals: () => broken.length, take };
}

const sender = (to: PrivateKey, link = "1", epoch = 1): Promise<Relaying> => Relaying.offer(to.point, { session: "s", agent: "a", link, epoch });

test("packets come and go sealed to the key of the page, in order", async () => {
  const s = await begin();
  const other = await sender(s.own);
  for (let i = 0; i < 20; i++) s.take("1", await other.seal(bytes(i)));
  for (let i = 0; i < 20; i++) s.relays.send("c", "2", bytes(0));
  await s.until(() => s.packets.length === 20);
  assert.deepEqual(s.packets, Array.from({ length: 20 }, (_, i) => `c 1 ${i}`));
  for (let i = 0; i < 20; i++) s.relays.send("c", "1", bytes(i));
  await s.until(() => s.sent.length === 20);
  for (const [i, message] of s.sent.entries()) {
    const { member, link, box } = readRelayed(message);
    assert.deepEqual([member, link, await other.open(box)], ["c", "1", bytes(i)]);
  }
});

test("with a private key of the company, what is sealed to the page only is refused", async () => {
  const company = await key();
  const s = await begin(company);
  assert.match(await s.refusal("1", await (await sender(s.own)).seal(bytes(1))), /private key is not here/);
  s.take("1", await (await sender(company)).seal(bytes(2)));
  await s.until(() => s.packets.length === 1);
  assert.deepEqual(s.packets, ["c 1 2"]);
});

test("what is not for this page now is refused", async () => {
  const s = await begin();
  const other = await sender(s.own, "1", 5);
  const first = await other.seal(bytes(1));
  s.take("1", first);
  await s.until(() => s.packets.length === 1);
  const foreign = await Relaying.offer(s.own.point, { session: "other", agent: "a", link: "2", epoch: 9 });
  const cases: [why: string, link: string, box: Bytes, reason: RegExp][] = [
    ["sealed to another key", "2", await (await sender(await key(), "2", 9)).seal(bytes(1)), /private key is not here/],
    ["replayed", "1", first, /replayed/],
    ["replayed as another link", "2", first, /sealed for something else/],
    ["of an older epoch", "2", await (await sender(s.own, "2", 4)).seal(bytes(1)), /replayed/],
    ["of another session", "2", await foreign.seal(bytes(1)), /sealed for something else/],
    ["garbage", "2", bytes(1, 2, 3), /sealed for something else/],
    ["empty", "2", bytes(), /sealed for something else/],
    ["without its beginning", "2", bytes(0, 0, 0, 0, 0, 1), /is missing/],
  ];
  for (const [why, link, box, reason] of cases) assert.match(await s.refusal(link, box), reason, why);
  s.relays.take(bytes(200), fromSender);
  s.relays.take(relayed("another agent", "1", await other.seal(bytes(2))), fromSender);
  s.take("1", await other.seal(bytes(3)));
  await s.until(() => s.packets.length === 2);
  assert.deepEqual(s.packets, ["c 1 1", "c 1 3"]);
});

test("a link that was refused may still begin", async () => {
  const s = await begin();
  const other = await sender(s.own);
  const box = await other.seal(bytes(1));
  const changed = box.slice();
  changed[changed.length - 1]! ^= 1;
  await s.refusal("1", changed);
  s.take("1", box);
  await s.until(() => s.packets.length === 1);
  assert.deepEqual(s.packets, ["c 1 1"]);
});

test("another session begins anew", async () => {
  const s = await begin();
  const first = await (await sender(s.own, "1", 7)).seal(bytes(1));
  s.take("1", first);
  await s.until(() => s.packets.length === 1);
  s.relays.at("s2", "b");
  assert.match(await s.refusal("1", first), /sealed for something else/);
  s.take("1", await (await Relaying.offer(s.own.point, { session: "s2", agent: "b", link: "1", epoch: 1 })).seal(bytes(2)));
  await s.until(() => s.packets.length === 2);
});

test("what was on its way when the connection broke does not count, and no more waits than may", async () => {
  const s = await begin();
  const other = await sender(s.own);
  const [before, box] = [await other.seal(bytes(1)), await other.seal(bytes(2))];
  s.take("1", before);
  s.relays.unseated();
  for (let i = 0; i < 20; i++) s.take("2", new Uint8Array(100_000));
  await s.until(() => s.refusals() >= 10); // a megabyte
  for (let i = 0; i < 600; i++) s.take("2", bytes(1));
  await s.until(() => s.refusals() >= 10 + 512);
  s.take("1", box);
  await s.until(() => s.packets.length === 1);
  assert.deepEqual([s.packets, s.refusals()], [["c 1 2"], 10 + 512]);
});
