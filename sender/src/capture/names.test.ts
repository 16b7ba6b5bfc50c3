import assert from "node:assert/strict";
import { test } from "node:test";
import { InPlace, None, Secret, secrecyOf } from "./names.js";

const lines = (text: string): string[] => text.trim().split("\n").flatMap((line) => line.trim().split(/ *\| */)).filter(Boolean);

const names = lines(`
  card_cvc | otp_code | cardCvc | cc_cvv2 | user[otp_attempt] | smsCode | pin | pwd | user_pwd | cardnumber | securityCode | mfa_token | Passwort | contraseña
  password | passwd | newPassword | user.password | user[password_confirmation] | pass | user_pass | pass1 | pass2 | login-pass | j_password | txtPwd | ctl00$Main$txtPassword
  passcode | passphrase | pass_phrase2 | CVC | cvv | CVV2 | csc | cardCSC | card-verification-value | card_security_code | cardNumber | card_no | ccNumber | ccnum | cc-number | CCNo
  creditCard | credit_card_number | otp | OTP | OTPCode | otp1 | otp-6 | otp[0] | totp | totpCode | twoFactorCode | two_factor | 2fa | twofa_code | mfa | mfaCode | verification_code | verificationCode | verifyCode | auth_code
  authCode | authenticationCode | one-time-code | oneTimeCode | onetimepassword | sms_code | smscode | SMSCode | accessCode | recovery_code | backupCode | confirmationCode | loginCode
  PINcode | pinCode | pin_code | pin1 | tan | mTAN | smsTan | pushTAN | client_secret | apiKey | api_key | secretKey | privateKey | token | auth-token | accessToken | reset_token | security_answer | seedPhrase
  pw | userPw | login_pw | passwrd | tfa | vcode | emailCode | e-mail-code | magic_code | gift_card_pin | password_value | password_field | show-password | repass | userpass | passConfirm | pass_new | forgot_password[password] | password_reset_token
  kennwort | user_kennwort | neuesPasswort | geheimzahl | kartennummer | pruefziffer | Prüfnummer | sicherheitscode | wachtwoord | nieuwWachtwoord | pincode | beveiligingscode | kaartnummer
  contrasena | nuevaContrasena | clave | clave_acceso | codigo_seguridad | codigoVerificacion | numero_tarjeta | mot_de_passe | motDePasse | mdp | code_secret | code_securite | numero_carte | cryptogramme
  codice_sicurezza | codiceDiVerifica | numero_carta | haslo | nowe_haslo | hasło | kod_sms | kodWeryfikacyjny | numer_karty | senha | nova_senha | codigo_verificacao | numero_cartao | palavra-passe
  sifre | yeniSifre | şifre | parola | guvenlik_kodu | dogrulamaKodu | kart_numarasi
  ssn | userSSN | social_security_number | nationalId | national_insurance_number | taxId | tax_number | tin | passport_number | passportNo | driversLicenseNumber | iban | IBAN1 | bankAccountNumber | bank_account | kontonummer
  steuerId | personalausweisnummer | bsn | dni | cpf | pesel | tckn | codiceFiscale | curp | aadhaar_number | securityAnswer | answer_to_security_question | mothersMaidenName | memorableWord | secret_answer_2
  mpin | tPin | telepin | puk | pukCode | wifi_psk | wpaKey | network_key | privkey | secureCode | card_code | cardDigits | card_cvd | cid_code | svnr | kontoNr | geheimcode | nroTarjeta | num_tarjeta | num_carte | numCB | pinkode | kredi_karti_no | niNumber | driverLicense | emiratesId | fiscalCode | mima | yanzhengma
  recoveryKey | backup_codes | mnemonic | wallet_seed | webhookSecret | signing_key | licenseKey | personalAccessToken | refresh_token | bearerToken | sshKey_passphrase | secretAccessKey | aws_secret_access_key`);

