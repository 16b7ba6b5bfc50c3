import { cssColour, readableOn, textOn, white, type Colour } from "./colour.js";

/** The background of the dark card. */
export const darkSurface: Colour = [29, 32, 37];

const darkRules = ":host { --surface: #1d2025; --ink: #eceff3; --soft: #aab3bf; --line: #3a4049; --control: #8a93a0; --well: #272b32; --danger: #ffb4ab; }";

/** Returns the style sheet that follows the app's colours and the scheme. Without a second colour the head of the card has none of its own. */
export function brandRules(primary: Colour, secondary: Colour | undefined, dark: boolean): string {
  const accent = (surface: Colour): string => `:host { --edge: ${cssColour(readableOn(surface, primary, 3))}; --accent: ${cssColour(readableOn(surface, primary, 4.5))}; }`;
  const head = secondary ? `:host { --head: ${cssColour(secondary)}; --on-head: ${cssColour(textOn(secondary))}; }` : "";
  return `:host { color-scheme: ${dark ? "dark" : "light"} !important; } ${dark ? darkRules : ""} ${accent(dark ? darkSurface : white)} ${head}`;
}

/** The dialog, on top of the rules that it shares with the support button. No rem: it is the page's. */
export const style = `
:host {
  --surface: #fff; --ink: #16191d; --soft: #525b68; --line: #d5dae1; --control: #767f8c; --well: #f2f4f7; --danger: #b3261e;
  --head: var(--surface); --on-head: var(--ink);
}
.card, .card * { box-sizing: border-box; margin: 0; padding: 0; }
.card {
  position: fixed;
  width: min(23em, 100% - 2em);
  max-height: calc(100vh - 2em);
  max-height: calc(100dvh - 2em);
  overflow: auto;
  overscroll-behavior: contain;
  border: 1px solid var(--line);
  border-radius: var(--radius, 1em);
  background: var(--surface);
  color: var(--ink);
  font-size: .9375em;
  overflow-wrap: anywhere;
  box-shadow: 0 2px 6px #0002, 0 12px 40px #0004;
  animation: appear .2s ease-out;
}
.card:focus { outline: none; }
.card[data-corner*=bottom] { bottom: calc(max(1em, env(safe-area-inset-bottom)) + var(--lift, 0px)); }
.card[data-corner*=top] { top: max(1em, env(safe-area-inset-top)); }
.card[data-corner*=left] { left: max(1em, env(safe-area-inset-left)); }
.card[data-corner*=right] { right: max(1em, env(safe-area-inset-right)); }
.head {
  display: flex;
  align-items: center;
  gap: .75em;
  padding-block: 1em;
  padding-inline: 1.25em 6.25em;
  border-bottom: 1px solid var(--line);
  background: var(--head);
  color: var(--on-head);
}
.logo { display: block; max-width: 7em; max-height: 2em; object-fit: contain; }
.title { font-size: 1.0625em; font-weight: 650; line-height: 1.3; }
.body { display: grid; gap: .75em; padding: 1.125em 1.25em 1.25em; }
.head, .grip { touch-action: none; cursor: grab; }
.facts { display: flex; flex-wrap: wrap; gap: 0 .4em; color: var(--soft); font-size: .9333em; }
.facts span:empty, .facts:not(:has(span:not(:empty))) { display: none; }
.clock { font-variant-numeric: tabular-nums; white-space: nowrap; }
.may:not(:empty)::before { content: "· "; }
.headline { display: flex; align-items: first baseline; gap: .6em; font-weight: 600; line-height: 1.35; }
.lines, .notes { display: grid; gap: .4em; color: var(--soft); }
/* What is the app's, in whatever language, has the direction of its own words; that of names, which are isolated, does not count. */
.words, .lines p { unicode-bidi: plaintext; }
.lines { white-space: pre-line; }
.lines p:first-child { color: var(--ink); }
.notes { list-style: none; font-size: .9333em; }
.notes li { display: flex; gap: .6em; }
.notes svg { width: 1.1em; height: 1.45em; color: var(--accent); }
.mark { flex: none; width: .65em; height: .65em; border-radius: 50%; background: var(--accent); forced-color-adjust: none; }
.mark[data-tone=calm] { display: none; }
.mark[data-tone=bad] { background: var(--danger); }
/* Not for ever: browsers paint it anew sixty times a second. */
.mark[data-tone=live] { animation: pulse 2s 3; }
.mark[data-tone=busy] {
  width: 1em;
  height: 1em;
  position: relative;
  top: .13em;
  border: 2px solid var(--line);
  border-top-color: var(--accent);
  background: none;
  animation: turn .9s linear infinite;
}
.code {
  display: block;
  padding: .35em .5em;
  border: 1px solid transparent;
  border-radius: min(var(--radius, .4em), .4em);
  background: var(--well);
  font-size: 1.9em;
  font-weight: 650;
  line-height: 1.3;
  font-variant-numeric: tabular-nums;
  letter-spacing: .04em;
  word-spacing: .18em;
  text-align: center;
  white-space: nowrap;
  user-select: all;
  -webkit-user-select: all;
}
.headline[data-empty], .code:empty, .told, .tool .text, .card:not([data-size=pill]) .short, [data-size=pill] :is(.end .text, .pause .text, .words) {
  position: absolute;
  width: 1px;
  height: 1px;
  padding: 0;
  overflow: hidden;
  clip-path: inset(50%);
}
.phone { justify-self: start; color: var(--accent); font-weight: 600; }
.card .away { min-height: 2em; padding: 0; border: 0; color: var(--soft); font-weight: 400; font-size: .9333em; text-decoration: underline; justify-self: start; }
.card .away:hover { background: none; color: var(--ink); }
.actions { display: flex; flex-wrap: wrap; gap: .6em; margin-top: .35em; }
/* Where the window is low, what can be pressed stays in sight. */
[data-size=open] .actions { position: sticky; bottom: 0; padding-block: .35em; background: var(--surface); }
.actions button { flex: 1 1 auto; }
.card button {
  appearance: none;
  min-height: 2.75em;
  padding: .45em 1em;
  border: 1px solid var(--control);
  border-radius: min(var(--radius, .6em), 1.4em);
  background: transparent;
  color: var(--ink);
  font: inherit;
  font-weight: 600;
  line-height: 1.25;
  cursor: pointer;
}
.card button:hover { background: var(--well); }
.card button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.card .start { border-color: var(--edge); background: var(--primary); color: var(--on-primary); }
.card .start:hover { background: var(--primary); box-shadow: 0 2px 8px #0005; }
.card .end:not([data-calm]) { border-color: var(--danger); color: var(--danger); }
.card button svg { flex: none; }
.actions button { display: flex; align-items: center; justify-content: center; gap: .5em; }
.end svg { fill: currentColor; width: 1.1em; height: 1.1em; }
.pause svg { width: 1.2em; height: 1.2em; }
.tools { position: absolute; top: .5em; inset-inline-end: .75em; display: flex; color: var(--on-head); }
.card .tool {
  display: grid;
  place-items: center;
  width: 2.5em;
  min-height: 2.5em;
  padding: 0;
  border-color: transparent;
  color: inherit;
}
.card .grip { cursor: grab; touch-action: none; }
.card .tool:hover { background: transparent; border-color: currentColor; }
.card .tool:focus-visible { outline-color: currentColor; outline-offset: -2px; }
[data-size=bar], [data-size=pill] { display: flex; align-items: center; width: auto; max-width: min(44em, 100% - 2em); }
[data-size=bar] .body, [data-size=pill] .body { touch-action: none; cursor: grab; }
:is([data-size=bar], [data-size=pill]) :is(.head, .lines, .notes, .copy, .phone, .away) { display: none; }
:is([data-size=bar], [data-size=pill]) .body { flex: 1 1 auto; grid-template-columns: minmax(0, auto) auto; align-items: center; gap: 0 1em; padding-block: .5em; padding-inline: 1em .25em; }
:is([data-size=bar], [data-size=pill]) .code { padding: 0; background: none; font-size: 1.25em; text-align: start; }
:is([data-size=bar], [data-size=pill]) .actions { grid-area: 1 / 2 / span 3; margin: 0; white-space: nowrap; flex-wrap: nowrap; }
:is([data-size=bar], [data-size=pill]) .start:not(:has(~ .decline:not([hidden]))) { display: none; }
:is([data-size=bar], [data-size=pill]) .tools { position: static; flex: none; margin-inline-end: .25em; color: var(--ink); }
:is([data-size=bar], [data-size=pill]) .tool { width: 2.25em; }
[data-size=bar] .words { max-height: 4.1em; overflow: hidden; }
[data-size=pill] { font-size: .875em; }
[data-size=pill] .short { max-width: 10em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
[data-size=pill] .body { grid-template-columns: auto auto auto; gap: 0 .6em; padding-block: .25em; }
[data-size=pill] .facts, [data-size=pill] .code, [data-size=pill] .headline { grid-area: auto; }
[data-size=pill] .may, [data-size=pill] .headline[data-empty] { display: none; }
[data-size=pill] .actions { grid-area: auto; gap: 0; }
[data-size=pill] .actions button { padding: .35em; min-width: 2.25em; min-height: 2.25em; border-color: transparent; }
.frame {
  position: fixed;
  inset: 0;
  border: 3px solid var(--primary);
  box-shadow: inset 0 0 0 1px #fff9;
  pointer-events: none;
}
@media (max-width: 48em) {
  .card[data-size=bar] { display: block; width: min(24em, 100% - 2em); }
  .card[data-size=bar] .body { grid-template-columns: minmax(0, 1fr); gap: .4em; padding: .75em 1em; }
  .card[data-size=bar] .headline { min-height: 2em; padding-inline-end: 6.25em; }
  .card[data-size=bar] .actions { grid-area: auto; white-space: normal; font-size: .9333em; }
  .card[data-size=bar] .actions button { flex: 1 1 40%; padding-inline: .5em; }
  .card[data-size=bar] .tools { position: absolute; top: .25em; inset-inline-end: .25em; margin: 0; }
}
@media (max-width: 30em) {
  .card[data-size=open], .card[data-size=bar] { left: .5em; right: .5em; width: auto; max-width: none; }
}
@media (max-height: 22em) {
  .card[data-size=open] .head { padding-block: .4em; }
  .card[data-size=open] .body { gap: .4em; padding-block: .5em; }
}
@media (pointer: coarse) {
  .card button, .card .tool, [data-size=pill] .actions button { min-width: 44px; min-height: 44px; }
  .phone { padding-block: 12px; margin-block: -8px; }
}
@keyframes pulse { 50% { box-shadow: 0 0 0 .3em color-mix(in srgb, var(--accent) 30%, transparent); } }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
`;
