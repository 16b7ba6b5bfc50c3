import assert from "node:assert/strict";
import { test } from "node:test";
import { replaceURLs } from "./css.js";

const cases: [string, string, string][] = [
  ["double quotes", `a{background:url("x.png")}`, "a{background:url([x.png])}"],
  ["single quotes and spaces", "a{background:url(  'x y.png' )}", "a{background:url([x y.png])}"],
  ["no quotes", "a{background:url(../img/x.png?1#2)}", "a{background:url([../img/x.png?1#2])}"],
  ["upper case", "a{background:URL(x.png)}", "a{background:url([x.png])}"],
  ["several", "@font-face{src:url(a.woff2) format('woff2'),url(a.woff)}", "@font-face{src:url([a.woff2]) format('woff2'),url([a.woff])}"],
  ["a place in the document stays", "a{fill:url(#grad);mask:url('#m')}", "a{fill:url(#grad);mask:url('#m')}"],
  ["an empty one stays", "a{background:url()}", "a{background:url()}"],
  ["escapes", String.raw`a{background:url("a\"b\29 c.png")}`, `a{background:url([a"b)c.png])}`],
  ["data with brackets", `a{background:url("data:image/svg+xml,<svg fill='url(%23a)'/>")}`, "a{background:url([data:image/svg+xml,<svg fill='url(%23a)'/>])}"],
  ["a namespace stays", "@namespace svg url(http://www.w3.org/2000/svg);a{b:url(c)}", "@namespace svg url(http://www.w3.org/2000/svg);a{b:url([c])}"],
  ["alone in an image set", `a{background:image-set("x.png?q" 1x, 'y.png' type("image/png") 2x, url(z) 3x)}`, `a{background:image-set(url([y.png]) 2x)}`],
  ["src()", `a{background:src("x.png?q")}`, `a{background:url([x.png?q])}`],
  ["with modifiers", `a{background:url("x.png?q" crossorigin(anonymous) integrity("sha"))}`, "a{background:url([x.png?q])}"],
  ["an import", `@import "x.css?q";`, "@import url(qwelp:0);"],
  ["a text that looks like one stays", `a::after{content:"url(x)" url(y)}`, `a::after{content:"url(x)" url([y])}`],
  ["no URL at all", "a{color:red}", "a{color:red}"],
  ["broken ones go", `a{background:url(a"b) url(c d)}`, "a{background:url(qwelp:0) url(qwelp:0)}"],
  ["of a set, the one that is shown", `a{background:image-set("a.png" 1x, url(b.png) 2x, "c.png" 3x)}`, "a{background:image-set(url([b.png]) 2x)}"],
  ["of a set, one of a type that browsers know", `a{background:-webkit-image-set(url("a.jxl") type("image/jxl") 2x, 'b,(.png' type('image/png') 192dpi)}`, "a{background:image-set(url([b,(.png]) 2x)}"],
  ["a set of gradients", "a{background:image-set(linear-gradient(red, rgb(1,2,3)) 1x)}", "a{background:image-set(linear-gradient(red, rgb(1,2,3)) 1x)}"],
  ["src()", `a{background:src("x.png")}`, "a{background:url([x.png])}"],
  ["the end of another name", "a{background:my-url(x.png)}", "a{background:my-url(x.png)}"],
];

for (const [name, css, want] of cases) {
  test(`replaceURLs: ${name}`, () => assert.equal(replaceURLs(css, (url) => `[${url}]`, 1.5), want));
}

test("replaceURLs: custom properties", () => {
  const seen: string[] = [];
  replaceURLs(`a{--x:url("a;b"),url(c);background:url(d)}b{/* ; */--y : image-set("e" 1x);color:red}`, (url, custom) => (seen.push(`${url} ${custom}`), ""));
  assert.deepEqual(seen, ["a;b true", "c true", "d false", "e true"]);
});

// No text is so long that it overflows the stack, or, as one would with more time than in proportion to it, never ends.
const long: [string, (n: number) => string][] = [
  ["in quotes", (n) => `h1{background:url("data:,${"A".repeat(n)}")}`],
  ["without", (n) => `h1{background:url(data:,${"A".repeat(n)})}`],
  ["escapes", (n) => `h1{background:url("data:,${'\\"'.repeat(n / 2)}")}`],
  ["open", (n) => `h1{background:url("${"a".repeat(n)}`],
  ["many", (n) => "a{b:url(c)}".repeat(n / 11)],
  ["many in one declaration", (n) => `a{--b:${"url(c),".repeat(n / 7)}url(d)}`],
  ["many that are open", (n) => "url(".repeat(n / 4)],
  ["sets", (n) => `a{b:${"image-set(".repeat(n / 10)}`],
  ["namespaces", (n) => "@namespace ".repeat(n / 11) + "url(a)"],
  ["comments", (n) => `a{${"/*".repeat(n / 2)}url(a)}`],
];
for (const [name, make] of long) {
  test(`replaceURLs: long, ${name}`, () => {
    replaceURLs(make(1 << 23), () => "");
  });
}

// More than in proportion to the text, none of these would end.
test("replaceURLs takes time in proportion to the text", () => {
  for (const part of ["url(", "url( ", "image-set(", 'url("x"', "@namespace  ", '"', "@import  ", "/*", "url(\\"]) replaceURLs(`url(x)${part.repeat(300_000)}`, () => "");
});
