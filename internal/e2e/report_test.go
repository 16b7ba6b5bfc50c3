package e2e

import (
	"cmp"
	"html/template"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// verdict is what came of one torture page.
type verdict struct {
	name, title     string
	differences     []string
	customer, agent []byte // PNG
}

// tortureReport gathers verdicts for a page to look at.
type tortureReport struct {
	t        *testing.T
	verdicts []verdict
}

func newReport(t *testing.T) *tortureReport { return &tortureReport{t: t} }

func (r *tortureReport) add(v verdict) { r.verdicts = append(r.verdicts, v) }

var reportPage = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Torture pages</title>
<style>
	body { font: 15px/1.5 system-ui, sans-serif; margin: 2em; color-scheme: light dark }
	section { border-top: 1px solid; padding: 1em 0 }
	figure { display: inline-block; margin: 0 1em 0 0 }
	img { border: 1px solid; max-width: 46vw }
	.same::before { content: "✓ "; color: green }
	.other::before { content: "✗ "; color: red }
	pre { white-space: pre-wrap }
</style>
<h1>Torture pages: {{len .}}</h1>
{{range .}}<section>
	<h2 class="{{if .Differences}}other{{else}}same{{end}}">{{.Title}} <small>{{.Name}}</small></h2>
	{{range .Differences}}<pre>{{.}}</pre>{{end}}
	<figure><figcaption>customer</figcaption><img src="{{.Name}}-customer.png" alt=""></figure>
	<figure><figcaption>agent</figcaption><img src="{{.Name}}-agent.png" alt=""></figure>
</section>
{{end}}`))

// write writes the report into the directory of -report, or the test's artifacts.
func (r *tortureReport) write() {
	r.t.Helper()
	dir := cmp.Or(*reportDir, r.t.ArtifactDir())
	if err := os.MkdirAll(dir, 0o755); err != nil {
		r.t.Error(err)
		return
	}
	type row struct {
		Name, Title string
		Differences []string
	}
	var rows []row
	for _, v := range r.verdicts {
		rows = append(rows, row{v.name, v.title, v.differences})
		for side, picture := range map[string][]byte{"customer": v.customer, "agent": v.agent} {
			if err := os.WriteFile(filepath.Join(dir, v.name+"-"+side+".png"), picture, 0o644); err != nil {
				r.t.Error(err)
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return len(b.Differences) - len(a.Differences) })
	file, err := os.Create(filepath.Join(dir, "index.html"))
	if err != nil {
		r.t.Error(err)
		return
	}
	defer file.Close()
	if err := reportPage.Execute(file, rows); err != nil {
		r.t.Error(err)
	}
}
