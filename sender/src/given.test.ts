import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { readerOf } from "./given.js";
import { fitMetaData } from "./metadata.js";
import { registry } from "./page/registry.js";

Object.assign(globalThis, { window: globalThis, location: { pathname: "/" } });

function warnings(t: TestContext): string[] {
  const said: string[] = [];
  t.mock.method(console, "warn", (message: string) => said.push(message));
  return said;
}

test("what a page gives later is laid over what it gave before, and each mistake is named once", (t) => {
  const said = warnings(t);
  const given: unknown[] = [{ metaData: { a: 1 }, consent: "maybe" }];
  const read = readerOf(given, fitMetaData);
  assert.deepEqual([read(), read()], [{ metaData: { a: 1 } }, { metaData: { a: 1 } }]);
  given.push({ metaData: { b: 2 } });
  assert.deepEqual(read(), { metaData: { a: 1, b: 2 } });
  assert.deepEqual(said, ["qwelp: settings.consent is not valid; its default is used"]);
});

test("settings that cannot be read make the page private and lose no others", (t) => {
  const said = warnings(t);
  const broken = { get privacy(): never { throw new Error("broken"); } };
  const read = readerOf([{ metaData: { a: 1 } }, broken, { metaData: { b: 2 } }], fitMetaData);
  const want = { metaData: { a: 1, b: 2 }, privacy: { default: "private" } };
  assert.deepEqual([read(), read()], [want, want]);
  assert.equal(said.length, 1);
});

test("a page that a script leads to where another tag would say so is private, and open again where it was loaded", () => {
  const read = readerOf([{ privacy: { hide: [".x"], unredact: ["nav"] } }]);
  Object.assign(registry(), { path: "/", places: [{ path: "/account/", kind: 1 }] });
  const at = (pathname: string): unknown => {
    location.pathname = pathname;
    return read().privacy?.default;
  };
  assert.deepEqual(["/", "/account/", "/cart", "/account/orders", "/"].map(at), [undefined, "private", undefined, "private", undefined]);
  location.pathname = "/account/";
  assert.deepEqual(read(), { privacy: { default: "private", hide: [".x"], unredact: [] } });
});
