var h=()=>new URL("..",import.meta.url).href;async function O(e){let t=r=>import(new URL(e===0?r:`${r}?${e}`,import.meta.url).href),[n,o]=await Promise.all([t("session.js"),t("capture.js")]),{createSession:s}=n,{Capture:i}=o;return{createSession:r=>s(r,i)}}var C=Symbol.for("qwelp");function f(){let e=window;return e[C]??(e[C]={})}var q={state:"Idle",message:""},U="qwelp.session";function z(){return[["RTCPeerConnection",()=>"RTCPeerConnection"in window],["WeakRef",()=>"WeakRef"in window],["attachShadow",()=>"attachShadow"in Element.prototype],["adoptedStyleSheets",()=>"adoptedStyleSheets"in Document.prototype&&"replaceSync"in CSSStyleSheet.prototype]].find(([,t])=>!t())?.[0]}function b(){try{if(window!==window.top&&window.top?.document)return!1}catch{}try{return sessionStorage.getItem(U)!==null}catch{return!1}}async function V(){document.prerendering&&await new Promise(e=>document.addEventListener("prerenderingchange",e,{once:!0}))}async function E(){document.body||document.readyState!=="loading"||await new Promise(e=>document.addEventListener("DOMContentLoaded",e,{once:!0}))}function g(e){typeof reportError=="function"?reportError(e):console.error(e)}var ce=2e3;async function W(){for(let e=0;e<ce;e+=50){if(b())return!0;await new Promise(t=>setTimeout(t,50))}return!1}var T=[255,255,255],le=[0,0,0];function L(e){let t=/^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(e);if(t)return[parseInt(t[1],16),parseInt(t[2],16),parseInt(t[3],16)];let n=/^rgba\((\d+), (\d+), (\d+), ([\d.e-]+)\)$/.exec(e),o=Number(n?.[4]??0);if(!(!n||o===0))return me(T,[Number(n[1]),Number(n[2]),Number(n[3])],o)}function R(e){return"#"+e.map(t=>t.toString(16).padStart(2,"0")).join("")}function me(e,t,n){let o=s=>Math.round(e[s]+(t[s]-e[s])*n);return[o(0),o(1),o(2)]}function fe(e,t){let[n,o]=[G(e),G(t)].sort((s,i)=>s-i);return(o+.05)/(n+.05)}function G(e){let[t,n,o]=e.map(s=>{let i=s/255;return i<=.04045?i/12.92:((i+.055)/1.055)**2.4});return .2126*t+.7152*n+.0722*o}function J(e){return fe(T,e)>=4.5?T:le}var ge={customerKey:e=>w(e,1024)&&!/PRIVATE KEY/.test(e),metaData:he,branding:v,privacy:()=>!0},ye={default:e=>e==="open"||e==="private",redact:j,unredact:j,hide:j};function F(e,t,n){let o=r=>w(r,100)&&we.test(r)&&t(r),s={primaryColor:o,secondaryColor:o,logoUrl:Se,dialogTitle:r=>w(r,100),supportMessage:r=>w(r,1e3)},i=M(e,ge,"settings",n);if(i.branding&&(i.branding=M(i.branding,s,"settings.branding",n)),i.privacy){let r=!1,p=M(i.privacy,ye,"settings.privacy",d=>{r=!0,n(`${d}; this page is private`)});i.privacy=r?{...p,default:"private",unredact:[]}:p}return i}function Y(e,t){let n={...e,...t};e.metaData&&t.metaData&&(n.metaData={...e.metaData,...t.metaData}),e.branding&&t.branding&&(n.branding={...e.branding,...t.branding});let o=e.privacy,s=t.privacy;if(o&&s){let i=r=>[...new Set([...o[r]??[],...s[r]??[]])];n.privacy={...o,...s,redact:i("redact"),unredact:i("unredact"),hide:i("hide")}}return n}var _=e=>e.branding?.primaryColor??"#0b57d0",X=e=>e.branding?.dialogTitle??"Get support";function M(e,t,n,o){let s={};if(e==null)return s;if(!v(e))return o(`${n} is not an object; the defaults are used`),s;for(let[i,r]of Object.entries(e))r==null||r===""||(Object.keys(t).includes(i)?t[i](r)?s[i]=r:o(`${n}.${i} is not valid; its default is used`):o(`${n}.${i} is not a setting`));return s}function v(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}function j(e){return Array.isArray(e)&&e.every(t=>w(t,500))}function w(e,t){return typeof e=="string"&&[...e].length<=t&&!/[^\P{Cc}\t\n\r]/u.test(e)}var we=/^(#[0-9a-f]{3,8}|(rgb|hsl)a?\([^()]+\)|(?!current|inherit|initial|unset|revert|transparent)[a-z]+)$/i;function Se(e){if(typeof e!="string")return!1;if(/^\/(?![/\\])/.test(e))return!0;try{let t=new URL(e);return t.protocol==="data:"?/^data:image\//i.test(e):t.protocol==="https:"||t.protocol==="http:"&&/^(localhost|127(\.\d+){3}|\[::1\])$/.test(t.hostname)}catch{return!1}}function he(e){if(!v(e)||!K(e,4))return!1;try{return new TextEncoder().encode(JSON.stringify(e)).length<=8192}catch{return!1}}function K(e,t){return Array.isArray(e)?t>0&&e.every(n=>K(n,t-1)):v(e)?t>0&&Object.entries(e).every(([n,o])=>/^[\w.-]{1,64}$/.test(n)&&K(o,t-1)):!0}var y;function x(e){let t=L(e);if(t)return t;if(y??(y=document.createElement("canvas").getContext("2d")),!!y)return y.fillStyle="transparent",y.fillStyle=e,L(y.fillStyle)}function k(e,t,...n){let o=document.createElement(e);return t&&(o.className=t),o.append(...n),o}function Z(e){let t="http://www.w3.org/2000/svg",n=document.createElementNS(t,"svg");n.setAttribute("viewBox","0 0 20 20"),n.setAttribute("aria-hidden","true");let o=document.createElementNS(t,"path");return o.setAttribute("d",e),n.append(o),n}function ee(e,t){e.addEventListener("click",n=>{n.isTrusted&&t()})}function S(e){let t=new CSSStyleSheet;return t.replaceSync(e),t}var be=`
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
`,ve="M9 14H2.5V3.5h15V8M5 17.5h4M11 9.5l7 3-3 1.2-1.3 3z";function te(e,t){let n=k("span","");n.dir="auto";let o=k("button","support",Z(ve),n);o.type="button";let s=k("p","note");s.setAttribute("role","alert"),s.hidden=!0;let i=S("");return e.adoptedStyleSheets=[...e.adoptedStyleSheets,S(be),i],e.append(s,o),ee(o,t.press),o.addEventListener("pointerenter",t.near),o.addEventListener("focus",t.near),{element:o,brand(r){n.textContent=X(r);let p=x(_(r));i.replaceSync(`:host { --primary: ${R(p)}; --on-primary: ${R(J(p))}; }`)},busy:r=>o.setAttribute("aria-busy",String(r)),note(r){s.hidden=r==="",s.textContent=r}}}function ne(e){let t=new Map;return{add(n,o){if(typeof o!="function")return;let s=t.get(n);s?s.add(o):t.set(n,new Set([o]))},remove(n,o){t.get(n)?.delete(o)},emit(n,o){let s=t.get(n);for(let i of[...s??[]])if(s?.has(i))try{i(o)}catch(r){e(r)}}}}var xe=`
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
`;function re(){let e=document.createElement("qwelp-support"),t=e.attachShadow({mode:"closed"});return t.adoptedStyleSheets=[S(xe)],{element:e,root:t,show:()=>ke(e)}}var oe=3e3;function ke(e){let t=0,n=-1/0,o=!1,s=!0,i=new MutationObserver(()=>{if(o||e.isConnected)return;if(t=performance.now()-n<t+1e3?Math.min(Math.max(2*t,50),3e4):0,t===0)return r();o=!0,setTimeout(r,t)}),r=()=>{o=!1,n=performance.now();let d=document.documentElement,c=s?document.body??d:d;s=!1,c?.append(e),i.disconnect();for(let l of new Set([document,d,c]))l&&i.observe(l,{childList:!0})},p=()=>{e.parentNode===document.body&&Qe(e,document.documentElement)};r(),document.readyState==="complete"?setTimeout(p,oe):addEventListener("load",()=>setTimeout(p,oe),{once:!0})}function Qe(e,t){"moveBefore"in t?t.moveBefore(e,null):t.append(e)}var m=new WeakMap;function se(e){let t=new Q;return m.set(t,e),t}var Q=class{static get runningSession(){return f().page?.running}getSupportCode(){return m.get(this)?.part()?.code??""}getState(){return m.get(this)?.part()?.state??q}getSupportDuration(){return m.get(this)?.part()?.duration??0}stop(){m.get(this)?.part()?.stop()}addEventListener(t,n){m.get(this)?.listeners.add(t,n)}removeEventListener(t,n){m.get(this)?.listeners.remove(t,n)}};function B(){let e=f();return e.page??(e.page=Ee(e.base??h()))}var Pe=[1e3,3e3,9e3],Ce="Support could not be loaded. Check your connection and try again.";function Ee(e){let t=a=>console.warn(`qwelp: ${a}`),n=ne(g),o=se({listeners:n,part:()=>c}),s={},i,r,p,d=0,c,l,$=!1;function A(){if(l===void 0){let a=z();l=a!==void 0,l&&t(`no support button: this browser lacks ${a}`)}return!l}function I(a){s=Y(s,F(a,u=>x(u)!==void 0,t)),r?.button.brand(s),c?.settingsChanged()}function P(){if(!r){let a=re(),u=te(a.root,{press:()=>{pe()},near:()=>{H().catch(()=>{})}});u.brand(s),r={mount:a,button:u},a.show()}return r}function H(){return p??(p=O(d).catch(a=>{throw p=void 0,d++,a})),p}async function N(){let{createSession:a}=await H();return c??(c=a(ue()))}function ue(){let{mount:a,button:u}=P();return{base:e,element:a.element,root:a.root,button:u.element,get settings(){return s},emit:n.emit,running:()=>{i=o}}}async function pe(){let{button:a}=P();a.note(""),a.busy(!0);try{(await N()).open()}catch(u){a.note(Ce),t(`the session cannot be loaded: ${u}`)}a.busy(!1)}async function D(){for(let a of[...Pe,void 0]){if(!b())return;try{return(await N()).resume()?o:void 0}catch(u){t(`the session cannot be resumed: ${u}`)}a!==void 0&&await new Promise(u=>setTimeout(u,a))}}return{get running(){return i},start(a){try{I(a),A()&&E().then(P).catch(g)}catch(u){g(u)}return o},async check(a){try{return I(a),$||($=!0,addEventListener("pageshow",u=>{u.persisted&&W().then(de=>de?D():void 0).catch(g)})),await V(),!b()||!A()?void 0:(await E(),await D())}catch(u){g(u);return}}}}function ie(e){return B().start(e)}function ae(e){return B().check(e)}function Te(){let e=document.querySelectorAll("script[data-qwelp-settings][src]"),t=[import.meta.url,new URL("classic.js",import.meta.url).href];return[...e].find(n=>t.includes(new URL(n.getAttribute("src")??"",import.meta.url).href))}function Le(e){try{return JSON.parse(e.dataset.qwelpSettings||"{}")}catch{console.warn("qwelp: data-qwelp-settings is not JSON; the defaults are used");return}}async function Re(e){let t=e.dataset.qwelpSender;return t?(f().base=h(),await import(t)):{checkQwelpSessionAutoStart:ae,startQwelpSession:ie}}async function Me(){try{let e=Te();if(!e)return;let t=Le(e),n=await Re(e);await n.checkQwelpSessionAutoStart(t),n.startQwelpSession(t)}catch(e){console.warn("qwelp: no support button: the sender cannot be loaded",e)}}window===window.top&&Me();export{Q as QwelpSenderSession,ae as checkQwelpSessionAutoStart,ie as startQwelpSession};
