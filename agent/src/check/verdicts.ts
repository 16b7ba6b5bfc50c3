/** What the server sees of a request of this page: middleware/check.go. */
export interface Facts {
  /** Host as it reached the app, and the version of HTTP. */
  readonly host: string;
  readonly proto: string;
  readonly tls: boolean;
  /** X-Forwarded-Host, -Proto, -For and -Prefix, as far as a proxy sends them. */
  readonly forwarded: { readonly host?: string; readonly proto?: string; readonly for?: string; readonly prefix?: string };
  /** Whether the proxy is one of Signal.TrustedProxies; undefined when no proxy says that it is one. */
  readonly trusted?: boolean;
  /** Of this version of qwelp. */
  readonly hash: string;
  /** Unix time in milliseconds. */
  readonly now: number;
  /** Whether this server relays what browsers cannot send each other. */
  readonly relay: boolean;
  readonly iceServers: readonly RTCIceServer[];
}

/** What the browser has found out. */
export interface Findings {
  /** As in Location. */
  readonly host: string;
  readonly origin: string;
  readonly secure: boolean;
  readonly facts: Facts;
  /** How far this computer's clock is ahead of the server's, in milliseconds. */
  readonly ahead: number;
  /** Whether the WebSocket has opened, and what a plain request for it is answered. */
  readonly socket: { readonly opened: boolean; readonly status: number };
  /** Whether the facts are told without cookies, too. */
  readonly open: boolean;
  readonly page: PageFindings;
  /** The versions that several requests have met. */
  readonly hashes: readonly string[];
  /** What ICE has gathered, and what the servers have answered: "code text (url)". */
  readonly ice: { readonly supported: boolean; readonly types: readonly string[]; readonly errors: readonly string[] };
}

/** What has come of one of the app's pages. */
export interface PageFindings {
  readonly path: string;
  readonly status: number;
  readonly type: string;
  readonly redirected: boolean;
  readonly cacheControl: string;
  readonly policy: string;
  /** The src of the tag; "" for none. */
  readonly src: string;
  /** What a request for that is answered: the status, and the media type. */
  readonly script: { readonly status: number; readonly type: string };
}

/** Lines to add to a program's configuration. */
export interface Cure {
  readonly where: "Go" | "nginx" | "Caddy" | "Apache" | "HAProxy" | "any server";
  readonly lines: string;
}

export interface Verdict {
  readonly name: string;
  readonly state: "good" | "doubt" | "bad";
  readonly says: string;
  readonly cures: readonly Cure[];
}

const tolerable = 30_000; // ms by which clocks may differ

/** Judges what was found, in the order in which things depend on each other. */
export function verdicts(found: Findings): Verdict[] {
  return [host(found), path(found), page(found), socket(found), secure(found), agents(found), clock(found), versions(found), ways(found)];
}

const good = (name: string, says: string): Verdict => ({ name, state: "good", says, cures: [] });
const doubt = (name: string, says: string, ...cures: Cure[]): Verdict => ({ name, state: "doubt", says, cures });
const bad = (name: string, says: string, ...cures: Cure[]): Verdict => ({ name, state: "bad", says, cures });
const go = (lines: string): Cure => ({ where: "Go", lines });

/** How each proxy is told to pass Host on. */
const passHost: Cure[] = [
  { where: "nginx", lines: "proxy_set_header Host $http_host;" },
  { where: "Caddy", lines: "# passes Host on by itself: remove header_up Host" },
  { where: "Apache", lines: "ProxyPreserveHost On" },
  { where: "HAProxy", lines: "# passes Host on by itself: remove http-request set-header Host" },
];

const passUpgrades: Cure[] = [
  { where: "nginx", lines: 'proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection "upgrade";\nproxy_read_timeout 60s;' },
  { where: "Caddy", lines: "# reverse_proxy passes upgrades by itself: remove header_up Connection and Upgrade" },
  { where: "Apache", lines: "ProxyPass / http://127.0.0.1:8080/ upgrade=websocket   # 2.4.47 or later, with mod_proxy_http" },
  { where: "HAProxy", lines: "timeout tunnel 1h   # mode http passes upgrades by itself" },
];

function host({ host: own, origin, facts }: Findings): Verdict {
  const name = "Host";
  if (facts.host === own) return good(name, `The app sees ${own}, as this browser does.`);
  const says = `The app sees ${facts.host}, this browser asks for ${own}: a proxy rewrites Host. Pages of ${origin} are refused then.`;
  return bad(name, says, ...passHost, go(`Signal: signal.Config{AllowedOrigins: []string{"${origin}"}}   // where Host has to be rewritten`));
}

function path({ facts, page: { src, path: at, script, status } }: Findings): Verdict {
  const name = "Path";
  if (!src) return status < 400 ? doubt(name, `Not known: ${at} has no tag.`) : doubt(name, `Not known: ${at} could not be read.`);
  if (script.status === 200 && /javascript/.test(script.type)) return good(name, `The script of ${at} is at ${src}.`);
  const stripped = facts.forwarded.prefix ?? "/app";
  return bad(name, `The tag of ${at} leads to ${src}, which is answered with ${script.status || "nothing"}: does a proxy take away a part of the path, or is the middleware around single routes?`,
    go(`middleware.Options{PublicPrefix: "${stripped.replace(/\/$/, "")}/_qwelp/"}   // what browsers have to ask for`));
}

