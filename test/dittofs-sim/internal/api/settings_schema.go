package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// settingRange is what an adapter setting may be.
type settingRange struct {
	Min    *int     `json:"min,omitempty"`
	Max    *int     `json:"max,omitempty"`
	Values []string `json:"values,omitempty"`
}

func between(lo, hi int) settingRange { return settingRange{Min: &lo, Max: &hi} }

func oneOf(values ...string) settingRange { return settingRange{Values: values} }

type settingsSchema struct {
	defaults   string
	ranges     map[string]settingRange
	operations []string
}

var nfsVersions = oneOf("3", "4.0", "4.1")
var dialects = oneOf("SMB2.0", "SMB2.1", "SMB3.0", "SMB3.0.2", "SMB3.1.1")

var settingsSchemas = map[string]settingsSchema{
	"nfs": {
		defaults: `{"min_version":"3","max_version":"4.1","lease_time":90,"grace_period":90,"delegation_recall_timeout":90,
			"callback_timeout":5,"lease_break_timeout":35,"max_connections":0,"max_clients":10000,"max_compound_ops":50,
			"max_read_size":1048576,"max_write_size":1048576,"preferred_transfer_size":1048576,"delegations_enabled":true,
			"max_delegations":10000,"dir_deleg_batch_window_ms":50,"v4_min_minor_version":0,"v4_max_minor_version":2,
			"v4_max_connections_per_session":16,"blocked_operations":[],"portmapper_enabled":false,"portmapper_port":10111,
			"portmapper_register_with_system":false,"udp_enabled":false,"mdns_enabled":false,"version":1}`,
		ranges: map[string]settingRange{
			"callback_timeout": between(1, 60), "delegation_recall_timeout": between(10, 600),
			"dir_deleg_batch_window_ms": between(0, 5000), "grace_period": between(10, 3600),
			"lease_break_timeout": between(5, 120), "lease_time": between(10, 3600), "max_clients": between(1, 1000000),
			"max_compound_ops": between(4, 1000), "max_connections": between(0, 100000),
			"max_delegations": between(0, 1000000), "max_read_size": between(4096, 16777216), "max_version": nfsVersions,
			"max_write_size": between(4096, 16777216), "min_version": nfsVersions, "portmapper_port": between(1, 65535),
			"preferred_transfer_size":        between(4096, 16777216),
			"v4_max_connections_per_session": between(0, 1024), "v4_max_minor_version": between(0, 2),
			"v4_min_minor_version": between(0, 2),
		},
		operations: nfsOperations,
	},
	"smb": {
		defaults: `{"min_dialect":"SMB2.0","max_dialect":"SMB3.1.1","session_timeout":900,"oplock_break_timeout":35,
			"max_connections":0,"max_sessions":10000,"enable_encryption":false,"signing":"","directory_leasing_enabled":true,
			"blocked_operations":[],"mdns_enabled":false,"wsdiscovery_enabled":false,"version":1}`,
		ranges: map[string]settingRange{
			"max_connections": between(0, 100000), "max_dialect": dialects, "max_sessions": between(1, 1000000),
			"min_dialect": dialects, "oplock_break_timeout": between(5, 120), "session_timeout": between(60, 86400),
			"signing": oneOf("disabled", "enabled", "required"),
		},
	},
}

// nfsOperations are the names that blocked_operations may hold.
var nfsOperations = strings.Fields(`NULL GETATTR SETATTR LOOKUP ACCESS READLINK READ WRITE CREATE MKDIR SYMLINK MKNOD
	REMOVE RMDIR RENAME LINK READDIR READDIRPLUS FSSTAT FSINFO PATHCONF COMMIT`)

func (s settingsSchema) fresh() map[string]any {
	out := map[string]any{}
	_ = json.Unmarshal([]byte(s.defaults), &out)
	return out
}

// violations checks all settings, not only the changed ones: a bad stored
// value blocks every later change.
func (s settingsSchema) violations(kind string, values map[string]any) map[string]string {
	out := map[string]string{}
	for name, r := range s.ranges {
		if text := r.violation(name, values[name]); text != "" {
			out[name] = text
		}
	}
	list, _ := values["blocked_operations"].([]any)
	for _, op := range list {
		if len(s.operations) > 0 && !slices.Contains(s.operations, fmt.Sprint(op)) {
			out["blocked_operations"] = fmt.Sprintf("unknown %s operation: %v", strings.ToUpper(kind), op)
		}
	}
	return out
}

func (r settingRange) violation(name string, v any) string {
	if r.Values != nil {
		text, _ := v.(string)
		switch {
		case slices.Contains(r.Values, text):
			return ""
		case name == "signing" && text == "":
			return ""
		case name == "signing":
			return fmt.Sprintf("must be empty (inherit) or one of: %v", r.Values)
		}
		return fmt.Sprintf("must be one of: %v", r.Values)
	}
	n, _ := v.(float64)
	if n < float64(*r.Min) || n > float64(*r.Max) {
		return fmt.Sprintf("must be between %d and %d", *r.Min, *r.Max)
	}
	return ""
}
