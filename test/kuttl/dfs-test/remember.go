package main

import (
	"context"
	"fmt"
	"strings"
)

const memory = "dfs-test"

// key is an object's name as a ConfigMap's key.
func key(object string) string { return strings.ReplaceAll(object, "/", ".") }

func (n namespace) remember(ctx context.Context, objects []string) error {
	if _, err := n.kubectl(ctx, "get", "configmap", memory); err != nil {
		if _, err := n.kubectl(ctx, "create", "configmap", memory); err != nil {
			return err
		}
	}
	for _, object := range objects {
		uid, err := n.uid(ctx, object)
		if err != nil {
			return err
		}
		patch := fmt.Sprintf(`{"data":{%q:%q}}`, key(object), uid)
		if _, err := n.kubectl(ctx, "patch", "configmap", memory, "--type=merge", "-p", patch); err != nil {
			return err
		}
		fmt.Printf("%s is %s\n", object, uid)
	}
	return nil
}

func (n namespace) same(ctx context.Context, objects []string) error {
	return n.compare(ctx, objects, func(object, noted, uid string) error {
		if noted != uid {
			return fmt.Errorf("%s was %s and has been made anew as %s", object, noted, uid)
		}
		return nil
	})
}

func (n namespace) other(ctx context.Context, objects []string) error {
	return n.compare(ctx, objects, func(object, noted, uid string) error {
		if noted == uid {
			return fmt.Errorf("%s is still %s", object, noted)
		}
		return nil
	})
}

// compare judges the UID of each object with the one that was noted.
func (n namespace) compare(ctx context.Context, objects []string, judge func(object, noted, uid string) error) error {
	for _, object := range objects {
		noted, err := n.kubectl(ctx, "get", "configmap", memory, "-o", "jsonpath={.data."+strings.ReplaceAll(key(object), ".", `\.`)+"}")
		if err != nil {
			return err
		}
		if noted == "" {
			return fmt.Errorf("%s has not been remembered", object)
		}
		uid, err := n.uid(ctx, object)
		if err != nil {
			return err
		}
		if err := judge(object, noted, uid); err != nil {
			return err
		}
	}
	return nil
}

func (n namespace) uid(ctx context.Context, object string) (string, error) {
	return n.kubectl(ctx, "get", object, "-o", "jsonpath={.metadata.uid}")
}