const labels = lines(`
  Password | Your password | PASSWORD* | Password (required) | Enter your password to change your e-mail | CVC | CVV | CVC / CVV | Security code | Card verification | Card verification number | PIN | Enter your PIN | PIN/TAN | Gift card PIN
  Card number | Number on card | Debit card number | Number on your card | 1234 1234 1234 1234 | •••• •••• •••• •••• | Token | Personal access token | Bot token | Passphrase | Passcode
  Enter the 6-digit code | 6 digit code | Verification code | One-time code | One time password | One-time passcode | SMS code | Authentication code | Recovery phrase | Recovery code | Backup codes | API key | Secret | Seed phrase
  Enter the code we sent you | The code you received | Enter the code sent to your phone | Social Security number | SSN | National Insurance number | Tax ID | Passport number | Driver's license number | IBAN | Bank account number | Answer to your security question | Mother's maiden name
  Network key | WPA key | PUK | MPIN | Code from app | Code from your authenticator | Text message code | We texted you a code | 3 digits on the back of your card | Last 3 digits on back | Security number | NI number | Driver license # | Persönliche Identifikationsnummer
  6-stelliger Code | 6-stelligen Code eingeben | Der Code, den wir dir geschickt haben | Letzte 3 Ziffern auf der Rückseite | WLAN-Schlüssel | Código de 6 dígitos | Código enviado a tu móvil | Código recibido | Code à 6 chiffres | Code envoyé par SMS | 3 derniers chiffres au dos | Numéro de sécu | Codice a 6 cifre | Codice ricevuto via SMS | Código recebido por SMS | Cartão do cidadão
  6-cyfrowy kod | Kod wysłany na telefon | 6 haneli kod | Kredi kartı numarası | 6-cijferige code | Code uit sms | 6桁のコード | 6位验证码
  Kennwort | Passwort wiederholen | Passphrase | PIN | Prüfziffer | Kartenprüfnummer | Kartennummer | Nummer der Karte | Sicherheitscode | Bestätigungscode | TAN | Geheimzahl | Einmalpasswort | Einmalcode | Kreditkarte | Code aus der SMS
  Antwort auf die Sicherheitsfrage | Sozialversicherungsnummer | Steuer-ID | Steuernummer | Personalausweisnummer | Reisepassnummer | Kontonummer | API-Schlüssel | Geheimer Schlüssel | Zugriffstoken | Wiederherstellungscode | Wiederherstellungsphrase
  Wachtwoord | Wachtzin | Pincode | Eenmalige code | Beveiligingscode | Verificatiecode | Kaartnummer | Antwoord op beveiligingsvraag | Burgerservicenummer | BSN | Rekeningnummer | API-sleutel | Geheime sleutel | Toegangstoken | Herstelcode | Herstelzin
  Contraseña | Frase de contraseña | PIN | Código de un solo uso | Código de seguridad | Código de verificación | Número de tarjeta | N.º de tarjeta | Clave | Clave de acceso | Respuesta de seguridad | DNI | NIE | Número de identificación | Número de pasaporte | Cuenta bancaria | Clave API | Token de acceso | Código de recuperación | Frase semilla
  Mot de passe | Phrase de passe | Phrase secrète | Code PIN | Code à usage unique | Code reçu par SMS | Code de sécurité | Code de vérification | Numéro de carte | N° de carte | Cryptogramme visuel | Réponse secrète | Réponse à la question de sécurité | Numéro de sécurité sociale | Numéro fiscal | Compte bancaire | Clé API | Clé secrète | Jeton d'accès | Code de récupération | Codes de secours | Phrase de récupération
  Parola d'ordine | Frase d'accesso | Codice PIN | Codice monouso | Codice usa e getta | Codice di sicurezza | Codice di verifica | Numero della carta | Numero carta | Risposta di sicurezza | Risposta segreta | Codice fiscale | Conto corrente | Chiave API | Chiave segreta | Token di accesso | Codice di recupero | Frase di recupero
  Senha | Palavra-passe | Frase secreta | Código PIN | Código de uso único | Código de segurança | Código de verificação | Número do cartão | Cartão de crédito | Resposta de segurança | Resposta secreta | CPF | NIF | Número de contribuinte | Conta bancária | Chave de API | Chave secreta | Token de acesso | Código de recuperação | Frase de recuperação
  Hasło | Powtórz hasło | Kod PIN | Kod jednorazowy | Jednorazowy kod | Kod weryfikacyjny | Kod z SMS | Kod bezpieczeństwa | Numer karty | Nr karty | Odpowiedź na pytanie bezpieczeństwa | PESEL | Numer dowodu osobistego | Numer konta | Numer rachunku bankowego | Klucz API | Klucz prywatny | Token dostępu | Kod odzyskiwania | Kody zapasowe | Fraza odzyskiwania
  Şifre | Şifreniz | Parola | Parola ifadesi | PIN kodu | Tek kullanımlık şifre | Tek kullanımlık kod | Güvenlik kodu | Doğrulama kodu | Onay kodu | Kart numarası | Kart no | Güvenlik sorusu cevabı | Gizli soru yanıtı | TC kimlik no | Kimlik numarası | Vergi numarası | Hesap numarası | API anahtarı | Gizli anahtar | Erişim belirteci | Kurtarma kodu | Kurtarma ifadesi
  كلمة المرور | كلمة السر | عبارة المرور | رمز PIN | الرقم السري | رمز التحقق | رمز لمرة واحدة | رمز الأمان | رمز التأكيد | رقم البطاقة | رقم بطاقة الائتمان | إجابة سؤال الأمان | الإجابة السرية | رقم الهوية | الرقم القومي | الرقم الضريبي | رقم جواز السفر | رقم الآيبان | الحساب البنكي | مفتاح API | المفتاح السري | رمز الوصول | رمز الاسترداد | رموز احتياطية | عبارة الاسترداد
  パスワード | 新しいパスワード | パスフレーズ | 暗証番号 | PINコード | 認証コード | 認証番号 | 確認コード | セキュリティコード | カード番号 | クレジットカード番号 | ワンタイムパスワード | ワンタイムコード | 秘密の質問の答え | 秘密の答え | マイナンバー | パスポート番号 | 口座番号 | APIキー | 秘密鍵 | シークレットキー | アクセストークン | リカバリーコード | 復旧コード | シードフレーズ
  密码 | 请输入密码 | 确认密码 | 口令 | PIN码 | 验证码 | 短信验证码 | 动态码 | 一次性密码 | 安全码 | 卡号 | 银行卡号 | 密保答案 | 安全问题答案 | 身份证号 | 身份证号码 | 护照号码 | 税号 | 银行账号 | API密钥 | 私钥 | 访问令牌 | 恢复代码 | 备用码 | 助记词 | 密碼 | 驗證碼 | 安全碼 | 卡號 | 身分證字號 | 銀行帳號 | 恢復碼 | 助記詞
  пароль | Введите пароль | код подтверждения | סיסמה | סיסמא | 비밀번호 | Heslo | Jelszó | Lösenord | Adgangskode | Passord | Salasana | Lozinka | Mật khẩu | รหัสผ่าน`);

