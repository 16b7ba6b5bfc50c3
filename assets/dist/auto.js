var v=()=>new URL("..",import.meta.url).href;async function W(e){let t=s=>import(new URL(e===0?s:`${s}?${e}`,import.meta.url).href),[n,r]=await Promise.all([t("session.js"),t("capture.js")]),{createSession:o}=n,{Capture:i}=r;return{createSession:s=>o(s,i)}}function F(){return[["RTCPeerConnection",()=>"RTCPeerConnection"in window],["WeakRef",()=>"WeakRef"in window],["attachShadow",()=>"attachShadow"in Element.prototype],["adoptedStyleSheets",()=>"adoptedStyleSheets"in Document.prototype&&"replaceSync"in CSSStyleSheet.prototype]].find(([,t])=>!t())?.[0]}function z(e){try{if(window!==window.top&&window.top?.document)return!1}catch{}try{return e in localStorage&&(!document.hidden||e in sessionStorage)}catch{return!1}}async function G(){document.prerendering&&await new Promise(e=>document.addEventListener("prerenderingchange",e,{once:!0}))}async function T(){document.body||document.readyState!=="loading"||await new Promise(e=>document.addEventListener("DOMContentLoaded",e,{once:!0}))}function f(e){typeof reportError=="function"?reportError(e):console.error(e)}var A=[255,255,255],Me=[0,0,0];function B(e){let t=/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(e);if(t)return[parseInt(t[1],16),parseInt(t[2],16),parseInt(t[3],16)];let n=/^rgba\((\d+), (\d+), (\d+), ([\d.e-]+)\)$/.exec(e),r=Number(n?.[4]??0);if(!(!n||r===0))return Re(A,[Number(n[1]),Number(n[2]),Number(n[3])],r)}function I(e){return"#"+e.map(t=>t.toString(16).padStart(2,"0")).join("")}function Re(e,t,n){let r=o=>Math.round(e[o]+(t[o]-e[o])*n);return[r(0),r(1),r(2)]}function Ee(e,t){let[n,r]=[Y(e),Y(t)].sort((o,i)=>o-i);return(r+.05)/(n+.05)}function Y(e){let[t,n,r]=e.map(o=>{let i=o/255;return i<=.04045?i/12.92:((i+.055)/1.055)**2.4});return .2126*t+.7152*n+.0722*r}function _(e){return Ee(A,e)>=4.5?A:Me}var $={en:"Get support",ar:"طلب المساعدة",de:"Hilfe anfordern",es:"Pedir ayuda",fr:"Obtenir de l’aide",it:"Chiedi assistenza",ja:"サポートを受ける",nl:"Hulp vragen",pl:"Poproś o pomoc",pt:"Pedir ajuda",tr:"Destek al",zh:"获取支持"};function Le(e){for(let t of e){let[n]=t.toLowerCase().split(/[-_]/);if(Object.hasOwn($,n))return n}return"en"}var X=()=>Le([document.documentElement.lang,...navigator.languages]);var Qe={customerKey:()=>!0,consent:e=>e==="ask"||e==="code",comparisonCode:e=>typeof e=="boolean",metaData:Be,branding:C,privacy:()=>!0,frames:Z,parents:Z},je={default:e=>e==="open"||e==="private",redact:K,unredact:K,hide:K};function ee(e,t,n){let r=s=>S(s,100)&&Te.test(s)&&t(s),o={primaryColor:r,secondaryColor:r,logoUrl:Ae,dialogTitle:s=>S(s,100),supportMessage:s=>S(s,1e3)},i=D(e,Qe,"settings",n);if(i.branding&&(i.branding=D(i.branding,o,"settings.branding",n)),i.customerKey&&(!S(i.customerKey,1024)||/PRIVATE KEY/.test(i.customerKey))&&(n("settings.customerKey is not valid: no session can be sealed to it, so none will start. If it is a PRIVATE key, make a new pair"),i.customerKey="?"),i.privacy){let s=!1,l=D(i.privacy,je,"settings.privacy",p=>{s=!0,n(`${p}; this page is private`)});i.privacy=s?{...l,default:"private",unredact:[]}:l}return i}function te(e,t){let n={...e,...t};e.metaData&&t.metaData&&(n.metaData={...e.metaData,...t.metaData}),e.branding&&t.branding&&(n.branding={...e.branding,...t.branding});let r=e.privacy,o=t.privacy;if(r&&o){let i=s=>[...new Set([...r[s]??[],...o[s]??[]])];n.privacy={...r,...o,redact:i("redact"),unredact:i("unredact"),hide:i("hide")}}return n}var ne=e=>e.branding?.primaryColor??"#0b57d0",re=(e,t)=>e.branding?.dialogTitle??$[t];function D(e,t,n,r){let o={};if(e==null)return o;if(!C(e))return r(`${n} is not an object; the defaults are used`),o;for(let[i,s]of Object.entries(e))s==null||s===""||(Object.keys(t).includes(i)?t[i](s)?o[i]=s:r(`${n}.${i} is not valid; its default is used`):r(`${n}.${i} is not a setting`));return o}function C(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}function K(e){return Array.isArray(e)&&e.every(t=>S(t,500))}function S(e,t){return typeof e=="string"&&[...e].length<=t&&!/[^\P{Cc}\t\n\r]/u.test(e)}var Te=/^(#[0-9a-f]{3,8}|(rgb|hsl)a?\([^()]+\)|(?!current|inherit|initial|unset|revert|transparent)[a-z]+)$/i,oe=/^(https:|http:\/\/(localhost|127(\.\d+){3}|\[::1\])[:/])/;function Ae(e){return typeof e=="string"&&(/^\/(?![/\\])|^data:image\//i.test(e)||oe.test(`${se(e)}`))}function Z(e){return Array.isArray(e)&&e.every(t=>oe.test(`${t}/`)&&se(t)?.origin===t)}function se(e){try{return new URL(e)}catch{return}}function Be(e){if(!C(e)||!O(e,4))return!1;try{return new TextEncoder().encode(JSON.stringify(e)).length<=8192}catch{return!1}}function O(e,t){return Array.isArray(e)?t>0&&e.every(n=>O(n,t-1)):C(e)?t>0&&Object.entries(e).every(([n,r])=>/^[\w.-]{1,64}$/.test(n)&&O(r,t-1)):!0}var g;function P(e){let t=B(e);if(t)return t;if(g??(g=document.createElement("canvas").getContext("2d")),!!g)return g.fillStyle="transparent",g.fillStyle=e,B(g.fillStyle)}function M(e,t,...n){let r=document.createElement(e);return t&&(r.className=t),r.append(...n),r}function ie(e){let t="http://www.w3.org/2000/svg",n=document.createElementNS(t,"svg");n.setAttribute("viewBox","0 0 20 20"),n.setAttribute("aria-hidden","true");let r=document.createElementNS(t,"path");return r.setAttribute("d",e),n.append(r),n}function ae(e,t){e.addEventListener("click",n=>{n.isTrusted&&t()})}function x(e){let t=new CSSStyleSheet;return t.replaceSync(e),t}var Ie=`
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
`,$e="M9 14H2.5V3.5h15V8M5 17.5h4M11 9.5l7 3-3 1.2-1.3 3z";function de(e,t){let n=M("span","");n.dir="auto";let r=M("button","support",ie($e),n);r.type="button";let o=M("p","note");o.setAttribute("role","alert"),o.hidden=!0;let i=x("");return e.adoptedStyleSheets=[...e.adoptedStyleSheets,x(Ie),i],e.append(o,r),ae(r,t.press),r.addEventListener("pointerenter",t.near),r.addEventListener("focus",t.near),{element:r,brand(s){n.textContent=re(s,X());let l=P(ne(s));i.replaceSync(`:host { --primary: ${I(l)}; --on-primary: ${I(_(l))}; }`)},busy:s=>r.setAttribute("aria-busy",String(s)),note(s){o.hidden=s==="",o.textContent=s}}}function le(e){let t=new Map;return{add(n,r){if(typeof r!="function")return;let o=t.get(n);o?o.add(r):t.set(n,new Set([r]))},remove(n,r){t.get(n)?.delete(r)},emit(n,r){let o=t.get(n);for(let i of[...o??[]])if(o?.has(i))try{i(r)}catch(s){e(s)}}}}var De=`
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
`;function ce(){let e=document.createElement("qwelp-support"),t=e.attachShadow({mode:"closed"});return t.adoptedStyleSheets=[x(De)],{element:e,root:t,show:()=>Ke(e)}}var pe=3e3;function Ke(e){let t=0,n=-1/0,r=!1,o=!0,i=new MutationObserver(()=>{if(r||e.isConnected)return;if(t=performance.now()-n<t+1e3?Math.min(Math.max(2*t,50),3e4):0,t===0)return s();r=!0,setTimeout(s,t)}),s=()=>{r=!1,n=performance.now();let p=document.documentElement,c=o?document.body??p:p;o=!1,c?.append(e),i.disconnect();for(let u of new Set([document,p,c]))u&&i.observe(u,{childList:!0})},l=()=>{e.parentNode===document.body&&Oe(e,document.documentElement)};s(),document.readyState==="complete"?setTimeout(l,pe):addEventListener("load",()=>setTimeout(l,pe),{once:!0})}function Oe(e,t){"moveBefore"in t?t.moveBefore(e,null):t.append(e)}var N=Symbol.for("qwelp");function w(){let e=window;return e[N]??(e[N]={})}var ue={state:"Idle",message:""},me=e=>`qwelp.session ${e}`;var m=new WeakMap;function ye(e){let t=new R;return m.set(t,e),t}var R=class{static get runningSession(){return w().page?.running}getSupportCode(){return m.get(this)?.part()?.code??""}getState(){return m.get(this)?.part()?.state??ue}getSupportDuration(){return m.get(this)?.part()?.duration??0}stop(){m.get(this)?.part()?.stop()}addEventListener(t,n){m.get(this)?.listeners.add(t,n)}removeEventListener(t,n){m.get(this)?.listeners.remove(t,n)}};var h="qwelp.v1";var fe=h;function k(){let e=w();return e.page??(e.page=qe(e.base??v()))}var Ne=[1e3,3e3,9e3],He="Support could not be loaded. Check your connection and try again.";function ge(e){let t=new URL("signal",e);return t.protocol=t.protocol.replace("http","ws"),t}function qe(e){let t=a=>console.warn(`qwelp: ${a}`),n=le(f),r=ye({listeners:n,part:()=>c}),o={},i,s,l,p=0,c,u,H=!1,E,q,y;function U(){if(u===void 0){let a=F();u=a!==void 0,u&&t(`no support button: this browser lacks ${a}`)}return!u}function L(a){o=te(o,ee(a,d=>P(d)!==void 0,t)),s?.button.brand(o),c?.settingsChanged(),q?.settingsChanged(),window!==parent&&o.parents&&addEventListener("message",Se)}function Se({data:a,origin:d,source:b,ports:Ce}){a===fe&&b===parent&&o.parents.includes(d)&&import("./guest.js").then(({welcome:Pe})=>q=Pe(Ce[0],()=>s?.mount.element,()=>o),f)}function Q(){if(!s){let a=ce(),d=de(a.root,{press:()=>{he()},near:()=>{j().catch(()=>{})}});d.brand(o),s={mount:a,button:d},a.show()}return s}function j(){return l??(l=W(p).catch(a=>{throw l=void 0,p++,a})),l}async function J(){let{createSession:a}=await j();return c??(c=a(xe()))}function xe(){let{mount:a,button:d}=Q();return{base:e,element:a.element,root:a.root,button:d.element,get settings(){return o},socket:()=>{let b=y;return y=void 0,b&&b.readyState<=WebSocket.OPEN?b:new WebSocket(ge(e),h)},emit:n.emit,running:()=>{i=r}}}async function he(){let{button:a}=Q();a.note(""),a.busy(!0);try{(await J()).open()}catch(d){a.note(He),t(`the session cannot be loaded: ${d}`)}a.busy(!1)}let ke=()=>z(me(e))&&U();function V(){return E??(E=ve().finally(()=>E=void 0))}async function ve(){for(let a of[...Ne,void 0]){if(!ke())return;try{if(i||(y??(y=new WebSocket(ge(e),h))),j().catch(()=>{}),await T(),await(await J()).resume())return r;y?.close(),y=void 0;return}catch(d){t(`the session cannot be resumed: ${d}`)}a!==void 0&&await new Promise(d=>setTimeout(d,a))}}return{get running(){return i},start(a){try{L(a),U()&&T().then(Q).catch(f)}catch(d){f(d)}return r},join:L,async check(a){try{if(L(a),await G(),!H){H=!0;for(let d of["pageshow","focus","visibilitychange"])addEventListener(d,()=>document.hidden||void V())}return await V()}catch(d){f(d);return}}}}function we(e){return k().start(e)}function be(e){return k().check(e)}function Ue(){let e=document.querySelectorAll("script[data-qwelp-settings][src]"),t=[import.meta.url,new URL("classic.js",import.meta.url).href];return[...e].find(n=>t.includes(new URL(n.getAttribute("src")??"",import.meta.url).href))}function Je(e){try{return JSON.parse(e.dataset.qwelpSettings||"{}")}catch{console.warn("qwelp: data-qwelp-settings is not JSON; the defaults are used");return}}async function Ve(e){let t=e.dataset.qwelpSender;return t?(w().base=v(),await import(t)):{checkQwelpSessionAutoStart:be,startQwelpSession:we}}async function We(){try{let e=Ue();if(!e)return;let t=Je(e);if(window!==window.top)return k().join?.(t);let n=await Ve(e);await n.checkQwelpSessionAutoStart(t),n.startQwelpSession(t)}catch(e){console.warn("qwelp: no support button: the sender cannot be loaded",e)}}We();export{R as QwelpSenderSession,be as checkQwelpSessionAutoStart,we as startQwelpSession};
