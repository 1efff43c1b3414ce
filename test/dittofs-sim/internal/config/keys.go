package config

import (
	"sort"
	"strings"
)

type kind int

const (
	kindString kind = iota
	kindInt
	kindUint
	kindFloat
	kindBool
	kindDuration
	kindAny
)

// keys lists every leaf key of the configuration file by kind.
var keys = buildKeys(map[kind]string{
	kindString: `logging.level logging.format logging.output
		database.type database.sqlite.path database.postgres.host database.postgres.database
		database.postgres.user database.postgres.password database.postgres.sslmode database.postgres.ssl_root_cert
		controlplane.host controlplane.jwt.secret controlplane.tls.cert_file controlplane.tls.key_file
		controlplane.tls.client_ca controlplane.tls.min_version
		metrics.host metrics.path metrics.auth metrics.token_file metrics.tls.cert_file metrics.tls.key_file
		metrics.tls.client_ca metrics.tls.min_version admin.username admin.email admin.password_hash
		identity.machine_sid kerberos.keytab_path kerberos.service_principal kerberos.realm
		kerberos.netbios_domain kerberos.dns_domain kerberos.krb5_conf
		ldap.url ldap.base_dn ldap.bind_dn ldap.bind_password ldap.user_attr ldap.realm ldap.idmap
		ldap.tls.ca_cert_file ldap.tls.client_cert_file ldap.tls.client_key_file ldap.tls.min_version`,
	kindInt: `logging.rotation.max_size logging.rotation.max_backups logging.rotation.max_age
		database.postgres.port database.postgres.max_open_conns database.postgres.max_idle_conns
		controlplane.port controlplane.pprof_mutex_rate controlplane.pprof_block_rate_ns metrics.port
		metadata.badger.block_cache_mb metadata.badger.index_cache_mb gc.dry_run_sample_size
		kerberos.max_contexts ldap.max_group_results`,
	kindUint:  `blockstore.local.default_remote_cache_size blockstore.local.max_log_bytes`,
	kindFloat: `gc.compaction_live_ratio`,
	kindBool: `logging.rotation.compress controlplane.require_initial_password_change controlplane.pprof
		metrics.enabled gc.auto_enabled snapshot.scheduler_disabled kerberos.enabled ldap.enabled
		ldap.start_tls ldap.allow_plaintext ldap.nested_groups ldap.tls.insecure_skip_verify`,
	kindDuration: `shutdown_timeout controlplane.read_timeout controlplane.write_timeout controlplane.idle_timeout
		controlplane.drain_stall_timeout controlplane.jwt.access_token_duration
		controlplane.jwt.refresh_token_duration blockstore.local.backpressure_max_wait gc.grace_period
		gc.auto_interval snapshot.restore_http_timeout snapshot.scheduler_poll_interval
		kerberos.max_clock_skew kerberos.context_ttl ldap.timeout`,
	kindAny: `kerberos.identity_mapping kerberos.machine_account`,
})

func buildKeys(byKind map[kind]string) map[string]kind {
	out := map[string]kind{}
	for k, list := range byKind {
		for _, key := range strings.Fields(list) {
			out[key] = k
		}
	}
	return out
}

// isSection tells whether some known key lies below the path.
func isSection(path string) bool {
	for key := range keys {
		if strings.HasPrefix(key, path+".") {
			return true
		}
	}
	return false
}

// flatten puts the leaves of a YAML tree into out and returns the unknown
// keys; an unknown section is reported once, by its own name.
func flatten(prefix string, tree map[string]any, out map[string]any) (unknown []string) {
	for name, v := range tree {
		path := strings.ToLower(name)
		if prefix != "" {
			path = prefix + "." + path
		}
		_, known := keys[path]
		sub, isMap := v.(map[string]any)
		switch {
		case known:
			out[path] = v
		case isSection(path) && isMap:
			unknown = append(unknown, flatten(path, sub, out)...)
		case isSection(path) && v == nil:
		default:
			unknown = append(unknown, path)
		}
	}
	sort.Strings(unknown)
	return unknown
}

// envName is the name of the environment variable of a key.
func envName(key string) string {
	return "DITTOFS_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}
