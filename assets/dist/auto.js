var w=()=>new URL("..",import.meta.url).href;function N(e){return e===0?import("./session.js"):import(new URL(`session.js?${e}`,import.meta.url).href)}var C=Symbol.for("qwelp");function l(){let e=window;return e[C]??(e[C]={})}var O={state:"Idle",message:""},D="qwelp.session";function q(){return[["RTCPeerConnection",()=>"RTCPeerConnection"in window],["WeakRef",()=>"WeakRef"in window],["attachShadow",()=>"attachShadow"in Element.prototype],["adoptedStyleSheets",()=>"adoptedStyleSheets"in Document.prototype&&"replaceSync"in CSSStyleSheet.prototype]].find(([,t])=>!t())?.[0]}function y(){try{if(window!==window.top&&window.top?.document)return!1}catch{}try{return sessionStorage.getItem(D)!==null}catch{return!1}}async function U(){document.prerendering&&await new Promise(e=>document.addEventListener("prerenderingchange",e,{once:!0}))}async function P(){document.body||document.readyState!=="loading"||await new Promise(e=>document.addEventListener("DOMContentLoaded",e,{once:!0}))}function c(e){typeof reportError=="function"?reportError(e):console.error(e)}var pe=2e3;async function z(){for(let e=0;e<pe;e+=50){if(y())return!0;await new Promise(t=>setTimeout(t,50))}return!1}var E=[255,255,255],de=[0,0,0];function T(e){let t=/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(e);if(t)return[parseInt(t[1],16),parseInt(t[2],16),parseInt(t[3],16)];let n=/^rgba\((\d+), (\d+), (\d+), ([\d.e-]+)\)$/.exec(e),o=Number(n?.[4]??0);if(!(!n||o===0))return le(E,[Number(n[1]),Number(n[2]),Number(n[3])],o)}function L(e){return"#"+e.map(t=>t.toString(16).padStart(2,"0")).join("")}function le(e,t,n){let o=r=>Math.round(e[r]+(t[r]-e[r])*n);return[o(0),o(1),o(2)]}function ce(e,t){let[n,o]=[V(e),V(t)].sort((r,i)=>r-i);return(o+.05)/(n+.05)}function V(e){let[t,n,o]=e.map(r=>{let i=r/255;return i<=.04045?i/12.92:((i+.055)/1.055)**2.4});return .2126*t+.7152*n+.0722*o}function W(e){return ce(E,e)>=4.5?E:de}var me={customerKey:e=>b(e,1024)&&!/PRIVATE KEY/.test(e),metaData:Se,branding:h};function J(e,t,n){let o=s=>b(s,100)&&fe.test(s)&&t(s),r={primaryColor:o,secondaryColor:o,logoUrl:ge,dialogTitle:s=>b(s,100),supportMessage:s=>b(s,1e3)},i=G(e,me,"settings",n);return i.branding===void 0?i:{...i,branding:G(i.branding,r,"settings.branding",n)}}function F(e,t){let n={...e,...t};return e.metaData&&t.metaData&&(n.metaData={...e.metaData,...t.metaData}),e.branding&&t.branding&&(n.branding={...e.branding,...t.branding}),n}var Y=e=>e.branding?.primaryColor??"#0b57d0",_=e=>e.branding?.dialogTitle??"Get support";function G(e,t,n,o){let r={};if(e==null)return r;if(!h(e))return o(`${n} is not an object; the defaults are used`),r;for(let[i,s]of Object.entries(e))s==null||s===""||(Object.keys(t).includes(i)?t[i](s)?r[i]=s:o(`${n}.${i} is not valid; its default is used`):o(`${n}.${i} is not a setting`));return r}function h(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}function b(e,t){return typeof e=="string"&&[...e].length<=t&&!/[^\P{Cc}\t\n\r]/u.test(e)}var fe=/^(#[0-9a-f]{3,8}|(rgb|hsl)a?\([^()]+\)|(?!current|inherit|initial|unset|revert|transparent)[a-z]+)$/i;function ge(e){if(typeof e!="string")return!1;if(/^\/(?![/\\])/.test(e))return!0;try{let t=new URL(e);return t.protocol==="data:"?/^data:image\//i.test(e):t.protocol==="https:"||t.protocol==="http:"&&/^(localhost|127(\.\d+){3}|\[::1\])$/.test(t.hostname)}catch{return!1}}function Se(e){if(!h(e)||!R(e,4))return!1;try{return new TextEncoder().encode(JSON.stringify(e)).length<=8192}catch{return!1}}function R(e,t){return Array.isArray(e)?t>0&&e.every(n=>R(n,t-1)):h(e)?t>0&&Object.entries(e).every(([n,o])=>/^[\w.-]{1,64}$/.test(n)&&R(o,t-1)):!0}var m;function x(e){let t=T(e);if(t)return t;if(m??(m=document.createElement("canvas").getContext("2d")),!!m)return m.fillStyle="transparent",m.fillStyle=e,T(m.fillStyle)}function v(e,t,...n){let o=document.createElement(e);return t&&(o.className=t),o.append(...n),o}function X(e){let t="http://www.w3.org/2000/svg",n=document.createElementNS(t,"svg");n.setAttribute("viewBox","0 0 20 20"),n.setAttribute("aria-hidden","true");let o=document.createElementNS(t,"path");return o.setAttribute("d",e),n.append(o),n}function Z(e,t){e.addEventListener("click",n=>{n.isTrusted&&t()})}function f(e){let t=new CSSStyleSheet;return t.replaceSync(e),t}var we=`
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
`,ye="M9 14H2.5V3.5h15V8M5 17.5h4M11 9.5l7 3-3 1.2-1.3 3z";function ee(e,t){let n=v("span","");n.dir="auto";let o=v("button","support",X(ye),n);o.type="button";let r=v("p","note");r.setAttribute("role","alert"),r.hidden=!0;let i=f("");return e.adoptedStyleSheets=[...e.adoptedStyleSheets,f(we),i],e.append(r,o),Z(o,t.press),o.addEventListener("pointerenter",t.near),o.addEventListener("focus",t.near),{element:o,brand(s){n.textContent=_(s);let p=x(Y(s));i.replaceSync(`:host { --primary: ${L(p)}; --on-primary: ${L(W(p))}; }`)},busy:s=>o.setAttribute("aria-busy",String(s)),note(s){r.hidden=s==="",r.textContent=s}}}function te(e){let t=new Map;return{add(n,o){if(typeof o!="function")return;let r=t.get(n);r?r.add(o):t.set(n,new Set([o]))},remove(n,o){t.get(n)?.delete(o)},emit(n,o){let r=t.get(n);for(let i of[...r??[]])if(r?.has(i))try{i(o)}catch(s){e(s)}}}}var be=`
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
`;function ne(){let e=document.createElement("qwelp-support"),t=e.attachShadow({mode:"closed"});return t.adoptedStyleSheets=[f(be)],{element:e,root:t,show:()=>he(e)}}function he(e){let t=0,n=-1/0,o=!1,r=new MutationObserver(()=>{if(o||e.isConnected)return;if(t=performance.now()-n<t+1e3?Math.min(Math.max(2*t,50),3e4):0,t===0)return i();o=!0,setTimeout(i,t)}),i=()=>{o=!1,n=performance.now();let s=document.documentElement;s?.append(e),r.disconnect(),r.observe(document,{childList:!0}),s&&r.observe(s,{childList:!0})};i()}var d=new WeakMap;function oe(e){let t=new k;return d.set(t,e),t}var k=class{static get runningSession(){return l().page?.running}getSupportCode(){return d.get(this)?.part()?.code??""}getState(){return d.get(this)?.part()?.state??O}getSupportDuration(){return d.get(this)?.part()?.duration??0}stop(){d.get(this)?.part()?.stop()}addEventListener(t,n){d.get(this)?.listeners.add(t,n)}removeEventListener(t,n){d.get(this)?.listeners.remove(t,n)}};function M(){let e=l();return e.page??(e.page=ke(e.base??w()))}var xe=[1e3,3e3,9e3],ve="Support could not be loaded. Check your connection and try again.";function ke(e){let t=a=>console.warn(`qwelp: ${a}`),n=te(c),o=oe({listeners:n,part:()=>g}),r={},i,s,p,j=0,g,S,K=!1;function I(){if(S===void 0){let a=q();S=a!==void 0,S&&t(`no support button: this browser lacks ${a}`)}return!S}function B(a){r=F(r,J(a,u=>x(u)!==void 0,t)),s?.button.brand(r),g?.settingsChanged()}function Q(){if(!s){let a=ne(),u=ee(a.root,{press:()=>{ae()},near:()=>{H().catch(()=>{})}});u.brand(r),s={mount:a,button:u},a.show()}return s}function H(){return p??(p=N(j).catch(a=>{throw p=void 0,j++,a})),p}async function $(){let{createSession:a}=await H();return g??(g=a(ie()))}function ie(){let{mount:a,button:u}=Q();return{base:e,element:a.element,root:a.root,button:u.element,get settings(){return r},emit:n.emit,running:()=>{i=o}}}async function ae(){let{button:a}=Q();a.note(""),a.busy(!0);try{(await $()).open()}catch(u){a.note(ve),t(`the session cannot be loaded: ${u}`)}a.busy(!1)}async function A(){for(let a of[...xe,void 0]){if(!y())return;try{return(await $()).resume()?o:void 0}catch(u){t(`the session cannot be resumed: ${u}`)}a!==void 0&&await new Promise(u=>setTimeout(u,a))}}return{get running(){return i},start(a){try{B(a),I()&&P().then(Q).catch(c)}catch(u){c(u)}return o},async check(a){try{return B(a),K||(K=!0,addEventListener("pageshow",u=>{u.persisted&&z().then(ue=>ue?A():void 0).catch(c)})),await U(),!y()||!I()?void 0:(await P(),await A())}catch(u){c(u);return}}}}function re(e){return M().start(e)}function se(e){return M().check(e)}function Qe(){return[...document.querySelectorAll("script[data-qwelp-settings][src]")].find(t=>new URL(t.getAttribute("src")??"",import.meta.url).href===import.meta.url)}function Ce(e){try{return JSON.parse(e.dataset.qwelpSettings||"{}")}catch{console.warn("qwelp: data-qwelp-settings is not JSON; the defaults are used");return}}async function Pe(e){let t=e.dataset.qwelpSender;return t?(l().base=w(),await import(t)):{checkQwelpSessionAutoStart:se,startQwelpSession:re}}async function Ee(){try{let e=Qe();if(!e)return;let t=Ce(e),n=await Pe(e);await n.checkQwelpSessionAutoStart(t),n.startQwelpSession(t)}catch(e){console.warn("qwelp: no support button: the sender cannot be loaded",e)}}window===window.top&&Ee();export{k as QwelpSenderSession,se as checkQwelpSessionAutoStart,re as startQwelpSession};
