package dittofs

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"regexp"
	"strconv"

	"github.com/dittofs/dittofs-operator/test/internal/command"
)

// Server is a DittoFS in the cluster that kubectl speaks to.
type Server struct {
	Namespace, Name string
	// Forward reaches it by port-forwards: this machine has no route to the cluster's Services.
	Forward bool
}

// A port is a named port of a Service.
type port struct {
	service, clusterIP string
	number             int
}

// serviceList is the part of a list of Services that leads to ports.
type serviceList struct {
	Items []struct {
		Metadata struct{ Name string }
		Spec     struct {
			ClusterIP string
			Ports     []struct {
				Name string
				Port int
			}
		}
	}
}

// find returns the first port of that name on a Service that has an address.
func (l serviceList) find(name string) (port, error) {
	for _, service := range l.Items {
		for _, p := range service.Spec.Ports {
			if ip := service.Spec.ClusterIP; p.Name == name && ip != "" && ip != "None" {
				return port{service.Metadata.Name, ip, p.Port}, nil
			}
		}
	}
	return port{}, fmt.Errorf("no Service of this DittoFS has a port named %q", name)
}

// Reach calls use with a host:port that leads to the DittoFS's port of that name: its Service's
// address where this machine has a route to it, else a port-forward that ends with use.
func (s Server) Reach(ctx context.Context, name string, use func(address string) error) error {
	listed, err := command.Output(ctx, "kubectl", "get", "services", "-n", s.Namespace, "-l", "planengine.dev/instance="+s.Name, "-o", "json")
	if err != nil {
		return err
	}
	var services serviceList
	if err := json.Unmarshal([]byte(listed), &services); err != nil {
		return fmt.Errorf("read the Services: %w", err)
	}
	p, err := services.find(name)
	if err != nil {
		return err
	}
	if !s.Forward {
		return use(net.JoinHostPort(p.clusterIP, strconv.Itoa(p.number)))
	}
	return s.forward(ctx, p, use)
}

var forwarding = regexp.MustCompile(`^Forwarding from (127\.0\.0\.1:\d+)`)

// forward calls use with the local end of a port-forward and ends it afterwards.
func (s Server) forward(ctx context.Context, p port, use func(address string) error) error {
	ctx, stop := context.WithCancel(ctx)
	cmd := command.New(ctx, "kubectl", "port-forward", "-n", s.Namespace, "service/"+p.service, fmt.Sprintf(":%d", p.number))
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		stop()
		return fmt.Errorf("read from kubectl port-forward: %w", err)
	}
	if err := cmd.Start(); err != nil {
		stop()
		return fmt.Errorf("start kubectl port-forward: %w", err)
	}
	defer func() { stop(); _ = cmd.Wait() }()
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if found := forwarding.FindStringSubmatch(lines.Text()); found != nil {
			go drain(lines)
			return use(found[1])
		}
	}
	return fmt.Errorf("kubectl port-forward to Service %s did not start", p.service)
}

// drain reads on so that the process is never blocked on its output.
func drain(lines *bufio.Scanner) {
	for lines.Scan() {
	}
}
