const mostSegments = 12;
const mostChars = 200;

// Words: letters with single marks in between. All else may be a number, an address or a token.
const words = /^\p{L}[\p{L}\p{M}]*([-_.~]\p{L}[\p{L}\p{M}]*)*$/u;
const version = /^v\d{1,2}$/;
const tokens = /[\p{L}\p{M}]{21}|^[a-fA-F]{8,}$|(\p{Ll}\p{Lu}.*){3}/u;

// Words after which tokens come, which may be made of words themselves, and the words that may follow.
const leading = /^(invit.*|einlad.*|uitnodig.*|zaprosz.*|convite|davet|reset|verif.*|confirm.*|token|magic.*|passwordless|unsub.*|opt-?out|share|shared|activat.*|recover.*|redeem|claim|accept|join|link|referral|ref|otp|oauth|auth|sso|signin|onetime|once|secret|key|best(ä|ae)tig.*|aktivier.*|freigabe)$/i;
const following = /^(v\d{1,2}|a|about|account|address|all|app|auth|callback|cancel|change|check|choose|code|complete|completed|confirm|create|device|done|edit|email|e|end|error|expired|facebook|failed|faq|finish|forgot|form|friend|friends|help|html|index|info|invalid|link|linkedin|list|login|logout|mail|mobile|my|new|of|ok|order|orders|password|passwort|phone|php|pinterest|preview|profile|register|request|resend|reset|result|review|s|security|send|sent|settings|sign|in|out|up|signup|sms|start|status|step|success|team|telegram|thank|thanks|the|to|twitter|two|factor|unsubscribe|update|user|users|verify|verified|welcome|whatsapp|x|you|your)$/i;

// Letters that are side by side in fewer than one of a thousand words of eight languages; five consonants in a row are no word either.
const never = /b[qvx]|c[bdfgmpv]|[dktfg][qx]|h[cjqvx]|j[hjqrwxy]|m[jqx]|p[qx]|q[a-tv-z]|[rs]x|v[bcdfghjkmnpqstwxyz]|w[gjqvwx]|x[bdfgjklmnqrswz]|y[qvxy]|z[qvx]/i;
const together = /sch|[cstpkg]h|ck|ng|st|ts|bb|dd|ff|gg|ll|mm|nn|pp|rr|ss|tt/gi;
const consonants = /[b-df-hj-np-tv-xz]{5}|^[b-df-hj-np-tv-xz]+$/i;

/** A path without what could name somebody, for the server's history: by the rules of signal/path.go, which looks again. */
export function redactPath(path: string): string {
  if (path[0] !== "/") return "/:id";
  let led = false;
  let segments = path.slice(1).split("/").map((segment) => {
    const told = redact(segment, led);
    led ||= parts(told).some((word) => leading.test(word));
    return told;
  });
  if (segments.length > mostSegments) segments = [...segments.slice(0, mostSegments), "…"];
  while (segments.length > 1 && [...segments.join("/")].length >= mostChars) segments = [...segments.slice(0, -2), "…"];
  return `/${segments.join("/")}`;
}

const parts = (text: string): string[] => text.split(/[-_.~]/);

/** A segment, or ":id" in its place; led: a word before it leads to tokens. */
function redact(segment: string, led: boolean): string {
  try {
    const text = decodeURIComponent(segment);
    return /^(|:id|:private|…)$/.test(text) || version.test(text) || isWords(text, led) ? text : ":id";
  } catch {
    return ":id"; // No UTF-8.
  }
}

function isWords(text: string, led: boolean): boolean {
  return [...text].length <= 40 && words.test(text) && !tokens.test(text) && parts(text).every((word) => !isRandom(word) && (!led || following.test(word)));
}

/** Whether letters are none of a word. */
function isRandom(word: string): boolean {
  return word.length >= 6 && (never.test(word) || consonants.test(word.replace(together, "s")));
}
