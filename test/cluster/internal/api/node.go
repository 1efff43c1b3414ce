package api

import (
	"errors"
	"fmt"
	"time"
)

// nodeObject is the little we read of a Node.
type nodeObject struct {
	Status struct {
		Conditions []struct {
			Type, Status, Message string
			LastHeartbeatTime     time.Time
		}
	}
}

// ready returns nil when the node has said that it is ready, at or after since.
// Kubernetes keeps such times in whole seconds.
func (n nodeObject) ready(since time.Time) error {
	for _, c := range n.Status.Conditions {
		switch {
		case c.Type != "Ready":
		case c.Status != "True":
			return fmt.Errorf("not ready: %s", c.Message)
		case c.LastHeartbeatTime.Before(since.Truncate(time.Second)):
			return errors.New("has not reported since it was started")
		default:
			return nil
		}
	}
	return errors.New("has not reported yet")
}
