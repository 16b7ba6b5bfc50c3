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
  ["alone in an image set", `a{background:image-set("x.png?q" 1x, 'y.png' type("image/png") 2x, url(z) 3x)}`, `a{background:image-set(url([x.png?q]) 1x, url([y.png]) type("image/png") 2x, url([z]) 3x)}`],
  ["src()", `a{background:src("x.png?q")}`, `a{background:url([x.png?q])}`],
  ["with modifiers", `a{background:url("x.png?q" crossorigin(anonymous) integrity("sha"))}`, "a{background:url([x.png?q])}"],
  ["an import", `@import "x.css?q";`, "@import url(qwelp:0);"],
  ["a text that looks like one stays", `a::after{content:"url(x)" url(y)}`, `a::after{content:"url(x)" url([y])}`],
  ["no URL at all", "a{color:red}", "a{color:red}"],
];

for (const [name, css, want] of cases) {
  test(`replaceURLs: ${name}`, () => assert.equal(replaceURLs(css, (url) => `[${url}]`), want));
}

// More than in proportion to the text, none of these would end.
test("replaceURLs takes time in proportion to the text", () => {
  for (const part of ["url(", "url( ", "image-set(", 'url("x"', "@namespace  ", '"', "@import  ", "/*", "url(\\"]) replaceURLs(`url(x)${part.repeat(300_000)}`, () => "");
});
