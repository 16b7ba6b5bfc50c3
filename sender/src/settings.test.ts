import assert from "node:assert/strict";
import { test } from "node:test";
import { fitMetaData } from "./metadata.js";
import { checkSettings, overlay } from "./settings.js";

const isColour = (text: string): boolean => text !== "blurple";

function check(given: unknown): [settings: unknown, warnings: string[]] {
  const warnings: string[] = [];
  const settings = checkSettings(given, isColour, (message) => warnings.push(message), fitMetaData);
  return [settings, warnings];
}

function nested(depth: number): unknown {
  return depth === 0 ? "x" : { in: nested(depth - 1) };
}

const good: [name: string, settings: unknown][] = [
  ["nothing", {}],
  ["a customer key", { customerKey: "shop-1" }],
  ["nested metaData", { metaData: { cart: { items: [{ "sku.no": 1 }] }, name: "Zoë", vip: true, tier: null } }],
  ["metaData of any keys", { metaData: { "": "", "first name": "Ada", 名前: "エイダ", ["k".repeat(300)]: [[], {}], ["__proto__"]: { a: null } } }],
  ["metaData seven deep", { metaData: nested(7) }],
  ["the largest exact numbers", { metaData: { n: 2 ** 53 - 1, m: 1 - 2 ** 53, f: 0.1 } }],
  ["metaData that HTML would escape", { metaData: { a: "&".repeat(8192 - 8) } }],
  ["a hex colour", { branding: { primaryColor: "#0af" } }],
  ["an rgb colour", { branding: { primaryColor: "rgb(10 20 30 / 50%)" } }],
  ["an hsl colour", { branding: { secondaryColor: "hsl(210, 60%, 20%)" } }],
  ["a named colour", { branding: { primaryColor: "RebeccaPurple" } }],
  ["an https logo", { branding: { logoUrl: "https://shop.example/logo.svg" } }],
  ["a logo of this site", { branding: { logoUrl: "/logo.svg?v=2" } }],
  ["a logo of this machine", { branding: { logoUrl: "http://127.0.0.1:8080/logo.svg" } }],
  ["a logo in the URL", { branding: { logoUrl: "data:image/png;base64,iVBORw0KGgo=" } }],
  ["a title of 100 characters, however many bytes they have", { branding: { dialogTitle: "😀".repeat(100) } }],
  ["corners, radii, fonts and layers", { branding: { position: "top-left", cornerRadius: "0.5em", font: '"Source Sans 3", Inter, sans-serif', zIndex: 5 } }],
  ["exact origins", { frames: ["https://pay.example", "http://localhost:8080"], parents: ["https://shop.example:8443"] }],
  ["a message of several lines", { branding: { supportMessage: "Call us.\nThen start." } }],
];
for (const [name, settings] of good) {
  test(`${name} is taken as it is`, () => {
    assert.deepEqual(check(settings), [settings, []]);
  });
}

