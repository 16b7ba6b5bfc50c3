package main

import (
	"regexp"
	"strings"
)

// pageNames are what the sender uses of the window, and what a script of the page may call something of its own: a class, const or let of that name at the
// top of any script stands before the window's property in modules too.
const pageNames = `AbortController Array BigInt Blob Boolean CSS CSSRule CSSStyleSheet CustomEvent DataView Date DocumentFragment DOMException DOMRect Element Error
	Event FontFace HTMLElement HTMLIFrameElement Image ImageData IntersectionObserver JSON KeyboardEvent Map Math MathMLElement MutationObserver Node NodeFilter Number Object
	OffscreenCanvas PerformanceObserver Promise Proxy RTCPeerConnection RTCSessionDescription Range RangeError Reflect RegExp ResizeObserver SVGElement Set ShadowRoot String Symbol
	TextDecoder TextEncoder TypeError URL URLSearchParams Uint16Array Uint32Array Uint8Array WeakMap WeakRef WeakSet WebSocket Worker
	CompressionStream DecompressionStream Response Request Headers ReadableStream
	addEventListener atob btoa cancelAnimationFrame clearInterval clearTimeout console createImageBitmap crypto customElements decodeURIComponent devicePixelRatio encodeURIComponent
	fetch getComputedStyle isNaN matchMedia parseFloat parseInt performance queueMicrotask requestAnimationFrame removeEventListener setInterval setTimeout structuredClone`

// kept are those that natives.ts keeps for all bundles, since pages replace them or what they hold.
var kept = map[string]bool{"Array": true, "Date": true, "JSON": true, "Map": true, "Object": true, "Set": true, "WeakMap": true, "WeakSet": true}

// live are those whose value changes.
var live = map[string]bool{"devicePixelRatio": true}

var identifier = regexp.MustCompile(`[\w$.]+`)

// globals returns the statements that take from the window, and from what natives.ts has kept, what a bundle uses. auto.js comes before it.
func globals(body []byte) []byte {
	used := map[string]bool{}
	for _, name := range identifier.FindAllString(string(body), -1) {
		first, _, _ := strings.Cut(strings.TrimLeft(name, "."), ".")
		used[first] = used[first] || name[0] != '.' || strings.HasPrefix(name, "...")
	}
	var names, natives []string
	var out strings.Builder
	for name := range strings.FieldsSeq(pageNames) {
		switch {
		case !used[name] || live[name]:
		case name == "Promise": // that of the language, which nobody can replace
			out.WriteString("const Promise=(async()=>{})().constructor;")
		case kept[name]:
			natives = append(natives, name)
		default:
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		out.WriteString("const{" + strings.Join(names, ",") + "}=window;")
	}
	if len(natives) > 0 {
		out.WriteString("const{" + strings.Join(natives, ",") + `}=window[window.Symbol.for("qwelp")]?.natives??window;`)
	}
	return []byte(out.String())
}
