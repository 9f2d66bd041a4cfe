// Package words finds them.
package words

import "strings"

// Greeting is what to say to somebody.
func Greeting(name string) string {
	return "Hello, " + strings.ToUpper(name[:1]) + name[1:] + "!"
}
