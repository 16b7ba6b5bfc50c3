var y=()=>new URL("..",import.meta.url).href;function N(e){return e===0?import("./session.js"):import(new URL(`session.js?${e}`,import.meta.url).href)}var E=Symbol.for("qwelp");function f(){let e=window;return e[E]??(e[E]={})}var O={state:"Idle",message:""},D="qwelp.session";function q(){return[["RTCPeerConnection",()=>"RTCPeerConnection"in window],["WeakRef",()=>"WeakRef"in window],["attachShadow",()=>"attachShadow"in Element.prototype],["adoptedStyleSheets",()=>"adoptedStyleSheets"in Document.prototype&&"replaceSync"in CSSStyleSheet.prototype]].find(([,t])=>!t())?.[0]}function b(){try{if(window!==window.top&&window.top?.document)return!1}catch{}try{return sessionStorage.getItem(D)!==null}catch{return!1}}async function U(){document.prerendering&&await new Promise(e=>document.addEventListener("prerenderingchange",e,{once:!0}))}async function P(){document.body||document.readyState!=="loading"||await new Promise(e=>document.addEventListener("DOMContentLoaded",e,{once:!0}))}function g(e){typeof reportError=="function"?reportError(e):console.error(e)}var pe=2e3;async function z(){for(let e=0;e<pe;e+=50){if(b())return!0;await new Promise(t=>setTimeout(t,50))}return!1}var T=[255,255,255],ce=[0,0,0];function L(e){let t=/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(e);if(t)return[parseInt(t[1],16),parseInt(t[2],16),parseInt(t[3],16)];let n=/^rgba\((\d+), (\d+), (\d+), ([\d.e-]+)\)$/.exec(e),o=Number(n?.[4]??0);if(!(!n||o===0))return le(T,[Number(n[1]),Number(n[2]),Number(n[3])],o)}function R(e){return"#"+e.map(t=>t.toString(16).padStart(2,"0")).join("")}function le(e,t,n){let o=r=>Math.round(e[r]+(t[r]-e[r])*n);return[o(0),o(1),o(2)]}function me(e,t){let[n,o]=[V(e),V(t)].sort((r,a)=>r-a);return(o+.05)/(n+.05)}function V(e){let[t,n,o]=e.map(r=>{let a=r/255;return a<=.04045?a/12.92:((a+.055)/1.055)**2.4});return .2126*t+.7152*n+.0722*o}function W(e){return me(T,e)>=4.5?T:ce}var fe={customerKey:e=>h(e,1024)&&!/PRIVATE KEY/.test(e),metaData:we,branding:x};function J(e,t,n){let o=s=>h(s,100)&&ge.test(s)&&t(s),r={primaryColor:o,secondaryColor:o,logoUrl:Se,dialogTitle:s=>h(s,100),supportMessage:s=>h(s,1e3)},a=G(e,fe,"settings",n);return a.branding===void 0?a:{...a,branding:G(a.branding,r,"settings.branding",n)}}function F(e,t){let n={...e,...t};return e.metaData&&t.metaData&&(n.metaData={...e.metaData,...t.metaData}),e.branding&&t.branding&&(n.branding={...e.branding,...t.branding}),n}var Y=e=>e.branding?.primaryColor??"#0b57d0",_=e=>e.branding?.dialogTitle??"Get support";function G(e,t,n,o){let r={};if(e==null)return r;if(!x(e))return o(`${n} is not an object; the defaults are used`),r;for(let[a,s]of Object.entries(e))s==null||s===""||(Object.keys(t).includes(a)?t[a](s)?r[a]=s:o(`${n}.${a} is not valid; its default is used`):o(`${n}.${a} is not a setting`));return r}function x(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}function h(e,t){return typeof e=="string"&&[...e].length<=t&&!/[^\P{Cc}\t\n\r]/u.test(e)}var ge=/^(#[0-9a-f]{3,8}|(rgb|hsl)a?\([^()]+\)|(?!current|inherit|initial|unset|revert|transparent)[a-z]+)$/i;function Se(e){if(typeof e!="string")return!1;if(/^\/(?![/\\])/.test(e))return!0;try{let t=new URL(e);return t.protocol==="data:"?/^data:image\//i.test(e):t.protocol==="https:"||t.protocol==="http:"&&/^(localhost|127(\.\d+){3}|\[::1\])$/.test(t.hostname)}catch{return!1}}function we(e){if(!x(e)||!M(e,4))return!1;try{return new TextEncoder().encode(JSON.stringify(e)).length<=8192}catch{return!1}}function M(e,t){return Array.isArray(e)?t>0&&e.every(n=>M(n,t-1)):x(e)?t>0&&Object.entries(e).every(([n,o])=>/^[\w.-]{1,64}$/.test(n)&&M(o,t-1)):!0}var S;function v(e){let t=L(e);if(t)return t;if(S??(S=document.createElement("canvas").getContext("2d")),!!S)return S.fillStyle="transparent",S.fillStyle=e,L(S.fillStyle)}function k(e,t,...n){let o=document.createElement(e);return t&&(o.className=t),o.append(...n),o}function X(e){let t="http://www.w3.org/2000/svg",n=document.createElementNS(t,"svg");n.setAttribute("viewBox","0 0 20 20"),n.setAttribute("aria-hidden","true");let o=document.createElementNS(t,"path");return o.setAttribute("d",e),n.append(o),n}function Z(e,t){e.addEventListener("click",n=>{n.isTrusted&&t()})}function w(e){let t=new CSSStyleSheet;return t.replaceSync(e),t}var ye=`
.support, .note {
  all: unset;
  box-sizing: border-box;
  position: fixed;
  border: 1px solid transparent;
  right: max(1em, env(safe-area-inset-right));
  bottom: max(1em, env(safe-area-inset-bottom));
  max-width: min(24em, 100% - 2em);
  overflow-wrap: anywhere;
  box-shadow: 0 1px 2px #0004, 0 4px 16px #0003;
  animation: appear .2s ease-out;
}
.support {
  display: flex;
  align-items: center;
  gap: .6em;
  min-height: 3em;
  padding: .5em 1.25em .5em 1em;
  border-radius: 1.5em;
  background: var(--primary);
  color: var(--on-primary);
  font-weight: 600;
  cursor: pointer;
}
.support:hover { box-shadow: 0 2px 4px #0005, 0 6px 24px #0005; }
.support:focus-visible { outline: 2px solid #fff; box-shadow: 0 0 0 5px #16191d; }
.support[aria-busy=true] { cursor: progress; opacity: .85; }
.note {
  bottom: calc(max(1em, env(safe-area-inset-bottom)) + 3.75em);
  padding: .75em 1em;
  border-radius: .75em;
  background: #16191d;
  color: #fff;
  font-size: .875em;
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
`,be="M9 14H2.5V3.5h15V8M5 17.5h4M11 9.5l7 3-3 1.2-1.3 3z";function ee(e,t){let n=k("span","");n.dir="auto";let o=k("button","support",X(be),n);o.type="button";let r=k("p","note");r.setAttribute("role","alert"),r.hidden=!0;let a=w("");return e.adoptedStyleSheets=[...e.adoptedStyleSheets,w(ye),a],e.append(r,o),Z(o,t.press),o.addEventListener("pointerenter",t.near),o.addEventListener("focus",t.near),{element:o,brand(s){n.textContent=_(s);let d=v(Y(s));a.replaceSync(`:host { --primary: ${R(d)}; --on-primary: ${R(W(d))}; }`)},busy:s=>o.setAttribute("aria-busy",String(s)),note(s){r.hidden=s==="",r.textContent=s}}}function te(e){let t=new Map;return{add(n,o){if(typeof o!="function")return;let r=t.get(n);r?r.add(o):t.set(n,new Set([o]))},remove(n,o){t.get(n)?.delete(o)},emit(n,o){let r=t.get(n);for(let a of[...r??[]])if(r?.has(a))try{a(o)}catch(s){e(s)}}}}var he=`
:host {
  all: initial !important;
  display: block !important;
  position: fixed !important;
  inset: auto 0 0 auto !important;
  width: 0 !important;
  height: 0 !important;
  z-index: 2147483647 !important;
  color-scheme: light dark !important;
  direction: ltr !important;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif !important;
  line-height: 1.45 !important;
  user-select: none !important;
  -webkit-user-select: none !important;
  -webkit-text-size-adjust: 100% !important;
}
[hidden] { display: none !important; }
@media print { :host { display: none !important; } }
`;function oe(){let e=document.createElement("qwelp-support"),t=e.attachShadow({mode:"closed"});return t.adoptedStyleSheets=[w(he)],{element:e,root:t,show:()=>xe(e)}}var ne=3e3;function xe(e){let t=0,n=-1/0,o=!1,r=!0,a=new MutationObserver(()=>{if(o||e.isConnected)return;if(t=performance.now()-n<t+1e3?Math.min(Math.max(2*t,50),3e4):0,t===0)return s();o=!0,setTimeout(s,t)}),s=()=>{o=!1,n=performance.now();let p=document.documentElement,c=r?document.body??p:p;r=!1,c?.append(e),a.disconnect();for(let l of new Set([document,p,c]))l&&a.observe(l,{childList:!0})},d=()=>{e.parentNode===document.body&&ve(e,document.documentElement)};s(),document.readyState==="complete"?setTimeout(d,ne):addEventListener("load",()=>setTimeout(d,ne),{once:!0})}function ve(e,t){"moveBefore"in t?t.moveBefore(e,null):t.append(e)}var m=new WeakMap;function re(e){let t=new Q;return m.set(t,e),t}var Q=class{static get runningSession(){return f().page?.running}getSupportCode(){return m.get(this)?.part()?.code??""}getState(){return m.get(this)?.part()?.state??O}getSupportDuration(){return m.get(this)?.part()?.duration??0}stop(){m.get(this)?.part()?.stop()}addEventListener(t,n){m.get(this)?.listeners.add(t,n)}removeEventListener(t,n){m.get(this)?.listeners.remove(t,n)}};function j(){let e=f();return e.page??(e.page=Ce(e.base??y()))}var ke=[1e3,3e3,9e3],Qe="Support could not be loaded. Check your connection and try again.";function Ce(e){let t=i=>console.warn(`qwelp: ${i}`),n=te(g),o=re({listeners:n,part:()=>c}),r={},a,s,d,p=0,c,l,B=!1;function K(){if(l===void 0){let i=q();l=i!==void 0,l&&t(`no support button: this browser lacks ${i}`)}return!l}function I(i){r=F(r,J(i,u=>v(u)!==void 0,t)),s?.button.brand(r),c?.settingsChanged()}function C(){if(!s){let i=oe(),u=ee(i.root,{press:()=>{ue()},near:()=>{H().catch(()=>{})}});u.brand(r),s={mount:i,button:u},i.show()}return s}function H(){return d??(d=N(p).catch(i=>{throw d=void 0,p++,i})),d}async function $(){let{createSession:i}=await H();return c??(c=i(ae()))}function ae(){let{mount:i,button:u}=C();return{base:e,element:i.element,root:i.root,button:u.element,get settings(){return r},emit:n.emit,running:()=>{a=o}}}async function ue(){let{button:i}=C();i.note(""),i.busy(!0);try{(await $()).open()}catch(u){i.note(Qe),t(`the session cannot be loaded: ${u}`)}i.busy(!1)}async function A(){for(let i of[...ke,void 0]){if(!b())return;try{return(await $()).resume()?o:void 0}catch(u){t(`the session cannot be resumed: ${u}`)}i!==void 0&&await new Promise(u=>setTimeout(u,i))}}return{get running(){return a},start(i){try{I(i),K()&&P().then(C).catch(g)}catch(u){g(u)}return o},async check(i){try{return I(i),B||(B=!0,addEventListener("pageshow",u=>{u.persisted&&z().then(de=>de?A():void 0).catch(g)})),await U(),!b()||!K()?void 0:(await P(),await A())}catch(u){g(u);return}}}}function se(e){return j().start(e)}function ie(e){return j().check(e)}function Ee(){let e=document.querySelectorAll("script[data-qwelp-settings][src]"),t=[import.meta.url,new URL("classic.js",import.meta.url).href];return[...e].find(n=>t.includes(new URL(n.getAttribute("src")??"",import.meta.url).href))}function Pe(e){try{return JSON.parse(e.dataset.qwelpSettings||"{}")}catch{console.warn("qwelp: data-qwelp-settings is not JSON; the defaults are used");return}}async function Te(e){let t=e.dataset.qwelpSender;return t?(f().base=y(),await import(t)):{checkQwelpSessionAutoStart:ie,startQwelpSession:se}}async function Le(){try{let e=Ee();if(!e)return;let t=Pe(e),n=await Te(e);await n.checkQwelpSessionAutoStart(t),n.startQwelpSession(t)}catch(e){console.warn("qwelp: no support button: the sender cannot be loaded",e)}}window===window.top&&Le();export{Q as QwelpSenderSession,ie as checkQwelpSessionAutoStart,se as startQwelpSession};
