package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/qwelp/qwelp-go/sender"
)

// readSettings reads a QwelpSettings object; without a file, the defaults. Fields that do not exist are errors: they are typing mistakes.
func readSettings(file string) (s sender.Settings, err error) {
	if file == "" {
		return s, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return s, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err = d.Decode(&s); err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return s, s.Validate("settings")
		}
		err = errors.New("more than one JSON value")
	}
	place := placeOf(err, d.InputOffset())
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		place, err = int64(len(text)), errors.New("the JSON ends too early")
	}
	return s, fmt.Errorf("%s, line %d: %w", file, bytes.Count(text[:place], []byte("\n"))+1, err)
}

// placeOf returns how many bytes come before what is wrong.
func placeOf(err error, read int64) int64 {
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return e.Offset
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return e.Offset
	}
	return read
}
