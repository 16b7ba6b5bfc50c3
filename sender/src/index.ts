import { page } from "./page.js";
import type { QwelpSenderSession } from "./page/sendersession.js";
import type { QwelpSettings } from "./settings.gen.js";

export type { QwelpSessionEvents, SessionState, SessionStateInfo } from "./api.js";
export { QwelpSenderSession } from "./page/sendersession.js";
export type { QwelpBranding, QwelpButtonMode, QwelpColorScheme, QwelpConsent, QwelpPosition, QwelpPrivacy, QwelpPrivacyDefault, QwelpSettings, QwelpTexts } from "./settings.gen.js";

/**
 * Shows the support button, with which the customer opens the dialog that starts a session. There is one button
 * only, however often this is called; the settings of a later call overlay those before, and its metaData reaches the
 * agents of a running session, at most once a second. A setting that is wrong is replaced by its default, and named in
 * the browser's console once the button is pressed or a session is taken up. Where the browser lacks what a session
 * needs, the button says so when it is pressed. Never throws.
 *
 * @returns the session the customer may start, in the state Idle until then
 */
export function startQwelpSession(settings?: QwelpSettings): QwelpSenderSession {
  return page().start(settings);
}

/**
 * Resumes the session that was running on the previous page of this tab, or that runs in another tab while this one is
 * in front. From then on the page takes the session over whenever it comes to the front, from the back/forward cache or
 * from behind other tabs of the app. Without a session it loads and shows nothing. Never rejects.
 *
 * @returns the resumed session; undefined when there is none
 */
export function checkQwelpSessionAutoStart(settings?: QwelpSettings): Promise<QwelpSenderSession | undefined> {
  return page().check(settings);
}
