package api

import "testing"

func TestSettingsDefaultsAreValid(t *testing.T) {
	for kind, schema := range settingsSchemas {
		fresh := schema.fresh()
		if bad := schema.violations(kind, fresh); len(bad) > 0 {
			t.Errorf("%s: %v", kind, bad)
		}
		for name := range schema.ranges {
			if _, ok := fresh[name]; !ok {
				t.Errorf("%s: %s has a range and no default", kind, name)
			}
		}
	}
}

func TestSettingsViolations(t *testing.T) {
	schema := settingsSchemas["nfs"]
	values := schema.fresh()
	values["lease_time"], values["blocked_operations"] = 1.0, []any{"NOPE"}
	bad := schema.violations("nfs", values)
	if bad["lease_time"] != "must be between 10 and 3600" || bad["blocked_operations"] != "unknown NFS operation: NOPE" || len(bad) != 2 {
		t.Error(bad)
	}
}
