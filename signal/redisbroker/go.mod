module github.com/qwelp/qwelp-go/signal/redisbroker

go 1.26.0

require (
	github.com/qwelp/qwelp-go v0.0.0
	github.com/redis/rueidis v1.0.79
)

require (
	github.com/gorilla/websocket v1.5.3 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

replace github.com/qwelp/qwelp-go => ../..
