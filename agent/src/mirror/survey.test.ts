import assert from "node:assert/strict";
import { test } from "node:test";
import { excess } from "./instances.js";
import { maxInstances, maxSteps } from "./limits.js";
import { readRules } from "./rules.js";
import { survey, type Looks, type Part } from "./survey.js";

type Made = { -readonly [K in keyof Part]: Part[K] } & { last?: Made };

function element(name: string, attributes: Record<string, string> = {}): Made {
  const node: Looks = { localName: name, getAttribute: (wanted) => attributes[wanted] ?? null, getAttributeNames: () => Object.keys(attributes) };
  return { kind: "element", node, first: undefined, younger: undefined };
}

function put(parent: Made, ...children: (Made | Made[])[]): Made {
  for (const child of children.flat()) {
    if (parent.last) parent.last.younger = child;
    else parent.first = child;
    parent.last = child;
  }
  return parent;
}

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const page = (...children: (Made | Made[])[]): Made => put({ kind: "document", node: undefined, first: undefined, younger: undefined }, put(element("html"), put(element("body"), ...children)));

function stepsOf(root: Made, css: string): number {
  return survey(root, [{ sheet: "one", scope: root, rules: readRules(css).rules }]).steps;
}

const flat = page(times(100_000, (i) => element(i % 2 ? "i" : "b")));
const deep = ((): Made => {
  let inner = element("div");
  for (let i = 0; i < 100; i++) inner = put(element("div"), times(500, () => element("b")), inner);
  return page(inner);
})();

const bombs: readonly (readonly [string, Made, string])[] = [
  ["rules for every node", flat, times(3_000, (i) => `b:nth-child(${i}n+1) i ~ b{width:${i}px}`).join("")],
  ["rules for every node, by attributes", page(times(50_000, () => element("p", { title: "x" }))), times(3_000, (i) => `[title]:nth-child(${i}n){width:${i}px}`).join("")],
  [":has()", deep, times(300, (i) => `div:has(b:nth-child(${i}n) ~ i.x){width:1px}`).join("")],
  [":has() in front", deep, times(300, (i) => `div:has(b:nth-child(${i}n) ~ i.x) b{width:1px}`).join("")],
  [":not(:has())", deep, times(3_000, (i) => `:not(:has(.x${i})){width:1px}`).join("")],
  [":nth-last-child(of)", flat, times(300, (i) => `b:nth-last-child(${i}n of b:not(.x${i})){width:1px}`).join("")],
  ["chains of everything", deep, `${"* ".repeat(600)}{width:1px}`.repeat(50)],
  ["siblings of siblings", flat, times(200, (i) => `x${i} > b ~ i ~ b{width:1px}`).join("") + "b.x ~ *{}".repeat(200)],
  ["products by :is()", deep, `${((levels: number): string => times(levels, () => 0).reduce((inner) => `:is(${inner}, ${inner}) *`, "b, i"))(10)} ~ * {color:red}`.repeat(20)],
  ["rules within rules", deep, `${"& b, b &, & & {".repeat(30)}width:1px${"}".repeat(30)}`],
  ["rules too deep", deep, `${"b{".repeat(1_000)}width:1px`],
  ["texts in attributes", page(times(20_000, () => element("p", { title: "x".repeat(2_000) }))), times(500, (i) => `[title*="y${i}"]{}`).join("")],
  ["animations", flat, "b{animation:a 1s infinite}"],
  ["filters", flat, "b{filter:blur(4px)}"],
  ["layers", page(times(2_000, () => element("b"))), `b{box-shadow:${times(3_000, (i) => `${i}px 0 red`).join()}}`],
  ["counters of counters", deep, "b::before{content:counters(a,'.')}"],
  ["anchors of many", page(times(3_000, () => element("b"))), "b{anchor-name:--a;position:absolute;position-anchor:--a;top:anchor(bottom)}"],
  ["paths without end", page(times(1_500, () => element("b"))), `b{clip-path:path("M0 0${" L1 9 9 1".repeat(20_000)}")}`],
  ["columns in columns", deep, "div{columns:5}"],
  ["grids", flat, "body{display:grid;grid:repeat(1000000,1px)/repeat(1000000,auto)} b{grid-area:1/1/1000000/1000000}"],
];

