package nfsd

import "encoding/binary"

const (
	procUmount = 3
	sniffLimit = 1200
)

// Sniffer reads along with a client's stream and reports UMNT calls: go-nfs
// answers them without telling anybody.
type Sniffer struct {
	OnUmount func(share string)

	head []byte // begin of the present record, with its length word
	left int    // bytes of the record that are still to come
}

// Feed takes the next bytes that the client sent.
func (s *Sniffer) Feed(p []byte) {
	for len(p) > 0 {
		if s.left == 0 {
			need := min(4-len(s.head), len(p))
			s.head, p = append(s.head, p[:need]...), p[need:]
			if len(s.head) == 4 {
				s.left = int(binary.BigEndian.Uint32(s.head) &^ (1 << 31))
			}
			if s.left == 0 && len(s.head) == 4 {
				s.head = s.head[:0]
			}
			continue
		}
		n := min(s.left, len(p))
		if room := sniffLimit - len(s.head); room > 0 {
			s.head = append(s.head, p[:min(n, room)]...)
		}
		s.left, p = s.left-n, p[n:]
		if s.left == 0 {
			s.record(s.head[4:])
			s.head = s.head[:0]
		}
	}
}

// record looks at one whole call: xid, type, version, program, version,
// procedure, credential, verifier, argument.
func (s *Sniffer) record(b []byte) {
	word := func(i int) uint32 {
		if len(b) < i+4 {
			return 0
		}
		return binary.BigEndian.Uint32(b[i:])
	}
	if word(4) != 0 || word(12) != mountProgram || word(20) != procUmount {
		return
	}
	at := 24
	for range 2 { // credential and verifier
		at += 8 + padded(int(word(at+4)))
	}
	size := int(word(at))
	if at+4+size <= len(b) && size < sniffLimit {
		s.OnUmount(string(b[at+4 : at+4+size]))
	}
}

func padded(n int) int { return (n + 3) &^ 3 }
