package e2e

import (
	"bytes"
	"debug/elf"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v2"
)

// There is no Docker and no Kubernetes here, so that what can be seen without is: that the files are YAML, that every flag in them is one of the program, and that
// a container can be built as the Dockerfile says.
func TestManifestsFitThePrograms(t *testing.T) {
	t.Parallel()
	binary, err := clusterBinary()
	if err != nil {
		t.Fatal(err)
	}
	help, _ := exec.Command(binary, "-help").CombinedOutput()
	for _, name := range []string{"compose.yaml", "kubernetes.yaml"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "examples", "cluster", name))
		if err != nil {
			t.Fatal(err)
		}
		documents := 0
		for decoder := yaml.NewDecoder(bytes.NewReader(text)); ; documents++ {
			var document map[string]any
			if err := decoder.Decode(&document); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		flags := regexp.MustCompile(`[" ]-([a-z][a-z-]*)=`).FindAllStringSubmatch(string(text), -1)
		if documents == 0 || len(flags) < 6 {
			t.Errorf("%s: %d documents, %d flags", name, documents, len(flags))
		}
		for _, flag := range flags {
			if !strings.Contains(string(help), "\n  -"+flag[1]+" ") {
				t.Errorf("%s: the program has no flag -%s: %s", name, flag[1], help)
			}
		}
	}
	docker, err := os.ReadFile(filepath.Join("..", "..", "examples", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"FROM scratch", "USER 65532:65532", "CGO_ENABLED=0 go build -C examples/${EXAMPLE}"} {
		if !bytes.Contains(docker, []byte(line)) {
			t.Errorf("the Dockerfile has no line %q", line)
		}
	}
	out := filepath.Join(t.TempDir(), "app")
	build := exec.Command("go", "build", "-C", filepath.Join("..", "..", "examples", "hub"), "-trimpath", "-ldflags=-s -w", "-o", out, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, said)
	}
	program, err := elf.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	for _, part := range program.Progs {
		if part.Type == elf.PT_INTERP {
			t.Error("the program is not static")
		}
	}
}
