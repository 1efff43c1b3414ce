// Package multicall picks the command of a binary that carries several.
//
// It is not a command line parser: it only decides which command is meant, by
// the name the binary was started under or by its first argument.
package multicall
