package pki

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"github.com/dittofs/dittofs-operator/test/cluster/internal/layout"
)

const lifetime = 10 * 365 * 24 * time.Hour

// An authority signs certificates.
type authority struct {
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// openAuthority reads the authority called name in dir, or makes it.
func openAuthority(dir, name string) (*authority, error) {
	if !exists(dir, name+".crt") {
		template := &x509.Certificate{
			Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
			KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		}
		if err := (&authority{dir: dir}).issue(name, template); err != nil {
			return nil, err
		}
	}
	cert, err := readPEM(dir, name+".crt", x509.ParseCertificate)
	if err != nil {
		return nil, err
	}
	key, err := readPEM(dir, name+".key", x509.ParseECPrivateKey)
	return &authority{dir, cert, key}, err
}

// ensure issues a certificate unless there is one.
func (a *authority) ensure(name string, template *x509.Certificate) error {
	if exists(a.dir, name+".crt") {
		return nil
	}
	return a.issue(name, template)
}

// issue writes name.key and then name.crt, signed by a, or by itself when a has
// no certificate yet.
func (a *authority) issue(name string, template *x509.Certificate) error {
	key, err := newKey(a.dir, name)
	if err != nil {
		return err
	}
	template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return err
	}
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(lifetime)
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		return fmt.Errorf("sign %s: %w", name, err)
	}
	return writePEM(a.dir, name+".crt", "CERTIFICATE", der, 0o644)
}

func newKey(dir, name string) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, writePEM(dir, name+".key", "EC PRIVATE KEY", der, 0o600)
}

func writePEM(dir, name, kind string, der []byte, mode os.FileMode) error {
	return layout.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode)
}

func readPEM[T any](dir, name string, parse func([]byte) (T, error)) (T, error) {
	var none T
	raw, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return none, err
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		return none, errors.New(name + " holds no PEM block")
	}
	got, err := parse(block.Bytes)
	if err != nil {
		return none, fmt.Errorf("parse %s: %w", name, err)
	}
	return got, nil
}

func exists(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return err == nil
}
