package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// target is one file of assets/dist and the source it is made from.
type target struct {
	name   string // file name in assets/dist
	source string // slash-separated, relative to the repository's root
	// external lists imports that stay imports, since they name other files of assets/dist.
	external []string
	script   bool // no module, but what stands by itself before one
}

// targets lists everything that is made from source without Node.
var targets = []target{
	{name: "auto.js", source: "sender/src/auto.ts", external: []string{"./aside.js", "./guest.js", "./unsupported.js"}},
	{name: "classic.js", source: "sender/src/classic.ts", external: []string{"./auto.js"}},
	{name: "seal.js", source: "sender/src/seal.ts"},
	{name: "compare.js", source: "sender/src/compare.ts"},
	{name: "relay.js", source: "sender/src/relay.ts"},
	{name: "session.js", source: "sender/src/session.ts", external: []string{"./languages.js", "./telling.js"}},
	{name: "picture.js", source: "sender/src/picture.ts", external: []string{"./compare.js", "./relay.js", "./seal.js"}},
	{name: "pointing.js", source: "sender/src/pointing/pointing.ts"},
	{name: "announcer.js", source: "sender/src/pointing/announcer.ts"},
	{name: "telling.js", source: "sender/src/telling.ts"},
	{name: "capture.js", source: "sender/src/capture/capture.ts", external: []string{"./motion.js", "./frames.js", "./rare.js", "./shown.js", "./styles.js"}},
	{name: "names.js", source: "sender/src/capture/names.ts"},
	{name: "frames.js", source: "sender/src/capture/frames.ts"},
	{name: "aside.js", source: "sender/src/aside.ts"},
	{name: "guest.js", source: "sender/src/guest.ts"},
	{name: "unsupported.js", source: "sender/src/unsupported.ts"},
	{name: "languages.js", source: "sender/src/languages.ts"},
	{name: "motion.js", source: "sender/src/capture/motion.ts"},
	{name: "shown.js", source: "sender/src/capture/shown.ts"},
	{name: "rare.js", source: "sender/src/capture/rare.ts", external: []string{"./highlights.js"}},
	{name: "highlights.js", source: "sender/src/capture/highlights.ts"},
	{name: "styles.js", source: "sender/src/capture/styles.ts"},
	{name: "console.js", source: "agent/src/console.ts"},
	{name: "console.css", source: "agent/src/console.css"},
	{name: "console.html", source: "agent/src/console.html"},
	{name: "check.js", source: "agent/src/check/check.ts"},
	{name: "check.html", source: "agent/src/check.html"},
	{name: "mirror.js", source: "agent/src/mirror/runner.ts"},
	{name: "mirror-runner.html", source: "agent/src/mirror-runner.html"},
	{name: "mirror.html", source: "agent/src/mirror.html"},
	{name: "mirror-quirks.html", source: "agent/src/mirror-quirks.html"},
}

// Bundle builds every target from the sources under root and returns the files by name. The same
// sources give the same bytes on every machine. It reports all targets that fail, not only the first.
func Bundle(root string, targets []target) (map[string][]byte, error) {
	files := make(map[string][]byte, len(targets))
	var errs []error
	for _, t := range targets {
		body, err := build(root, t)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", t.name, err))
			continue
		}
		files[t.name] = body
	}
	return files, errors.Join(errs...)
}

func build(root string, t target) ([]byte, error) {
	source := filepath.Join(root, filepath.FromSlash(t.source))
	if filepath.Ext(t.name) == ".html" {
		return os.ReadFile(source)
	}
	body, err := compile(root, t)
	if err != nil || !strings.HasPrefix(t.source, "sender/") || t.name == "unsupported.js" {
		return body, err
	}
	body = append(globals(body), body...)
	if t.name != "session.js" {
		return body, nil
	}
	natives, err := compile(root, target{source: "sender/src/platform/natives.ts", script: true})
	return append(natives, body...), err
}

// compile bundles a source by esbuild.
func compile(root string, t target) ([]byte, error) {
	// esbuild wants an absolute working directory; no path of it reaches the output.
	dir, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	format := api.FormatESModule
	if t.script {
		format = api.FormatIIFE
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:     dir,
		EntryPoints:       []string{t.source},
		Bundle:            true,
		External:          t.external,
		Platform:          api.PlatformBrowser,
		Format:            format,
		Target:            api.ES2020,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		// The options above are the whole truth: a tsconfig.json must not change what is shipped.
		TsconfigRaw: `{"compilerOptions":{"target":"es2022","useDefineForClassFields":false,"verbatimModuleSyntax":true}}`,
		Plugins:     []api.Plugin{shorterStyles},
		Write:       false,
		LogLevel:    api.LogLevelSilent,
	})
	if len(result.Errors)+len(result.Warnings) > 0 {
		return nil, problems(append(result.Errors, result.Warnings...))
	}
	if len(result.OutputFiles) != 1 {
		return nil, fmt.Errorf("got %d output files, want 1", len(result.OutputFiles))
	}
	return result.OutputFiles[0].Contents, nil
}

// problems turns esbuild's messages into one error with a line for each. Warnings count as well: what
// esbuild warns about is a mistake in code that is going to run in other people's pages.
func problems(messages []api.Message) error {
	errs := make([]error, len(messages))
	for i, m := range messages {
		if m.Location == nil {
			errs[i] = errors.New(m.Text)
			continue
		}
		errs[i] = fmt.Errorf("%s:%d:%d: %s", m.Location.File, m.Location.Line, m.Location.Column+1, m.Text)
	}
	return errors.Join(errs...)
}
