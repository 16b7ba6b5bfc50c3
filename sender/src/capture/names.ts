export { drawsAllAlike, isBlurred, isUnseen } from "./drawn.js";

/** How secret what is called so is. */
export type Secrecy = typeof None | typeof InPlace | typeof Secret;
export const None = 0;
/** Hidden in its field, and not looked for elsewhere: a name or a date that stands all over the page. */
export const InPlace = 1;
/** Hidden wherever it is repeated. */
export const Secret = 2;

/** Text as it is compared: without case, accents and marks. */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/ł/g, "l").replace(/ı/g, "i").replace(/ø/g, "o").replace(/ß/g, "ss").replace(/[º°ª]/g, "");
}

/**
 * The words of a name as frameworks write it, or of a label, with a blank around each: apart at case, digits, marks and alphabets, and, behind a comma, as
 * it was.
 */
function wordsOf(name: string): string {
  const text = name.replace(/,/g, " ");
  const apart = text.replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2").replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2");
  return ` ${fold(`${apart},${text}`).replace(/\d+|[a-z]+|,/g, " $& ").replace(/[^\p{L}\p{N},]+/gu, " ").trim()} `;
}

// In what follows a blank is the edge of a word, "_" one that may be missing, "*" the rest of a word.

const tickets = "boarding|season|ski|day|bus|rail|train|metro|transit|travel|lift|guest|visitor|event|tour|festival|weekend|park|parking|hall|press|backstage|vip|city|museum|access|entry|gate|fast|express|battle|annual|monthly|weekly|low|high|band|all|by|over|under|first|second|third|single|multi|render|mountain";
const cards = "gift|library|loyalty|member|membership|reward|rewards|club|bonus|points|fidelity|staff|employee|student|report|score|post|greeting|memory|sd|sim|graphics|video|sound|network|trading|playing|punch|discount|bus|rail|oyster|phone|visiting";

/** What sounds like a secret and is none. */
const harmless =
  `palabras? clave|parola chiave|palavras? chave| (${tickets}) pass | (${cards})_card|` +
  "(geschenk|kunden|bonus|treue|mitglieds|bibliotheks|visiten|speicher|grafik|fahr|eintritts|park)_karten*|(cadeau|klanten|bonus)_kaart*|carte (cadeau|(de )?fidelite|de membre|de visite)|tarjeta (de )?(regalo|fidelidad|cliente|socio|visita)|carta (regalo|fedelta)|" +
  "cartao (presente|(de )?fidelidade|de visita)|karty (podarunkow|lojalnosciow)*|hediye kart*|ギフトカード|ポイントカード|会員カード|礼品卡|会员卡|會員卡|禮品卡|بطاقة (ال)?(هدايا|هدية|عضوية)|" +
  " (map|drop|dropped|lapel|enamel|hair|hat|bowling|safety|rolling|gpio|led|location|rx|tx|analog|digital) pin | pin (to|on|col|colou?r|icon|board|map|it|pos|position|type|post|this|message|item|tweet|chat|thread|note|tab|mode|count|layout|out|pitch|diagram|location|drop|shape|size|style|marker|label) |" +
  " tan (colou?r|leather|lines?|shade|suede|boots|shoes|lotion|theta)|(sun|self|spray|fake|light|dark|black and) tan |secret (santa|sauce|shopper|menu|ballot|garden|sale|admirer|question(?!s? (\\d+ )?(answer|response)))|" +
  " (max|min|num|total|per|next|prev|page|new|first|last|special|stop|pad|eos|bos|from|to|select|swap|buy|sell|reward|native|governance|nft)_(new_)?token |token (symbol|standard|pair)|(public|primary|foreign|sort|partition|cache)_key|" +
  "social_security_office|vat_(id|number)|ust_id|partita iva";

