/** What the server says about the agent and about what it offers, in the console's page: assets.ConsolePage in Go. */
export interface Offers {
  /** The name that customers are shown; "": the server knows none, so that the agent may type one. */
  readonly agent: string;
  /** Agents can sign out here. */
  readonly signOut: boolean;
  /** Notes about a session are kept. */
  readonly notes: boolean;
}

/** Reads what the page says. A page without it offers nothing. */
export function offers(): Offers {
  let said: Partial<Record<keyof Offers, unknown>> = {};
  try {
    said = Object(JSON.parse(document.querySelector<HTMLMetaElement>('meta[name="qwelp-console"]')?.content || "{}"));
  } catch {
    // As if it said nothing.
  }
  return { agent: typeof said.agent === "string" ? said.agent : "", signOut: said.signOut === true, notes: said.notes === true };
}

/** Ends the sign-in and loads the page anew, which then shows how to sign in. False: the server did not do it. */
export async function signOut(): Promise<boolean> {
  try {
    const { ok, type } = await fetch(beside("signout"), { method: "POST", redirect: "manual" });
    if (!ok && type !== "opaqueredirect") return false;
    location.replace(beside(""));
    return true;
  } catch {
    return false;
  }
}

/** The address of a route beside the console's, which is served at "agent" and at "agent/". */
export function beside(name: string): URL {
  return new URL(`../agent/${name}`, import.meta.url);
}

/** The address of the history, in the agent's time zone; with a session, of that. */
export function historyURL(session = ""): URL {
  const url = beside("history");
  if (session) url.searchParams.set("session", session);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (timeZone) url.searchParams.set("tz", timeZone);
  return url;
}
