package middleware

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qwelp/qwelp-go/internal/request"
)

const (
	maxAsset       = 8 << 20 // bytes, as in the sender
	assetTimeout   = 10 * time.Second
	maxAssetHops   = 3
	maxAssetURL    = 4 << 10
	assetCacheTime = "private, max-age=300"
)

var errLargeAsset = errors.New("middleware: an asset is too large")

// assetFetcher reads images and fonts from other origins for the sender, where their servers do not let the page's scripts read them. It
// asks nobody but the origins that the app has named, sends no cookies, and answers with nothing but images and fonts.
type assetFetcher struct {
	origins []string
	trusted []netip.Prefix // proxies
	client  *http.Client
	room    *assetRoom
}

// newAssetFetcher returns nil without origins. The error joins one error for every bad origin.
func newAssetFetcher(origins []string, trusted []netip.Prefix) (*assetFetcher, error) {
	if len(origins) == 0 {
		return nil, nil
	}
	var errs []error
	for i, origin := range origins {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || origin != u.Scheme+"://"+strings.ToLower(u.Host) {
			errs = append(errs, fmt.Errorf("assetOrigins[%d]: not an origin such as https://cdn.example", i))
		}
	}
	a := &assetFetcher{origins: slices.Clone(origins), trusted: trusted, room: newAssetRoom()}
	a.client = &http.Client{
		Timeout: assetTimeout,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > maxAssetHops || !a.allows(r.URL) {
				return errors.New("middleware: an asset leads to another origin")
			}
			r.Header.Del("Referer")
			return nil
		},
	}
	return a, errors.Join(errs...)
}

func (a *assetFetcher) allows(u *url.URL) bool {
	return u.User == nil && slices.Contains(a.origins, u.Scheme+"://"+strings.ToLower(u.Host))
}

// ServeHTTP answers with the image or font at the URL in the query's url.
func (a *assetFetcher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// Only scripts of the app's own pages ask here, and what comes is never shown as a page of the app. Browsers that do not say
	// who asks get nothing.
	if site, dest := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Sec-Fetch-Dest"); site != "same-origin" || dest != "empty" {
		http.Error(w, "for scripts of this origin only", http.StatusForbidden)
		return
	}
	text := r.URL.Query().Get("url")
	u, err := url.Parse(text)
	if err != nil || len(text) > maxAssetURL || !a.allows(u) {
		http.Error(w, "not an asset of an origin that this app has named", http.StatusForbidden)
		return
	}
	addr, _ := request.RemoteAddr(r, a.trusted)
	client := request.Network(addr)
	kind, data, err := a.readInTurn(r.Context(), client, u)
	if err == nil {
		err = a.room.send(w, r, client, kind, data)
	}
	switch {
	case errors.Is(err, errNoRoom):
		w.Header().Set("Retry-After", "1")
		http.Error(w, "too many assets at once", http.StatusServiceUnavailable)
	case err != nil:
		http.Error(w, "the asset cannot be read", http.StatusBadGateway)
	}
}

// describeAsset sets the header of an answer that is an asset.
func describeAsset(h http.Header, kind string, size int) {
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", assetCacheTime)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Length", strconv.Itoa(size))
}

// readInTurn holds a turn while the asset is read, and not while the client takes it.
func (a *assetFetcher) readInTurn(ctx context.Context, client string, u *url.URL) (kind string, data []byte, err error) {
	if err := a.room.read(ctx, client); err != nil {
		return "", nil, err
	}
	defer a.room.done(client)
	return a.read(ctx, u)
}

// read fetches an image or font, whole.
func (a *assetFetcher) read(ctx context.Context, u *url.URL) (kind string, data []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "", nil, err
	}
	r.Header.Set("Accept", "image/*, font/*")
	r.Header.Set("User-Agent", "qwelp")
	response, err := a.client.Do(r)
	if err != nil {
		return "", nil, err
	}
	defer response.Body.Close()
	kind, _, err = mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil || response.StatusCode != http.StatusOK || !isAsset(kind) {
		return "", nil, errors.New("middleware: neither an image nor a font")
	}
	if response.ContentLength > maxAsset {
		return "", nil, errLargeAsset
	}
	if size := response.ContentLength; size > 0 {
		data = make([]byte, size) // to grow it would take several times as much
		_, err = io.ReadFull(response.Body, data)
		return kind, data, err
	}
	data, err = io.ReadAll(io.LimitReader(response.Body, maxAsset+1))
	if err == nil && len(data) > maxAsset {
		err = errLargeAsset
	}
	return kind, data, err
}

// isAsset tells whether a media type is that of an image or a font, with the names of fonts that came before RFC 8081.
func isAsset(kind string) bool {
	return strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "font/") ||
		strings.HasPrefix(kind, "application/font-") || strings.HasPrefix(kind, "application/x-font-") || kind == "application/vnd.ms-fontobject"
}
