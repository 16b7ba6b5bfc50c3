module github.com/qwelp/qwelp-go/examples/echo

go 1.26.0

require (
	github.com/gorilla/websocket v1.5.3
	github.com/labstack/echo/v5 v5.4.4
	github.com/qwelp/qwelp-go v0.0.0
)

require (
	github.com/andybalholm/brotli v1.2.8 // indirect
	github.com/klauspost/compress v1.20.3 // indirect
	golang.org/x/time v0.15.0 // indirect
)

replace github.com/qwelp/qwelp-go => ../..
