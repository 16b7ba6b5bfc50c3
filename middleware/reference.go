package middleware

import "strings"

// blankReference reads a character reference, given without its "&" up to and with the byte that ends it. more says that it goes
// on, blank that it means white space (HTML standard, section 13.2.5.72).
func blankReference(ref []byte) (blank, more bool) {
	for _, name := range [...]string{"Tab;", "NewLine;"} {
		if string(ref) == name {
			return true, false
		}
		if strings.HasPrefix(name, string(ref)) {
			return false, true
		}
	}
	if ref[0] != '#' {
		return false, false
	}
	digits, base := ref[1:], 10
	if len(digits) > 0 && digits[0]|0x20 == 'x' {
		digits, base = digits[1:], 16
	}
	value := 0
	for i, c := range digits {
		digit := digitOf(c)
		if digit >= base {
			// Whatever comes after the digits ends the reference, and is swallowed when it is a semicolon.
			return i > 0 && value < 0x80 && isSpace(byte(value)), false
		}
		value = min(value*base+digit, 0x80)
	}
	return false, true
}

// digitOf returns the value of a decimal or hexadecimal digit, 16 for every other byte.
func digitOf(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return 16
}
