package leaktest

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

func wait(until chan struct{}) { <-until }

func TestALeakIsShownByItsStack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // for whose time 10 seconds are nothing
		before, mine, others := Running(), make(chan struct{}), make(chan struct{})
		go wait(mine)
		go func() { <-others }()
		synctest.Wait()
		if left := Since(before, "leaktest.wait("); strings.Count(left, "\ncreated by ") != 1 || !strings.Contains(left, "leaktest.wait(") {
			t.Errorf("got %q", left)
		}
		if left := Since(before); strings.Count(left, "\ncreated by ") != 2 {
			t.Errorf("whosoever: %q", left)
		}
		if left := Since(before, "elsewhere."); left != "" {
			t.Errorf("somebody else's: %s", left)
		}
		if left := Since(Running()); left != "" {
			t.Errorf("of before: %s", left)
		}
		close(mine)
		close(others)
		if left := Since(before); left != "" {
			t.Errorf("after the end: %s", left)
		}
	})
}

func TestOthersGoroutinesAreNone(t *testing.T) {
	started, until := make(chan struct{}), make(chan struct{})
	defer close(until)
	start := make(chan struct{})
	go func() { // another test that begins something meanwhile
		<-start
		go func() {
			close(started)
			wait(until)
		}()
	}()
	synctest.Test(t, func(t *testing.T) {
		before := Running()
		close(start)
		<-started
		if left := Since(before); left != "" {
			t.Errorf("not of the bubble: %s", left)
		}
	})
}

func TestTheRuntimesGoroutinesAreNone(t *testing.T) {
	const dump = `goroutine 1 [running]:
main.main()
	/main.go:3 +0x1

goroutine 5 [chan receive]:
example.org/app.init.0.func1(0xc00001c0c0)
	/app.go:7 +0x25
runtime.runFinalizers()
	/runtime/mfinal.go:255 +0x145
created by runtime.createfing in goroutine 1
	/runtime/mfinal.go:163 +0x4c

goroutine 19 [select, 2 minutes, synctest bubble 3]:
example.org/app.serve()
	/app.go:9 +0x25
created by example.org/app.start in goroutine 18
	/app.go:8 +0x25
`
	if got := slices.Collect(maps.Keys(parse(dump))); !slices.Equal(got, []string{"goroutine 19"}) {
		t.Errorf("got %q", got)
	}
	if got := parse(strings.Replace(dump, "[running]", "[running, synctest bubble 4]", 1)); len(got) != 0 {
		t.Errorf("of another bubble: %q", got)
	}
}
