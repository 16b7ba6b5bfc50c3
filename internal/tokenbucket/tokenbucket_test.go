package tokenbucket_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/qwelp/qwelp-go/internal/tokenbucket"
)

func TestABucketHoldsItsBurstAndRefillsByItsRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := tokenbucket.New(2, 10)
		take := func(n float64, want bool) {
			t.Helper()
			if b.Take(n) != want {
				t.Errorf("Take(%v) is %v", n, !want)
			}
		}
		take(11, false)
		take(10, true)
		take(1, false)
		time.Sleep(time.Second)
		take(2, true)
		take(1, false)
		time.Sleep(time.Hour)
		take(11, false) // never more than the burst
		take(10, true)
	})
}
