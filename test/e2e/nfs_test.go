package e2e

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"
)

// nfsConn speaks as much NFSv3 as the tests need, one call at a time (RFC 5531, RFC 1813).
type nfsConn struct {
	net.Conn
	xid uint32
}

const (
	mountProgram, nfsProgram = 100005, 100003
	procNull                 = 0
	procMount                = 1
	procLookup, procRead     = 3, 6
	procWrite, procCreate    = 7, 8
	// callLimit is how long one call may take.
	callLimit = 5 * time.Second
)

// nfsError is the answer of a server that understood and refused.
type nfsError uint32

func (e nfsError) Error() string { return fmt.Sprintf("NFS status %d", uint32(e)) }

func dialNFS(ctx context.Context, address string, limit time.Duration) (*nfsConn, error) {
	d := net.Dialer{Timeout: limit}
	c, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &nfsConn{Conn: c}, nil
}

// xdr builds arguments.
type xdr struct{ bytes.Buffer }

func (x *xdr) uints(all ...uint32) *xdr {
	for _, v := range all {
		_ = binary.Write(x, binary.BigEndian, v)
	}
	return x
}

func (x *xdr) opaque(b []byte) *xdr {
	x.uints(uint32(len(b)))
	x.Write(b)
	x.Write(make([]byte, (4-len(b)%4)%4))
	return x
}

// call sends a call as root and returns what follows the accepted reply's header.
func (c *nfsConn) call(program, procedure uint32, arguments *xdr) (*bytes.Reader, error) {
	c.xid++
	body := (&xdr{}).uints(c.xid, 0, 2, program, 3, procedure)
	credentials := (&xdr{}).uints(0).opaque([]byte("e2e")).uints(0, 0, 0)
	body.uints(1).opaque(credentials.Bytes()).uints(0, 0)
	body.Write(arguments.Bytes())
	if err := c.SetDeadline(time.Now().Add(callLimit)); err != nil {
		return nil, err
	}
	record := (&xdr{}).uints(1<<31 | uint32(body.Len()))
	record.Write(body.Bytes())
	if _, err := c.Write(record.Bytes()); err != nil {
		return nil, err
	}
	answer, err := c.receive()
	if err != nil {
		return nil, err
	}
	header := make([]uint32, 6) // xid, reply, accepted, verifier, its length, state
	if err := binary.Read(answer, binary.BigEndian, header); err != nil {
		return nil, err
	}
	if header[0] != c.xid || header[2] != 0 || header[5] != 0 {
		return nil, fmt.Errorf("RPC reply %v to call %d", header, c.xid)
	}
	return answer, nil
}

// receive reads a record of one or more fragments.
func (c *nfsConn) receive() (*bytes.Reader, error) {
	var record []byte
	for {
		var mark uint32
		if err := binary.Read(c, binary.BigEndian, &mark); err != nil {
			return nil, err
		}
		fragment := make([]byte, mark&^(1<<31))
		if _, err := io.ReadFull(c, fragment); err != nil {
			return nil, err
		}
		record = append(record, fragment...)
		if mark&(1<<31) != 0 {
			return bytes.NewReader(record), nil
		}
	}
}

// checked is call for procedures whose answer begins with a status.
func (c *nfsConn) checked(program, procedure uint32, arguments *xdr) (*bytes.Reader, error) {
	answer, err := c.call(program, procedure, arguments)
	if err != nil {
		return nil, err
	}
	var status uint32
	if err := binary.Read(answer, binary.BigEndian, &status); err != nil {
		return nil, err
	}
	if status != 0 {
		return nil, nfsError(status)
	}
	return answer, nil
}

func readOpaque(r *bytes.Reader) ([]byte, error) {
	var n uint32
	if err := binary.Read(r, binary.BigEndian, &n); err != nil {
		return nil, err
	}
	if int(n) > r.Len() {
		return nil, io.ErrUnexpectedEOF
	}
	b := make([]byte, (n+3)/4*4)
	_, err := io.ReadFull(r, b)
	return b[:n], err
}

// null asks whether there is an NFS server at all.
func (c *nfsConn) null() error {
	_, err := c.call(nfsProgram, procNull, &xdr{})
	return err
}

// mount returns the handle of a share.
func (c *nfsConn) mount(share string) ([]byte, error) {
	answer, err := c.checked(mountProgram, procMount, (&xdr{}).opaque([]byte(share)))
	if err != nil {
		return nil, err
	}
	return readOpaque(answer)
}

// create makes a file, or takes the one that is there, and returns its handle.
func (c *nfsConn) create(directory []byte, name string) ([]byte, error) {
	unchecked := (&xdr{}).opaque(directory).opaque([]byte(name)).uints(0, 1, 0o644, 0, 0, 0, 0, 0)
	if _, err := c.checked(nfsProgram, procCreate, unchecked); err != nil {
		return nil, err
	}
	answer, err := c.checked(nfsProgram, procLookup, (&xdr{}).opaque(directory).opaque([]byte(name)))
	if err != nil {
		return nil, err
	}
	return readOpaque(answer)
}

// write puts data at an offset and has it on the disk when it returns.
func (c *nfsConn) write(file []byte, offset uint32, data []byte) error {
	const fileSync = 2
	arguments := (&xdr{}).opaque(file).uints(0, offset, uint32(len(data)), fileSync).opaque(data)
	_, err := c.checked(nfsProgram, procWrite, arguments)
	return err
}

// read returns up to n bytes from the beginning of a file.
func (c *nfsConn) read(file []byte, n uint32) ([]byte, error) {
	answer, err := c.checked(nfsProgram, procRead, (&xdr{}).opaque(file).uints(0, 0, n))
	if err != nil {
		return nil, err
	}
	var attributes uint32
	if err := binary.Read(answer, binary.BigEndian, &attributes); err != nil {
		return nil, err
	}
	const attributesSize = 84
	if _, err := answer.Seek(int64(attributes*attributesSize)+8, io.SeekCurrent); err != nil {
		return nil, err
	}
	return readOpaque(answer)
}
