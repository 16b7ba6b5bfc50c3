/** Elements that are never sent, with all that is inside them. */
const refused = new Set([
  "script", "noscript", "object", "embed", "applet", "param", "base", "meta", "frame", "frameset", "portal", "fencedframe",
  "animate", "set", "animatemotion", "animatetransform", "handler", "listener",
]);

/** Elements whose children say nothing that is seen, or that is not told otherwise. */
const childless = new Set(["template", "textarea", "style", "link", "iframe", "title", "datalist"]);

/** Whether an element is sent at all. Of links, only style sheets are. */
export function elementAllowed(element: Element): boolean {
  const name = element.localName;
  if (refused.has(name)) return false;
  return name !== "link" || /(^|\s)stylesheet(\s|$)/i.test((element as HTMLLinkElement).rel);
}

/** Whether an element's children are sent. */
export function childrenAllowed(element: Element): boolean {
  return !childless.has(element.localName);
}

const addresses = new Set(["href", "xlink:href", "cite"]);
const never = new Set([
  "nonce", "integrity", "srcdoc", "src", "srcset", "sizes", "poster", "data", "codebase", "archive", "classid", "background", "ping", "action",
  "formaction", "manifest", "value", "checked", "selected", "http-equiv", "content", "charset", "autofocus", "crossorigin", "referrerpolicy",
  "loading", "fetchpriority", "allow", "sandbox", "is", "popover", "popovertarget", "commandfor", "list", "download", "accept",
]);
const secretName = /token|csrf|xsrf|secret|password|passwd|auth|session|api-?key|nonce|signature/i;

/** The value to send for an attribute, or undefined when it is not sent. */
export function attributeValue(element: Element, name: string, value: string): string | undefined {
  if (name.startsWith("on")) return undefined;
  if (name === "value") return buttonOrMeasure(element) ? value : undefined;
  if (name === "popover") return value;
  if (addresses.has(name)) return address(value);
  if (never.has(name)) return undefined;
  if (name.startsWith("data-")) return value.length > 64 || secretName.test(name) ? undefined : value;
  return value;
}

function buttonOrMeasure(element: Element): boolean {
  const name = element.localName;
  if (name === "input") return ["button", "submit", "reset"].includes((element as HTMLInputElement).type);
  return name === "li" || name === "progress" || name === "meter";
}

/** A URL without what may be secret in it: query and, unless it is all there is, hash. Only harmless schemes stay. */
function address(value: string): string | undefined {
  if (value.startsWith("#")) return value;
  if (/^\s*(?!https?:|mailto:|tel:)[a-z][a-z0-9+.-]*:/i.test(value)) return undefined;
  return value.replace(/[?#].*$/s, "");
}
