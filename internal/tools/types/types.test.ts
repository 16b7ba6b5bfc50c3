import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { committed, tsc, types } from "./types.js";

test("the committed types are fresh", () => {
  assert.equal(readFileSync(committed, "utf8"), types(), "assets/dist/index.d.ts needs updating. Run: npm run types");
});

// What the README promises an app's developer, as the compiler sees it. The mistakes are expected: an
// expectation that is not met is an error too.
const page = `
import { startQwelpSession, checkQwelpSessionAutoStart, QwelpSenderSession } from "./index.js";
import type { QwelpConsent, QwelpPosition, QwelpTexts } from "./index.js";

checkQwelpSessionAutoStart();
startQwelpSession({ customerKey: "k", metaData: { cart: [1, 2], name: null }, branding: { primaryColor: "#123456", dialogTitle: "Help" } });
const session = QwelpSenderSession.runningSession;
if (session !== undefined) {
  const code: string = session.getSupportCode();
  const { state, message } = session.getState();
  const waiting: boolean = state === "Waiting" && message !== code;
  const milliseconds: number = session.getSupportDuration();
  const listener = (payload: { readonly connected: boolean; readonly code: string }): void => console.log(payload, waiting, milliseconds);
  session.addEventListener("signallerState", listener);
  session.removeEventListener("signallerState", listener);
  session.addEventListener("connected", ({ connected }) => console.log(connected ? "yes" : "no"));
  session.addEventListener("stop", () => console.log("over"));
  session.stop();
  // @ts-expect-error: there is no such event
  session.addEventListener("stopped", () => {});
}
// @ts-expect-error: the session may not be running
QwelpSenderSession.runningSession.stop();
const consent: QwelpConsent = "code";
const position: QwelpPosition = "top-left";
const texts: QwelpTexts = { start: "Show my page" };
startQwelpSession({ consent, branding: { position, texts } });
// @ts-expect-error: a colour is text
startQwelpSession({ branding: { primaryColor: 1 } });
`;

test("the committed types are all that a strict app needs", () => {
  const dir = mkdtempSync(join(tmpdir(), "qwelp-types-"));
  try {
    writeFileSync(join(dir, "index.d.ts"), readFileSync(committed));
    writeFileSync(join(dir, "page.ts"), page);
    const compilerOptions = { strict: true, noEmit: true, target: "es2022", lib: ["es2022", "dom"], module: "esnext", moduleResolution: "bundler", types: [] };
    writeFileSync(join(dir, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["page.ts", "index.d.ts"] }));
    tsc("-p", dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
