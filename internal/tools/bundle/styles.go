package main

import (
	"os"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// smallStyles takes the blanks out of style sheets in TypeScript, which esbuild leaves as they are: those of template literals that begin with /* css */.
var smallStyles = api.Plugin{
	Name: "styles",
	Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: `\.ts$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			source, err := os.ReadFile(args.Path)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			text := marked.ReplaceAllStringFunc(string(source), func(literal string) string { return small(strings.TrimPrefix(literal, mark)) })
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderTS}, nil
		})
	},
}

const mark = "/* css */ "

var (
	marked = regexp.MustCompile("/\\* css \\*/ `[^`]*`")
	blanks = regexp.MustCompile(`\s+`)
	around = regexp.MustCompile(` ?([{};,>]) ?|(:) `)
	last   = strings.NewReplacer(";}", "}")
)

// small writes a style sheet without the blanks that mean nothing. A space before a colon stays: it may stand before a pseudo-class.
func small(css string) string {
	return last.Replace(around.ReplaceAllString(blanks.ReplaceAllString(css, " "), "$1$2"))
}
