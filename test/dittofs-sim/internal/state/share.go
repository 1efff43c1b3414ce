package state

import "time"

// Share is one share with everything that hangs on it.
type Share struct {
	ID                string    `json:"id"`
	Name              string    `json:"name"`
	MetadataStoreID   string    `json:"metadata_store_id"`
	LocalBlockStoreID string    `json:"local_block_store_id"`
	RemoteStoreID     *string   `json:"remote_block_store_id"`
	ReadOnly          bool      `json:"read_only"`
	Enabled           bool      `json:"enabled"`
	EncryptData       bool      `json:"encrypt_data"`
	DefaultPermission string    `json:"default_permission"`
	OwnerUID          *uint32   `json:"owner_uid,omitempty"`
	OwnerGID          *uint32   `json:"owner_gid,omitempty"`
	BlockedOperations []string  `json:"blocked_operations,omitempty"`
	RetentionPolicy   string    `json:"retention_policy"`
	RetentionTTL      string    `json:"retention_ttl,omitempty"`
	LocalStoreSize    string    `json:"local_store_size,omitempty"`
	ReadBufferSize    string    `json:"read_buffer_size,omitempty"`
	QuotaBytes        string    `json:"quota_bytes,omitempty"`
	ACLFlagInherited  bool      `json:"acl_flag_inherited_canonicalization"`
	AccessBasedEnum   bool      `json:"access_based_enumeration"`
	ChangeNotifyOff   bool      `json:"change_notify_disabled"`
	StreamsOff        bool      `json:"streams_disabled"`
	ContinuousAvail   bool      `json:"continuous_availability"`
	AllowMFSymlink    bool      `json:"allow_mfsymlink"`
	TrashEnabled      bool      `json:"trash_enabled"`
	TrashDays         int       `json:"trash_retention_days"`
	TrashAdminOnly    bool      `json:"trash_restrict_to_admin"`
	TrashMaxBytes     int64     `json:"trash_max_bytes"`
	TrashExclude      []string  `json:"trash_exclude_patterns,omitempty"`
	CreatedAt         time.Time `json:"created_at"`
	UpdatedAt         time.Time `json:"updated_at"`

	// Private is nil in answers.
	Private *Private `json:"private,omitempty"`
}

// Private are the parts of a share that GET /shares/{name} does not show.
type Private struct {
	Permissions []Permission `json:"permissions,omitempty"`
	NFS         NFSConfig    `json:"nfs"`
	// Exact sizes; the texts in Share are rounded.
	LocalBytes  int64 `json:"local_bytes"`
	BufferBytes int64 `json:"buffer_bytes"`
	QuotaLimit  int64 `json:"quota_limit"`
}

// Permission is one entry of the access list of a share.
type Permission struct {
	Type    string `json:"type"`
	Name    string `json:"name"`
	Level   string `json:"level"`
	SID     string `json:"sid,omitempty"`
	IsGroup bool   `json:"is_group,omitempty"`
}

// NFSConfig are the NFS export options of a share.
type NFSConfig struct {
	Squash             string  `json:"squash"`
	AnonymousUID       *uint32 `json:"anonymous_uid,omitempty"`
	AnonymousGID       *uint32 `json:"anonymous_gid,omitempty"`
	AllowAuthSys       bool    `json:"allow_auth_sys"`
	RequireKerberos    bool    `json:"require_kerberos"`
	MinKerberosLevel   string  `json:"min_kerberos_level"`
	Netgroup           string  `json:"netgroup"`
	DisableReaddirplus bool    `json:"disable_readdirplus"`
}

// Quota is a limit for one identity on one share name.
type Quota struct {
	Share        string `json:"share_name"`
	Scope        string `json:"scope"`
	Identity     uint32 `json:"identity_id"`
	LimitBytes   string `json:"limit_bytes,omitempty"`
	SoftBytes    string `json:"soft_bytes,omitempty"`
	LimitFiles   int64  `json:"limit_files"`
	SoftFiles    int64  `json:"soft_files"`
	GraceSeconds int64  `json:"grace_seconds"`
	UsedBytes    int64  `json:"used_bytes"`
	UsedFiles    int64  `json:"used_files"`
}

// Snapshot is one share snapshot.
type Snapshot struct {
	ID            string    `json:"id"`
	Name          string    `json:"name,omitempty"`
	Share         string    `json:"share"`
	State         string    `json:"state"`
	RemoteDurable bool      `json:"remote_durable"`
	Scheduled     bool      `json:"scheduled"`
	Error         string    `json:"error,omitempty"`
	ManifestCount int       `json:"manifest_count,omitempty"`
	DumpBytes     int64     `json:"dump_bytes,omitempty"`
	CreatedAt     time.Time `json:"created_at"`
	UpdatedAt     time.Time `json:"updated_at"`
}

// Policy is the snapshot schedule of a share.
type Policy struct {
	Share      string     `json:"share"`
	Enabled    bool       `json:"enabled"`
	Interval   string     `json:"interval"`
	KeepLast   int        `json:"keep_last"`
	TTL        string     `json:"ttl,omitempty"`
	NamePrefix string     `json:"name_prefix,omitempty"`
	LastRunAt  *time.Time `json:"last_run_at,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	UpdatedAt  time.Time  `json:"updated_at"`
}

// RestoreMarker is there while a restore runs; the next start rolls back.
type RestoreMarker struct {
	Share    string `json:"share"`
	SafetyID string `json:"safety_id"`
}
