// Command release makes the files of the repository those of a version, and prints the tags of its modules; scripts/release does the rest.
package main

import (
	"flag"
	"fmt"
	"log"
	"time"
)

func main() {
	log.SetFlags(0)
	root := flag.String("root", ".", "the repository's `directory`")
	flag.Parse()
	tags, err := Prepare(*root, flag.Arg(0), time.Now().UTC())
	if err != nil {
		log.Fatal(err)
	}
	for _, tag := range tags {
		fmt.Println(tag)
	}
}