/** Of use with the number of a card only. */
const besides = lines(`
  MM/YY | MM / YY | MM/AA | Expiry date | Expiration date | Exp. date | Expires | Valid thru | Valid until (card) | Valid until | Good thru | Card expiry | Card expiration date | Name on card | Name on your card | Cardholder name | Card holder
  Gültig bis | Gueltig bis | Gültig bis (MM/JJ) | Ablaufdatum | Ablaufdatum der Karte | Verfallsdatum | Karteninhaber | Karteninhaberin | Name auf der Karte | Vervaldatum | Geldig tot | Kaarthouder | Naam op kaart
  Fecha de caducidad | Fecha de vencimiento | Caducidad | Válida hasta | Titular de la tarjeta | Nombre en la tarjeta | Date d'expiration | Date de validité | Expire fin | Titulaire de la carte | Nom sur la carte | Porteur de carte
  Data di scadenza | Scadenza | Valida fino al | Intestatario carta | Titolare della carta | Nome sulla carta | Data de validade | Validade | Válido até | Titular do cartão | Nome no cartão | Nome impresso no cartão
  Data ważności | Ważna do | Termin ważności | Posiadacz karty | Właściciel karty | Imię i nazwisko na karcie | Son kullanma tarihi | Kart sahibi | Kart üzerindeki isim | تاريخ الانتهاء | تاريخ انتهاء الصلاحية | صالحة حتى | اسم حامل البطاقة | الاسم على البطاقة
  有効期限 | カード名義 | カード名義人 | 有效期 | 有效期限 | 有效期至 | 到期日 | 持卡人 | 持卡人姓名`);
