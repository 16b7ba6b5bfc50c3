package browser

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha1"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	_ "github.com/ncruces/go-sqlite3/driver" // what Chromium keeps is in SQLite
)

// OpenWithLogin is Open for a browser that keeps a user name and a password for an origin, and fills them in as people's browsers do.
func OpenWithLogin(t testing.TB, width, height int64, origin, user, password string) *Page {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "Default", "Login Data")
	first := open(t, width, height, whole, chromedp.UserDataDir(dir))
	first.Until("the file of logins", func() bool {
		_, err := os.Stat(file)
		return err == nil
	})
	first.Close()
	if err := keepLogin(file, origin, user, password); err != nil {
		t.Fatal(err)
	}
	return open(t, width, height, whole, chromedp.UserDataDir(dir))
}

// keepLogin writes a login as Chromium does where it has no key store (os_crypt: AES-128-CBC with a key that everybody knows).
func keepLogin(file, origin, user, password string) error {
	key, err := pbkdf2.Key(sha1.New, "peanuts", []byte("saltysalt"), 1, 16)
	if err != nil {
		return err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	pad := aes.BlockSize - len(password)%aes.BlockSize
	sealed := []byte(password + strings.Repeat(string(rune(pad)), pad))
	cipher.NewCBCEncrypter(block, []byte(strings.Repeat(" ", aes.BlockSize))).CryptBlocks(sealed, sealed)
	db, err := sql.Open("sqlite3", "file:"+file)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(`INSERT INTO logins (origin_url, action_url, username_element, username_value, password_element, password_value, submit_element,
		signon_realm, date_created, blacklisted_by_user, scheme, times_used, form_data, display_name, icon_url, federation_url, skip_zero_click,
		generation_upload_status, possible_username_pairs, date_last_used, moving_blocked_for, date_password_modified)
		VALUES (?, '', '', ?, '', ?, '', ?, 13300000000000000, 0, 0, 1, x'', '', '', '', 0, 0, x'', 13300000000000000, x'', 13300000000000000)`,
		origin+"/", user, append([]byte("v10"), sealed...), origin+"/")
	return err
}