const subject = "pass*|pwd|pin|otp|totp|token|keys?|secrets?|codes?|cvv|cvc|card|factor|fa|mfa|tfa|step|auth*|verif*|number|phrase|hint|reset|iban|credentials?|answers?";
const adjectives = "min|max|minimum|maximum|default|allowed|expiration|expiry|reset|change|changed|rotation|retry|last|hint|is";
const qualities = "length|lange|name|title|description|count|limit|lifetime|ttl|policy|type|kind|method|mode|format|status|enabled|disabled|colou?r|icon|country|issuer|interval|period|timeout|attempts|days|scopes?|prefix|endpoint|manager|symbol|amount|balance|supply|expires";
/** What is said of a secret in names alone: labels tell people so what they are to type. */
const inNamesAlone = "required|optional|enforced|help|helper|tooltip|strength|error|e_mail|user_name|phone|mobile|label|placeholder|url|uri|link|address|min|max|visible|at";
/** What ends so speaks of something else than the secret. */
const about = (qualities: string): string => ` (${subject}) ((${adjectives}) ){0,}(${qualities}) ,`;

/** What passwords, codes, keys, accounts and documents are called: in the languages of the dialog, and passwords in some more. */
const secret = [
  // Passwords
  "passw(or)?[dt]|pass_phrase|pass_code|passkey|pwd| psw|passwrd| (user|login|new|old|my|admin|wifi)?_pw |kenn(wort|code)|geheim(zahl|wort|nummer)|wachtwoord|wachtzin|contrasen|haslo|hasla | haslem| senhas? | sifre|parola| clave |mot_de_passe|phrase de passe| mdp |palavra_passe|frase_passe|frase d(e|i)? acces",
  "كلمة (ال)?(مرور|سر)|الرقم السري|رمز (ال)?(مرور|دخول|سري)|عبارة (ال)?مرور|パスワード|パスコード|パスフレーズ|暗証|合言葉|密码|密碼|口令|пароль|парол|סיסמ|비밀번호|암호|पासवर्ड|συνθηματικο|κωδικος προσβασης|heslo|jelszo|losenord|adgangskode|passord|salasana|lozinka|mat khau|รหัสผ่าน|kata_sandi",
  // PINs and transaction numbers
  " pin | pin_(code|number|nummer)|pincode| nip | [mi]?tan |(sms|push|photo|chip|app)_tan |tan_(nummer|code)|个人识别码|個人識別碼|пин_?код",
  // Codes that come, or are made, for once
  " [th]?otp |otp_(code|input|value|field|digit|box|num|token)|(sms|mail|phone|login)_otp | digit \\d| (2_fa|mfa|twofa|two_factor|2_factor|multi_factor|2_step|two_step|authenticator) |auth(enticat(ion|or))? app | tfa | vcode |(one_time|single_use)_(code|pass|pin|key)",
  "(security|verif*|auth(enticat*|ori[sz]ation)?|confirm*|access|sms|log_in|sign_in|recovery|backup|activation|secret|validation|unlock|digit|e_?mail|magic|emergency|rescue|scratch|temporary|pairing|device)_codes?|code_((that|which)_)?(we|you)_(have_|just_){0,}(sent|received|got)|code (sent|texted|e_?mailed) to|code_(aus|per)_(der_)?(sms|e_?mail|app) |code_recu|verif*_(number|value|pin|key)",
  "(sicherheits|best(a|ae)tigungs|verifi(zierungs|kations)|auth(entifi|ori)s?z?ierungs|einmal|zugangs|zugriffs|freischalt|aktivierungs|wiederherstellungs|anmelde|pr(u|ue)f|zwei faktor)_(code|nummer|ziffer|zahl|pin)",
  "(beveiligings|veiligheids|verificatie|authenticatie|bevestigings|toegangs|eenmalige|controle|inlog|herstel|activerings|activatie)_code",
  " (codigos?|codice|codici|codes?|kod|kody|kodu) ((de|da|do|di|d|a|l|la|un|z|na) ){0,}(seguri*|seguranca|sicurezza|securite|verif*|confirm*|conferma|acces*|acesso|sms|otp|pin|valid*|activ*|ativ*|attiv*|aktyw*|auth?ent*|autori*|seg?cre*|segreto|monouso|temporal*|temporan*|temporaire|usage unique|uso unico|solo uso|usa e getta|descartavel|unico|confidentiel|recu*|secours|respaldo|backup|riserva|wiadomosci|aplikacji|weryfik*|bezpiecz*|zabezpiecz*|potwierdz*|jednoraz*|autoryz*|dostep*|odzysk*|zapasow*)|jednoraz* (kod|haslo)",
  "(guvenlik|dogrulama|onay|sms|gelen|tek kullanimlik|kurtarma|yedek|aktivasyon|erisim|giris) (kod|sifre|pin)|(رمز|رموز|كود) (ال)?(تحقق|امان|حماية|تاكيد|تفعيل|استرداد|استرجاع|استعادة|احتياطي*|لمرة)|لمرة واحدة|(認証|確認|検証|セキュリティ|セキュリティー|リカバリー|バックアップ|復旧|復元|アクセス|ログイン)(コード|番号)|ワンタイム|[二2]段階認証|(验证|校验|安全|动态|驗證|校驗|動態|短信|簡訊|恢复|恢復|备用|備用|认证|認證|激活)(代)?[码碼]|一次性|(送信された|届いた)コード|код (подтвержд|безопасн|из смс)*",
  // Said in few words, or by what is to be done
  " upass | [mtu]pin | telepin | puk | puk_code | psk |wifi_psk|(wpa|network|wlan|netzwerk)_key |(wlan|netzwerk)_schl(u|ue)ssel|priv_key| mima | yanzhengma |secure_code| card_(digits|code) | cvd |cid_code | (svnr|sv_nr|sv_nummer) | konto_nr |geheim_code|pinkode|(nro|num) (de )?(tarjeta|carte|cb) |num_cb|numero cb |kredi karti_(numara|no )|(ni|nino)_number|driv(er|ers|er s|ing)_licen[cs]e ,|emirates_id|fiscal_code|cod_fiscal|numero de secu |cartao do cidadao",
  "code_(from|in)_(the |your )?(app|auth*|sms|text|e_?mail)|text message code|(texted|sent|e_?mailed) you an? (\\d+ digit )?code|digits on (the )?(back|signature)|security number|identifikationsnummer|ziffern auf der (karten)?r(u|ue)ckseite|chiffres au (dos|verso)|digitos (al|en el|no) (dorso|reverso|verso)|cifre sul retro|\\d (stellig*|cijferig*|cyfrow*|haneli) (code|kod*)|(codigo|codice|code|kod) (de|a) \\d+ (digitos|cifre|chiffres|cyfr)|[桁位](の)?(コード|番号)",
  "code den (wir|sie|du)|(codigo|codice) (que te|que le|enviado|recibido|recebido|ricevuto|inviato)|code (que nous|envoye|toegestuurd)|(wyslany|otrzymany) kod|kod wyslany|code (uit|van) (de |je |uw )?(sms|app)|gonderilen kod",
  // Answers to questions of security
  "(security|secret|challenge|recovery)_(question_)?(\\d+ )?(answer|response)|answer_to_(your_|the_)?(security|secret)|maiden_name|memorable_(word|info*|date|answer|place|name|data)|(sicherheits|geheim)_?antwort|antwort auf|geheime antwort|m(a|ae)dchenname der|beveiligingsantwoord|geheim antwoord|antwoord op|meisjesnaam|reponse (secrete|de securite|a la question)|jeune fille de|respuesta (secreta|de seguridad|a la pregunta)|apellido de soltera|risposta (segreta|di sicurezza|alla domanda)|cognome da nubile|resposta (secreta|de seguranca|a pergunta)|nome de solteira",
  "odpowiedz na pytanie|tajna odpowiedz|nazwisko panienskie|(guvenlik|gizli) (soru*)?_(cevap|cevabi|yanit)|kizlik soyadi|(اجابة|جواب) (ال)?(سر|سؤال|امان|امني)|(الاجابة|الجواب) السري|秘密の(質問|答え)|セキュリティの(質問|答え)|(安全|密保|保密|提示)(问题|問題)?的?答案|密保",
  // Keys
  "(seed|recovery|backup|mnemonic|wallet|secret)_(phrase|seed|words|key|password)|mnemonic|word phrase|(private|api|secret|access|signing|encryption|master|ssh|webhook|licen[cs]e)_key | secret |api_secret|(mfa|2_fa|auth(enticat*|ori[sz]ation)?|access|api|security|login|sms|reset|verif*|hardware|bearer|bot|refresh|deploy|session|personal)_token |bearer ",
  "(api|zugriffs|zugangs|wiederherstellungs|sicherheits|lizenz|geheime[rn]?|privater?)_schl(u|ue)ssel|(zugriffs|zugangs)_token|wiederherstellungs_(phrase|satz|worter)|geheimnis|(api|toegangs|herstel|geheime|prive)_sleutel|herstelzin|toegangs_?token|cle (d )?(api|secrete|privee|acces|de (recuperation|secours|chiffrement|securite))|phrase (secrete|mnemonique|de (recuperation|secours))|jeton|llave (privada|secreta|(de )?api|de acceso)|frase (semilla|semente|seed|secreta|segreta|mnemoni*|d[ei] recup*)",
  "chiave (api|segreta|privata|d(i)? (accesso|recupero))|chave (de )?(api|secreta|privada|acesso|recuperacao)|segredo|secreto |token d[eio] (acces|acesso)*|token dostepu|klucz (api|prywatny|tajny|dostepu|odzyskiwania)|fraza (odzyskiwania|seed)|(api|gizli|ozel|erisim|kurtarma) anahtar|kurtarma (ifade|kelime)|gizli kelime|erisim (jeton|belirtec)|مفتاح (ال)?(api|سري|خاص|وصول|استرداد)|المفتاح (السري|الخاص)|عبارة (ال)?(استرداد|سرية)|رمز (ال)?(وصول|مميز)|(api|秘密|アクセス|シークレット|復元|リカバリー) ?(キー|鍵)|トークン|シードフレーズ|ニーモニック|リカバリーフレーズ|密钥|密鑰|私钥|私鑰|令牌|助记词|助記詞|恢复短语",
  // Cards
  "cvv|ccv|cvc |cvc_code| (cvn|csc) |cryptogramme|card_(num|no |nr |nbr|pan |cid|cvc|verif|secur)| cc_(num|no |nr )| ccn |number on (the |your )?card|(number of|numero da|nummer der) (the |your )?(kredit)?(card|karte)|(credit|debit|payment)_card |karten_(nummer|nr |verif)|kredit_karte|kaart_(nummer|nr )|(num(e)?ros?| n) ((de|da|do|della|di|la|su|seu|votre|tu|d) ){0,}(tarjeta|carte|carta|cartao)|carte (bancaire|bleue|de credit)|tarjeta de (credito|debito)|carta di credito|cartao de (credito|debito)",
  "(numer|nr) karty|karta kredytowa|kart (numara|no )|رقم (ال)?بطاقة|بطاقة (ال)?ائتمان|カード番号|クレジットカード|裏面の?[3三]|卡号|卡號|信用卡|номер карты|מספר כרטיס|카드 ?번호",
  // Accounts
  " iban |bank_(account|acct|konto)|konto_nummer|konto nr|rekening_nummer|cuenta (bancaria|corriente|de cheques)|compte bancaire|(conto corrente|conto bancario|coordinate bancarie)|conta (bancaria|corrente|poupanca)|(numer|nr) (konta|rachunku)|rachunku bankowego|hesap (no |numara)|banka hesab|(ال)?ايبان|(حساب|الحساب) (ال)?بنكي|口座番号|(银行|銀行)(账|帳|帐|戶|户)|номер счета|clabe",
  // Documents that say who somebody is
  " (ssn|itin|bsn|dni|nie|nif|curp|cpf|niss|cnh|pesel|tckn|nric|nino|aadhaa?r|rfc|rut|cuil|cuit|cedula) |social_(security|insurance)|sin_number|national_(id|identity|identification|insurance)|tax_(id|identification|payer|file|no |number)| tin |(passport|identity_card|id_card|(id|identity|identification)|driv(er|ers|er s|ing)_licen[cs]e|nhs|medicare|health_insurance)_(number|no |num |nr )|(sozial|renten)_?versicherung|steuer_(id|nr |nummer|identifik)|(reise)?pass_nummer|ausweis_(nummer|nr )|personalausweis|versicherten_?nummer",
  "burgerservicenummer|rijksregisternummer|paspoort_?nummer|securite sociale|numero insee|numero (fiscal|d identite|(de|du) passeport|(de|del|do|di) (pasaporte|passaporto|contribuinte|identificacion|identidad))|carte d identite|seguridad social|codice fiscale|carta d identita|cartao de cidadao|seguranca social|numer (dowodu|paszportu)|dowod osobisty|kimlik (no |numara)|vergi (no |numara|kimlik)|pasaport (no |numara)|رقم (ال)?(هوية|قومي|وطني|اقامة|جواز|ضريبي)|الرقم (القومي|الوطني|الضريبي)",
  "マイナンバー|個人番号|旅券番号|パスポート番号|免許証番号|年金番号|身份证|身分證|护照号|護照號|社保|社会保障号|税号|稅號|纳税人|снилс|מספר זהות|תעודת זהות|주민등록번호",
].join("|");

