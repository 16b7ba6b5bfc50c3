package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// styleText is a style sheet within TypeScript, one without expressions.
var styleText = regexp.MustCompile("(const style = `)([^`$\\\\]*)(`)")

// shorterStyles takes the white space out of style sheets that stand in TypeScript: esbuild leaves strings as they are, and every page loads
// those of the loader.
var shorterStyles = api.Plugin{Name: "styles", Setup: func(build api.PluginBuild) {
	build.OnLoad(api.OnLoadOptions{Filter: `\.ts$`}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		source, err := os.ReadFile(args.Path)
		if err != nil {
			return api.OnLoadResult{}, err
		}
		var messages []api.Message
		text := styleText.ReplaceAllStringFunc(string(source), func(found string) string {
			parts := styleText.FindStringSubmatch(found)
			css := api.Transform(parts[2], api.TransformOptions{Loader: api.LoaderCSS, MinifyWhitespace: true, Charset: api.CharsetUTF8, LogLevel: api.LogLevelSilent})
			messages = append(messages, append(css.Errors, css.Warnings...)...)
			return parts[1] + strings.ReplaceAll(strings.TrimSpace(string(css.Code)), `\`, `\\`) + parts[3]
		})
		return api.OnLoadResult{Contents: &text, Loader: api.LoaderTS, ResolveDir: filepath.Dir(args.Path), Errors: messages}, nil
	})
}}
