// Command bench measures what it costs to put the tag into a page, beside doing nothing and beside others who put something into pages,
// and prints tables for docs/benchmarks.md:
//
//	go -C internal/bench run .
//
// The figures are CPU time, user and system, of the process (getrusage): they stay what they are on a busy machine, and no goroutine or
// garbage collection gets away. All contestants of a table are measured in turns, several times, and the least counts. It needs Unix.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// plan is how long to measure.
type plan struct {
	turns int           // how often each contestant has its turn
	batch time.Duration // CPU time of one turn
	log   io.Writer     // what is being measured
}

// sections are the tables, in the order in which they are printed.
var sections = []struct {
	name string
	run  func(plan, io.Writer) error
}{
	{"places", places},
	{"pages", generatedPages},
	{"real", realPages},
	{"coded", codedPages},
	{"parallel", parallel},
	{"firstbyte", firstBytes},
	{"servers", servers},
}

func main() {
	var names []string
	for _, s := range sections {
		names = append(names, s.name)
	}
	p := plan{log: os.Stderr}
	only := flag.String("only", "", "comma-separated `tables`, of "+strings.Join(names, ", ")+" (default: all)")
	flag.IntVar(&p.turns, "turns", 5, "how `often` each contestant has its turn")
	flag.DurationVar(&p.batch, "batch", 50*time.Millisecond, "CPU `time` of one turn")
	served := flag.String("serve", "", "serve the pages with this `contestant`, for the table of servers")
	flag.Parse()
	if err := run(p, *served, *only, names); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(p plan, served, only string, names []string) error {
	if served != "" {
		return serve(served, os.Stdin, os.Stdout)
	}
	wanted := names
	if only != "" {
		wanted = strings.Split(only, ",")
	}
	for _, name := range wanted {
		if !slices.Contains(names, name) {
			return fmt.Errorf("-only: no table is called %q", name)
		}
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, s := range sections {
		if !slices.Contains(wanted, s.name) {
			continue
		}
		if err := s.run(p, out); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		fmt.Fprintln(out)
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// table prints rows as Markdown. The first column holds names, the others figures.
func table(w io.Writer, title string, columns []string, rows [][]string) {
	fmt.Fprintf(w, "### %s\n\n| %s |\n|---%s|\n", title, strings.Join(columns, " | "), strings.Repeat("|---:", len(columns)-1))
	for _, row := range rows {
		fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
	}
}
