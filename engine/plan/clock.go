package plan

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// whole rounds a time up to the whole second, which is all that JSON keeps of it.
func whole(t time.Time) metav1.Time {
	second := t.UTC().Truncate(time.Second)
	if second.Before(t) {
		second = second.Add(time.Second)
	}
	return metav1.NewTime(second)
}

// plus returns the time d later, as a recorded time.
func plus(t metav1.Time, d time.Duration) metav1.Time { return whole(t.Add(d)) }

// at returns a time as the records hold it.
func at(t metav1.Time) *metav1.Time { return &t }

// reached says whether a recorded time has come; one that is not set never comes.
func reached(t *metav1.Time, now time.Time) bool { return t != nil && !now.Before(t.Time) }

// earliest returns the earlier of two recorded times, of which any may be missing.
func earliest(a, b *metav1.Time) *metav1.Time {
	if a == nil || b != nil && b.Before(a) {
		return b
	}
	return a
}

// isLater says whether a recorded time is set and lies beyond the limit.
func isLater(t *metav1.Time, limit metav1.Time) bool { return t != nil && limit.Before(t) }
