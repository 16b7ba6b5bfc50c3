package patience

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"time"
)

const tick = 10 * time.Millisecond // USER_HZ is 100 wherever Linux runs

// spare returns for how long a processor has had nothing to do since the machine started, on average over all: the fourth number of the first
// line of /proc/stat, proc_stat(5). Waiting for a disk is not spare.
func spare() time.Duration {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return always()
	}
	line, _, _ := bytes.Cut(stat, []byte("\n"))
	fields := bytes.Fields(line)
	if len(fields) < 5 {
		return always()
	}
	ticks, err := strconv.ParseInt(string(fields[4]), 10, 64)
	if err != nil {
		return always()
	}
	return time.Duration(ticks) * tick / time.Duration(runtime.NumCPU())
}
