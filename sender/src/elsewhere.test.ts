import assert from "node:assert/strict";
import { test } from "node:test";
import { privateAt } from "./elsewhere.js";

const patterns = { "/": false, "/account/": true, "/account/help": false, "/orders/{}": true, "/orders/{}/": false, "/{$}": false, "/bills": true, "/a b/": true, "/x.y": true, "/{}/mail/{$}": true };

for (const [path, want] of [
  ["/", false], ["/elsewhere", false], ["/account/", true], ["/account", true], ["/account/help", false], ["/account/help/me", true], ["/accounts", false],
  ["/orders/17", true], ["/orders/", false], ["/orders/17/print", false], ["/bills", true], ["/bills/1", false], ["/a%20b/c", true], ["/x.y", true], ["/xzy", false],
  ["//account//x", true], ["/%61ccount/", true], ["/%ff", true], ["/ana/mail/", true], ["/ana/mail/1", false],
] as const) {
  test(`${path} is ${want ? "private" : "open"}`, () => assert.equal(privateAt(patterns, path), want));
}

test("of equally long patterns the stricter decides", () => {
  assert.equal(privateAt({ "/a/{}": true, "/{}/b": false }, "/a/b"), true);
  assert.equal(privateAt({ "/a/{}": false, "/{}/b": true }, "/a/b"), true);
});

test("without a pattern that matches a page is open", () => assert.equal(privateAt({ "/account/": true }, "/"), false));
