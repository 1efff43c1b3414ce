package nfsd

import (
	"bytes"
	"encoding/binary"
	"net"
	"reflect"

	nfs "github.com/willscott/go-nfs"
)

const (
	mountProgram  = 100005
	procDump      = 2
	procUmountAll = 4
	procExport    = 5
)

// call is what a handler function of go-nfs gets; its type is not exported
// there.
type call interface {
	Write(reply []byte) error
	RemoteAddr() net.Addr
}

// go-nfs answers three procedures of the MOUNT program only; libnfs and
// showmount need the rest.
func init() {
	register(procDump, func(h *handler, _ net.Addr) []byte { return dumpList(h.backend.MountList()) })
	register(procExport, func(h *handler, _ net.Addr) []byte { return exportList(h.backend.ExportNames()) })
	register(procUmountAll, func(h *handler, from net.Addr) []byte {
		h.backend.UnmountAll(from)
		return nil
	})
}

// register makes a handler function by reflection, because the type of its
// second argument cannot be named.
func register(proc uint32, answer func(h *handler, from net.Addr) []byte) {
	kind := reflect.TypeFor[nfs.HandleFunc]()
	fn := reflect.MakeFunc(kind, func(args []reflect.Value) []reflect.Value {
		c, _ := args[1].Interface().(call)
		h, _ := args[2].Interface().(*handler)
		result := reflect.New(kind.Out(0)).Elem()
		if err := c.Write(answer(h, c.RemoteAddr())); err != nil {
			result.Set(reflect.ValueOf(err))
		}
		return []reflect.Value{result}
	})
	_ = nfs.RegisterMessageHandler(mountProgram, proc, fn.Interface().(nfs.HandleFunc))
}

// exportList encodes the names without groups.
func exportList(names []string) []byte {
	var b bytes.Buffer
	for _, name := range names {
		putBool(&b, true)
		putString(&b, name)
		putBool(&b, false)
	}
	putBool(&b, false)
	return b.Bytes()
}

// dumpList encodes pairs of host and directory.
func dumpList(mounts [][2]string) []byte {
	var b bytes.Buffer
	for _, m := range mounts {
		putBool(&b, true)
		putString(&b, m[0])
		putString(&b, m[1])
	}
	putBool(&b, false)
	return b.Bytes()
}

func putBool(b *bytes.Buffer, v bool) {
	n := uint32(0)
	if v {
		n = 1
	}
	_ = binary.Write(b, binary.BigEndian, n)
}

func putString(b *bytes.Buffer, s string) {
	_ = binary.Write(b, binary.BigEndian, uint32(len(s)))
	b.WriteString(s)
	b.Write(make([]byte, (4-len(s)%4)%4))
}
