import assert from "node:assert/strict";
import { test } from "node:test";
import { device, nowhere, safeCSS, stepsOf, type Means } from "./css.js";
import { Features } from "./features.js";

const features = new Features(["hover: hover", "pointer: coarse", "device-width: 390", "prefers-color-scheme: dark"]);
features.scale = 3;
const arrived: Means = { url: (asset) => (asset === 1 ? "blob:one" : undefined), answer: features.answer };
const safe = (css: string): string => safeCSS(css, arrived).text;

test("assets that have arrived are shown, others wait", () => {
  const css = "a{background:url(qwelp:1)}b{background:url( 'qwelp:2' )}c{mask:URL(\"qwelp:1\")}";
  const { text, assets } = safeCSS(css, arrived);
  assert.equal(text, `a{background:url("blob:one")}b{background:${nowhere}}c{mask:url("blob:one")}`);
  assert.deepEqual(assets, [1, 2]);
});

test("what loads nothing stays as it was", () => {
  for (const css of [
    "p{color:red}", "p{fill:url(#a)}", "p{fill:url( \"#a\" )}", "p{content:\"url(x)\"}", "p{content:'@import x'}", "/* url(x) @import */ p{}",
    ".curl\\:x{}", "p{content:\"\\\"url(x)\"}", "a[title='src(']{}", "#url{}", "@media (x){}", "p{width:1url}", "--image:1", ".image-set{}",
    "p{background:image-set(linear-gradient(red,blue) 1x, url(#a) type(\"image/png\") 2x)}",
  ]) assert.equal(safe(css), css);
});

test("everything that loads is made void, however it is written", () => {
  const cases: [string, string][] = [
    ["url(x)", nowhere],
    ["url(  x  )", nowhere],
    ["url(\"x\")", nowhere],
    ["uRl('x')", nowhere],
    ["u\\72l(x)", nowhere],
    ["\\75 rl(x)", nowhere],
    ["\\000075rl(x)", nowhere],
    ["url(data:image/png,x)", nowhere],
    ["url(javascript:x)", nowhere],
    ["url(qwelp:1x)", nowhere],
    ["url(qwelp:01/../x)", nowhere],
    ["url(a\"b)", nowhere],
    ["url(a b)", nowhere],
    ["url(a\\)b)", nowhere],
    ["url(x", nowhere],
    ["url(\"x", nowhere],
    ["url()", nowhere],
    ["url(\"x\" y)", "qwelp-void(\"x\" y)"],
    ["url(\"x\"/**/)", "qwelp-void(\"x\"/**/)"],
    ["src(\"x\")", "qwelp-void(\"x\")"],
    ["image('x')", "qwelp-void('x')"],
    ["image-set('x' 1x)", "qwelp-void('x' 1x)"],
    ["image-set(url(x) 1x,'y' 2x)", `qwelp-void(${nowhere} 1x,'y' 2x)`],
    ["-webkit-image-set(var(--x) 1x)", "qwelp-void(var(--x) 1x)"],
    ["im\\61ge-set(attr(x) 1x)", "qwelp-void(attr(x) 1x)"],
    ["image-set(linear-gradient(var(--a),red) 1x,--f() 2x)", "qwelp-void(linear-gradient(var(--a),red) 1x,--f() 2x)"],
    ["@import url(x);", `@qwelp-import ${nowhere};`],
    ["@IMPORT 'x';", "@qwelp-import 'x';"],
    ["@\\69mport 'x';", "@qwelp-import 'x';"],
    ["--x:url(x)", `--x:${nowhere}`],
    ["--x:[url(x)]", `--x:[${nowhere}]`],
    ["a[type=url(x)]{}", `a[qwelp-type=${nowhere}]{}`],
    ["[type='x' i]{} url(x)", `[qwelp-type='x' i]{} ${nowhere}`],
  ];
  for (const [css, want] of cases) assert.equal(safe(css), want, css);
});

