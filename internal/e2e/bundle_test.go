package e2e

import (
	"path/filepath"
	"testing"

	esbuild "github.com/evanw/esbuild/pkg/api"
)

// bundle makes one script of a TypeScript file, given by its slash-separated path in the repository, with all it imports, as the bundles
// in assets/dist are made.
func bundle(t testing.TB, source string) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	result := esbuild.Build(esbuild.BuildOptions{
		AbsWorkingDir:     root,
		EntryPoints:       []string{source},
		Bundle:            true,
		Platform:          esbuild.PlatformBrowser,
		Format:            esbuild.FormatESModule,
		Target:            esbuild.ES2020,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		TsconfigRaw:       `{"compilerOptions":{"target":"es2022","useDefineForClassFields":true,"verbatimModuleSyntax":true}}`,
	})
	for _, message := range result.Errors {
		t.Errorf("%s: %s", source, message.Text)
	}
	if len(result.OutputFiles) != 1 {
		t.FailNow()
	}
	return string(result.OutputFiles[0].Contents)
}