const bad: [name: string, given: unknown, warning: string][] = [
  ["a list for metaData", { metaData: [1] }, "settings.metaData is not valid"],
  ["text for branding", { branding: "blue" }, "settings.branding is not valid"],
  ["an unknown colour", { branding: { primaryColor: "blurple" } }, "settings.branding.primaryColor is not valid"],
  ["a colour that depends on its place", { branding: { primaryColor: "currentColor" } }, "settings.branding.primaryColor is not valid"],
  ["more CSS than a colour", { branding: { secondaryColor: "red; } * { display: none" } }, "settings.branding.secondaryColor is not valid"],
  ["a variable", { branding: { primaryColor: "var(--x)" } }, "settings.branding.primaryColor is not valid"],
  ["a logo over plain HTTP", { branding: { logoUrl: "http://shop.example/logo.svg" } }, "settings.branding.logoUrl is not valid"],
  ["a logo of another site in disguise", { branding: { logoUrl: "//evil.example/logo.svg" } }, "settings.branding.logoUrl is not valid"],
  ["a script for a logo", { branding: { logoUrl: "javascript:alert(1)" } }, "settings.branding.logoUrl is not valid"],
  ["a page in the URL for a logo", { branding: { logoUrl: "data:text/html,x" } }, "settings.branding.logoUrl is not valid"],
  ["a relative logo", { branding: { logoUrl: "logo.svg" } }, "settings.branding.logoUrl is not valid"],
  ["a long title", { branding: { dialogTitle: "t".repeat(101) } }, "settings.branding.dialogTitle is not valid"],
  ["a title with a control character", { branding: { dialogTitle: "a\u0000b" } }, "settings.branding.dialogTitle is not valid"],
  ["a long message", { branding: { supportMessage: "m".repeat(1001) } }, "settings.branding.supportMessage is not valid"],
  ["a place that is no corner", { branding: { position: "middle" } }, "settings.branding.position is not valid"],
  ["a large radius", { branding: { cornerRadius: "100px" } }, "settings.branding.cornerRadius is not valid"],
  ["more CSS than a radius", { branding: { cornerRadius: "1px;color:red" } }, "settings.branding.cornerRadius is not valid"],
  ["more CSS than a font", { branding: { font: "x;} * {display:none" } }, "settings.branding.font is not valid"],
  ["a font whose quotes stay open", { branding: { font: '"Inter, serif' } }, "settings.branding.font is not valid"],
  ["a font from elsewhere", { branding: { font: "url(https://evil.example)" } }, "settings.branding.font is not valid"],
  ["a layer below all others", { branding: { zIndex: -1 } }, "settings.branding.zIndex is not valid"],
  ["a layer that is no number", { branding: { zIndex: "5" } }, "settings.branding.zIndex is not valid"],
  ["a list for texts", { branding: { texts: ["x"] } }, "settings.branding.texts is not valid"],
  ["text for origins", { frames: "https://pay.example" }, "settings.frames is not valid"],
  ["an origin with a path", { frames: ["https://pay.example/"] }, "settings.frames is not valid"],
  ["any origin", { parents: ["*"] }, "settings.parents is not valid"],
  ["the origin of a sandbox", { parents: ["null"] }, "settings.parents is not valid"],
  ["an origin over plain HTTP", { parents: ["https://shop.example", "http://shop.example"] }, "settings.parents is not valid"],
  ["an origin that is none", { parents: [{ toString: () => "https://shop.example" }] }, "settings.parents is not valid"],
  ["a misspelt field", { branding: { primarycolor: "#fff" } }, "settings.branding.primarycolor is not a setting"],
  ["a name that every object has", { constructor: {} }, "settings.constructor is not a setting"],
];
for (const [name, given, warning] of bad) {
  test(`${name} is named and left out`, () => {
    const [settings, warnings] = check(given);
    assert.equal(warnings.length, 1, String(warnings));
    assert.ok(warnings[0]!.startsWith(warning), warnings[0]);
    assert.ok(JSON.stringify(settings) === "{}" || JSON.stringify(settings) === '{"branding":{}}', JSON.stringify(settings));
  });
}

for (const [name, customerKey] of [["a number", 7], ["a private key", "-----BEGIN PRIVATE KEY-----"], ["a long text", "k".repeat(1025)]] as const) {
  test(`${name} for a customer key leaves one that nothing can be sealed to`, () => {
    const [settings, warnings] = check({ customerKey });
    assert.deepEqual(settings, { customerKey: "?" });
    assert.match(String(warnings), /^settings\.customerKey is not valid.*make a new pair$/);
  });
}

test("a bad field costs no good one", () => {
  const [settings] = check({ metaData: 7, branding: { primaryColor: "blurple", dialogTitle: "Help" } });
  assert.deepEqual(settings, { branding: { dialogTitle: "Help" } });
});

const circular: Record<string, unknown> = { plan: "pro" };
circular["self"] = { around: circular };
const inPart: [name: string, metaData: object, want: unknown, warnings: string[]][] = [
  ["metaData eight deep", { a: nested(7), b: 1 }, { a: { in: { in: { in: { in: { in: {} } } } } }, b: 1 }, ["settings.metaData.a.in.in.in.in.in.in is nested deeper than 7"]],
  ["metaData that holds itself", circular, { plan: "pro", self: {} }, ["settings.metaData.self.around is no JSON"]],
  ["numbers that are not exact", { order: { ids: [1, 1234567890123456789] }, "a b": -1e300, n: NaN, m: 1 }, { order: { ids: [1, null] }, m: 1 },
    ["settings.metaData.order.ids.1 is a number", "settings.metaData.a b is a number", "settings.metaData.n is a number"]],
  ["what JSON has not", { n: 1n, f: () => 1, u: undefined, s: Symbol(), get g(): number { throw new Error(); }, j: { toJSON() { throw new Error(); } }, m: 1 }, { m: 1 },
    ["settings.metaData.n is no JSON", "settings.metaData.g is no JSON", "settings.metaData.j is no JSON"]],
  ["large metaData", { text: "x".repeat(1e6), customer: "4711", cart: { note: "ü".repeat(4096), items: 3 }, ids: new Array(5000).fill(0) }, { customer: "4711", cart: { items: 3 } },
    ["settings.metaData.text is too large", "settings.metaData.ids is too large", "settings.metaData.cart.note is too large"]],
  ["a date and boxed values", { d: new Date(0), n: new Number(1), s: new String("s") }, { d: "1970-01-01T00:00:00.000Z", n: 1, s: "s" }, []],
];
for (const [name, metaData, want, starts] of inPart) {
  test(`of ${name} only what is beyond the limits is left out, by name`, () => {
    const [settings, warnings] = check({ metaData });
    assert.deepEqual(settings, { metaData: want });
    assert.equal(warnings.length, starts.length, String(warnings));
    starts.forEach((start, i) => assert.ok(warnings[i]!.startsWith(start) && warnings[i]!.endsWith("; it is left out"), warnings[i]));
  });
}