/** What says so only at the end of a name that script reads, and as all that a label says. */
const last = "| (pass|token) (\\d+ ){0,}(,|$)| (user|login|my|wp|db|re|new|old|smtp|ftp|account)_pass | pass (confirm*|new|old|repeat|check|field|input|again) ";
const alone = "|^ (token|api token|dein token|your token) ,";

const until = "expir(y|ation|es)( dates?)?|exp date|valid (thru|through|until|till|to)|good thru|g(u|ue)ltig bis|ablaufdatum|verfalls?datum|gultigkeit*|vervaldatum|geldig tot|verloopdatum|date d expiration|date de validite|valable jusqu*( au)?|fin de validite|expire (fin|le)|(fecha de )?(caducidad|vencimiento|expiracion)|valid[ao] (hasta|ate|fino al?)|(data di )?scadenza|(data de )?(validade|vencimento)|data waznosci|wazn[ay] do|termin waznosci|son kullanma( tarihi)?|gecerlilik( tarihi)?|" +
  "تاريخ (ال)?(انتهاء|صلاحية)( (ال)?صلاحية)?|صالحة? حتى|انتهاء الصلاحية|有効期限|有効年月|有效期[限至]?|到期日|有效日期";

/** When a card ends, by parts. */
const parts = "month|year|monat|jahr|mois|annee|mes|ano|mese|anno|maand|jaar|miesiac|rok|ay|yil|شهر|سنة|الشهر|السنة|月|年";

