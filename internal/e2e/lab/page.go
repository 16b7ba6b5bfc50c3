package lab

import (
	"net/http"
	"strconv"
	"strings"
)

// kept is how many items the list of the counter page keeps.
const kept = 200

// counterPage counts every 50 ms and appends the count to a list.
var counterPage = strings.ReplaceAll(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>Counter</title>
<main>
	<h1>Counter</h1>
	<p>Count: <span id="count">0</span>, told at <span id="told">0</span></p>
	<ol id="items"></ol>
</main>
<script>
	let n = 0;
	const ticks = setInterval(() => {
		n++;
		const item = document.createElement("li");
		item.textContent = n;
		document.querySelector("#items").append(item);
		if (n > KEPT) document.querySelector("#items").firstChild.remove();
		document.querySelector("#count").textContent = n;
		document.querySelector("#told").textContent = Date.now();
	}, 50);
	function halt() {
		clearInterval(ticks);
		return n;
	}
</script>
</html>
`, "KEPT", strconv.Itoa(kept))

// app is the app behind the middleware: one page.
func app() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(counterPage))
	})
	return mux
}