test("attributes stand for what the customer's pointer and focus do, in selectors only", () => {
  const cases: [string, string][] = [
    ["a:hover{}", "a[qwelp-hover]{}"],
    ["a:not(:hover):focus-visible, b:active > i {}", "a:not([qwelp-hover])[qwelp-focus-visible], b[qwelp-active] > i {}"],
    ["x-a:state(open), x-a:state( Big ) {}", "x-a[qwelp-state-open], x-a[qwelp-state-big] {}"],
    [":host(:defined) :not(:defined) {}", ":host(:not([qwelp-defined])) :not(:not([qwelp-defined])) {}"],
    ["a{&:hover{color:red}animation:hover 1s;b:hover{}}", "a{&[qwelp-hover]{color:red}animation:hover 1s;b[qwelp-hover]{}}"],
    ["@media (hover:hover){a:hover{}}", "@media (min-width: 0){a[qwelp-hover]{}}"],
    ["@media (hover) and (pointer:fine){}", "@media (min-width: 0) and (min-width: 99999999px){}"],
    ["@supports selector(:focus-visible){}", "@supports selector([qwelp-focus-visible]){}"],
    [".hover\\:x:hover{}", ".hover\\:x[qwelp-hover]{}"],
    ["::-webkit-scrollbar-thumb:hover, a::before{}", "::-webkit-scrollbar-thumb:hover, a::before{}"],
    ["p::part(x y):hover, b{}", "p:not([qwelp-none])::part(x y qwelp-hover), b{}"],
    ["::part(x):hover:focus::before{}", ":not([qwelp-none]):not([qwelp-none])::part(x qwelp-hover qwelp-focus)::before{}"],
    ["p::part(x):not(:hover), i:not(:hover){}", "p::part(x):not(:hover), i:not([qwelp-hover]){}"],
    ["::slotted(:hover), :host(:hover), :is(:hover, a), b:has(:hover){}", "::slotted([qwelp-hover]), :host([qwelp-hover]), :is([qwelp-hover], a), b:has([qwelp-hover]){}"],
    ["@scope (a:hover) to (b:hover){i:hover{}}@media (hover:hover){}", "@scope (a[qwelp-hover]) to (b[qwelp-hover]){i[qwelp-hover]{}}@media (min-width: 0){}"],
    ["select:open, p:fullscreen{}", "select:is(:open, [qwelp-open]), p[qwelp-fullscreen]{}"],
    [":focus-ring{} :hoverx{} \":hover{\" a{--x:hover}", ":focus-ring{} :hoverx{} \":hover{\" a{--x:hover}"],
    ["div>script+p, :not(noscript), .script, [data-script]{}", "div>noembed+p, :not(noscript), .script, [data-script]{}"],
    ["p{animation:script 1s}", "p{animation:script 1s}"],
    ["form>p, FORM:hover, .form, [form], x-form, hgroup {}", "hgroup:where([qwelp-form])>p, hgroup:where([qwelp-form])[qwelp-hover], .form, [form], x-form, hgroup:where(:not([qwelp-form])) {}"],
    ["input[type=password]::placeholder, [ TYPE ~= 'Text' ], [type=a i], [type^=\"\\a\"] {}", "input[qwelp-type=password i]::placeholder, [qwelp-type ~= 'Text'  i], [qwelp-type=a i], [qwelp-type^=\"\\a\"] {}"],
    ["[name=\"q[]\"], [readonly], [type], [type-x], [typed], [data-type=b] {}", "[qwelp-name=\"q[]\"], [qwelp-readonly], [qwelp-type], [type-x], [qwelp--typed], [data-type=b] {}"],
    ["input:read-only, p::part(x):read-only:hover {}", "input:not([qwelp-none]):where(:read-only:not([qwelp-editable]:enabled)), p::part(x):read-only:hover {}"],
    ["a{grid-template:[name] 1fr [type] / 1fr;&[name]{}} :read-write{}", "a{grid-template:[name] 1fr [type] / 1fr;&[qwelp-name]{}} :not([qwelp-none]):where(:read-write, [qwelp-editable]:enabled){}"],
    ["button:default, :default-x{}", "button:is(:default, [qwelp-default]), :default-x{}"],
    ["[name(] {} [type\\=x] {}", "[name(] {} [qwelp--type\\=x] {}"],
  ];
  for (const [css, want] of cases) assert.equal(safe(css), want, css);
});

test("strings, comments and units do not hide what follows", () => {
  for (const css of [
    "\"a\n url(x)", "'a\\\n' url(x)", "/* \" */ url(x)", "\"/*\" url(x)", "1url(\")\" url(x) \")", "#url(\")\" url(x) \")",
    "@url(\")\" url(x) \")", "1e3url(\")\" url(x)", "url(#a) url(x)", "\\\" url(x)", "'\\'' url(x)", "-\\url(x) url(x)", "url(a\\\"b) url(x)",
    "url(\"a\\\"b\") url(x)", "<!--url(x)-->", "a\u00a0url(x) url(x)", "\0url(x) url(x)", "\r\nurl(x)", "-->url(x)", "<!-- -->url(x)",
  ]) {
    const text = safe(css);
    assert.ok(text.includes(nowhere), `${JSON.stringify(css)} became ${JSON.stringify(text)}`);
  }
});

test("characters that browsers tokenize differently are escaped", () => {
  assert.equal(safe("p{content:url(#a)'\ue900'}"), "p{content:url(#a)'\\e900 '}");
  assert.equal(safe("\u2190url(x)"), "\\2190 url(x)", "a function without a meaning to either");
});

