package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	corev1 "k8s.io/api/core/v1"

	"github.com/dittofs/dittofs-operator/test/internal/command"
)

// testCluster is the way into the cluster that no API gives: nodes and the audit log.
type testCluster struct {
	kubeconfig, name, root, program string
}

// openCluster finds the cluster of test/cluster that a kubeconfig belongs to.
func openCluster(ctx context.Context, kubeconfig string) (*testCluster, error) {
	path, err := filepath.Abs(kubeconfig)
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(path)
	c := &testCluster{kubeconfig: path, name: filepath.Base(dir), root: filepath.Dir(dir)}
	if _, err := os.Stat(filepath.Join(dir, "audit", "audit.log")); err != nil {
		return nil, fmt.Errorf("%s does not belong to a cluster of test/cluster: %w", kubeconfig, err)
	}
	if _, err := exec.LookPath("kubectl"); err != nil {
		return nil, fmt.Errorf("%w: put the folder that go run ./test/cluster assets prints in PATH", err)
	}
	bin, err := os.MkdirTemp("", "e2e-")
	if err != nil {
		return nil, err
	}
	DeferCleanup(os.RemoveAll, bin)
	c.program = filepath.Join(bin, "cluster")
	_, err = command.Output(ctx, "go", "build", "-o", c.program, "github.com/dittofs/dittofs-operator/test/cluster")
	return c, err
}

// exec runs a command in the only node, or in the first of several.
func (c *testCluster) exec(ctx context.Context, words ...string) (string, error) {
	return command.Output(ctx, c.program, append([]string{"exec", "--name", c.name, "--root", c.root, "--"}, words...)...)
}

// kubectl runs kubectl as a person would.
func (c *testCluster) kubectl(ctx context.Context, words ...string) (string, error) {
	return command.Output(ctx, "kubectl", append([]string{"--kubeconfig", c.kubeconfig}, words...)...)
}

// kill ends a Pod's first container as the kernel would: nothing in it gets a word in.
func (c *testCluster) kill(ctx context.Context, pod *corev1.Pod) error {
	id, err := containerID(pod)
	if err != nil {
		return err
	}
	_, err = c.exec(ctx, "ctr", "-n", "k8s.io", "tasks", "kill", "-s", "SIGKILL", id)
	return err
}

// inPodNetwork runs a command in the node, with the Pod's network.
func (c *testCluster) inPodNetwork(ctx context.Context, pod *corev1.Pod, script string) error {
	id, err := containerID(pod)
	if err != nil {
		return err
	}
	find := fmt.Sprintf(`ctr -n k8s.io tasks ls | awk '$1 == "%s" {print $2}'`, id)
	_, err = c.exec(ctx, "sh", "-ec", fmt.Sprintf(`nsenter -t "$(%s)" -n sh -ec '%s'`, find, script))
	return err
}

func containerID(pod *corev1.Pod) (string, error) {
	for _, s := range pod.Status.ContainerStatuses {
		if _, id, found := strings.Cut(s.ContainerID, "://"); found && s.State.Running != nil {
			return id, nil
		}
	}
	return "", fmt.Errorf("Pod %s/%s has no running container", pod.Namespace, pod.Name)
}
