import { colourRule, isText, lookRules, matches } from "./look.js";
import type { fitMetaData } from "./metadata.js";
import { isToken } from "./session/known.js";
import type { QwelpBranding, QwelpPrivacy, QwelpSettings } from "./settings.gen.js";

/** What the fields may hold: false, or a text that says more, where one does not. */
type Rules<T> = Record<keyof T, (value: unknown) => boolean | string>;

const settingsRules: Rules<QwelpSettings> = {
  customerKey: () => true,
  consent: matches(/^(ask|code)$/),
  comparisonCode: (value) => typeof value === "boolean",
  metaData: isRecord,
  identity: (value) => typeof value === "function" || isToken(value),
  branding: isRecord,
  privacy: () => true,
  frames: areOrigins,
  parents: areOrigins,
};

const privacyRules: Rules<QwelpPrivacy> = {
  default: (value) => value === "open" || value === "private",
  redact: areSelectors,
  unredact: areSelectors,
  hide: areSelectors,
};

/**
 * Returns the fields of given that hold what they may, and warns of the others by name; without them the defaults
 * apply. isColour tells what the browser's style sheets take for a colour; fit, what may be metaData, of which there is none without it.
 */
export function checkSettings(given: unknown, isColour: (text: string) => boolean, warn: (message: string) => void, fit?: typeof fitMetaData): QwelpSettings {
  const brandingRules: Rules<QwelpBranding> = {
    ...lookRules(isColour),
    secondaryColor: colourRule(isColour),
    logoUrl: isImageURL,
    colorScheme: matches(/^(light|dark)$/),
    supportMessage: (value) => isText(value, 1000),
    closedMessage: (value) => isText(value, 1000),
    phone: matches(/^[+ ()./-]*\d[+\d ()./-]{2,39}$/),
    texts: isRecord, // the dialog looks at them
  };
  if (given !== undefined && given !== null && !isRecord(given)) {
    warn("settings is not an object; the defaults are used, and this page is private"); // it may have said so
    return { privacy: { default: "private" } };
  }
  const settings: { -readonly [K in keyof QwelpSettings]: QwelpSettings[K] } = checked<QwelpSettings>(given, settingsRules, "settings", warn);
  const { metaData } = settings;
  delete settings.metaData;
  // A copy, whatever the page makes of its own object later.
  if (metaData && fit) settings.metaData = fit(metaData, (path, reason) => warn(`settings.metaData${path} ${reason}; it is left out`));
  if (settings.branding) settings.branding = checked<QwelpBranding>(settings.branding, brandingRules, "settings.branding", warn);
  if (settings.customerKey && (!isText(settings.customerKey, 1024) || /PRIVATE KEY/.test(settings.customerKey))) {
    warn("settings.customerKey is not valid: no session can be sealed to it, so none will start. If it is a PRIVATE key, make a new pair");
    settings.customerKey = "?";
  }
  if (settings.privacy) {
    let wrong = false;
    const privacy = checked<QwelpPrivacy>(settings.privacy, privacyRules, "settings.privacy", (message) => {
      wrong = true;
      warn(`${message}; this page is private`);
    });
    // Whoever set it had something to hide.
    settings.privacy = wrong ? { ...privacy, default: "private", unredact: [] } : privacy;
  }
  return settings;
}

/** Lays settings over others, field by field; of privacy, the selectors of both hold. */
export function overlay(base: QwelpSettings, over: QwelpSettings): QwelpSettings {
  const merged = { ...base, ...over };
  if (base.metaData && over.metaData) merged.metaData = { ...base.metaData, ...over.metaData };
  if (base.branding && over.branding) {
    const texts = { ...base.branding.texts, ...over.branding.texts };
    merged.branding = { ...base.branding, ...over.branding, ...(over.branding.texts && { texts }) };
  }
  const lower = base.privacy;
  const upper = over.privacy;
  if (lower && upper) {
    const both = (name: "redact" | "unredact" | "hide"): readonly string[] => [...(lower[name] ?? []), ...(upper[name] ?? [])].filter((one, at, all) => all.indexOf(one) === at);
    merged.privacy = { ...lower, ...upper, redact: both("redact"), unredact: both("unredact"), hide: both("hide") };
  }
  return merged;
}

function checked<T extends object>(given: unknown, rules: Rules<T>, path: string, warn: (message: string) => void): T {
  const kept: Partial<T> = {};
  if (given === undefined || given === null) return kept as T;
  if (!isRecord(given)) {
    warn(`${path} is not an object; the defaults are used`);
    return kept as T;
  }
  for (const [name, value] of Object.entries(given)) {
    // Empty is the same as absent, as it is in Go.
    if (value === undefined || value === null || value === "") continue;
    if (!Object.keys(rules).includes(name)) {
      warn(`${path}.${name} is not a setting`);
      continue;
    }
    const verdict = rules[name as keyof T](value);
    if (verdict === true) kept[name as keyof T] = value as T[keyof T];
    else warn(`${path}.${name}${verdict || " is not valid"}; its default is used`);
  }
  return kept as T;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areSelectors(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => isText(item, 500));
}

/** URLs over HTTPS, or of this machine. */
const secure = /^(https:|http:\/\/(localhost|127(\.\d+){3}|\[::1\])[:/])/;

/** An image over HTTPS, or of this machine, or of this site, or in the URL itself. */
function isImageURL(value: unknown): boolean {
  return typeof value === "string" && (/^\/(?![/\\])|^data:image\//i.test(value) || secure.test(`${parsed(value)}`));
}

function areOrigins(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => secure.test(`${item}/`) && parsed(item)?.origin === item);
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
