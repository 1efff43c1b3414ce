package nfsd

import (
	"net"

	nfs "github.com/willscott/go-nfs"
)

func init() { nfs.Log.SetLevel(nfs.PanicLevel) }

// Serve answers MOUNT and NFSv3 on the listener until it is closed.
func Serve(l net.Listener, b Backend) error {
	return nfs.Serve(l, &handler{backend: b})
}
