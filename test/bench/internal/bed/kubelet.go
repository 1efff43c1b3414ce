package bed

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/dittofs/dittofs-operator/test/kubelet"
)

// healing is what the kubelet process tells: when it sent word that an object is healthy.
type healing struct {
	Object string
	At     time.Time
}

// Kubelet is the fixture in a process of its own.
type Kubelet struct {
	cmd *exec.Cmd

	mu     sync.Mutex
	healed map[string]time.Time
}

// KubeletArgument, as the only one but the delay, makes this program be the kubelet process.
const KubeletArgument = "kubelet"

// StartKubelet starts this program again as a kubelet that reports objects healthy after a delay.
func (b *Bed) StartKubelet(delay time.Duration) (*Kubelet, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	k := &Kubelet{cmd: exec.Command(self, KubeletArgument, delay.String()), healed: map[string]time.Time{}}
	k.cmd.Env = append(os.Environ(), "KUBECONFIG="+b.Kubeconfig)
	k.cmd.Stderr = os.Stderr
	out, err := k.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("read from the kubelet: %w", err)
	}
	if _, err := k.cmd.StdinPipe(); err != nil { // closes when this process ends, however it ends
		return nil, fmt.Errorf("hold the kubelet: %w", err)
	}
	if err := k.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the kubelet: %w", err)
	}
	ready := make(chan struct{})
	go k.listen(out, ready)
	select {
	case <-ready:
		return k, nil
	case <-time.After(time.Minute):
		k.Stop()
		return nil, fmt.Errorf("the kubelet did not start")
	}
}

func (k *Kubelet) listen(out io.Reader, ready chan<- struct{}) {
	lines := bufio.NewScanner(out)
	for started := false; lines.Scan(); started = true {
		if !started {
			close(ready)
			continue
		}
		var h healing
		if json.Unmarshal(lines.Bytes(), &h) != nil {
			continue
		}
		k.mu.Lock()
		if _, known := k.healed[h.Object]; !known {
			k.healed[h.Object] = h.At
		}
		k.mu.Unlock()
	}
}

// Healed returns when word was first sent that an object is healthy.
func (k *Kubelet) Healed(namespace, name string) (time.Time, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at, ok := k.healed[namespace+"/"+name]
	return at, ok
}

// Stop ends the process.
func (k *Kubelet) Stop() {
	_ = k.cmd.Process.Kill()
	_ = k.cmd.Wait()
}

// Play is the kubelet process: it plays until its standard input ends.
func Play(ctx context.Context, delay string, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	d, err := time.ParseDuration(delay)
	if err != nil {
		return fmt.Errorf("read the delay: %w", err)
	}
	cfg, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	if err != nil {
		return fmt.Errorf("read kubeconfig: %w", err)
	}
	var mu sync.Mutex
	tell := json.NewEncoder(out)
	sent := &Recorder{told: func(c Call) {
		if c.Verb == "patch" && c.Sub == "status" {
			mu.Lock()
			defer mu.Unlock()
			_ = tell.Encode(healing{c.Namespace + "/" + c.Object, c.At})
		}
	}}
	if err := kubelet.Start(ctx, sent.Wrap(cfg), kubelet.Options{Delay: d}); err != nil {
		return err
	}
	mu.Lock()
	fmt.Fprintln(out, "ready")
	mu.Unlock()
	_, err = io.Copy(io.Discard, in)
	return err
}
