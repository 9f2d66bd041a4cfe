// Says for which architecture it was compiled.
package main

import "runtime"

func main() {
	println("compiled for", runtime.GOARCH)
}
