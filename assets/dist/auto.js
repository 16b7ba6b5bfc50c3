var x=()=>new URL("..",import.meta.url).href;async function J(e){let t=s=>import(new URL(e===0?s:`${s}?${e}`,import.meta.url).href),[n,r]=await Promise.all([t("session.js"),t("capture.js")]),{createSession:o}=n,{Capture:i}=r;return{createSession:s=>o(s,i)}}var V={state:"Idle",message:""},U="qwelp.session";function F(){return[["RTCPeerConnection",()=>"RTCPeerConnection"in window],["WeakRef",()=>"WeakRef"in window],["attachShadow",()=>"attachShadow"in Element.prototype],["adoptedStyleSheets",()=>"adoptedStyleSheets"in Document.prototype&&"replaceSync"in CSSStyleSheet.prototype]].find(([,t])=>!t())?.[0]}function h(){try{if(window!==window.top&&window.top?.document)return!1}catch{}try{return sessionStorage.getItem(U)!==null}catch{return!1}}async function W(){document.prerendering&&await new Promise(e=>document.addEventListener("prerenderingchange",e,{once:!0}))}async function L(){document.body||document.readyState!=="loading"||await new Promise(e=>document.addEventListener("DOMContentLoaded",e,{once:!0}))}function m(e){typeof reportError=="function"?reportError(e):console.error(e)}var xe=2e3;async function z(){for(let e=0;e<xe;e+=50){if(h())return!0;await new Promise(t=>setTimeout(t,50))}return!1}var j=[255,255,255],he=[0,0,0];function T(e){let t=/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(e);if(t)return[parseInt(t[1],16),parseInt(t[2],16),parseInt(t[3],16)];let n=/^rgba\((\d+), (\d+), (\d+), ([\d.e-]+)\)$/.exec(e),r=Number(n?.[4]??0);if(!(!n||r===0))return ke(j,[Number(n[1]),Number(n[2]),Number(n[3])],r)}function A(e){return"#"+e.map(t=>t.toString(16).padStart(2,"0")).join("")}function ke(e,t,n){let r=o=>Math.round(e[o]+(t[o]-e[o])*n);return[r(0),r(1),r(2)]}function ve(e,t){let[n,r]=[G(e),G(t)].sort((o,i)=>o-i);return(r+.05)/(n+.05)}function G(e){let[t,n,r]=e.map(o=>{let i=o/255;return i<=.04045?i/12.92:((i+.055)/1.055)**2.4});return .2126*t+.7152*n+.0722*r}function Y(e){return ve(j,e)>=4.5?j:he}var Ce={customerKey:()=>!0,comparisonCode:e=>typeof e=="boolean",metaData:Ee,branding:k,privacy:()=>!0,frames:_,parents:_},Pe={default:e=>e==="open"||e==="private",redact:I,unredact:I,hide:I};function X(e,t,n){let r=s=>w(s,100)&&Me.test(s)&&t(s),o={primaryColor:r,secondaryColor:r,logoUrl:Re,dialogTitle:s=>w(s,100),supportMessage:s=>w(s,1e3)},i=B(e,Ce,"settings",n);if(i.branding&&(i.branding=B(i.branding,o,"settings.branding",n)),i.customerKey&&(!w(i.customerKey,1024)||/PRIVATE KEY/.test(i.customerKey))&&(n("settings.customerKey is not valid: no session can be sealed to it, so none will start. If it is a PRIVATE key, make a new pair"),i.customerKey="?"),i.privacy){let s=!1,l=B(i.privacy,Pe,"settings.privacy",p=>{s=!0,n(`${p}; this page is private`)});i.privacy=s?{...l,default:"private",unredact:[]}:l}return i}function Z(e,t){let n={...e,...t};e.metaData&&t.metaData&&(n.metaData={...e.metaData,...t.metaData}),e.branding&&t.branding&&(n.branding={...e.branding,...t.branding});let r=e.privacy,o=t.privacy;if(r&&o){let i=s=>[...new Set([...r[s]??[],...o[s]??[]])];n.privacy={...r,...o,redact:i("redact"),unredact:i("unredact"),hide:i("hide")}}return n}var ee=e=>e.branding?.primaryColor??"#0b57d0",te=e=>e.branding?.dialogTitle??"Get support";function B(e,t,n,r){let o={};if(e==null)return o;if(!k(e))return r(`${n} is not an object; the defaults are used`),o;for(let[i,s]of Object.entries(e))s==null||s===""||(Object.keys(t).includes(i)?t[i](s)?o[i]=s:r(`${n}.${i} is not valid; its default is used`):r(`${n}.${i} is not a setting`));return o}function k(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}function I(e){return Array.isArray(e)&&e.every(t=>w(t,500))}function w(e,t){return typeof e=="string"&&[...e].length<=t&&!/[^\P{Cc}\t\n\r]/u.test(e)}var Me=/^(#[0-9a-f]{3,8}|(rgb|hsl)a?\([^()]+\)|(?!current|inherit|initial|unset|revert|transparent)[a-z]+)$/i,ne=/^(https:|http:\/\/(localhost|127(\.\d+){3}|\[::1\])[:/])/;function Re(e){return typeof e=="string"&&(/^\/(?![/\\])|^data:image\//i.test(e)||ne.test(`${re(e)}`))}function _(e){return Array.isArray(e)&&e.every(t=>ne.test(`${t}/`)&&re(t)?.origin===t)}function re(e){try{return new URL(e)}catch{return}}function Ee(e){if(!k(e)||!$(e,4))return!1;try{return new TextEncoder().encode(JSON.stringify(e)).length<=8192}catch{return!1}}function $(e,t){return Array.isArray(e)?t>0&&e.every(n=>$(n,t-1)):k(e)?t>0&&Object.entries(e).every(([n,r])=>/^[\w.-]{1,64}$/.test(n)&&$(r,t-1)):!0}var f;function v(e){let t=T(e);if(t)return t;if(f??(f=document.createElement("canvas").getContext("2d")),!!f)return f.fillStyle="transparent",f.fillStyle=e,T(f.fillStyle)}function C(e,t,...n){let r=document.createElement(e);return t&&(r.className=t),r.append(...n),r}function oe(e){let t="http://www.w3.org/2000/svg",n=document.createElementNS(t,"svg");n.setAttribute("viewBox","0 0 20 20"),n.setAttribute("aria-hidden","true");let r=document.createElementNS(t,"path");return r.setAttribute("d",e),n.append(r),n}function se(e,t){e.addEventListener("click",n=>{n.isTrusted&&t()})}function b(e){let t=new CSSStyleSheet;return t.replaceSync(e),t}var Qe=`
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
`,Le="M9 14H2.5V3.5h15V8M5 17.5h4M11 9.5l7 3-3 1.2-1.3 3z";function ie(e,t){let n=C("span","");n.dir="auto";let r=C("button","support",oe(Le),n);r.type="button";let o=C("p","note");o.setAttribute("role","alert"),o.hidden=!0;let i=b("");return e.adoptedStyleSheets=[...e.adoptedStyleSheets,b(Qe),i],e.append(o,r),se(r,t.press),r.addEventListener("pointerenter",t.near),r.addEventListener("focus",t.near),{element:r,brand(s){n.textContent=te(s);let l=v(ee(s));i.replaceSync(`:host { --primary: ${A(l)}; --on-primary: ${A(Y(l))}; }`)},busy:s=>r.setAttribute("aria-busy",String(s)),note(s){o.hidden=s==="",o.textContent=s}}}function ae(e){let t=new Map;return{add(n,r){if(typeof r!="function")return;let o=t.get(n);o?o.add(r):t.set(n,new Set([r]))},remove(n,r){t.get(n)?.delete(r)},emit(n,r){let o=t.get(n);for(let i of[...o??[]])if(o?.has(i))try{i(r)}catch(s){e(s)}}}}var je=`
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
`;function le(){let e=document.createElement("qwelp-support"),t=e.attachShadow({mode:"closed"});return t.adoptedStyleSheets=[b(je)],{element:e,root:t,show:()=>Te(e)}}var de=3e3;function Te(e){let t=0,n=-1/0,r=!1,o=!0,i=new MutationObserver(()=>{if(r||e.isConnected)return;if(t=performance.now()-n<t+1e3?Math.min(Math.max(2*t,50),3e4):0,t===0)return s();r=!0,setTimeout(s,t)}),s=()=>{r=!1,n=performance.now();let p=document.documentElement,c=o?document.body??p:p;o=!1,c?.append(e),i.disconnect();for(let u of new Set([document,p,c]))u&&i.observe(u,{childList:!0})},l=()=>{e.parentNode===document.body&&Ae(e,document.documentElement)};s(),document.readyState==="complete"?setTimeout(l,de):addEventListener("load",()=>setTimeout(l,de),{once:!0})}function Ae(e,t){"moveBefore"in t?t.moveBefore(e,null):t.append(e)}var K=Symbol.for("qwelp");function g(){let e=window;return e[K]??(e[K]={})}var y=new WeakMap;function pe(e){let t=new P;return y.set(t,e),t}var P=class{static get runningSession(){return g().page?.running}getSupportCode(){return y.get(this)?.part()?.code??""}getState(){return y.get(this)?.part()?.state??V}getSupportDuration(){return y.get(this)?.part()?.duration??0}stop(){y.get(this)?.part()?.stop()}addEventListener(t,n){y.get(this)?.listeners.add(t,n)}removeEventListener(t,n){y.get(this)?.listeners.remove(t,n)}};var ce="qwelp.v1";var ue=ce;function S(){let e=g();return e.page??(e.page=$e(e.base??x()))}var Be=[1e3,3e3,9e3],Ie="Support could not be loaded. Check your connection and try again.";function $e(e){let t=a=>console.warn(`qwelp: ${a}`),n=ae(m),r=pe({listeners:n,part:()=>c}),o={},i,s,l,p=0,c,u,D=!1,N;function O(){if(u===void 0){let a=F();u=a!==void 0,u&&t(`no support button: this browser lacks ${a}`)}return!u}function M(a){o=Z(o,X(a,d=>v(d)!==void 0,t)),s?.button.brand(o),c?.settingsChanged(),N?.settingsChanged(),window!==parent&&o.parents&&addEventListener("message",fe)}function fe({data:a,origin:d,source:Q,ports:be}){a===ue&&Q===parent&&o.parents.includes(d)&&import("./guest.js").then(({welcome:Se})=>N=Se(be[0],()=>s?.mount.element,()=>o),m)}function R(){if(!s){let a=le(),d=ie(a.root,{press:()=>{we()},near:()=>{E().catch(()=>{})}});d.brand(o),s={mount:a,button:d},a.show()}return s}function E(){return l??(l=J(p).catch(a=>{throw l=void 0,p++,a})),l}async function H(){let{createSession:a}=await E();return c??(c=a(ge()))}function ge(){let{mount:a,button:d}=R();return{base:e,element:a.element,root:a.root,button:d.element,get settings(){return o},emit:n.emit,running:()=>{i=r}}}async function we(){let{button:a}=R();a.note(""),a.busy(!0);try{(await H()).open()}catch(d){a.note(Ie),t(`the session cannot be loaded: ${d}`)}a.busy(!1)}async function q(){for(let a of[...Be,void 0]){if(!h())return;try{return(await H()).resume()?r:void 0}catch(d){t(`the session cannot be resumed: ${d}`)}a!==void 0&&await new Promise(d=>setTimeout(d,a))}}return{get running(){return i},start(a){try{M(a),O()&&L().then(R).catch(m)}catch(d){m(d)}return r},join:M,async check(a){try{return M(a),D||(D=!0,addEventListener("pageshow",d=>{d.persisted&&z().then(Q=>Q?q():void 0).catch(m)})),await W(),!h()||!O()?void 0:(E().catch(()=>{}),await L(),await q())}catch(d){m(d);return}}}}function me(e){return S().start(e)}function ye(e){return S().check(e)}function Ke(){let e=document.querySelectorAll("script[data-qwelp-settings][src]"),t=[import.meta.url,new URL("classic.js",import.meta.url).href];return[...e].find(n=>t.includes(new URL(n.getAttribute("src")??"",import.meta.url).href))}function De(e){try{return JSON.parse(e.dataset.qwelpSettings||"{}")}catch{console.warn("qwelp: data-qwelp-settings is not JSON; the defaults are used");return}}async function Ne(e){let t=e.dataset.qwelpSender;return t?(g().base=x(),await import(t)):{checkQwelpSessionAutoStart:ye,startQwelpSession:me}}async function Oe(){try{let e=Ke();if(!e)return;let t=De(e);if(window!==window.top)return S().join?.(t);let n=await Ne(e);await n.checkQwelpSessionAutoStart(t),n.startQwelpSession(t)}catch(e){console.warn("qwelp: no support button: the sender cannot be loaded",e)}}Oe();export{P as QwelpSenderSession,ye as checkQwelpSessionAutoStart,me as startQwelpSession};