const besidesNames = lines(`cc_exp_month | card_expiry | expMonth | exp-date | exp_year | cardExpiryDate | cardExp | expirationMonth | expiryYear | card_month | cardholderName | card_holder | nameOnCard | cc-name`);

const harmless = lines(`
  author | session | shipping | footprint | promo_code | zip_code | pinterest | spin | opinion | passenger | compass | passport | tokenize | postcode | keyword | monkey
  productCode | product_code | spinner | titan | botpress | hotpot | tandem | distance | standard | mapping | passage | company | expression | expert | experience | discard | cardiology | wildcard | scorecard
  secretary | country_code | countryCode | area_code | coupon_code | couponCode | discountCode | qrcode | barcode | source_code | currency_code | sort_code | language-code | phone_code | color_code | postal_code | code
  username | user_name | email | first_name | lastName | address1 | address_line_2 | city | state | country | phone | tel | birthday | comment | message | quantity | amount | search | q | subject
  max_tokens | tokens | tokenizer | boarding_pass | season_pass | bypass | passing_grade | pinned | pin_color | map_pin | pineapple | pint | shopping | pinot | stand | tango | botp | laptop | adoption
  accessory | accesskeys_help | authority | authorId | author_code | verified | confirmation | security_level | account_number | order_number | tracking_number | invoice_no | cc | cc_emails | bcc | cid | ccTLD
  card_title | card_type_icon | cards | postcard_text | gift_message | expires_in_days | exp | experience_points | memory | window | shiftPwidth | design | resenha | desenha | clavecin | autoclave | conclave
  pwa | powder | html_code | code | source
  gift_card_number | giftCardCode | library_card_number | loyaltyCardNumber | membership_card_no | sd_card_number | tan_color | tanLines | pin_to_top | pinToTop | pin_post | pin_mode | gpio_pin | drop_pin | membership_pin(board)
  passport_country | passport_issuing_country | pass_type | passType | weekend_pass | museumPass | parking_pass | visa_type | passenger_count | seat_code | travel_class | loyalty_tier | booking_class | rail_card
  token_count | tokenCount | max_new_tokens | token_limit | token_type | tokenLifetime | token_ttl | api_key_name | apiKeyName | secret_name | token_description | token_scopes | next_page_token | pageToken | public_key | primary_key | sort_key | token_endpoint | otp_enabled | otpEnabled | otp_length | mfa_required | mfa_method | two_factor_method | twoFactorEnabled
  password_hint_enabled | password_min_length | passwordMinLength | password_policy | password_expiry_days | password_strength | passwordResetEmail | reset_password_email | forgot_password_email | cvv_help | cvvHelp | pin_length | pin_attempts | verification_method | verification_status | auth_type | auth_url | security_code_help | credit_card_type
  bic | swift_code | routing_number | bank_name | branch | account_type | account_holder | account_name | payee_name | reference | merchant_code | mcc_code | iban_country | card_limit | card_brand | card_nickname | statement_date | currency
  vat_number | vatId | company_number | case_number | licence_plate | license_class | tax_year | tax_rate | tax_class | tax_code | document_type | issuing_authority | social_security_office | id_type | status_code | error_code | hash_code | keyCode | embed_code | http_code | dress_code
  network_keyword | networkName | keyboard | punk | pukka | spin | opinions | company_code | codeOwner | business_card_title | digits | digitCount | license | licence_type | driver_name | fiscal_year | niche | mimamori | kontonrung | giftCardCode | cardColor | kodak | cidade | secureCheckout | numberOfDigits | text_message
  session_timeout | key_features | access_level | access_time | security_deposit | secret_santa | pass_mark | pass_percentage | low_pass | sun_tan | pass_through | passthrough | trespass`);

