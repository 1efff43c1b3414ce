package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// operatorUser is the account that the operator calls the API with.
const operatorUser = "system:serviceaccount:dittofs-system:dittofs-operator"

// call is one finished API call, as the API server saw it.
type call struct {
	Verb string `json:"verb"`
	User struct {
		Username string `json:"username"`
	} `json:"user"`
	ObjectRef struct {
		Resource, Namespace, Name, Subresource string
	} `json:"objectRef"`
	ResponseStatus struct {
		Code int `json:"code"`
	} `json:"responseStatus"`
	At time.Time `json:"requestReceivedTimestamp"`
}

func (c call) String() string {
	resource := c.ObjectRef.Resource
	if c.ObjectRef.Subresource != "" {
		resource += "/" + c.ObjectRef.Subresource
	}
	return fmt.Sprintf("%s %s %s %s: %d (%s)", c.At.Format("15:04:05.000"), c.Verb, resource, c.ObjectRef.Name, c.ResponseStatus.Code, c.User.Username)
}

func (c call) writes() bool {
	return slices.Contains([]string{"create", "update", "patch", "delete", "deletecollection"}, c.Verb)
}

// watches are excluded from reads: one that is under way is not a new question.
func (c call) reads() bool { return c.Verb == "get" || c.Verb == "list" }

func (c call) event() bool { return c.ObjectRef.Resource == "events" }

// made says whether the call made an object that was not there.
func (c call) made() bool {
	return c.ResponseStatus.Code == 201 && c.ObjectRef.Subresource == "" && !c.event()
}

// calls reads all calls in a namespace since then that all conditions hold for.
func (c *testCluster) calls(namespace string, since time.Time, conditions ...func(call) bool) ([]call, error) {
	files, err := filepath.Glob(filepath.Join(c.root, c.name, "audit", "audit*.log"))
	if err != nil {
		return nil, err
	}
	var found []call
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(bytes.NewReader(content))
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if !bytes.Contains(lines.Bytes(), []byte(`"namespace":"`+namespace+`"`)) {
				continue
			}
			var e call
			// The last line may be half written; it is younger than what is asked for.
			if json.Unmarshal(lines.Bytes(), &e) == nil && e.ObjectRef.Namespace == namespace && !e.At.Before(since) && all(e, conditions) {
				found = append(found, e)
			}
		}
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
	}
	return found, nil
}

func all(e call, conditions []func(call) bool) bool {
	for _, holds := range conditions {
		if !holds(e) {
			return false
		}
	}
	return true
}

func byOperator(c call) bool { return c.User.Username == operatorUser }

// madeTwice lists what was made more than once in a namespace, by anybody.
func (c *testCluster) madeTwice(namespace string, since time.Time) ([]string, error) {
	made, err := c.calls(namespace, since, call.made)
	if err != nil {
		return nil, err
	}
	count := map[string]int{}
	for _, e := range made {
		if e.ObjectRef.Name != "" {
			count[e.ObjectRef.Resource+"/"+e.ObjectRef.Name]++
		}
	}
	var twice []string
	for object, n := range count {
		if n > 1 {
			twice = append(twice, fmt.Sprintf("%s was made %d times", object, n))
		}
	}
	slices.Sort(twice)
	return twice, nil
}

// timesMade counts how often an object was made.
func (c *testCluster) timesMade(namespace, resource, name string) (int, error) {
	made, err := c.calls(namespace, time.Time{}, call.made, func(e call) bool {
		return e.ObjectRef.Resource == resource && e.ObjectRef.Name == name
	})
	return len(made), err
}
