/** Text as it is compared: without case, accents and marks. */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/ł/g, "l").replace(/ı/g, "i");
}

/** The words of a name as frameworks write it, or of a label, with a blank around each: apart at case, digits and marks, and as it was. */
function wordsOf(name: string): string {
  const text = name.replace(/,/g, " ");
  const apart = text.replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2").replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2");
  return ` ${fold(`${apart},${text}`).replace(/\d+|,/g, " $& ").replace(/[^\p{L}\p{N},]+/gu, " ")} `;
}

/** In what follows a blank is the edge of a word, "_" one that may be missing, "*" the rest of a word. */
const harmless = "palabras? clave|parola chiave| (boarding|season|ski|day|bus|rail|travel|lift|guest|event|tour) pass |(drop|map) pin | pin (col|icon|board|map|it |pos|type|note)|secret santa";

/** What passwords, codes and cards are called in the languages of the dialog. */
const secret =
  "passw(or)?[dt]|pass_phrase|pass_code|passkey|pwd| psw|kennwort|geheim(zahl|wort|nummer)|wachtwoord|contrasen|hasło | hasła | senhas? | şifre| parola | clave |mot_de_passe| mdp |palavra_passe|" +
  "كلمة (ال)?(مرور|سر)|الرقم السري|رمز (ال)?(مرور|دخول)|パスワード|パスコード|暗証|密码|密碼|口令|" +
  " pin | pin_(code|number|nummer)|pincode| [mi]?tan |(sms|push|photo|chip|app)_tan | [th]?otp |otp_(code|input|value|field|digit|box|num|token)|(sms|mail|phone|login)_otp |" +
  " digit \\d| (2_fa|mfa|twofa|two_factor|2_factor|multi_factor|2_step|two_step|authenticator) |(one_time|single_use)_(code|pass|pin)|" +
  "(security|verif*|auth(enticat*|ori[sz]ation)?|confirm*|access|sms|log_in|sign_in|recovery|backup|activation|secret|validation|unlock|digit|e_?mail|magic)_code| vcode | (user|login|new|old|my|admin|wifi)?_pw | tfa |passwrd|" +
  "code_((that|which)_)?(we|you)_(have_|just_){0,}(sent|received|got)|code_(aus|per)_(der_)?(sms|e_?mail|app) |code_recu|" +
  "verif*_(number|value|pin|key)|(security|secret)_answer|memorable_word|(seed|recovery)_(phrase|key|words)|mnemonic|(private|api|secret|access)_key | secret |" +
  "(mfa|2_fa|auth(enticat*)?|access|api|security|login|sms|reset|verif*|hardware)_token |" +
  "(sicherheits|best(a|ae)tigungs|verifi(zierungs|kations)|einmal|zugangs|freischalt|anmelde|pr(u|ue)f)_(code|nummer|ziffer|zahl)|" +
  "(beveiligings|verificatie|bevestigings|toegangs|eenmalige|controle|inlog)_code|" +
  " (codigo|codice|code|kod) ((de|da|do|di|d|a|l|un) ){0,}(seguri*|seguranca|sicurezza|securite|verif*|confirm*|conferma|acces*|sms|otp|pin|valid*|auth?ent*|seg?cre*|segreto|monouso|usage unique|uso unico|solo uso|confidentiel|weryfik*|bezpiecz*|potwierdz*|jednoraz*|autoryz*|dostepu)|cryptogramme|" +
  "(güvenlik|doğrulama|onay|sms|tek kullanımlık) (kod|şifre)|رمز (ال)?(تحقق|أمان|تأكيد)|(認証|確認|検証|セキュリティ|セキュリティー)コード|ワンタイム|(验证|校验|安全|动态|驗證|校驗|動態)[码碼]|" +
  "cvv|cvc |cvc_code| (cvn|csc) |card_(num|no |nr |nbr|pan |exp|cid|cvc|holder|verif|secur)| cc_(num|no |nr |exp|month|year|name)|(credit|debit|payment)_card | ccn |name on card|" +
  " exp_(date|month|year|mm|yy) |expir(y|ation)_(month|year)| mm_(yy|aa|jj) |karten_nummer|kreditkarte|kaart_nummer|num(e)?ro ((de|da|do|della|di|la|d) ){0,}(tarjeta|carte|carta|cartao)|numer karty|kart (numara|no )|رقم (ال)?بطاقة|カード番号|卡号|卡號";

/** What says so only at the end of a name that script reads. */
const last = "| (pass|token) (\\d+ ){0,}(,|$)";

const pattern = (words: string): RegExp => new RegExp(fold(words).replace(/_/g, " ?").replace(/\*/g, "\\w*"), "g");

const [inLabels, inNames, inNeither] = [secret, secret + last, harmless].map(pattern) as [RegExp, RegExp, RegExp];

/** The number of a card as placeholders show it. */
const cardShape = /^\s*([\dx•●*·_#]{4}[ -]?){3}[\dx•●*·_#]{3,4}\s*$/i;

/** Whether a text that people read, or a name that script reads, speaks of a password, a code or a card. */
export function speaksOfSecret(text: string, name = false): boolean {
  return cardShape.test(text) || wordsOf(text).replace(inNeither, " ").search(name ? inNames : inLabels) >= 0;
}
