package envtest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// AssetsVariable names the environment variable with the folder of kube-apiserver and etcd.
const AssetsVariable = "KUBEBUILDER_ASSETS"

// TB is what Start needs of *testing.T, *testing.B or ginkgo's GinkgoT().
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
}

// shared is the one control plane of a test binary.
var shared struct {
	sync.Mutex
	managed bool
	plane   *envtest.Environment
	config  *rest.Config
	err     error
}

// Run runs the tests and stops the control plane that they started; it returns the exit code.
func Run(m interface{ Run() int }) int {
	shared.Lock()
	shared.managed = true
	shared.Unlock()
	code := m.Run()
	if err := stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}

// Start returns the configuration of a client with all rights on the package's control plane,
// which it starts if need be. The test fails when that is not possible.
func Start(t TB) *rest.Config {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.config == nil && shared.err == nil {
		shared.config, shared.err = start()
	}
	if shared.err != nil {
		t.Fatalf("no API server for the test: %v", shared.err)
		return nil
	}
	return rest.CopyConfig(shared.config)
}

func start() (*rest.Config, error) {
	if !shared.managed {
		return nil, errors.New("nothing would stop it: let TestMain call os.Exit(envtest.Run(m))")
	}
	assets, err := assets()
	if err != nil {
		return nil, err
	}
	shared.plane = &envtest.Environment{BinaryAssetsDirectory: assets}
	config, err := shared.plane.Start()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start kube-apiserver and etcd from %s: %w", assets, err), shared.plane.Stop())
	}
	config.QPS, config.Burst = 1000, 1000
	return config, nil
}

// assets returns the folder with the control plane's programs.
func assets() (string, error) {
	folder := os.Getenv(AssetsVariable)
	if folder == "" {
		return "", fmt.Errorf("%s is not set: run \"make test\", or set it to a folder with kube-apiserver and etcd", AssetsVariable)
	}
	for _, program := range []string{"kube-apiserver", "etcd"} {
		if _, err := os.Stat(filepath.Join(folder, program)); err != nil {
			return "", fmt.Errorf("%s=%s holds no %s: run \"make test\", which builds it", AssetsVariable, folder, program)
		}
	}
	return folder, nil
}

func stop() error {
	shared.Lock()
	defer shared.Unlock()
	if shared.plane == nil {
		return nil
	}
	if err := shared.plane.Stop(); err != nil {
		return fmt.Errorf("stop the tests' control plane: %w", err)
	}
	return nil
}
