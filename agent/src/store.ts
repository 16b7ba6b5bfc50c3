/** What the console keeps of a running session, so that a reload goes on with it. */
export interface Kept {
  readonly token: string;
  /** When the session was joined, in milliseconds since 1970. */
  readonly since: number;
}

const sessionKey = "qwelp.agent.session";
const pagesKey = "qwelp.agent.pages";
const nameKey = "qwelp.agent.name";
const zoomKey = "qwelp.agent.zoom";
const detailsKey = "qwelp.agent.details";

/** Storage that cannot be used is empty. */
function read(storage: () => Storage, key: string): string | null {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

function write(storage: () => Storage, key: string, value: string): void {
  try {
    if (value === "") storage().removeItem(key);
    else storage().setItem(key, value);
  } catch {
    // Nothing is kept, then.
  }
}

export function loadSession(): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(read(() => sessionStorage, sessionKey) ?? "null");
    if (typeof kept !== "object" || kept === null) return undefined;
    const { token, since } = kept as Partial<Kept>;
    return typeof token === "string" && typeof since === "number" ? { token, since } : undefined;
  } catch {
    return undefined;
  }
}

export function saveSession(kept: Kept | undefined): void {
  write(() => sessionStorage, sessionKey, kept ? JSON.stringify(kept) : "");
}

export function loadName(): string {
  return read(() => localStorage, nameKey) ?? "";
}

export function saveName(name: string): void {
  write(() => localStorage, nameKey, name);
}

/** The zoom that was chosen last in this browser, "" if none was. */
export function loadZoom(): string {
  return read(() => localStorage, zoomKey) ?? "";
}

export function saveZoom(zoom: string): void {
  write(() => localStorage, zoomKey, zoom);
}

/** Whether the agent wants to see what is known about customers, until it is closed. */
export function loadDetailsOpen(): boolean {
  return read(() => localStorage, detailsKey) !== "closed";
}

export function saveDetailsOpen(open: boolean): void {
  write(() => localStorage, detailsKey, open ? "" : "closed");
}

/** How many pages the customer was on in the session that runs in this tab. */
export function loadPages(): number {
  return Number(read(() => sessionStorage, pagesKey)) || 0;
}

export function savePages(pages: number): void {
  write(() => sessionStorage, pagesKey, pages > 0 ? String(pages) : "");
}
