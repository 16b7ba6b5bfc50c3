package middleware

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qwelp/qwelp-go/internal/vouch"
	"github.com/qwelp/qwelp-go/sender"
)

func TestWhatForRequestChangesIsOfOneRequest(t *testing.T) {
	key := bytes.Repeat([]byte{1}, 32)
	privacy := sender.Privacy{Redact: make([]string, 1, 9)}
	privacy.Redact[0] = ".secret"
	m := mustNew(t, Options{
		MetaDataKey: key,
		Settings: sender.Settings{
			MetaData: map[string]any{
				"customer": map[string]any{"plan": "free"}, "tags": []any{map[string]string{"a": "b"}}, "none": nil, "typed": map[string][]string{"x": {"y"}, "z": nil},
			},
			Privacy: privacy,
			Frames:  []string{"https://pay.example"},
		},
		ForRequest: func(r *http.Request, s sender.Settings) (sender.Settings, bool) {
			id := r.URL.Query().Get("id")
			if id == "" {
				return s, true
			}
			s.MetaData["customer"].(map[string]any)["id"] = id
			s.MetaData["tags"].([]any)[0].(map[string]string)["a"] = id
			s.MetaData["typed"].(map[string][]string)["x"][0] = id
			s.Privacy.Redact = append(s.Privacy.Redact, ".c"+id)
			s.Frames[0] = "https://pay" + id + ".example"
			return s, true
		},
	})
	plain, _, _ := pageWith(m, httptest.NewRequest("GET", "/", nil))
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			id := fmt.Sprint(4711 + i)
			page, _, signed := pageWith(m, httptest.NewRequest("GET", "/?id="+id, nil))
			want := `{"customer":{"id":"` + id + `","plan":"free"},"none":null,"tags":[{"a":"` + id + `"}],"typed":{"x":["` + id + `"],"z":null}}`
			if got, err := vouch.Open(key, signed, time.Now()); err != nil || string(got) != want {
				t.Errorf("got %s, %v, want %s", got, err, want)
			}
			if strings.Count(page, ".c47") != 1 || !strings.Contains(page, "https://pay"+id+".example") {
				t.Errorf("%s: the page is %s", id, page)
			}
		})
	}
	wait.Wait()
	if again, _, _ := pageWith(m, httptest.NewRequest("GET", "/", nil)); again != plain {
		t.Errorf("the next visitor gets %s, not %s", again, plain)
	}
}
