package e2e

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"path"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/dittofs/dittofs-operator/test/internal/dittofs"
)

const (
	shareName = "export"
	fileName  = "probe"
	content   = "what was written must be read"
)

// address returns the host:port of a port of one of the instance's Services.
func (i instance) address(ctx context.Context, suffix, port string) (string, error) {
	var s corev1.Service
	if err := kube.Get(ctx, i.key(suffix), &s); err != nil {
		return "", err
	}
	for _, p := range s.Spec.Ports {
		if p.Name == port {
			return net.JoinHostPort(s.Spec.ClusterIP, strconv.Itoa(int(p.Port))), nil
		}
	}
	return "", fmt.Errorf("Service %s has no port %s", s.Name, port)
}

// login speaks to the REST API of the instance's server as its admin.
func (i instance) login(ctx context.Context) (api *dittofs.Client, err error) {
	server := dittofs.Server{Namespace: i.namespace, Name: i.name}
	err = server.API(ctx, func(c *dittofs.Client) error { api = c; return nil })
	return api, err
}

// share makes a share that root of any client may write to, and returns the handle of a file in it.
func (i instance) share(ctx context.Context) (file []byte, err error) {
	api, err := i.login(ctx)
	if err != nil {
		return nil, err
	}
	if err := dittofs.MakeShare(ctx, api, shareName); err != nil {
		return nil, err
	}
	c, err := i.dial(ctx)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	root, err := c.mount("/" + shareName)
	if err != nil {
		return nil, fmt.Errorf("mount %s: %w", shareName, err)
	}
	if file, err = c.create(root, fileName); err != nil {
		return nil, fmt.Errorf("create %s: %w", fileName, err)
	}
	return file, c.write(file, 0, []byte(content))
}

// dial connects to NFS through the Service that clients use.
func (i instance) dial(ctx context.Context) (*nfsConn, error) {
	address, err := i.address(ctx, "", "nfs")
	if err != nil {
		return nil, err
	}
	return dialNFS(ctx, address, callLimit)
}

// reader reads a file over NFS every 20 ms, as a client that reconnects, and remembers when it could.
type reader struct {
	cancel context.CancelFunc
	done   chan struct{}
	good   []time.Time
	wrong  error
}

func (i instance) keepReading(ctx context.Context, file []byte) (*reader, error) {
	address, err := i.address(ctx, "", "nfs")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r := &reader{cancel: cancel, done: make(chan struct{})}
	go r.loop(ctx, address, file)
	return r, nil
}

func (r *reader) loop(ctx context.Context, address string, file []byte) {
	defer close(r.done)
	var c *nfsConn
	defer func() {
		if c != nil {
			c.Close()
		}
	}()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if c == nil {
			c, _ = dialNFS(ctx, address, 200*time.Millisecond)
		}
		if c != nil {
			if err := r.once(c, file); err != nil {
				c.Close()
				c = nil
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (r *reader) once(c *nfsConn, file []byte) error {
	got, err := c.read(file, 64)
	var refused nfsError
	if errors.As(err, &refused) || err == nil && string(got) != content {
		r.wrong = fmt.Errorf("read %q, %w", got, err)
	}
	if err == nil {
		r.good = append(r.good, time.Now())
	}
	return err
}

// stop ends the reading and returns the longest time between two reads that went well.
func (r *reader) stop() (gap time.Duration, err error) {
	last := time.Now()
	r.cancel()
	<-r.done
	if len(r.good) == 0 {
		return 0, errors.New("no read went well")
	}
	for i, at := range append(r.good[1:], last) {
		gap = max(gap, at.Sub(r.good[i]))
	}
	return gap, r.wrong
}

// misbehave sets the switches of the stand-in server; "" sets it right again.
func (i instance) misbehave(ctx context.Context, switches string) error {
	var claim corev1.PersistentVolumeClaim
	if err := kube.Get(ctx, i.key("-data"), &claim); err != nil {
		return err
	}
	var volume corev1.PersistentVolume
	if err := kube.Get(ctx, instance{name: claim.Spec.VolumeName}.key(""), &volume); err != nil {
		return err
	}
	if volume.Spec.Local == nil {
		return fmt.Errorf("volume %s is not a folder of the node", volume.Name)
	}
	file := path.Join(volume.Spec.Local.Path, "controlplane", "dittofs-sim.json")
	script := "rm -f " + file
	if switches != "" {
		encoded := base64.StdEncoding.EncodeToString([]byte(switches))
		script = strings.Join([]string{"echo " + encoded + " | base64 -d >" + file + ".new", "chmod 644 " + file + ".new", "mv " + file + ".new " + file}, " && ")
	}
	_, err := cluster.exec(ctx, "sh", "-ec", script)
	return err
}
