package assets_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/qwelp/qwelp-go/assets"
)

func ExampleHandler() {
	mux := http.NewServeMux()
	mux.Handle("/_qwelp/", http.StripPrefix("/_qwelp", assets.Handler()))

	response := httptest.NewRecorder()
	mux.ServeHTTP(response, httptest.NewRequest("GET", "/_qwelp/"+assets.Path("auto.js"), nil))
	fmt.Println(response.Code, response.Header().Get("Content-Type"))
	fmt.Println(response.Header().Get("Cache-Control"))
	// Output:
	// 200 text/javascript; charset=utf-8
	// public, max-age=31536000, immutable
}
