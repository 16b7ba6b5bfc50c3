package patience

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestAWaitIsInVainOnceThereWasTimeToSpare(t *testing.T) {
	if Holds(0, func() bool { return false }) {
		t.Error("what never holds held")
	}
	wait := Wait{limit: time.Minute, begin: time.Now().Add(-time.Hour), spare: spare()}
	if !wait.InVain() {
		t.Error("a wait has no end on a busy machine")
	}
	wait.begin = time.Now().Add(-90 * time.Second)
	if wait.InVain() {
		t.Error("a wait without spare time was in vain")
	}
	wait.spare -= time.Minute
	if !wait.InVain() {
		t.Error("a wait with spare time was not in vain")
	}
	wait.begin = time.Now().Add(-time.Second)
	if wait.InVain() {
		t.Error("a wait was in vain before its time")
	}
}

func TestAContextEndsWhenItsWaitIsInVain(t *testing.T) {
	ctx, cancel := Context(t.Context(), 0)
	defer cancel()
	<-ctx.Done()
	if !errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		t.Errorf("it ended with %v", context.Cause(ctx))
	}
	ctx, cancel = Context(t.Context(), time.Hour)
	cancel()
	<-ctx.Done()
}
