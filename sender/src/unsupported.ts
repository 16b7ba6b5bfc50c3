import { dirOf, tongue, titles, type Tag } from "./page/tongue.js";

/** What a customer is told whose browser cannot take part, and what helps. */
const texts: Readonly<Record<Tag, string>> = {
  en: "This browser is too old to share the page with an agent. Please use a current version of Chrome, Edge, Firefox or Safari.",
  ar: "هذا المتصفح قديم جدًا ولا يمكنه مشاركة الصفحة مع الموظف. يرجى استخدام إصدار حديث من Chrome أو Edge أو Firefox أو Safari.",
  de: "Dieser Browser ist zu alt, um die Seite einem Mitarbeiter zu zeigen. Bitte verwenden Sie eine aktuelle Version von Chrome, Edge, Firefox oder Safari.",
  es: "Este navegador es demasiado antiguo para compartir la página con un agente. Utilice una versión actual de Chrome, Edge, Firefox o Safari.",
  fr: "Ce navigateur est trop ancien pour partager la page avec un conseiller. Veuillez utiliser une version récente de Chrome, Edge, Firefox ou Safari.",
  it: "Questo browser è troppo vecchio per mostrare la pagina a un operatore. Usi una versione attuale di Chrome, Edge, Firefox o Safari.",
  ja: "このブラウザーは古いため、ページを担当者と共有できません。Chrome、Edge、Firefox、Safariの最新版をお使いください。",
  nl: "Deze browser is te oud om de pagina met een medewerker te delen. Gebruik een recente versie van Chrome, Edge, Firefox of Safari.",
  pl: "Ta przeglądarka jest zbyt stara, aby udostępnić stronę konsultantowi. Użyj aktualnej wersji Chrome, Edge, Firefox lub Safari.",
  "pt-BR": "Este navegador é antigo demais para compartilhar a página com um atendente. Use uma versão atual do Chrome, Edge, Firefox ou Safari.",
  pt: "Este navegador é demasiado antigo para partilhar a página com um agente. Utilize uma versão atual do Chrome, Edge, Firefox ou Safari.",
  tr: "Bu tarayıcı, sayfayı bir temsilciyle paylaşmak için çok eski. Lütfen Chrome, Edge, Firefox veya Safari’nin güncel bir sürümünü kullanın.",
  zh: "此浏览器版本过旧，无法与客服人员共享页面。请使用最新版本的 Chrome、Edge、Firefox 或 Safari。",
};

/**
 * Shows the support button in a browser that lacks what the dialog needs: whoever is told on the telephone to press it shall find it, and learn what to do. Its looks are set one by
 * one, which every policy and every browser admits.
 */
export function showUnsupported(title: string | undefined): void {
  const tag = tongue();
  const host = document.createElement("qwelp-support");
  const button = document.createElement("button");
  const note = document.createElement("p");
  button.type = "button";
  button.textContent = title ?? titles[tag];
  note.setAttribute("role", "alert");
  button.onclick = () => {
    note.textContent = note.textContent ? "" : texts[tag];
    note.style.display = note.textContent ? "block" : "none";
  };
  const box = "all: initial; box-sizing: border-box; position: fixed; right: 16px; z-index: 2147483647; font: 16px/1.4 system-ui, sans-serif; ";
  button.style.cssText = `${box} bottom: 16px; padding: 12px 20px; border-radius: 24px; background: #0b57d0; color: #fff; cursor: pointer`;
  note.style.cssText = `${box} display: none; bottom: 76px; max-width: 320px; padding: 12px 16px; border-radius: 12px; background: #16191d; color: #fff`;
  button.onfocus = () => {
    button.style.outline = "3px solid #16191d";
  };
  button.onblur = () => {
    button.style.outline = "";
  };
  button.dir = "auto";
  note.dir = dirOf(tag);
  note.lang = tag;
  if (!title) button.lang = tag;
  host.appendChild(note);
  host.appendChild(button);
  document.body.appendChild(host);
}
