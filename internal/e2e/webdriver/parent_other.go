//go:build !linux

package webdriver

import "syscall"

func withParent() *syscall.SysProcAttr { return nil }
