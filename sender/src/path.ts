const mostSegments = 12;
const mostChars = 200;

// Words: letters with single marks in between. All else may be a number, an address or a token.
const words = /^\p{L}[\p{L}\p{M}]*([-_.~]\p{L}[\p{L}\p{M}]*)*$/u;
const version = /^v\d{1,2}$/;
const tokens = /[\p{L}\p{M}]{21}|^[a-fA-F]{8,}$|(\p{Ll}\p{Lu}.*){3}/u;

/** A path without what could name somebody, for the server's history: by the rules of signal/path.go, which looks again. */
export function redactPath(path: string): string {
  if (path[0] !== "/") return "/:id";
  let segments = path.slice(1).split("/").map(redact);
  if (segments.length > mostSegments) segments = [...segments.slice(0, mostSegments), "…"];
  while (segments.length > 1 && [...segments.join("/")].length >= mostChars) segments = [...segments.slice(0, -2), "…"];
  return `/${segments.join("/")}`;
}

function redact(segment: string): string {
  try {
    const text = decodeURIComponent(segment);
    return /^(|:id|:private|…)$/.test(text) || version.test(text) || ([...text].length <= 40 && words.test(text) && !tokens.test(text)) ? text : ":id";
  } catch {
    return ":id"; // No UTF-8.
  }
}
