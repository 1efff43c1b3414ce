package packages

import (
	"fmt"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
	"k8s.io/apimachinery/pkg/util/validation"
)

// placeholderGroup lets the other checks go on where the package's own group is none.
const placeholderGroup = "example.org"

// loadOperator reads operator.yaml and the list of kinds. Without it all kinds there are are
// checked, so that nothing stays unsaid.
func (l *loader) loadOperator() {
	d := l.open(operatorFile, "operator")
	if d == nil {
		l.folders, l.pkg.Group = l.kindFolders(), placeholderGroup
		return
	}
	l.operator = d
	raw, _ := d.value.(map[string]any)
	fields := map[string]any{}
	for key, v := range raw {
		if key != "kinds" && key != "apiVersion" {
			fields[key] = v
		}
	}
	l.decode(d, "", fields, l.pkg)
	l.checkVersions(d)
	l.listKinds(d, raw["kinds"])
}

func (l *loader) checkVersions(d *document) {
	if _, err := semver.StrictNewVersion(l.pkg.Version); err != nil {
		l.add(d, "version", fmt.Sprintf("%q is no semantic version", l.pkg.Version), "write three numbers, such as 1.0.0")
	}
	if c := l.pkg.KubernetesVersion; c != "" {
		if _, err := semver.NewConstraint(c); err != nil {
			l.add(d, "kubernetesVersion", fmt.Sprintf("%q is no version constraint", c), "write one such as >=1.29")
		}
	}
	group := l.pkg.Group
	if len(validation.IsDNS1123Subdomain(group)) > 0 || !strings.Contains(group, ".") {
		l.add(d, "group", fmt.Sprintf("%q is no API group", group), "write a domain in lower case, such as example.org")
		l.pkg.Group = placeholderGroup
	}
	if strings.HasSuffix(group, ".k8s.io") || strings.HasSuffix(group, ".kubernetes.io") {
		l.add(d, "group", fmt.Sprintf("%q belongs to the Kubernetes project", group), "use a domain of your own")
		l.pkg.Group = placeholderGroup
	}
}

func (l *loader) listKinds(d *document, kinds any) {
	list, _ := kinds.([]any)
	for i, v := range list {
		folder, _ := v.(string)
		if slices.Contains(l.folders, folder) {
			l.add(d, item("kinds", i), fmt.Sprintf("kind %q is listed twice", folder), "remove one")
			continue
		}
		l.folders = append(l.folders, folder)
	}
}
