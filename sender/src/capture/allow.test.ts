import assert from "node:assert/strict";
import { test } from "node:test";
import { attributeValue } from "./allow.js";
import { Allowed, Childless, kindOf } from "./kind.js";

function element(localName: string, more: object = {}): Element {
  const root = { getElementById: (id: string) => id === "place", querySelector: () => null };
  return { localName, parentNode: root, ...more } as unknown as Element;
}

test("what runs, embeds or steers the page is never sent", () => {
  for (const name of ["script", "noscript", "applet", "base", "meta", "animate", "set"]) {
    assert.equal(kindOf(element(name)) & Allowed, 0, name);
  }
  assert.equal(kindOf(element("link", { rel: "preload" })) & Allowed, 0);
  assert.equal(kindOf(element("link", { rel: "alternate StyleSheet" })) & Allowed, Allowed);
  assert.equal(kindOf(element("my-widget")) & Allowed, Allowed);
});

test("what is inside templates, text areas and style sheets is not sent as children", () => {
  for (const name of ["template", "textarea", "style", "iframe", "datalist"]) assert.equal(kindOf(element(name)) & Childless, Childless, name);
});

const attributes: [string, string, string, string | undefined][] = [
  ["a", "onclick", "alert(1)", undefined],
  ["script", "nonce", "abc", undefined],
  ["img", "src", "/private.png?token=1", undefined],
  ["a", "href", "/order/7?token=abc#pay", "/order/7"],
  ["a", "href", "#top", "#top"],
  ["a", "href", "#place", "#place"],
  ["a", "href", "#access_token=abc", "#"],
  ["a", "href", "\n#id_token=abc", "#"],
  ["a", "href", "https://ada:secret@shop.example/a", "https://shop.example/a"],
  ["a", "href", "ht\ntps:/\t/ada:secret@shop.example", "https://shop.example"],
  ["a", "href", "https:/ada:secret@shop.example/a", "https:/shop.example/a"],
  ["a", "href", "HTTPS:ada:secret@shop.example/a", "HTTPS:shop.example/a"],
  ["a", "href", "/@ada/x", "/@ada/x"],
  ["a", "href", "//ada@shop.example/@x", "//shop.example/@x"],
  ["a", "href", "/cart;jsessionid=abc/x", "/cart/x"],
  ["a", "href", "java\nscript:alert(1)", "javascript:"],
  ["a", "href", "https://shop.example/a?b", "https://shop.example/a"],
  ["a", "href", "javascript:alert(1)", "javascript:"],
  ["a", "href", " JavaScript:alert(1)", "JavaScript:"],
  ["a", "href", "javascript:void(0);", "javascript:void(0);"],
  ["a", "href", "javascript:void(location=1)", "javascript:"],
  ["a", "href", "whatsapp://send?phone=4711", "whatsapp:"],
  ["a", "href", "data:text/html,x", "data:"],
  ["form", "action", "/pay", undefined],
  ["iframe", "srcdoc", "<p>", undefined],
  ["input", "value", "4111", undefined],
  ["option", "value", "de", undefined],
  ["progress", "value", "0.5", "0.5"],
  ["div", "data-csrf-token", "abc", undefined],
  ["div", "data-state", "open", "open"],
  ["div", "data-blob", "x".repeat(65), undefined],
  ["div", "class", "card", "card"],
];

for (const [name, attribute, value, want] of attributes) {
  test(`${name} ${attribute}=${value.slice(0, 30)} is sent as ${want}`, () => {
    assert.equal(attributeValue(element(name, { type: "text" }), attribute, value), want);
  });
}

test("the label of a button is sent, what a field holds is not", () => {
  assert.equal(attributeValue(element("input", { type: "submit" }), "value", "Pay"), "Pay");
  assert.equal(attributeValue(element("input", { type: "hidden" }), "value", "tok"), undefined);
});

const redacted: [string, string, string, string | undefined][] = [
  ["a", "href", "/order/7?token=abc#pay", "#"],
  ["a", "title", "Ada", undefined],
  ["p", "class", "card", "card"],
  ["p", "id", "main", "main"],
  ["p", "id", "order-4711", undefined],
  ["p", "aria-label", "Ada", undefined],
  ["p", "data-state", "open", undefined],
  ["p", "data-ada-lovelace", "", undefined],
  ["p", "dir", "ada", ""],
  ["p", "lang", "ada lovelace", undefined],
  ["p", "hidden", "", ""],
  ["p", "hidden", "ada", ""],
  ["input", "type", "text", "text"],
  ["input", "type", "ada", undefined],
  ["li", "type", "ada", undefined],
  ["li", "type", "disc", "disc"],
  ["p", "lang", "en-Latn-GB", "en-Latn-GB"],
  ["p", "lang", "en-lovelace", undefined],
  ["p", "style", "width: 40%; --x: Ada; background: url(/ada.png); content: 'Ada'; color: rgb(1, 2, 3)", "width: 40%; color: rgb(1, 2, 3)"],
  ["p", "style", "background: url(data:image/png;base64,QWRh); color: rgb(1,2,3)", " color: rgb(1,2,3)"],
  ["rect", "onclick", "drawSVG('Ada')", undefined],
  ["progress", "value", "0.5", undefined],
  ["td", "colspan", "2", "2"],
];

for (const [name, attribute, value, want] of redacted) {
  test(`redacted, ${name} ${attribute}=${value.slice(0, 30)} is sent as ${want}`, () => {
    assert.equal(attributeValue(element(name, { type: "text" }), attribute, value, true), want);
  });
}

test("addresses in drawings are not sent", () => {
  const circle = element("circle", { namespaceURI: "http://www.w3.org/2000/svg", style: { fill: "" }, getBBox: 0 });
  assert.equal(attributeValue(circle, "fill", "url(/x.svg?q#a)"), "url(qwelp:0)");
  assert.equal(attributeValue(circle, "fill", "url(#a)"), "url(#a)");
});

test("what is not known is not sent", () => {
  for (const name of ["card", "ng-model", "hx-vals", "x-data", "v-bind:title", "longdesc", "srcdoc", "integrity", "itemid"]) {
    assert.equal(attributeValue(element("div"), name, "Ada"), undefined, name);
  }
});

test("the label of a redacted button is dots", () => {
  assert.equal(attributeValue(element("input", { type: "submit" }), "value", "Pay 4711", true), "••••••••");
});

(globalThis as { CSS?: unknown }).CSS = { escape: (text: string) => text };
