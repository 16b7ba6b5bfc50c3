/** What the page's policy lacks to let in what comes from our origin, by what it has blocked. Empty: it has blocked something else, or only reports. */
export function policyToAdd({ blockedURI, disposition, effectiveDirective, originalPolicy }: Pick<SecurityPolicyViolationEvent, "blockedURI" | "disposition" | "effectiveDirective" | "originalPolicy">, origin: string): string {
  if (disposition === "report" || !`${blockedURI}/`.replace(/^ws/, "http").startsWith(`${origin}/`)) return "";
  const names = originalPolicy.split(";").map((directive) => directive.trim().split(/\s/)[0]!.toLowerCase());
  const wider = effectiveDirective.replace(/-(elem|attr)$/, "");
  const directive = [effectiveDirective, wider].find((name) => names.includes(name));
  const sources = `${origin}${wider === "connect-src" ? ` ${origin.replace(/^http/, "ws")}` : ""}`;
  return `the page's policy blocks ${wider} to ${origin}. ${directive ? `Add ${sources} to its ${directive}` : `It has none but default-src: add "${wider} ${sources}", with what default-src says`}`;
}
