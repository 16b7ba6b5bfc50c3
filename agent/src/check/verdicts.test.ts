import assert from "node:assert/strict";
import { test } from "node:test";
import { verdicts, type Facts, type Findings, type PageFindings } from "./verdicts.js";

const facts: Facts = { host: "app.example", proto: "HTTP/1.1", tls: true, forwarded: {}, hash: "0123456789ab", now: 0, relay: true, iceServers: [] };
const page: PageFindings = {
  path: "/", status: 200, type: "text/html", redirected: false, cacheControl: "", policy: "", src: "/_qwelp/0123456789ab/auto.js", script: { status: 200, type: "text/javascript" },
};
const found: Findings = {
  host: "app.example", origin: "https://app.example", secure: true, facts, ahead: 12, socket: { opened: true, status: 426 }, open: false, page,
  hashes: ["0123456789ab"], ice: { supported: true, types: ["host"], errors: [] },
};
const turn = [{ urls: ["turn:app.example:3478"], username: "u", credential: "c" }];

test("where nothing is wrong, all is well", () => {
  assert.deepEqual(verdicts(found).filter(({ state, cures }) => state !== "good" || cures.length > 0), []);
});

const cases: [name: string, given: Partial<Findings>, verdict: string, state: "doubt" | "bad", says: RegExp, cure: RegExp | undefined][] = [
  ["a proxy rewrites Host", { facts: { ...facts, host: "127.0.0.1:8080" }, socket: { opened: false, status: 426 } }, "Host", "bad", /sees 127\.0\.0\.1:8080/, /proxy_set_header Host \$http_host;[^]*ProxyPreserveHost On[^]*AllowedOrigins: \[\]string\{"https:\/\/app\.example"\}/],
  ["a proxy passes no upgrades", { socket: { opened: false, status: 426 } }, "WebSocket", "bad", /no WebSocket upgrades/, /proxy_set_header Upgrade[^]*upgrade=websocket[^]*timeout tunnel/],
  ["the socket is nowhere", { socket: { opened: false, status: 404 } }, "WebSocket", "bad", /answered with 404/, /Upgrade/],
  ["one network has too many", { socket: { opened: false, status: 429 } }, "WebSocket", "bad", /too many/, /TrustedProxies/],
  ["the server is going", { socket: { opened: false, status: 503 } }, "WebSocket", "bad", /shutting down/, undefined],
  ["a proxy takes away a part of the path", { facts: { ...facts, forwarded: { prefix: "/shop/" } }, page: { ...page, script: { status: 404, type: "text/plain" } } }, "Path", "bad", /404/, /PublicPrefix: "\/shop\/_qwelp\/"/],
  ["another server answers for the script", { page: { ...page, script: { status: 200, type: "text/html" } } }, "Path", "bad", /leads to/, /PublicPrefix/],
  ["the page is not there", { page: { ...page, status: 404, src: "" } }, "Page", "bad", /404/, undefined],
  ["the page is an image", { page: { ...page, type: "image/png", src: "" } }, "Page", "bad", /no page/, undefined],
  ["the page may not be changed", { page: { ...page, src: "", cacheControl: "no-cache, no-transform" } }, "Page", "bad", /no-transform/, /no-store/],
  ["the page has a policy", { page: { ...page, src: "", policy: "default-src 'none'; script-src https://cdn.example" } }, "Page", "bad", /policy/, /script-src 'self'/],
  ["the page is not in the middleware", { page: { ...page, src: "" } }, "Page", "bad", /q\.Wrap/, /q\.Wrap\(mux\)/],
  ["plain HTTP", { secure: false, origin: "http://app.example" }, "HTTPS", "doubt", /plain HTTP/, undefined],
  ["the app does not see HTTPS", { facts: { ...facts, tls: false } }, "HTTPS", "doubt", /cannot see/, /X-Forwarded-Proto/],
  ["everybody is an agent", { open: true }, "Agents", "bad", /everybody/, /Authorizer/],
  ["a proxy that is not trusted", { facts: { ...facts, trusted: false } }, "Agents", "doubt", /one network/, /TrustedProxies/],
  ["a clock that is wrong", { ahead: -95_000 }, "Clock", "doubt", /95 s behind/, undefined],
  ["two versions", { hashes: ["0123456789ab", "ba9876543210"] }, "Versions", "doubt", /2 versions/, undefined],
  ["TURN that does not answer", { facts: { ...facts, iceServers: turn }, ice: { supported: true, types: ["host"], errors: ["turn:app.example:3478 answers 701"] } }, "Ways between browsers", "bad", /answers 701/, /3478/],
  ["no way between networks", { facts: { ...facts, relay: false } }, "Ways between browsers", "doubt", /no picture/, /RelayAll/],
  ["a browser without WebRTC", { ice: { supported: false, types: [], errors: [] } }, "Ways between browsers", "doubt", /over the relay/, undefined],
];
for (const [name, given, verdict, state, says, cure] of cases) {
  test(name, () => {
    const got = verdicts({ ...found, ...given }).find((one) => one.name === verdict)!;
    assert.equal(got.state, state);
    assert.match(got.says, says);
    const lines = got.cures.map((one) => one.lines).join("\n");
    if (cure) assert.match(lines, cure);
    else assert.equal(lines, "");
  });
}

test("TURN that works is said to", () => {
  const [got] = verdicts({ ...found, facts: { ...facts, iceServers: turn }, ice: { supported: true, types: ["host", "relay"], errors: [] } }).slice(-1);
  assert.deepEqual([got!.state, got!.says], ["good", "TURN works from here."]);
});