/** What is of use with the number of a card only. */
const inPlace = "card_(exp|holder)|cc_(exp|month|year|name)|(name|imie i nazwisko|nazwisko) (on|na) (the |your )?(card|karcie)| exp_(month|mm|yy|year)|expir(y|ation)_(month|year)|card_(month|year|name )| mm_(yy|yyyy|aa|jj|rr) |[月月]_年| exp_date|" +
  "karten_inhaber|name auf (der |ihrer )?(kredit)?karte|kaart_houder|naam op (de )?(kaart|pas) |(titulaire|porteur) de (la )?carte|nom (sur|figurant sur|inscrit sur) (la |votre )?carte|titular de (la )?tarjeta|nombre (en|de|que figura en|del titular de) (la )?tarjeta|(intestatario|titolare) (della )?carta|nome sulla carta|(titular|portador) do cartao|nome (impresso )?(no|do) cartao|(wlasciciel*|posiadacz*) karty|kart (sahib|uzerinde)*|(حامل|صاحب) (ال)?بطاقة|الاسم على البطاقة|カード名義|名義人|持卡人|" +
  `(card|karten?|kaart|tarjeta|carte|carta|cartao|karty|kart|البطاقة|カード|卡) .{0,9}(${until})|(${until}) .{0,14}(card|karte|kaart|tarjeta|carte|carta|cartao|karty|البطاقة)`;