for (const [name, root, css] of bombs) {
  test(`too much, and left out: ${name}`, () => {
    const { rules } = readRules(css);
    const { steps, tooMuch } = survey(root, [{ sheet: "one", scope: root, rules }]);
    assert.ok(steps > maxSteps, `${steps}`);
    const out = tooMuch.get("one")!;
    assert.ok(survey(root, [{ sheet: "one", scope: root, rules: rules.filter((rule) => !out.has(rule)) }]).steps <= maxSteps);
  });
}

test("large pages that people make are not too much", () => {
  const utilities = times(10_000, (i) => `.u${i}{width:${i}px} .hover\\\\:u${i}:hover{color:red}`).join("")
    + ".space > :not([hidden]) ~ :not([hidden]){margin:1px}".repeat(20) + "*,::before,::after{box-sizing:border-box;--tw: 0}"
    + "table td, table th, .table > tbody > tr > td, ul li a, a:hover, button:disabled, [class*=icon-]::before, tr:nth-child(even) td, .card:has(img), body:has(dialog[open]) main{color:red}".repeat(5)
    + "td{columns:2} main{text-align:justify} .spin{animation:spin 1s} .shadow{box-shadow:0 1px 2px red,0 2px 3px red} .icon{filter:drop-shadow(0 0 2px red);position-anchor:--x} thead li::before{content:counters(n,'.')} .icon{clip-path:path('M0 0h9v9z')}";
  const row = (i: number): Made => put(element("tr", { class: `u${i} u${i % 7}` }), times(8, (j) => put(element("td", { class: `u${j} u1${j} px py` }), element("span", { class: "u3" }))));
  const root = page(put(element("table", { class: "table" }), put(element("tbody"), times(6_000, row))), times(20, () => element("i", { class: "spin icon" })));
  const steps = stepsOf(root, utilities);
  assert.ok(steps < maxSteps / 2, `${steps}`);
});

test("a rule counts in its document or shadow root, and only there", () => {
  const host = element("x-card");
  const root: Made = { kind: "shadow", node: undefined, first: undefined, younger: undefined };
  put(host, put(root, element("b")), element("i"));
  const all = page(host, times(1_000, () => element("b")));
  const of = (scope: Made): number => survey(all, [{ sheet: 1, scope, rules: readRules("b:hover{}").rules }]).steps - survey(all, []).steps;
  assert.ok(of(root) < 10 && of(all) > 1_000);
});

test("what is shown again and again by what refers to it is not referred to", () => {
  const build = (by: (level: number) => Record<string, string>, levels: number, each: number) => {
    const byId = new Map<string, Made[]>();
    const referring: Looks[] = [];
    for (let level = 0; level < levels; level++) {
      const shapes = times(each, () => element(level === 0 ? "rect" : "use", level === 0 ? {} : by(level - 1)));
      byId.set(`l${level}`, [put(element("g", { id: `l${level}` }), shapes)]);
      if (level > 0) referring.push(...shapes.map(({ node }) => node as Looks));
    }
    return excess((id) => byId.get(id) ?? [], referring).out;
  };
  const ways = [
    (level: number) => ({ href: `#l${level}` }), (level: number) => ({ "xlink:href": `#l${level}` }), (level: number) => ({ mask: `url(#l${level})` }),
    (level: number) => ({ style: `clip-path: url("#l${level}")` }), (level: number) => ({ "marker-mid": `url('#l${level}')`, d: "M0 0L1 1" }),
  ];
  for (const way of ways) {
    assert.ok(build(way, 12, 10).size > 0);
    assert.equal(build(way, 3, 5).size, 0);
  }
  assert.equal(build((level) => ({ href: `#l${level + 1}` }), 5, 2).size, 0, "what refers to itself");
  const icon = put(element("g", { id: "icon" }), element("path", { d: "M0 0" }));
  assert.equal(excess((id) => (id === "icon" ? [icon] : []), times(18_000, () => element("use", { href: "#icon" }).node as Looks)).out.size, 0, "icons");
  assert.equal(excess((id) => (id === "icon" ? [icon] : []), times(maxInstances, () => element("use", { href: "#icon" }).node as Looks)).out.size, 1);
});
