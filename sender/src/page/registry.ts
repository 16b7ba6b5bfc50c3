import type { Page } from "../page.js";
import type { Place } from "../../../signal/wire/wire.gen.js";

/** What all copies of the sender on a page share, whatever URLs they were loaded from. Its shape is kept from version to version. */
export interface Registry {
  /** Base URL for a sender that does not come from the app's own server. */
  base?: string;
  page?: Page;
  /** The path at which this page was loaded, and what a session knows of the app's others: see places.ts. */
  path?: string;
  places?: readonly Place[] | undefined;
  /** Closed shadow roots by host, kept by a page that wants them to be seen: see docs/fidelity.md. */
  roots?: { get(host: Element): ShadowRoot | undefined };
}

const key = Symbol.for("qwelp");

/** Returns the registry of this page; makes it at the first call. */
export function registry(): Registry {
  const shared = window as unknown as Record<symbol, Registry | undefined>;
  return (shared[key] ??= {});
}