function page({ page: { path: at, status, type, src, cacheControl, policy, redirected } }: Findings): Verdict {
  const name = "Page";
  if (status === 0 || status >= 400) return bad(name, `${at} is answered with ${status || "nothing"}. Name a page of the app above.`);
  if (src) return good(name, `${at} has the tag.${redirected ? " It redirects." : ""}`);
  if (!/html/.test(type)) return bad(name, `${at} is ${type || "of no media type"}, which is no page. Name a page of the app above.`);
  if (/no-transform/i.test(cacheControl)) {
    return bad(name, `${at} has no tag: its Cache-Control (${cacheControl}) forbids to change it.`, go('w.Header().Set("Cache-Control", "no-store")   // without no-transform'));
  }
  if (policy && !/script-src[^;]*('self'|'nonce-|'strict-dynamic'|\*)/.test(policy)) {
    return bad(name, `${at} has no tag: its policy may not let our script in (${policy}).`, { where: "any server", lines: "Content-Security-Policy: …; script-src 'self'; connect-src 'self'" });
  }
  return bad(name, `${at} has no tag. Is the whole app in q.Wrap, or is the page switched off (Routes, ForRequest, Qwelp-Off)? The app's log says more.`, go("http.ListenAndServe(addr, q.Wrap(mux))"));
}

function socket({ socket: { opened, status }, facts, host: own }: Findings): Verdict {
  const name = "WebSocket";
  if (opened) return good(name, "It opens.");
  if (facts.host !== own) return bad(name, "It does not open, since a proxy rewrites Host: see above.");
  if (status === 426) return bad(name, `It does not open: a proxy passes no WebSocket upgrades on (the app sees ${facts.proto}).`, ...passUpgrades);
  if (status === 429) return bad(name, "It does not open: too many connections come from one network. Behind a proxy all customers seem to be one.", go('Signal: signal.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}'));
  if (status === 503) return bad(name, "It does not open: the server is shutting down, or its broker cannot be reached. The app's log says more.");
  return bad(name, `It does not open, and a plain request for it is answered with ${status || "nothing"}: does everything below the prefix get to the app?`, ...passUpgrades);
}

function secure({ secure: is, facts, origin }: Findings): Verdict {
  const name = "HTTPS";
  if (!is) return doubt(name, `${origin} is plain HTTP: there is no relay, no CustomerKey and no comparison code, since browsers have no encryption there.`);
  if (origin.startsWith("https:") && !facts.tls && facts.forwarded.proto !== "https") {
    return doubt(name, "This browser uses HTTPS, and the app cannot see that: cookies of the agent's sign-in are not Secure.",
      { where: "nginx", lines: "proxy_set_header X-Forwarded-Proto $scheme;" }, { where: "Caddy", lines: "# sends X-Forwarded-Proto by itself" },
      { where: "Apache", lines: 'RequestHeader set X-Forwarded-Proto "https"' }, { where: "HAProxy", lines: "http-request set-header X-Forwarded-Proto https if { ssl_fc }" },
      go("Signal: signal.Config{TrustedProxies: …}   // the proxy's addresses"));
  }
  return good(name, origin.startsWith("https:") ? "This browser uses HTTPS." : "This machine counts as secure.");
}

function agents({ open, facts }: Findings): Verdict {
  const name = "Agents";
  if (open) return bad(name, "This page is shown without any cookie: everybody is an agent here.", go("Signal: signal.Config{Agents: …}   // an Authorizer that looks who is there"));
  if (facts.trusted === false) {
    return doubt(name, "A proxy is in front that the app does not trust: all customers seem to come from its address, and share the limits of one network.",
      go('Signal: signal.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}   // the proxy\'s addresses'));
  }
  return good(name, "Only who is signed in gets here.");
}

function clock({ ahead }: Findings): Verdict {
  const name = "Clock";
  const seconds = Math.round(Math.abs(ahead) / 1000);
  if (Math.abs(ahead) <= tolerable) return good(name, "This computer and the server agree.");
  return doubt(name, `This computer is ${seconds} s ${ahead > 0 ? "ahead of" : "behind"} the server. If it is the server that is wrong, credentials of TURN and signed metaData end early.`);
}

function versions({ hashes, facts }: Findings): Verdict {
  const name = "Versions";
  const all = [...new Set([...hashes, facts.hash])];
  if (all.length === 1) return good(name, `Every request met the same version (${facts.hash}).`);
  return doubt(name, `Requests met ${all.length} versions (${all.join(", ")}): replicas differ, or something in between keeps old files. In a rolling deployment that passes.`);
}

function ways({ ice: { supported, types, errors }, facts }: Findings): Verdict {
  const name = "Ways between browsers";
  if (!supported) return doubt(name, `This browser has no WebRTC${facts.relay ? ": its sessions go over the relay." : ", and there is no relay."}`);
  const turn = facts.iceServers.some(({ urls }) => /turns?:/.test(String(urls)));
  const failed = errors.length > 0 ? ` ${errors.join("; ")}.` : "";
  if (turn && types.includes("relay")) return good(name, `TURN works from here.${failed}`);
  if (turn) {
    return bad(name, `TURN does not work from here.${failed} Are its ports open, and is its address the public one?`, { where: "any server", lines: "allow UDP and TCP 3478 to the server, and its range of relay ports (UDP)" });
  }
  if (facts.relay) return good(name, `Directly${types.includes("srflx") ? ", through NAT too" : " within one network"}; else the app relays.`);
  return doubt(name, "There is neither TURN nor the relay: browsers in different networks get no picture.", go("Signal: signal.Config{Relay: signal.RelayAll}   // or a TURN server"));
}
