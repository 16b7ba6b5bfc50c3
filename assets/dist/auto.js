var v=()=>new URL("..",import.meta.url).href;async function W(e){let t=s=>import(new URL(e===0?s:`${s}?${e}`,import.meta.url).href),[n,r]=await Promise.all([t("session.js"),t("capture.js")]),{createSession:o}=n,{Capture:i}=r;return{createSession:s=>o(s,i)}}var F={state:"Idle",message:""},z="qwelp.session";function G(){return[["RTCPeerConnection",()=>"RTCPeerConnection"in window],["WeakRef",()=>"WeakRef"in window],["attachShadow",()=>"attachShadow"in Element.prototype],["adoptedStyleSheets",()=>"adoptedStyleSheets"in Document.prototype&&"replaceSync"in CSSStyleSheet.prototype]].find(([,t])=>!t())?.[0]}function R(){try{if(window!==window.top&&window.top?.document)return!1}catch{}try{return sessionStorage.getItem(z)!==null}catch{return!1}}async function Y(){document.prerendering&&await new Promise(e=>document.addEventListener("prerenderingchange",e,{once:!0}))}async function T(){document.body||document.readyState!=="loading"||await new Promise(e=>document.addEventListener("DOMContentLoaded",e,{once:!0}))}function y(e){typeof reportError=="function"?reportError(e):console.error(e)}var Re=2e3;async function _(){for(let e=0;e<Re;e+=50){if(R())return!0;await new Promise(t=>setTimeout(t,50))}return!1}var A=[255,255,255],Ce=[0,0,0];function B(e){let t=/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(e);if(t)return[parseInt(t[1],16),parseInt(t[2],16),parseInt(t[3],16)];let n=/^rgba\((\d+), (\d+), (\d+), ([\d.e-]+)\)$/.exec(e),r=Number(n?.[4]??0);if(!(!n||r===0))return Pe(A,[Number(n[1]),Number(n[2]),Number(n[3])],r)}function D(e){return"#"+e.map(t=>t.toString(16).padStart(2,"0")).join("")}function Pe(e,t,n){let r=o=>Math.round(e[o]+(t[o]-e[o])*n);return[r(0),r(1),r(2)]}function Me(e,t){let[n,r]=[X(e),X(t)].sort((o,i)=>o-i);return(r+.05)/(n+.05)}function X(e){let[t,n,r]=e.map(o=>{let i=o/255;return i<=.04045?i/12.92:((i+.055)/1.055)**2.4});return .2126*t+.7152*n+.0722*r}function Z(e){return Me(A,e)>=4.5?A:Ce}var I={en:"Get support",ar:"طلب المساعدة",de:"Hilfe anfordern",es:"Pedir ayuda",fr:"Obtenir de l’aide",it:"Chiedi assistenza",ja:"サポートを受ける",nl:"Hulp vragen",pl:"Poproś o pomoc",pt:"Pedir ajuda",tr:"Destek al",zh:"获取支持"};function Ee(e){for(let t of e){let[n]=t.toLowerCase().split(/[-_]/);if(Object.hasOwn(I,n))return n}return"en"}var ee=()=>Ee([document.documentElement.lang,...navigator.languages]);var Le={customerKey:()=>!0,consent:e=>e==="ask"||e==="code",comparisonCode:e=>typeof e=="boolean",metaData:Ae,branding:C,privacy:()=>!0,frames:te,parents:te},je={default:e=>e==="open"||e==="private",redact:K,unredact:K,hide:K};function ne(e,t,n){let r=s=>w(s,100)&&Qe.test(s)&&t(s),o={primaryColor:r,secondaryColor:r,logoUrl:Te,dialogTitle:s=>w(s,100),supportMessage:s=>w(s,1e3)},i=$(e,Le,"settings",n);if(i.branding&&(i.branding=$(i.branding,o,"settings.branding",n)),i.customerKey&&(!w(i.customerKey,1024)||/PRIVATE KEY/.test(i.customerKey))&&(n("settings.customerKey is not valid: no session can be sealed to it, so none will start. If it is a PRIVATE key, make a new pair"),i.customerKey="?"),i.privacy){let s=!1,l=$(i.privacy,je,"settings.privacy",p=>{s=!0,n(`${p}; this page is private`)});i.privacy=s?{...l,default:"private",unredact:[]}:l}return i}function re(e,t){let n={...e,...t};e.metaData&&t.metaData&&(n.metaData={...e.metaData,...t.metaData}),e.branding&&t.branding&&(n.branding={...e.branding,...t.branding});let r=e.privacy,o=t.privacy;if(r&&o){let i=s=>[...new Set([...r[s]??[],...o[s]??[]])];n.privacy={...r,...o,redact:i("redact"),unredact:i("unredact"),hide:i("hide")}}return n}var oe=e=>e.branding?.primaryColor??"#0b57d0",se=(e,t)=>e.branding?.dialogTitle??I[t];function $(e,t,n,r){let o={};if(e==null)return o;if(!C(e))return r(`${n} is not an object; the defaults are used`),o;for(let[i,s]of Object.entries(e))s==null||s===""||(Object.keys(t).includes(i)?t[i](s)?o[i]=s:r(`${n}.${i} is not valid; its default is used`):r(`${n}.${i} is not a setting`));return o}function C(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}function K(e){return Array.isArray(e)&&e.every(t=>w(t,500))}function w(e,t){return typeof e=="string"&&[...e].length<=t&&!/[^\P{Cc}\t\n\r]/u.test(e)}var Qe=/^(#[0-9a-f]{3,8}|(rgb|hsl)a?\([^()]+\)|(?!current|inherit|initial|unset|revert|transparent)[a-z]+)$/i,ie=/^(https:|http:\/\/(localhost|127(\.\d+){3}|\[::1\])[:/])/;function Te(e){return typeof e=="string"&&(/^\/(?![/\\])|^data:image\//i.test(e)||ie.test(`${ae(e)}`))}function te(e){return Array.isArray(e)&&e.every(t=>ie.test(`${t}/`)&&ae(t)?.origin===t)}function ae(e){try{return new URL(e)}catch{return}}function Ae(e){if(!C(e)||!O(e,4))return!1;try{return new TextEncoder().encode(JSON.stringify(e)).length<=8192}catch{return!1}}function O(e,t){return Array.isArray(e)?t>0&&e.every(n=>O(n,t-1)):C(e)?t>0&&Object.entries(e).every(([n,r])=>/^[\w.-]{1,64}$/.test(n)&&O(r,t-1)):!0}var g;function P(e){let t=B(e);if(t)return t;if(g??(g=document.createElement("canvas").getContext("2d")),!!g)return g.fillStyle="transparent",g.fillStyle=e,B(g.fillStyle)}function M(e,t,...n){let r=document.createElement(e);return t&&(r.className=t),r.append(...n),r}function de(e){let t="http://www.w3.org/2000/svg",n=document.createElementNS(t,"svg");n.setAttribute("viewBox","0 0 20 20"),n.setAttribute("aria-hidden","true");let r=document.createElementNS(t,"path");return r.setAttribute("d",e),n.append(r),n}function le(e,t){e.addEventListener("click",n=>{n.isTrusted&&t()})}function S(e){let t=new CSSStyleSheet;return t.replaceSync(e),t}var Be=`
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
.support[aria-busy=true] { cursor: progress; }
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
`,De="M9 14H2.5V3.5h15V8M5 17.5h4M11 9.5l7 3-3 1.2-1.3 3z";function pe(e,t){let n=M("span","");n.dir="auto";let r=M("button","support",de(De),n);r.type="button";let o=M("p","note");o.setAttribute("role","alert"),o.hidden=!0;let i=S("");return e.adoptedStyleSheets=[...e.adoptedStyleSheets,S(Be),i],e.append(o,r),le(r,t.press),r.addEventListener("pointerenter",t.near),r.addEventListener("focus",t.near),{element:r,brand(s){n.textContent=se(s,ee());let l=P(oe(s));i.replaceSync(`:host { --primary: ${D(l)}; --on-primary: ${D(Z(l))}; }`)},busy:s=>r.setAttribute("aria-busy",String(s)),note(s){o.hidden=s==="",o.textContent=s}}}function ce(e){let t=new Map;return{add(n,r){if(typeof r!="function")return;let o=t.get(n);o?o.add(r):t.set(n,new Set([r]))},remove(n,r){t.get(n)?.delete(r)},emit(n,r){let o=t.get(n);for(let i of[...o??[]])if(o?.has(i))try{i(r)}catch(s){e(s)}}}}var Ie=`
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
`;function me(){let e=document.createElement("qwelp-support"),t=e.attachShadow({mode:"closed"});return t.adoptedStyleSheets=[S(Ie)],{element:e,root:t,show:()=>$e(e)}}var ue=3e3;function $e(e){let t=0,n=-1/0,r=!1,o=!0,i=new MutationObserver(()=>{if(r||e.isConnected)return;if(t=performance.now()-n<t+1e3?Math.min(Math.max(2*t,50),3e4):0,t===0)return s();r=!0,setTimeout(s,t)}),s=()=>{r=!1,n=performance.now();let p=document.documentElement,c=o?document.body??p:p;o=!1,c?.append(e),i.disconnect();for(let u of new Set([document,p,c]))u&&i.observe(u,{childList:!0})},l=()=>{e.parentNode===document.body&&Ke(e,document.documentElement)};s(),document.readyState==="complete"?setTimeout(l,ue):addEventListener("load",()=>setTimeout(l,ue),{once:!0})}function Ke(e,t){"moveBefore"in t?t.moveBefore(e,null):t.append(e)}var N=Symbol.for("qwelp");function b(){let e=window;return e[N]??(e[N]={})}var f=new WeakMap;function ye(e){let t=new E;return f.set(t,e),t}var E=class{static get runningSession(){return b().page?.running}getSupportCode(){return f.get(this)?.part()?.code??""}getState(){return f.get(this)?.part()?.state??F}getSupportDuration(){return f.get(this)?.part()?.duration??0}stop(){f.get(this)?.part()?.stop()}addEventListener(t,n){f.get(this)?.listeners.add(t,n)}removeEventListener(t,n){f.get(this)?.listeners.remove(t,n)}};var x="qwelp.v1";var fe=x;function h(){let e=b();return e.page??(e.page=He(e.base??v()))}var Oe=[1e3,3e3,9e3],Ne="Support could not be loaded. Check your connection and try again.";function ge(e){let t=new URL("signal",e);return t.protocol=t.protocol.replace("http","ws"),t}function He(e){let t=a=>console.warn(`qwelp: ${a}`),n=ce(y),r=ye({listeners:n,part:()=>c}),o={},i,s,l,p=0,c,u,H=!1,q,k;function V(){if(u===void 0){let a=G();u=a!==void 0,u&&t(`no support button: this browser lacks ${a}`)}return!u}function L(a){o=re(o,ne(a,d=>P(d)!==void 0,t)),s?.button.brand(o),c?.settingsChanged(),q?.settingsChanged(),window!==parent&&o.parents&&addEventListener("message",Se)}function Se({data:a,origin:d,source:m,ports:ke}){a===fe&&m===parent&&o.parents.includes(d)&&import("./guest.js").then(({welcome:ve})=>q=ve(ke[0],()=>s?.mount.element,()=>o),y)}function j(){if(!s){let a=me(),d=pe(a.root,{press:()=>{he()},near:()=>{Q().catch(()=>{})}});d.brand(o),s={mount:a,button:d},a.show()}return s}function Q(){return l??(l=W(p).catch(a=>{throw l=void 0,p++,a})),l}async function U(){let{createSession:a}=await Q();return c??(c=a(xe()))}function xe(){let{mount:a,button:d}=j();return{base:e,element:a.element,root:a.root,button:d.element,get settings(){return o},socket:()=>{let m=k;return k=void 0,m&&m.readyState<=WebSocket.OPEN?m:new WebSocket(ge(e),x)},emit:n.emit,running:()=>{i=r}}}async function he(){let{button:a}=j();a.note(""),a.busy(!0);try{(await U()).open()}catch(d){a.note(Ne),t(`the session cannot be loaded: ${d}`)}a.busy(!1)}async function J(){for(let a of[...Oe,void 0]){if(!R())return;try{return(await U()).resume()?r:void 0}catch(d){t(`the session cannot be resumed: ${d}`)}a!==void 0&&await new Promise(d=>setTimeout(d,a))}}return{get running(){return i},start(a){try{L(a),V()&&T().then(j).catch(y)}catch(d){y(d)}return r},join:L,async check(a){try{return L(a),H||(H=!0,addEventListener("pageshow",d=>{d.persisted&&_().then(m=>m?J():void 0).catch(y)})),await Y(),!R()||!V()?void 0:(k??(k=new WebSocket(ge(e),x)),Q().catch(()=>{}),await T(),await J())}catch(d){y(d);return}}}}function be(e){return h().start(e)}function we(e){return h().check(e)}function qe(){let e=document.querySelectorAll("script[data-qwelp-settings][src]"),t=[import.meta.url,new URL("classic.js",import.meta.url).href];return[...e].find(n=>t.includes(new URL(n.getAttribute("src")??"",import.meta.url).href))}function Ve(e){try{return JSON.parse(e.dataset.qwelpSettings||"{}")}catch{console.warn("qwelp: data-qwelp-settings is not JSON; the defaults are used");return}}async function Ue(e){let t=e.dataset.qwelpSender;return t?(b().base=v(),await import(t)):{checkQwelpSessionAutoStart:we,startQwelpSession:be}}async function Je(){try{let e=qe();if(!e)return;let t=Ve(e);if(window!==window.top)return h().join?.(t);let n=await Ue(e);await n.checkQwelpSessionAutoStart(t),n.startQwelpSession(t)}catch(e){console.warn("qwelp: no support button: the sender cannot be loaded",e)}}Je();export{E as QwelpSenderSession,we as checkQwelpSessionAutoStart,be as startQwelpSession};
