import { Subprotocol } from "../../../signal/wire/wire.gen.js";
import type { Facts, Findings, PageFindings } from "./verdicts.js";

const patience = 5_000; // ms for the WebSocket and for ICE
const requests = 5; // that ask for the version

/** Finds out from this browser how the app is deployed. base is the URL of its prefix; path, the page to look at. Rejects when the server tells no facts. */
export async function observe(base: URL, path: string): Promise<Findings> {
  const url = new URL("agent/check.json", base);
  const begin = Date.now();
  const answer = await fetch(url, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${url.pathname} is answered with ${answer.status}`);
  const facts = (await answer.json()) as Facts;
  const ahead = (begin + Date.now()) / 2 - facts.now;
  const [socket, open, page, hashes, ice] = await Promise.all([
    openSocket(base), isOpen(url), lookAt(new URL(path, location.origin)), versionsAt(new URL("current/index.js", base)), gather(facts.iceServers),
  ]);
  return { host: location.host, origin: location.origin, secure: isSecureContext, facts, ahead, socket, open, page, hashes, ice };
}

async function openSocket(base: URL): Promise<Findings["socket"]> {
  const url = new URL("signal", base);
  const status = await fetch(url, { cache: "no-store" }).then((answer) => answer.status, () => 0);
  url.protocol = url.protocol.replace("http", "ws");
  const opened = await new Promise<boolean>((resolve) => {
    const ws = new WebSocket(url, Subprotocol);
    const end = (is: boolean): void => {
      resolve(is);
      ws.close();
    };
    ws.onopen = () => end(true);
    ws.onerror = () => end(false);
    setTimeout(() => end(false), patience);
  });
  return { opened, status };
}

const isOpen = (url: URL): Promise<boolean> => fetch(url, { cache: "no-store", credentials: "omit" }).then((answer) => answer.ok, () => false);

/** Reads a page as a browser does that will show it later: scripts get pages without the tag. */
async function lookAt(url: URL): Promise<PageFindings> {
  const none = { path: url.pathname, status: 0, type: "", redirected: false, cacheControl: "", policy: "", src: "", script: { status: 0, type: "" } };
  try {
    const answer = await fetch(url, { cache: "no-store", headers: { Purpose: "prefetch", Accept: "text/html" } });
    const { headers, status, redirected } = answer;
    const tag = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("script[data-qwelp-settings][src]");
    const src = tag?.getAttribute("src") ?? "";
    const script = src ? await fetch(new URL(src, answer.url), { cache: "no-store" }).then((got) => ({ status: got.status, type: got.headers.get("Content-Type") ?? "" }), () => none.script) : none.script;
    return {
      path: url.pathname, status, redirected, src, script, type: headers.get("Content-Type") ?? "", cacheControl: headers.get("Cache-Control") ?? "",
      policy: headers.get("Content-Security-Policy") ?? "",
    };
  } catch {
    return none;
  }
}

async function versionsAt(url: URL): Promise<string[]> {
  const met = await Promise.all(Array.from({ length: requests }, async () => {
    const text = await fetch(url, { cache: "no-store" }).then((answer) => answer.text(), () => "");
    return /\b[\da-f]{12}\b/.exec(text)?.[0];
  }));
  return met.filter((hash) => hash !== undefined);
}

async function gather(iceServers: readonly RTCIceServer[]): Promise<Findings["ice"]> {
  if (!("RTCPeerConnection" in window)) return { supported: false, types: [], errors: [] };
  const types = new Set<string>();
  const errors = new Set<string>();
  const connection = new RTCPeerConnection({ iceServers: [...iceServers] });
  try {
    const done = new Promise<void>((resolve) => {
      connection.onicecandidate = ({ candidate }) => (candidate ? candidate.type && types.add(candidate.type) : resolve());
      connection.onicecandidateerror = ({ errorCode, errorText, url }) => errors.add(`${url} answers ${errorCode} ${errorText}`.trim());
      setTimeout(resolve, patience);
    });
    connection.createDataChannel("check");
    await connection.setLocalDescription();
    await done;
  } catch (error) {
    errors.add(String(error));
  } finally {
    connection.close();
  }
  return { supported: true, types: [...types], errors: [...errors] };
}
