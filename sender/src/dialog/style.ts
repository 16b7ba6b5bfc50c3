import { cssColour, readableOn, textOn, white, type Colour } from "./colour.js";

/** The background of the card when the customer's system is set to dark. */
export const darkSurface: Colour = [29, 32, 37];

/** Returns the style sheet that follows the app's colours. Without a second colour the head of the card has none of its own. */
export function brandRules(primary: Colour, secondary: Colour | undefined): string {
  const accent = (surface: Colour): string => `:host { --accent: ${cssColour(readableOn(surface, primary, 4.5))}; }`;
  const head = secondary ? `:host { --head: ${cssColour(secondary)}; --on-head: ${cssColour(textOn(secondary))}; }` : "";
  return `${accent(white)} @media (prefers-color-scheme: dark) { ${accent(darkSurface)} } ${head}`;
}

/** The dialog, on top of the rules that it shares with the support button. No rem: it is the page's. */
export const style = `
:host {
  --surface: #fff; --ink: #16191d; --soft: #525b68; --line: #d5dae1; --control: #767f8c; --well: #f2f4f7; --danger: #b3261e;
  --head: var(--surface); --on-head: var(--ink);
}
@media (prefers-color-scheme: dark) {
  :host {
    --surface: #1d2025; --ink: #eceff3; --soft: #aab3bf; --line: #3a4049; --control: #8a93a0; --well: #272b32; --danger: #ffb4ab;
  }
}
.card, .card * { box-sizing: border-box; margin: 0; padding: 0; }
.card {
  position: fixed;
  right: max(1em, env(safe-area-inset-right));
  bottom: max(1em, env(safe-area-inset-bottom));
  width: min(23em, 100% - 2em);
  max-height: calc(100vh - 2em);
  max-height: calc(100dvh - 2em);
  overflow: auto;
  overscroll-behavior: contain;
  border: 1px solid var(--line);
  border-radius: 1em;
  background: var(--surface);
  color: var(--ink);
  font-size: .9375em;
  overflow-wrap: anywhere;
  box-shadow: 0 2px 6px #0002, 0 12px 40px #0004;
  animation: appear .2s ease-out;
}
.card:focus { outline: none; }
.head {
  display: flex;
  align-items: center;
  gap: .75em;
  padding-block: 1em;
  padding-inline: 1.25em 3.5em;
  border-bottom: 1px solid var(--line);
  background: var(--head);
  color: var(--on-head);
}
.logo { display: block; max-width: 7em; max-height: 2em; object-fit: contain; }
.title { font-size: 1.0625em; font-weight: 650; line-height: 1.3; }
.body { display: grid; gap: .75em; padding: 1.125em 1.25em 1.25em; }
.headline { display: flex; align-items: first baseline; gap: .6em; font-weight: 600; line-height: 1.35; }
.lines, .notes { display: grid; gap: .4em; color: var(--soft); }
.lines { white-space: pre-line; }
.lines p:first-child { color: var(--ink); }
.notes { list-style: none; font-size: .9333em; }
.notes li { display: flex; gap: .6em; }
.notes svg { width: 1.1em; height: 1.45em; color: var(--accent); }
.mark { flex: none; width: .65em; height: .65em; border-radius: 50%; background: var(--accent); forced-color-adjust: none; }
.mark[data-tone=calm] { display: none; }
.mark[data-tone=bad] { background: var(--danger); }
.mark[data-tone=live] { animation: pulse 2s infinite; }
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
  border-radius: .4em;
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
.headline[data-empty], .code:empty { position: absolute; width: 1px; height: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); }
.actions { display: flex; flex-wrap: wrap; gap: .6em; margin-top: .35em; }
.actions button { flex: 1 1 auto; }
.card button {
  appearance: none;
  min-height: 2.75em;
  padding: .45em 1em;
  border: 1px solid var(--control);
  border-radius: .6em;
  background: transparent;
  color: var(--ink);
  font: inherit;
  font-weight: 600;
  line-height: 1.25;
  cursor: pointer;
}
.card button:hover { background: var(--well); }
.card button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.card .start { border-color: transparent; background: var(--primary); color: var(--on-primary); }
.card .start:hover { background: var(--primary); box-shadow: 0 2px 8px #0005; }
.card .end { border-color: var(--danger); color: var(--danger); }
.card .fold {
  position: absolute;
  top: .625em;
  inset-inline-end: .75em;
  display: grid;
  place-items: center;
  width: 2.5em;
  min-height: 2.5em;
  padding: 0;
  border-color: transparent;
  color: var(--on-head);
}
.card .fold:hover { background: transparent; border-color: currentColor; }
.card .fold:focus-visible { outline-color: currentColor; outline-offset: 0; }
.folded { display: flex; align-items: center; width: auto; max-width: min(34em, 100% - 2em); }
.folded .head, .folded .lines, .folded .notes, .folded .copy { display: none; }
.folded .body { flex: 1; grid-template-columns: minmax(0, 1fr) auto; align-items: center; gap: 0 1em; padding-block: .6em; padding-inline: 1em .25em; }
.folded .code { padding: 0; background: none; font-size: 1.25em; text-align: start; }
.folded .actions { grid-area: 1 / 2 / span 2; margin: 0; white-space: nowrap; }
.folded .code:empty ~ .actions { grid-row: 1; }
.folded .start:not(:has(~ .decline:not([hidden]))) { display: none; }
.folded .words { display: -webkit-box; overflow: hidden; -webkit-box-orient: vertical; -webkit-line-clamp: 3; line-clamp: 3; }
.card.folded .fold { position: static; flex: none; margin-inline-end: .5em; color: var(--ink); }
.frame {
  position: fixed;
  inset: 0;
  border: 3px solid var(--primary);
  box-shadow: inset 0 0 0 1px #fff9;
  pointer-events: none;
}
@media (max-width: 30em) {
  .card.folded .body { grid-template-columns: minmax(0, 1fr); gap: .4em; }
  .card.folded .code ~ .actions { grid-area: auto; }
  .card { right: .5em; bottom: max(.5em, env(safe-area-inset-bottom)); width: calc(100% - 1em); max-width: none; }
}
@keyframes pulse { 50% { box-shadow: 0 0 0 .3em color-mix(in srgb, var(--accent) 30%, transparent); } }
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
`;