test("much that is small is left out without blocking the page, until it fits", () => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, { n: {} }]));
  const [settings, warnings] = check({ metaData: many });
  const { metaData } = settings as { metaData: object };
  assert.ok(JSON.stringify(metaData).length <= 8192 && warnings.length > 0, `${JSON.stringify(metaData).length}`);
});

const privacies: [name: string, given: unknown, want: unknown, warnings: number][] = [
  ["an open page with selectors", { default: "open", redact: [".a"], hide: ["#b"] }, { default: "open", redact: [".a"], hide: ["#b"] }, 0],
  ["a private page", { default: "private", unredact: ["main"] }, { default: "private", unredact: ["main"] }, 0],
  ["a default that does not exist", { default: "closed", redact: [".a"] }, { default: "private", redact: [".a"], unredact: [] }, 1],
  ["a misspelt list", { redcat: [".a"], unredact: ["p"] }, { default: "private", unredact: [] }, 1],
  ["text for a list", { redact: ".a" }, { default: "private", unredact: [] }, 1],
  ["a number in a list", { hide: [1] }, { default: "private", unredact: [] }, 1],
  ["text for privacy", "private", { default: "private", unredact: [] }, 1],
];
for (const [name, privacy, want, count] of privacies) {
  test(`${name}: what is private stays so`, () => {
    const [settings, warnings] = check({ privacy });
    assert.deepEqual(settings, { privacy: want });
    assert.equal(warnings.length, count, String(warnings));
  });
}

test("later settings add to what is private, however often they come", () => {
  const base = { privacy: { default: "private", redact: [".a"] } } as const;
  const merged = overlay(base, { privacy: { redact: [".b"], hide: ["i"] } });
  assert.deepEqual(merged.privacy, { default: "private", redact: [".a", ".b"], unredact: [], hide: ["i"] });
  assert.deepEqual(overlay(merged, merged), merged);
});

test("empty fields are absent", () => {
  assert.deepEqual(check({ customerKey: "", metaData: null, branding: { dialogTitle: "" } }), [{ branding: {} }, []]);
  assert.deepEqual(check(undefined), [{}, []]);
  assert.deepEqual(check(null), [{}, []]);
});

test("later settings overlay earlier ones field by field", () => {
  const base = { customerKey: "k", metaData: { a: 1, b: 1 }, branding: { dialogTitle: "Help", primaryColor: "#000" } };
  assert.deepEqual(overlay(base, { metaData: { b: 2 }, branding: { primaryColor: "#fff" } }), {
    customerKey: "k",
    metaData: { a: 1, b: 2 },
    branding: { dialogTitle: "Help", primaryColor: "#fff" },
  });
  assert.deepEqual(overlay(base, {}), base);
  assert.deepEqual(overlay({}, base), base);
});


for (const given of ["help", [], 7]) {
  test(`settings that are ${JSON.stringify(given)} make the page private`, () => {
    assert.deepEqual(check(given), [{ privacy: { default: "private" } }, ["settings is not an object; the defaults are used, and this page is private"]]);
  });
}

test("what a page makes of its metaData later does not count until it is given again", () => {
  const metaData: Record<string, unknown> = { cart: { items: 1 } };
  const [settings] = check({ metaData });
  metaData["self"] = metaData;
  assert.deepEqual(settings, { metaData: { cart: { items: 1 } } });
});
