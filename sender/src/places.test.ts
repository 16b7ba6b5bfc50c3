import assert from "node:assert/strict";
import { test } from "node:test";
import { registry } from "./page/registry.js";
import { kindAt, privateElsewhere } from "./places.js";

const places = Object.entries({
  "/account/": 1, "/account/help": 0, "/orders/{}": 1, "/orders/{}/": 0, "/{$}": 0, "/bills": 2, "/a b/": 1, "/x.y": 1, "/{}/mail/{$}": 1, "/admin/": -1,
}).map(([path, kind]) => ({ path, kind }));

for (const [path, want] of [
  ["/", 0], ["/elsewhere", 0], ["/account/", 1], ["/account", 1], ["/account/help", 0], ["/account/help/me", 1], ["/accounts", 0],
  ["/orders/17", 1], ["/orders/", 0], ["/orders/17/print", 0], ["/bills", 2], ["/bills/1", 0], ["/a%20b/c", 1], ["/x.y", 1], ["/xzy", 0],
  ["//account//x", 1], ["/%61ccount/", 1], ["/%ff", -1], ["/ana/mail/", 1], ["/ana/mail/1", 0], ["/admin/users", -1],
] as const) {
  test(`${path} is a place of kind ${want}`, () => assert.equal(kindAt(places, path), want));
}

test("where two patterns match equally a page is private, unless they agree", () => {
  assert.equal(kindAt([{ path: "/a/{}", kind: 1 }, { path: "/{}/b", kind: 0 }], "/a/b"), -1);
  assert.equal(kindAt([{ path: "/a/{}", kind: 1 }, { path: "/{}/b", kind: 1 }], "/a/b"), 1);
});

test("a page that has come from a place of another kind is private, and so is one of which nothing may be seen", () => {
  Object.assign(globalThis, { window: globalThis });
  const from = (path: string, ...to: string[]): boolean[] => {
    Object.assign(registry(), { places, path });
    return to.map(privateElsewhere);
  };
  assert.deepEqual(from("/", "/", "/cart", "/account/", "/bills", "/admin/"), [false, false, true, true, true]);
  assert.deepEqual(from("/account/", "/account/orders", "/", "/bills"), [false, true, true]);
  assert.deepEqual(from("/admin/", "/admin/", "/admin/users"), [false, true]);
  Object.assign(registry(), { places: undefined });
  assert.equal(privateElsewhere("/account/"), false);
});
