package health

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// container is a container of a Pod with its status.
type container struct {
	name         string
	init         bool
	spec, status object
}

// String names the container in a sentence.
func (c container) String() string {
	if c.init {
		return "init container " + c.name
	}
	return "container " + c.name
}

// containers lists the containers that have a status, init containers first.
func containers(p *unstructured.Unstructured) []container {
	var out []container
	add := func(specs, statuses string, init bool) {
		for _, s := range list(p.Object, "status", statuses) {
			c := container{name: text(s, "name"), init: init, status: s, spec: object{}}
			for _, spec := range list(p.Object, "spec", specs) {
				if spec["name"] == c.name {
					c.spec = spec
				}
			}
			out = append(out, c)
		}
	}
	add("initContainers", "initContainerStatuses", true)
	add("containers", "containerStatuses", false)
	return out
}

// containerReason explains a Pod by the first container that cannot start or has ended badly.
func containerReason(p *unstructured.Unstructured) *finding {
	for _, c := range containers(p) {
		if w, ok := field(c.status, "state", "waiting").(object); ok {
			if f := waiting(p, c, w); f != nil {
				return f
			}
		}
		if t := terminated(c.status, "state"); t != nil && number(t, 0, "exitCode") != 0 {
			return found(rankCrash, progressing(p, crashReason(t), "%s %s; it is started again", c, ended(t)))
		}
	}
	return nil
}

func waiting(p *unstructured.Unstructured, c container, w object) *finding {
	reason, message := text(w, "reason"), text(w, "message")
	switch reason {
	case "ImagePullBackOff", "ErrImagePull", "ErrImageNeverPull", "RegistryUnavailable", "ImageInspectError":
		return found(rankImage, progressing(p, reason, "image %s cannot be pulled (%s%s)", image(c), reason, pullCause(message)))
	case "InvalidImageName":
		return found(rankImage, failed(p, reason, "image %s is not a valid name", image(c)))
	case "CreateContainerConfigError":
		return found(rankConfig, progressing(p, reason, "%s waits for its configuration: %s", c, orElse(message, reason)))
	case "CreateContainerError", "RunContainerError", "StartError":
		return found(rankConfig, progressing(p, reason, "%s cannot be started (%s%s)", c, reason, startCause(message)))
	case "CrashLoopBackOff":
		return crashLoop(p, c)
	}
	return nil
}

func crashLoop(p *unstructured.Unstructured, c container) *finding {
	restarts := number(c.status, 0, "restartCount")
	t := terminated(c.status, "lastState")
	if t == nil {
		return found(rankCrash, progressing(p, "CrashLoopBackOff", "%s keeps ending, restarts: %d", c, restarts))
	}
	reason := "CrashLoopBackOff"
	if text(t, "reason") == "OOMKilled" {
		reason = "OOMKilled"
	}
	next := fmt.Sprintf("see kubectl logs %s -c %s --previous", p.GetName(), c.name)
	if reason == "OOMKilled" {
		next = "raise its memory limit"
	}
	return found(rankCrash, progressing(p, reason, "%s %s, restarts: %d; %s", c, ended(t), restarts, next))
}

func terminated(status object, state string) object {
	t, _ := field(status, state, "terminated").(object)
	return t
}

func crashReason(t object) string {
	if text(t, "reason") == "OOMKilled" {
		return "OOMKilled"
	}
	return "ContainerExited"
}

// exits are the exit codes that mean the same everywhere.
var exits = map[int64]string{
	78: "its configuration is wrong", 126: "its command cannot be executed", 127: "its command was not found",
	134: "it aborted", 137: "it was killed", 139: "it crashed with a memory fault", 143: "it was told to stop",
}

// ended says how a container ended.
func ended(t object) string {
	code := number(t, 0, "exitCode")
	if text(t, "reason") == "OOMKilled" {
		return fmt.Sprintf("ran out of memory (OOMKilled, exit code %d)", code)
	}
	if why, ok := exits[code]; ok {
		return fmt.Sprintf("ended with exit code %d (%s)", code, why)
	}
	return fmt.Sprintf("ended with exit code %d", code)
}

func image(c container) string {
	if i := text(c.spec, "image"); i != "" {
		return i
	}
	return text(c.status, "image")
}

// pullCauses are the causes of a failed pull, by what the runtime's message holds.
var pullCauses = []struct{ sign, cause string }{
	{"toomanyrequests", "the registry refuses so many pulls"}, {"too many requests", "the registry refuses so many pulls"},
	{"unauthorized", "access denied; check imagePullSecrets"}, {"denied", "access denied; check imagePullSecrets"},
	{"forbidden", "access denied; check imagePullSecrets"},
	{"no such host", "the registry's name is unknown"}, {"connection refused", "the registry does not answer"},
	{"timeout", "the registry does not answer"}, {"deadline exceeded", "the registry does not answer"},
	{"x509", "the registry's certificate is not trusted"}, {"no space left", "the node's disk is full"},
	{"no match for platform", "not built for this node's platform"},
	{"not found", "not found"}, {"notfound", "not found"},
}

func pullCause(message string) string {
	message = strings.ToLower(message)
	for _, p := range pullCauses {
		if strings.Contains(message, p.sign) {
			return ": " + p.cause
		}
	}
	return ""
}

func startCause(message string) string {
	switch {
	case strings.Contains(message, "executable file not found"), strings.Contains(message, "no such file or directory"):
		return ": its command is not in the image"
	case strings.Contains(message, "permission denied"):
		return ": permission denied"
	}
	return ""
}