const pattern = (words: string): RegExp => new RegExp(fold(words).replace(/_/g, " ?").replace(/\*/g, "\\S*"), "g");
const says = (text: string, words: RegExp): boolean => text.search(words) >= 0;

const [inLabels, inNames, inNeither, usedWithCards, ofLabels, ofNames, dates, accounts, postal, monthOrYear] = [
  secret + alone, secret + last, harmless, inPlace, about(qualities), about(`${qualities}|${inNamesAlone}`), `^ (${until}) ((mm|yy|aa|jj|yyyy|\\d+) ){0,},`, "account_(number|no |num)|(acct|konto)_(number|no |num)|numero (de|da|di|del) (cuenta|compte|conto|conta)|رقم (ال)?حساب", " pin_?code ", `^ (exp* )?((${parts}) ){1,2},`,
].map(pattern) as [RegExp, RegExp, RegExp, RegExp, RegExp, RegExp, RegExp, RegExp, RegExp, RegExp];
const [ofCards, ofBanks, ofAddresses, ofPostcodes, ofIndia] = [
  "card|karte|kaart|tarjeta|carta |carte |cartao|karty|kart |بطاقة|カード|卡| cc |cvv|cvc", "iban| bic |swift|routing|sort_code|bank|banca|banque|banco| blz |ifsc|branch|sucursal|agencia|sepa|البنك|銀行|银行",
  " (city|town|state|district|locality|landmark|village|taluk|tehsil) ", " (zip|postal|post_code) ", "india|postal|post|zip|area|delivery|city|shipping|pickup|serviceab*|location|address|locality",
].map(pattern) as [RegExp, RegExp, RegExp, RegExp, RegExp];

