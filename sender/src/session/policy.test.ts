import assert from "node:assert/strict";
import { test } from "node:test";
import { policyToAdd } from "./policy.js";

const hub = "https://support.example";
const socket = "https://support.example wss://support.example";

const cases: [policy: string, effectiveDirective: string, blockedURI: string, want: RegExp][] = [
  ["script-src https://support.example; connect-src 'self'", "connect-src", "wss://support.example/_qwelp/signal", new RegExp(`Add ${socket} to its connect-src$`)],
  ["Connect-Src 'none'", "connect-src", "wss://support.example", new RegExp(`Add ${socket} to its connect-src$`)],
  ["default-src 'self'", "connect-src", "wss://support.example/_qwelp/signal", new RegExp(`add "connect-src ${socket}", with what default-src says$`)],
  ["default-src 'self'; script-src 'nonce-a'", "script-src-elem", "https://support.example/_qwelp/0/session.js", /Add https:\/\/support\.example to its script-src$/],
  ["script-src-elem 'self'; script-src *", "script-src-elem", "https://support.example/_qwelp/0/session.js", /Add https:\/\/support\.example to its script-src-elem$/],
  ["connect-src 'self'", "connect-src", "https://support.example.evil.example/", /^$/],
  ["connect-src 'self'", "connect-src", "https://support.example:8443/", /^$/],
  ["connect-src 'self'", "connect-src", "https://cdn.example/a.json", /^$/],
  ["style-src 'self'", "style-src-elem", "inline", /^$/],
  ["script-src 'self'", "script-src", "eval", /^$/],
  ["script-src 'self'", "script-src", "", /^$/],
];
for (const [originalPolicy, effectiveDirective, blockedURI, want] of cases) {
  test(`${originalPolicy} that blocks ${blockedURI || "nothing named"}`, () => {
    assert.match(policyToAdd({ blockedURI, disposition: "enforce", effectiveDirective, originalPolicy }, hub), want);
    assert.equal(policyToAdd({ blockedURI, disposition: "report", effectiveDirective, originalPolicy }, hub), "");
  });
}
