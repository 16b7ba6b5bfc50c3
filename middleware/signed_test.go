package middleware

import (
	"bytes"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/internal/vouch"
	"github.com/qwelp/qwelp-go/sender"
	"github.com/qwelp/qwelp-go/signal"
)

var signedAttribute = regexp.MustCompile(` data-qwelp-signed="([^"]*)"`)

// pageWith gives the page that one request gets, and its proof.
func pageWith(m *Middleware, request *http.Request) (body, etag, signed string) {
	request.Header.Set("Sec-Fetch-Dest", "document")
	w := httptest.NewRecorder()
	m.Wrap(pageOf(document, `Etag: "abc"`)).ServeHTTP(w, request)
	if found := signedAttribute.FindStringSubmatch(w.Body.String()); found != nil {
		signed = html.UnescapeString(found[1])
	}
	return w.Body.String(), w.Header().Get("Etag"), signed
}

func TestMetaDataOfTheServerIsSignedToTheByte(t *testing.T) {
	key := bytes.Repeat([]byte{1}, 32)
	m := mustNew(t, Options{
		MetaDataKey: key,
		Settings:    sender.Settings{MetaData: map[string]any{"plan": "pro"}},
		Routes:      []Route{{Pattern: "/account", Settings: sender.Settings{MetaData: map[string]any{"area": "account"}}}},
		ForRequest: func(r *http.Request, s sender.Settings) (sender.Settings, bool) {
			if name := r.URL.Query().Get("name"); name != "" {
				s.MetaData["customer"] = name
			}
			return s, true
		},
	})
	for url, want := range map[string]string{
		"/": `{"plan":"pro"}`, "/account": `{"area":"account","plan":"pro"}`, "/?name=Zo%C3%AB%20%3C": `{"customer":"Zoë <","plan":"pro"}`,
	} {
		_, _, signed := pageWith(m, httptest.NewRequest("GET", url, nil))
		got, err := vouch.Open(key, signed, time.Now())
		if err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v, want %q", url, got, err, want)
		}
	}
}

func TestPagesStayTheSameWhileNothingIsSignedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plain := mustNew(t, Options{Settings: sender.Settings{Branding: sender.Branding{DialogTitle: "Help"}}})
		told := mustNew(t, Options{Settings: sender.Settings{MetaData: map[string]any{"plan": "pro"}}})
		request := func() *http.Request { return httptest.NewRequest("GET", "/", nil) }
		before, etagBefore, signed := pageWith(plain, request())
		if signed != "" || strings.Contains(before, "signed") {
			t.Errorf("without metaData there is %q", before)
		}
		first, etag, _ := pageWith(told, request())
		time.Sleep(59 * time.Minute)
		if again, etagAgain, _ := pageWith(told, request()); again != first || etagAgain != etag {
			t.Error("within an hour the page with metaData has changed")
		}
		time.Sleep(30 * time.Hour)
		if again, etagAgain, _ := pageWith(plain, request()); again != before || etagAgain != etagBefore {
			t.Error("the page without metaData has changed")
		}
		later, etagLater, signed := pageWith(told, request())
		if _, err := vouch.Open(told.key, signed, time.Now()); err != nil || later == first || etagLater == etag {
			t.Errorf("a day later: %v, %q", err, later)
		}
		if again, _, _ := pageWith(told, request()); again != later {
			t.Error("the renewed page is not kept")
		}
	})
}

func TestAKeyThatIsTooShortOrNotTheOnlyOneIsRefused(t *testing.T) {
	two := Options{MetaDataKey: bytes.Repeat([]byte{1}, 32), Signal: signal.Config{MetaDataKey: bytes.Repeat([]byte{2}, 32)}}
	if _, err := New(two); err == nil || !strings.Contains(err.Error(), "metaDataKey") {
		t.Errorf("with two keys: got %v", err)
	}
	const short = "middleware: metaDataKey: 6 bytes, want 32 or more"
	if _, err := New(Options{MetaDataKey: []byte("secret")}); err == nil || err.Error() != short {
		t.Errorf("with a short key: got %v, want %s", err, short)
	}
	const signals = "middleware: signal.metaDataKey: 6 bytes, want 32 or more"
	if _, err := New(Options{Signal: signal.Config{MetaDataKey: []byte("secret")}}); err == nil || err.Error() != signals {
		t.Errorf("with a short key of signalling: got %v, want %s", err, signals)
	}
}
