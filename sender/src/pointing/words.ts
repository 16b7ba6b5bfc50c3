import type { Tag } from "../page/tongue.js";

/** What is said of an agent who points. */
export interface PointingWords {
  /** An agent without a name. */
  readonly agent: string;
  readonly press: (who: string) => string;
  /** To screen readers; what is the element's name, "" when it has none. */
  readonly points: (who: string, what: string) => string;
}

export const en: PointingWords = {
  agent: "An agent", press: (who) => `${who} asks you to press this`, points: (who, what) => (what ? `${who} points at “${what}”` : `${who} points at the page`),
};

/** Who has no name is called as in the dialog. */
export const others: Readonly<Record<Exclude<Tag, "en">, Omit<PointingWords, "agent">>> = {
  ar: { press: (who) => `${who} يطلب منك الضغط على هذا`, points: (who, what) => (what ? `${who} يشير إلى «${what}»` : `${who} يشير إلى الصفحة`) },
  de: { press: (who) => `${who} bittet Sie, hier zu klicken`, points: (who, what) => (what ? `${who} zeigt auf „${what}“` : `${who} zeigt auf die Seite`) },
  es: { press: (who) => `${who} le pide que pulse aquí`, points: (who, what) => (what ? `${who} señala «${what}»` : `${who} señala la página`) },
  fr: { press: (who) => `${who} vous demande d’appuyer ici`, points: (who, what) => (what ? `${who} montre « ${what} »` : `${who} montre la page`) },
  it: { press: (who) => `${who} le chiede di premere qui`, points: (who, what) => (what ? `${who} indica «${what}»` : `${who} indica la pagina`) },
  ja: { press: (who) => `${who}がここを押すようお願いしています`, points: (who, what) => (what ? `${who}が「${what}」を指しています` : `${who}がページを指しています`) },
  nl: { press: (who) => `${who} vraagt u hierop te klikken`, points: (who, what) => (what ? `${who} wijst naar “${what}”` : `${who} wijst naar de pagina`) },
  pl: { press: (who) => `${who} prosi o naciśnięcie tego`, points: (who, what) => (what ? `${who} wskazuje „${what}”` : `${who} wskazuje stronę`) },
  "pt-BR": { press: (who) => `${who} pede que você pressione aqui`, points: (who, what) => (what ? `${who} aponta para “${what}”` : `${who} aponta para a página`) },
  pt: { press: (who) => `${who} pede-lhe que prima aqui`, points: (who, what) => (what ? `${who} aponta para “${what}”` : `${who} aponta para a página`) },
  tr: { press: (who) => `${who} buna basmanızı istiyor`, points: (who, what) => (what ? `${who}: “${what}” gösteriliyor` : `${who} sayfayı gösteriyor`) },
  zh: { press: (who) => `${who}请您按此处`, points: (who, what) => (what ? `${who}指向“${what}”` : `${who}指向页面`) },
};
