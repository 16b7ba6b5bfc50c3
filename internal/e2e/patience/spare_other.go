//go:build !linux

package patience

import "time"

func spare() time.Duration { return always() }
