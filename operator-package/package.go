// Package operatorpackage holds the DittoFS operator package: how DittoFS is deployed and run,
// said as data. It holds no logic; the engine reads the files and carries them out.
package operatorpackage

import (
	"embed"
	"io/fs"
)

// files is what the engine loads. "all:" keeps the partials, whose names begin with "_".
//
//go:embed operator.yaml all:dittofs
var files embed.FS

// FS returns the files of the operator package; operator.yaml lies at its root.
func FS() fs.FS { return files }
