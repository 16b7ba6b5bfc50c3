import assert from "node:assert/strict";
import { test } from "node:test";
import { NamespaceHTML as html, NamespaceMathML as math, NamespaceSVG as svg } from "../../../signal/wire/wire.gen.js";
import { attributeRule, elementRule } from "./allow.js";

const xhtml = "http://www.w3.org/1999/xhtml";
const svgSpace = "http://www.w3.org/2000/svg";

/** The value that an attribute may have in place of the one it has. */
function value(namespace: string, element: string, name: string, text: string): string | undefined {
  const rule = attributeRule(namespace, element, name);
  return rule?.allowed ? rule.allowed(text) : rule && text;
}

test("elements are rebuilt, or something harmless stands for them", () => {
  const cases: [number, string, string, boolean][] = [
    [html, "p", "p", true],
    [html, "x-card", "x-card", true],
    [html, "style", "style", false],
    [html, "iframe", "iframe", false],
    [html, "link", "style", false],
    [html, "script", "noembed", false],
    [html, "meta", "style", false],
    [html, "base", "style", false],
    [html, "noscript", "noscript", false],
    [html, "template", "template", false],
    [html, "frameset", "frameset", true],
    [html, "frame", "frame", false],
    [html, "object", "canvas", false],
    [html, "embed", "canvas", false],
    [html, "SCRIPT", "qwelp-other", true],
    [html, "x-Card", "qwelp-other", true],
    [html, "invented", "qwelp-other", true],
    [html, "__proto__", "qwelp-other", true],
    [svg, "path", "path", true],
    [svg, "script", "metadata", false],
    [svg, "animate", "metadata", false],
    [svg, "set", "metadata", false],
    [svg, "style", "style", false],
    [math, "mi", "mi", true],
    [math, "script", "mrow", true],
    [9, "script", "qwelp-other", true],
  ];
  for (const [space, name, want, children] of cases) {
    const rule = elementRule(space, name);
    assert.deepEqual([rule.name, rule.children], [want, children], `${name} in ${space}`);
  }
});

test("only what brings a style sheet takes one", () => {
  const sheets = ["style", "link", "script", "meta", "p"].filter((name) => elementRule(html, name).sheet);
  assert.deepEqual(sheets, ["style", "link"]);
});

test("attributes that change what is seen stay", () => {
  for (const [element, name, text] of [
    ["p", "class", "a"], ["p", "data-x", "1"], ["p", "aria-label", "b"], ["p", "_ngcontent-abc", ""], ["input", "placeholder", "c"],
    ["slot", "name", "s"], ["x-card", "variant", "big"], ["td", "colspan", "2"], ["dialog", "open", ""],
  ] as const) {
    assert.equal(value(xhtml, element, name, text), text, `${element} ${name}`);
  }
});

test("attributes that run, load, lead elsewhere or shadow the document's properties do not", () => {
  for (const [element, name, text] of [
    ["p", "onclick", "x"], ["p", "ONCLICK", "x"], ["x-card", "onfoo", "x"], ["img", "src", "x"], ["img", "srcset", "x"], ["img", "name", "x"],
    ["form", "name", "x"], ["form", "action", "x"], ["button", "formaction", "x"], ["a", "ping", "x"], ["a", "target", "_top"],
    ["link", "href", "x"], ["p", "href", "x"], ["iframe", "src", "x"], ["iframe", "srcdoc", "x"], ["iframe", "sandbox", "allow-scripts"],
    ["input", "autofocus", ""], ["p", "accesskey", "x"], ["p", "nonce", "x"], ["p", "is", "x"], ["meta", "http-equiv", "refresh"],
    ["body", "background", "x"], ["x-card", "src", "x"], ["x-card", "autofocus", ""], ["x-card", "xlink:href", "x"], ["p", "@click", "x"],
    ["p", "", "x"], ["img", "usemap", "x"], ["p", "spellcheck", "true"], ["style", "type", "text/less"],
  ] as const) {
    assert.equal(value(xhtml, element, name, text), undefined, `${element} ${name}=${text}`);
  }
});

test("links lead nowhere", () => {
  for (const text of ["javascript:x", " \u0001JaVa\nScript:x", "data:text/html,x", "blob:x", "/a", "#a", "?", "https://shop.example/"]) {
    const address = value(xhtml, "a", "href", text) as string;
    assert.equal(URL.canParse(address, "https://agent.example/"), false, text);
  }
});

test("SVG refers to its own document only", () => {
  const inSVG = (element: string, name: string, text: string): unknown => value(svgSpace, element, name, text);
  assert.equal(inSVG("use", "href", "#icon"), "#icon");
  assert.equal(inSVG("use", "xlink:href", "#icon"), "#icon");
  assert.equal(inSVG("use", "href", "/sprite.svg#icon"), undefined);
  assert.equal(inSVG("image", "href", "#icon"), undefined);
  assert.equal(inSVG("feImage", "xlink:href", "data:x"), undefined);
  assert.equal(URL.canParse(inSVG("a", "xlink:href", "javascript:x") as string, "https://agent.example/"), false);
  assert.equal(attributeRule(svgSpace, "rect", "fill")?.css?.test("url(#a)"), true);
  assert.equal(attributeRule(svgSpace, "rect", "fill")?.css?.test("red"), false);
});

test("what is in the top layer is for the customer's page to tell", () => {
  assert.equal(value(xhtml, "div", "popover", "auto"), "manual");
});