const harmlessLabels = lines(`
  Full name | E-mail address | Search | Promo code | Postal code | ZIP code | Código postal | Código promocional | Code postal | Code promo | Codice postale | Kod pocztowy | Postleitzahl | Ülke kodu
  Palabra clave | Palabras clave | Parola chiave | Palavra-chave | Telefoonnummer | Klantnummer | Kundennummer | Numéro de téléphone | Número de teléfono | Numero di telefono | Número de telefone | Numer telefonu | Telefon numarası
  メールアドレス | 郵便番号 | 電話番号 | 邮政编码 | 手机号码 | 号码 | 账号 | الرمز البريدي | رقم الهاتف | Boarding pass | Tokens | How many passengers? | Your opinion | Shipping address | Discount code | Comments
  PIN code (India) | Postal PIN code | Delivery pincode | Tan color | Tan leather | Gift card number | Gift card code | Library card number | Loyalty card number | Membership pin(board) | Drop pin | Lapel pin | Pin to top | Pin this post | SD card number
  Token count | Max tokens | Number of tokens | Token name | API key name | Key description | Secret name | Password length | Minimum password length | Password policy | Password expires | Passport country | OTP enabled | PIN length | Security question | Two-factor method
  Sort code | Routing number | BIC / SWIFT | Bank name | Account holder | Account type | Account number | Payment reference | Card type | Card limit | VAT number | Company number | Tax year | Driving licence category | Number plate | Document type
  Geschenkkartennummer | Kundenkartennummer | Numéro de carte cadeau | Numéro de carte de fidélité | Número de tarjeta regalo | Numero carta fedeltà | Numer karty podarunkowej | Cadeaukaartnummer | 会员卡号 | ギフトカード番号
  4-stellige Anzahl | Anzahl Ziffern | Número de dígitos | Nombre de chiffres | Text message | Send a text message | Discount code from the flyer | Driver | License | Security | Kundennummer
  Due date | Best before | Date of birth | Arrival date | Dress code | Access level | Season pass | Festival pass | Secret santa | Keywords | Key features | Dividend | Spinach`);

const all = (of: string[], want: number, name: boolean): string[] => of.filter((text) => secrecyOf(text, name) !== want);

test("names and labels that speak of a secret are known, as frameworks and thirteen languages write them", () => {
  assert.deepEqual(all(names, Secret, true), []);
  assert.deepEqual(all(labels, Secret, false), []);
});

test("what is of use with the number of a card only is hidden in its place", () => {
  assert.deepEqual(all(besidesNames, InPlace, true), []);
  assert.deepEqual(all(besides, InPlace, false), []);
});

test("names and labels that only look like it are left alone", () => {
  assert.deepEqual(all([...harmless, ...harmlessLabels], None, true), []);
  assert.deepEqual(all(harmlessLabels, None, false), []);
});

test("what may be the one or the other is what the other fields of its form say", () => {
  for (const [text, around, want] of [
    ["PIN code", "City, State", None], ["pincode", "address_line1 city district", None], ["pincode", "Card number, CVC", Secret], ["pincode", "City, Postcode", Secret], ["PIN", "City, State", Secret],
    ["Account number", "Sort code", Secret], ["account_number", "routing_number", Secret], ["Account number", "Meter reading", None], ["Número de cuenta", "Banco", Secret], ["Numéro de compte", "Nom", None],
    ["Expiry date", "Card number", InPlace], ["Month", "Card number, CVC", InPlace], ["expYear", "", InPlace], ["year", "make, model", None], ["Monat / Jahr", "Kartennummer", InPlace], ["Expiry date", "Passport country", None], ["Scadenza", "Titolo, Importo", None], ["Gültig bis", "Kartennummer, Prüfziffer", InPlace], ["Valid until", "Coupon", None],
  ] as const) assert.equal(secrecyOf(text, false, () => around), want, `${text} beside ${around}`);
});
