module github.com/qwelp/qwelp-go/examples/chi

go 1.26.0

require (
	github.com/go-chi/chi/v5 v5.5.0
	github.com/gorilla/websocket v1.5.3
	github.com/qwelp/qwelp-go v0.0.0
)

require (
	github.com/andybalholm/brotli v1.2.8 // indirect
	github.com/klauspost/compress v1.20.3 // indirect
)

replace github.com/qwelp/qwelp-go => ../..
