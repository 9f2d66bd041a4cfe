// Greets its first argument.
package main

import (
	"os"

	"example.com/greet/words"
)

func main() {
	name := "world"
	if len(os.Args) > 1 {
		name = os.Args[1]
	}
	os.Stdout.WriteString(words.Greeting(name) + "\n")
}
