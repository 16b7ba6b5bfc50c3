module github.com/qwelp/qwelp-go/internal/bench

go 1.26.0

require (
	github.com/CAFxX/httpcompression v0.0.8
	github.com/a-h/templ v0.3.977
	github.com/andybalholm/brotli v1.2.8
	github.com/klauspost/compress v1.20.3
	github.com/qwelp/qwelp-go v0.0.0
	golang.org/x/net v0.62.0
)

require github.com/gorilla/websocket v1.5.3

replace github.com/qwelp/qwelp-go => ../..