test("twice as long a sheet takes twice as many steps, whatever is in it", () => {
  const begin = "url(x)"; // has the sheet read
  const repeated = [
    ".a{background:url(\"x\");content:\"\\\"\"}", "@scope ", "@media ", "@media(hover", "@scope(a:hover)", "a:hover ", "script ", "url(", "url( ", "url(\"", "url('x' ", "url(\\", "\\",
    "\\a ", "(", ")", "/*", "*/", "/**/", "\"", "'\n", "\"\\\n", "image-set(", "image-set('x'", ":state(", ":state( ", "::part(", "::a:b(c)", "::a:not(:hover", ":not(:hover", "@", "#", "-", "--", "1e", "<!--", "[type", "[ ", "[type=", "[type=a]", "[type='", "form ", "a:read-only",
  ];
  const cases: [string, (n: number) => string][] = [
    ...repeated.map((piece): [string, (n: number) => string] => [piece, (n) => begin + piece.repeat(n)]),
    ["a part in many states", (n) => `${begin}::part(x)${":hover".repeat(n)}{}`],
    ["an address with much space in it", (n) => `url(a${" ".repeat(n)}b)`],
    ["many in many parentheses", (n) => `${begin}${"(".repeat(n)}${"url(x)".repeat(n)}`],
    ["an at-rule without an end, with much in it", (n) => `${begin}@scope ${"a:hover ".repeat(n)}`],
    ["a query in parentheses, without an end", (n) => `${begin}@media ${"(hover) ".repeat(n)}`],
  ];
  for (const [name, make] of cases) {
    const [once, twice] = [2_000, 4_000].map((n) => stepsOf(make(n), arrived)) as [number, number];
    assert.ok(twice <= 2.1 * once, `${name}: ${once} steps, then ${twice}`);
    assert.ok(safe(make(20_000)).length > 0, name);
  }
});

test("media queries are answered by the customer's device", () => {
  const yes = "(min-width: 0)";
  const no = "(min-width: 99999999px)";
  const cases: [string, string][] = [
    ["(hover)", yes], ["(hover:hover)", yes], ["(HOVER: None)", no], ["(any-hover: none)", yes], ["(any-hover)", no],
    ["( pointer : coarse )", yes], ["(pointer: fine)", no], ["not all and (pointer: none)", `not all and ${no}`],
    ["screen and (prefers-reduced-motion), (prefers-contrast: no-preference)", `screen and ${no}, ${yes}`],
    ["(display-mode)", yes], ["(display-mode: browser)", yes], ["(display-mode: standalone)", no], ["(scripting: enabled)", yes],
    ["(min-resolution: 2dppx)", yes], ["(resolution: 288dpi)", yes], ["(resolution < 3x)", no], ["(-webkit-max-device-pixel-ratio: 2.5)", no],
    ["(min--moz-device-pixel-ratio: 3)", yes], ["(max-device-width: 480px)", yes], ["(max-device-width: 24em)", no], ["(device-width)", yes],
    ["(resolution > calc(1x))", "(resolution > calc(1x))"],
    ["(prefers-color-scheme: dark)", "(prefers-color-scheme: dark)"], ["(min-width: 40em)", "(min-width: 40em)"],
  ];
  for (const [query, want] of cases) {
    assert.equal(safe(`@media ${query}{p{color:red}}`), `@media ${want}{p{color:red}}`, query);
    assert.equal(features.query(query), want, query);
  }
  assert.deepEqual(safeCSS("@media (hover){}", arrived).assets, [device]);
  for (const css of ["p{--a:(hover)}", "a:not(b) (pointer){}", "@supports (hover: none){}", "@container (hover){}"]) assert.equal(safe(css), css);
});

test("style sheets ask for what stands for attributes that mean something to browsers", () => {
  for (const [css, want] of [
    ["[src$='.svg' i], a[target=_BLANK], [pill], x-a:not([raised=\"3\"]), [*|href], [xlink|href] {}", "[qwelp--src$='.svg' i], a[qwelp--target=_BLANK i], [qwelp--pill], x-a:not([qwelp--raised=\"3\"]), [qwelp--href], [qwelp--xlink\\:href] {}"],
    ["[v-on\\:click], [\\73 rc], [data-x], [title], [viewBox], [lang|=en], [SRC|=a] {}", "[qwelp--v-on\\:click], [qwelp--src], [data-x], [title], [viewBox], [lang|=en], [qwelp--src|=a] {}"],
    ["a::after{content:attr(href) attr( data-x ) attr(value) attr(pill, '')}", "a::after{content:attr(qwelp--href) attr( data-x ) attr(value) attr(qwelp--pill, '')}"],
    ["a{grid-template:[src] 1fr / [href] 1fr;&[src]{}}", "a{grid-template:[src] 1fr / [href] 1fr;&[qwelp--src]{}}"],
    ["[u\\72l(x)]{}", `[${nowhere}]{}`],
  ] as const) assert.equal(safe(css), want);
});
