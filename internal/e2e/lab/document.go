package lab

import (
	"errors"
	"os"
	"strings"
)

// marks are the lines of the document between which the table stands.
const begin, end = "<!-- lab: begin -->\n", "<!-- lab: end -->\n"

// WriteReport puts a table into a document between its marks.
func WriteReport(path, table string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(data), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return errors.New("lab: " + path + " has no marks for the table")
	}
	return os.WriteFile(path, []byte(before+begin+table+end+after), 0o644)
}