/** The number of a card, and when it ends, as placeholders show them. */
const cardShape = /^\s*([\dx•●*·_#]{4}[ -]?){3}[\dx•●*·_#]{3,4}\s*$/i;

/**
 * How secret a field is that has a text as its label, or, name: as a name that script reads. around has what the other fields of its form are called, for
 * what may be the one or the other.
 */
export function secrecyOf(text: string, name = false, around = (): string => ""): Secrecy {
  const key = `${Number(name)}${text}`;
  let found = known.get(key);
  if (found !== undefined) return found;
  let asked = false;
  found = find(text, name, () => ((asked = true), around()));
  if (!asked && known.size < mostKnown) known.set(key, found);
  return found;
}

const known = new Map<string, Secrecy>();
const mostKnown = 5_000; // texts

function find(text: string, name: boolean, around: () => string): Secrecy {
  if (cardShape.test(text)) return Secret;
  const all = wordsOf(text);
  if (says(all, name ? ofNames : ofLabels)) return None;
  const words = all.replace(inNeither, " ");
  if (says(words, accounts)) return says(wordsOf(around()), ofBanks) ? Secret : says(words, name ? inNames : inLabels) ? Secret : None;
  if (says(words, name ? inNames : inLabels)) return says(words, postal) && isPostal(words, wordsOf(around())) ? None : Secret;
  if (says(words, usedWithCards)) return InPlace;
  if (!says(words, dates) && !says(words, monthOrYear)) return None;
  // Coupons, products and passports have such a date, too.
  const others = wordsOf(around());
  return says(others, ofCards) || (others.trim() === "," && says(words, dates)) ? InPlace : None;
}

/** Whether a PIN code is the postal code of an address in India. */
function isPostal(words: string, around: string): boolean {
  return says(words, ofIndia) || (says(around, ofAddresses) && !says(around, ofPostcodes));
}
