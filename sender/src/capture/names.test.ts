import assert from "node:assert/strict";
import { test } from "node:test";
import { speaksOfSecret } from "./names.js";

const lines = (text: string): string[] => text.trim().split("\n").flatMap((line) => line.trim().split(/ *\| */)).filter(Boolean);

const names = lines(`
  card_cvc | otp_code | cardCvc | cc_cvv2 | user[otp_attempt] | smsCode | pin | pwd | user_pwd | cardnumber | securityCode | mfa_token | Passwort | contraseña
  password | passwd | newPassword | user.password | user[password_confirmation] | pass | user_pass | pass1 | pass2 | login-pass | j_password | txtPwd | ctl00$Main$txtPassword
  passcode | passphrase | pass_phrase2 | CVC | cvv | CVV2 | csc | cardCSC | card-verification-value | card_security_code | cardNumber | card_no | ccNumber | ccnum | cc-number | CCNo
  creditCard | credit_card_number | cc_exp_month | card_expiry | expMonth | exp-date | cardholderName | card_holder | nameOnCard
  otp | OTP | OTPCode | otp1 | otp-6 | otp[0] | totp | totpCode | twoFactorCode | two_factor | 2fa | twofa_code | mfa | mfaCode | verification_code | verificationCode | verifyCode | auth_code
  authCode | authenticationCode | one-time-code | oneTimeCode | onetimepassword | sms_code | smscode | SMSCode | accessCode | recovery_code | backupCode | confirmationCode | loginCode
  PINcode | pinCode | pin_code | pin1 | tan | mTAN | smsTan | pushTAN | client_secret | apiKey | api_key | secretKey | privateKey | token | auth-token | accessToken | reset_token | security_answer | seedPhrase
  pw | userPw | login_pw | passwrd | tfa | vcode | emailCode | e-mail-code | magic_code
  kennwort | user_kennwort | neuesPasswort | geheimzahl | kartennummer | pruefziffer | Prüfnummer | sicherheitscode | wachtwoord | nieuwWachtwoord | pincode | beveiligingscode | kaartnummer
  contrasena | nuevaContrasena | clave | clave_acceso | codigo_seguridad | codigoVerificacion | numero_tarjeta | mot_de_passe | motDePasse | mdp | code_secret | code_securite | numero_carte | cryptogramme
  codice_sicurezza | codiceDiVerifica | numero_carta | haslo | nowe_haslo | hasło | kod_sms | kodWeryfikacyjny | numer_karty | senha | nova_senha | codigo_verificacao | numero_cartao | palavra-passe
  sifre | yeniSifre | şifre | parola | guvenlik_kodu | dogrulamaKodu | kart_numarasi`);

const labels = lines(`
  Password | Your password | PASSWORD* | CVC | CVV | CVC / CVV | Security code | PIN | Enter your PIN | PIN/TAN | Card number | Name on card | MM/YY | MM / YY | MM/AA | 1234 1234 1234 1234 | •••• •••• •••• ••••
  Enter the 6-digit code | 6 digit code | Verification code | One-time code | One time password | SMS code | Authentication code | Recovery phrase | API key | Secret
  Enter the code we sent you | The code you received | Code aus der SMS | Code reçu par SMS
  Kennwort | Passwort wiederholen | Prüfziffer | Kartenprüfnummer | Kartennummer | Sicherheitscode | Bestätigungscode | TAN | Geheimzahl | Einmalpasswort | Kreditkarte
  Contraseña | Código de seguridad | Código de verificación | Número de tarjeta | Clave | Mot de passe | Code de sécurité | Code de vérification | Code à usage unique | Numéro de carte | Cryptogramme visuel
  Codice di sicurezza | Codice di verifica | Numero della carta | Wachtwoord | Beveiligingscode | Verificatiecode | Kaartnummer | Hasło | Powtórz hasło | Kod weryfikacyjny | Kod bezpieczeństwa | Numer karty
  Senha | Palavra-passe | Código de segurança | Código de verificação | Número do cartão | Şifre | Şifreniz | Parola | Güvenlik kodu | Doğrulama kodu | Onay kodu | Kart numarası
  كلمة المرور | كلمة السر | رمز التحقق | رمز الأمان | الرقم السري | رقم البطاقة | パスワード | 新しいパスワード | 暗証番号 | 認証コード | 確認コード | セキュリティコード | カード番号 | ワンタイムパスワード
  密码 | 请输入密码 | 确认密码 | 验证码 | 短信验证码 | 安全码 | 卡号 | 密碼 | 驗證碼`);

const harmless = lines(`
  author | session | shipping | footprint | promo_code | zip_code | pinterest | spin | opinion | passenger | compass | passport | passport_number | tokenize | postcode | keyword | monkey
  productCode | product_code | spinner | titan | botpress | hotpot | tandem | distance | standard | mapping | passage | company | expression | expert | experience | discard | cardiology | wildcard | scorecard
  secretary | country_code | countryCode | area_code | coupon_code | couponCode | discountCode | qrcode | barcode | source_code | currency_code | sort_code | language-code | phone_code | color_code | postal_code | code
  username | user_name | email | first_name | lastName | address1 | address_line_2 | city | state | country | phone | tel | birthday | comment | message | quantity | amount | search | q | subject
  max_tokens | tokens | tokenizer | boarding_pass | season_pass | bypass | passing_grade | pinned | pin_color | map_pin | pineapple | pint | shopping | pinot | stand | tango | botp | laptop | adoption
  accessory | accesskeys_help | authority | authorId | author_code | verified | confirmation | security_level | iban | account_number | tax_id | order_number | tracking_number | invoice_no | cc | cc_emails | bcc | cid | ccTLD
  card_title | card_type_icon | cards | postcard_text | gift_message | expires_in_days | exp | experience_points | memory | window | shiftPwidth | design | resenha | desenha | clavecin | autoclave | conclave
  pwa | powder | html_code | code | source`);

const harmlessLabels = lines(`
  Full name | E-mail address | Search | Promo code | Postal code | ZIP code | Código postal | Código promocional | Code postal | Code promo | Codice fiscale | Codice postale | Kod pocztowy | Postleitzahl | Ülke kodu
  Palabra clave | Palabras clave | Parola chiave | Telefoonnummer | Klantnummer | Kundennummer | Numéro de téléphone | Número de teléfono | Numero di telefono | Número de telefone | Numer telefonu | Telefon numarası
  メールアドレス | 郵便番号 | 電話番号 | 邮政编码 | 手机号码 | 号码 | الرمز البريدي | رقم الهاتف | Boarding pass | Tokens | How many passengers? | Your opinion | Shipping address | Discount code | Comments`);

test("names and labels that speak of a secret are known, as frameworks and thirteen languages write them", () => {
  assert.deepEqual(names.filter((name) => !speaksOfSecret(name, true)), []);
  assert.deepEqual(labels.filter((label) => !speaksOfSecret(label)), []);
});

test("names and labels that only look like it are left alone", () => {
  assert.deepEqual([...harmless, ...harmlessLabels].filter((name) => speaksOfSecret(name, true)), []);
  assert.deepEqual(harmlessLabels.filter((label) => speaksOfSecret(label)), []);
});
