var y=()=>new URL("..",import.meta.url).href;function O(e){return e===0?import("./session.js"):import(new URL(`session.js?${e}`,import.meta.url).href)}var E=Symbol.for("qwelp");function l(){let e=window;return e[E]??(e[E]={})}var D={state:"Idle",message:""},q="qwelp.session";function U(){return[["RTCPeerConnection",()=>typeof RTCPeerConnection=="function"],["WeakRef",()=>typeof WeakRef=="function"],["shadow roots",()=>typeof Element.prototype.attachShadow=="function"],["constructable style sheets",()=>"replaceSync"in CSSStyleSheet.prototype&&"adoptedStyleSheets"in Document.prototype]].find(([,t])=>!t())?.[0]}function P(){try{if(window!==window.top&&window.top?.document)return!1}catch{}try{return sessionStorage.getItem(q)!==null}catch{return!1}}async function z(){document.prerendering&&await new Promise(e=>document.addEventListener("prerenderingchange",e,{once:!0}))}async function L(){document.body||document.readyState!=="loading"||await new Promise(e=>document.addEventListener("DOMContentLoaded",e,{once:!0}))}function m(e){typeof reportError=="function"?reportError(e):console.error(e)}var T=[255,255,255],pe=[0,0,0];function M(e){let t=/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(e);if(t)return[parseInt(t[1],16),parseInt(t[2],16),parseInt(t[3],16)];let n=/^rgba\((\d+), (\d+), (\d+), ([\d.e-]+)\)$/.exec(e),o=Number(n?.[4]??0);if(!(!n||o===0))return R(T,[Number(n[1]),Number(n[2]),Number(n[3])],o)}function h(e){return"#"+e.map(t=>t.toString(16).padStart(2,"0")).join("")}function R(e,t,n){let o=r=>Math.round(e[r]+(t[r]-e[r])*n);return[o(0),o(1),o(2)]}function de(e,t){let[n,o]=[W(e),W(t)].sort((r,i)=>r-i);return(o+.05)/(n+.05)}function W(e){let[t,n,o]=e.map(r=>{let i=r/255;return i<=.04045?i/12.92:((i+.055)/1.055)**2.4});return .2126*t+.7152*n+.0722*o}function V(e){return de(T,e)>=4.5?T:pe}var ce={customerKey:e=>b(e,1024)&&!/PRIVATE KEY/.test(e),metaData:fe,branding:x};function J(e,t,n){let o=s=>b(s,100)&&le.test(s)&&t(s),r={primaryColor:o,secondaryColor:o,logoUrl:me,dialogTitle:s=>b(s,100),supportMessage:s=>b(s,1e3)},i=G(e,ce,"settings",n);return i.branding===void 0?i:{...i,branding:G(i.branding,r,"settings.branding",n)}}function F(e,t){let n={...e,...t};return e.metaData&&t.metaData&&(n.metaData={...e.metaData,...t.metaData}),e.branding&&t.branding&&(n.branding={...e.branding,...t.branding}),n}var Y=e=>e.branding?.primaryColor??"#0b57d0",_=e=>e.branding?.dialogTitle??"Get support";function G(e,t,n,o){let r={};if(e==null)return r;if(!x(e))return o(`${n} is not an object; the defaults are used`),r;for(let[i,s]of Object.entries(e))s==null||s===""||(Object.keys(t).includes(i)?t[i](s)?r[i]=s:o(`${n}.${i} is not valid; its default is used`):o(`${n}.${i} is not a setting`));return r}function x(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}function b(e,t){return typeof e=="string"&&[...e].length<=t&&!/[^\P{Cc}\t\n\r]/u.test(e)}var le=/^(#[0-9a-f]{3,8}|(rgb|hsl)a?\([^()]+\)|(?!current|inherit|initial|unset|revert|transparent)[a-z]+)$/i;function me(e){if(typeof e!="string")return!1;if(/^\/(?![/\\])/.test(e))return!0;try{let t=new URL(e);return t.protocol==="data:"?/^data:image\//i.test(e):t.protocol==="https:"||t.protocol==="http:"&&/^(localhost|127(\.\d+){3}|\[::1\])$/.test(t.hostname)}catch{return!1}}function fe(e){if(!x(e)||!j(e,4))return!1;try{return new TextEncoder().encode(JSON.stringify(e)).length<=8192}catch{return!1}}function j(e,t){return Array.isArray(e)?t>0&&e.every(n=>j(n,t-1)):x(e)?t>0&&Object.entries(e).every(([n,o])=>/^[\w.-]{1,64}$/.test(n)&&j(o,t-1)):!0}var f;function v(e){let t=M(e);if(t)return t;if(f??(f=document.createElement("canvas").getContext("2d")),!!f)return f.fillStyle="transparent",f.fillStyle=e,M(f.fillStyle)}function k(e,t,...n){let o=document.createElement(e);return t&&(o.className=t),o.append(...n),o}function X(e){let t="http://www.w3.org/2000/svg",n=document.createElementNS(t,"svg");n.setAttribute("viewBox","0 0 20 20"),n.setAttribute("aria-hidden","true");let o=document.createElementNS(t,"path");return o.setAttribute("d",e),n.append(o),n}function Z(e,t){e.addEventListener("click",n=>{n.isTrusted&&t()})}function S(e){let t=new CSSStyleSheet;return t.replaceSync(e),t}var ge=`
.support, .note {
  all: unset;
  box-sizing: border-box;
  position: fixed;
  right: max(1em, env(safe-area-inset-right));
  bottom: max(1em, env(safe-area-inset-bottom));
  max-width: min(24em, 100vw - 2em);
  overflow-wrap: anywhere;
  animation: appear .2s ease-out;
}
.support {
  display: flex;
  align-items: center;
  gap: .6em;
  min-height: 3em;
  padding: .5em 1.25em .5em 1em;
  border: 1px solid transparent;
  border-radius: 1.5em;
  background: var(--primary);
  color: var(--on-primary);
  font-weight: 600;
  line-height: 1.25;
  box-shadow: 0 1px 2px #0004, 0 4px 16px #0003;
  cursor: pointer;
  transition: background .15s;
}
.support:hover { background: var(--primary-hover); }
.support:focus-visible { outline: 2px solid #fff; box-shadow: 0 0 0 5px #16191d; }
.support[aria-busy=true] { cursor: progress; opacity: .85; }
.note {
  bottom: calc(max(1em, env(safe-area-inset-bottom)) + 3.75em);
  padding: .75em 1em;
  border: 1px solid transparent;
  border-radius: .75em;
  background: #16191d;
  color: #fff;
  font-size: .875em;
  box-shadow: 0 4px 16px #0004;
}
svg {
  flex: none;
  width: 1.4em;
  height: 1.4em;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.75;
  stroke-linecap: round;
  stroke-linejoin: round;
}
@keyframes appear { from { opacity: 0; transform: translateY(.5em); } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
`,Se="M8.5 14h-5A1.5 1.5 0 0 1 2 12.5v-8A1.5 1.5 0 0 1 3.5 3h13A1.5 1.5 0 0 1 18 4.5V8M5 17h4M10.5 9.5l7.5 2.700-3.300 1.5-1.5 3.300z";function ee(e,t){let n=k("span","");n.dir="auto";let o=k("button","support",X(Se),n);o.type="button";let r=k("p","note");r.setAttribute("role","alert"),r.hidden=!0;let i=S("");return e.adoptedStyleSheets=[...e.adoptedStyleSheets,S(ge),i],e.append(r,o),Z(o,t.press),o.addEventListener("pointerenter",t.near),o.addEventListener("focus",t.near),{element:o,brand(s){n.textContent=_(s);let p=v(Y(s)),g=V(p),d=h(R(p,g,.12));i.replaceSync(`:host { --primary: ${h(p)}; --on-primary: ${h(g)}; --primary-hover: ${d}; }`)},busy:s=>o.setAttribute("aria-busy",String(s)),note(s){r.hidden=s==="",r.textContent=s}}}function te(e){let t=new Map;return{add(n,o){if(typeof o!="function")return;let r=t.get(n);r?r.add(o):t.set(n,new Set([o]))},remove(n,o){t.get(n)?.delete(o)},emit(n,o){let r=t.get(n);for(let i of[...r??[]])if(r?.has(i))try{i(o)}catch(s){e(s)}}}}var we=`
:host {
  all: initial !important;
  display: block !important;
  position: fixed !important;
  inset: auto 0 0 auto !important;
  width: 0 !important;
  height: 0 !important;
  overflow: visible !important;
  z-index: 2147483647 !important;
  color-scheme: light dark !important;
  direction: ltr !important;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif !important;
  line-height: 1.45 !important;
  user-select: none !important;
  -webkit-user-select: none !important;
  -webkit-text-size-adjust: 100% !important;
}
[hidden] { display: none !important; }
@media print { :host { display: none !important; } }
`,ye=["click","dblclick","auxclick","contextmenu","pointerdown","pointerup","mousedown","mouseup","touchstart","touchend","keydown","keyup","keypress","focusin","focusout","wheel"];function ne(){let e=document.createElement("qwelp-support"),t=e.attachShadow({mode:"closed"});t.adoptedStyleSheets=[S(we)];for(let n of ye)t.addEventListener(n,o=>o.stopPropagation(),{passive:!0});return{element:e,root:t,show:()=>he(e)}}function he(e){let t=0,n=-1/0,o=!1,r=new MutationObserver(()=>{if(o||e.isConnected)return;if(t=performance.now()-n<t+1e3?Math.min(Math.max(2*t,50),3e4):0,t===0)return i();o=!0,setTimeout(i,t)}),i=()=>{o=!1,n=performance.now();let s=document.documentElement;s?.append(e),r.disconnect(),r.observe(document,{childList:!0}),s&&r.observe(s,{childList:!0})};i()}var c=new WeakMap;function oe(e){let t=new Q;return c.set(t,e),t}var Q=class{static get runningSession(){return l().page?.running}getSupportCode(){return c.get(this)?.part()?.code??""}getState(){return c.get(this)?.part()?.state??D}getSupportDuration(){return c.get(this)?.part()?.duration??0}stop(){c.get(this)?.part()?.stop()}addEventListener(t,n){c.get(this)?.listeners.add(t,n)}removeEventListener(t,n){c.get(this)?.listeners.remove(t,n)}};function A(){let e=l();return e.page??(e.page=ve(e.base??y()))}var be=[1e3,3e3,9e3],xe="Support could not be loaded. Check your connection and try again.";function ve(e){let t=a=>console.warn(`qwelp: ${a}`),n=te(m),o=oe({listeners:n,part:()=>d}),r={},i,s,p,g=0,d,w,I=!1;function K(){if(w===void 0){let a=U();w=a!==void 0,w&&t(`no support button: this browser lacks ${a}`)}return!w}function H(a){r=F(r,J(a,u=>v(u)!==void 0,t)),s?.button.brand(r),d?.settingsChanged()}function C(){if(!s){let a=ne(),u=ee(a.root,{press:()=>{ue()},near:()=>{$().catch(()=>{})}});u.brand(r),s={mount:a,button:u},a.show()}return s}function $(){return p??(p=O(g).catch(a=>{throw p=void 0,g++,a})),p}async function B(){let{createSession:a}=await $();return d??(d=a(ae()))}function ae(){let{mount:a,button:u}=C();return{base:e,element:a.element,root:a.root,button:u.element,get settings(){return r},emit:n.emit,running:()=>{i=o}}}async function ue(){let{button:a}=C();a.note(""),a.busy(!0);try{(await B()).open()}catch(u){a.note(xe),t(`the session part cannot be loaded: ${u}`)}a.busy(!1)}async function N(){for(let a of[...be,void 0]){if(!P())return;try{return(await B()).resume()?o:void 0}catch(u){t(`the session of the previous page cannot go on: ${u}`)}a!==void 0&&await new Promise(u=>setTimeout(u,a))}}return{get running(){return i},start(a){try{H(a),K()&&L().then(C).catch(m)}catch(u){m(u)}return o},async check(a){try{return H(a),I||(I=!0,addEventListener("pageshow",u=>{u.persisted&&!d&&N().catch(m)})),await z(),!P()||!K()?void 0:(await L(),await N())}catch(u){m(u);return}}}}function re(e){return A().start(e)}function se(e){return A().check(e)}function ke(){return[...document.querySelectorAll("script[data-qwelp-settings][src]")].find(t=>new URL(t.getAttribute("src")??"",import.meta.url).href===import.meta.url)}function Qe(e){try{return JSON.parse(e.dataset.qwelpSettings||"{}")}catch{console.warn("qwelp: data-qwelp-settings is not JSON; the defaults are used");return}}async function Ce(e){let t=e.dataset.qwelpSender;return t?(l().base=y(),await import(t)):{checkQwelpSessionAutoStart:se,startQwelpSession:re}}async function Ee(e){try{let t=Qe(e),n=await Ce(e);await n.checkQwelpSessionAutoStart(t),n.startQwelpSession(t)}catch(t){console.warn("qwelp: no support button: the sender cannot be loaded",t)}}var ie=window===window.top?ke():void 0;ie&&Ee(ie);export{Q as QwelpSenderSession,se as checkQwelpSessionAutoStart,re as startQwelpSession};
