package api

import (
	"path"
	"slices"
	"time"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/bytesize"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

// shareInput is the body of POST and PUT; the two name the block stores
// differently.
type shareInput struct {
	Name              string    `json:"name"`
	Metadata          *string   `json:"metadata_store_id"`
	LocalStore        string    `json:"local_block_store"`
	RemoteStore       string    `json:"remote_block_store"`
	Local             *string   `json:"local_block_store_id"`
	Remote            *string   `json:"remote_block_store_id"`
	ReadOnly          *bool     `json:"read_only"`
	Owner             *string   `json:"owner"`
	EncryptData       *bool     `json:"encrypt_data"`
	DefaultPermission *string   `json:"default_permission"`
	BlockedOperations *[]string `json:"blocked_operations"`
	RetentionPolicy   *string   `json:"retention_policy"`
	RetentionTTL      *string   `json:"retention_ttl"`
	LocalStoreSize    *string   `json:"local_store_size"`
	ReadBufferSize    *string   `json:"read_buffer_size"`
	QuotaBytes        *string   `json:"quota_bytes"`
	ACLFlagInherited  *bool     `json:"acl_flag_inherited_canonicalization"`
	AccessBasedEnum   *bool     `json:"access_based_enumeration"`
	ChangeNotifyOff   *bool     `json:"change_notify_disabled"`
	StreamsOff        *bool     `json:"streams_disabled"`
	ContinuousAvail   *bool     `json:"continuous_availability"`
	AllowMFSymlink    *bool     `json:"allow_mfsymlink"`
	TrashEnabled      *bool     `json:"trash_enabled"`
	TrashDays         *int      `json:"trash_retention_days"`
	TrashAdminOnly    *bool     `json:"trash_restrict_to_admin"`
	TrashMaxBytes     *int64    `json:"trash_max_bytes"`
	TrashExclude      *[]string `json:"trash_exclude_patterns"`
}

// apply checks every field and puts it into the row.
func (in *shareInput) apply(d *state.Data, row *state.Share) error {
	for _, step := range []func(*state.Data, *state.Share) error{
		in.applyStores, in.applyPermission, in.applySizes, in.applyRetention, in.applyOperations, in.applyOwner, in.applyTrash,
	} {
		if err := step(d, row); err != nil {
			return err
		}
	}
	set(&row.ReadOnly, in.ReadOnly)
	set(&row.EncryptData, in.EncryptData)
	set(&row.ACLFlagInherited, in.ACLFlagInherited)
	set(&row.AccessBasedEnum, in.AccessBasedEnum)
	set(&row.ChangeNotifyOff, in.ChangeNotifyOff)
	set(&row.StreamsOff, in.StreamsOff)
	set(&row.ContinuousAvail, in.ContinuousAvail)
	set(&row.AllowMFSymlink, in.AllowMFSymlink)
	return nil
}

func (in *shareInput) applyStores(d *state.Data, row *state.Share) error {
	if ref := deref(in.Metadata); ref != "" {
		s := state.Find(d.MetadataStores, byStoreRef("", ref))
		if s == nil {
			return problem.BadRequest("Metadata store not found: %s", ref)
		}
		row.MetadataStoreID = s.ID
	}
	if ref := deref(in.Local); ref != "" {
		s := state.Find(d.BlockStores, byStoreRef("local", ref))
		if s == nil {
			return problem.BadRequest("Local block store not found: %s", ref)
		}
		row.LocalBlockStoreID = s.ID
	}
	if in.Remote == nil {
		return nil
	}
	row.RemoteStoreID = nil
	if *in.Remote != "" {
		s := state.Find(d.BlockStores, byStoreRef("remote", *in.Remote))
		if s == nil {
			return problem.BadRequest("Remote block store not found: %s", *in.Remote)
		}
		id := s.ID
		row.RemoteStoreID = &id
	}
	return nil
}

func (in *shareInput) applyPermission(_ *state.Data, row *state.Share) error {
	p := in.DefaultPermission
	if p == nil {
		return nil
	}
	if !slices.Contains([]string{"", "none", "read", "read-write", "admin"}, *p) {
		return problem.BadRequest("Invalid default_permission: %s (want none|read|read-write|admin)", *p)
	}
	row.DefaultPermission = *p
	return nil
}

func (in *shareInput) applySizes(_ *state.Data, row *state.Share) error {
	for _, f := range []struct {
		name  string
		in    *string
		text  *string
		exact *int64
	}{
		{"local_store_size", in.LocalStoreSize, &row.LocalStoreSize, &row.Private.LocalBytes},
		{"read_buffer_size", in.ReadBufferSize, &row.ReadBufferSize, &row.Private.BufferBytes},
		{"quota_bytes", in.QuotaBytes, &row.QuotaBytes, &row.Private.QuotaLimit},
	} {
		if f.in == nil {
			continue
		}
		n := int64(0)
		if *f.in != "" {
			var err error
			if n, err = bytesize.Parse(*f.in); err != nil {
				return problem.BadRequest("Invalid %s: %s", f.name, err)
			}
		}
		*f.exact, *f.text = n, bytesize.Format(n)
	}
	return nil
}

func (in *shareInput) applyRetention(_ *state.Data, row *state.Share) error {
	policy, ttl := row.RetentionPolicy, row.RetentionTTL
	set(&policy, in.RetentionPolicy)
	if !slices.Contains([]string{"pin", "ttl", "lru"}, policy) {
		return problem.BadRequest("invalid retention policy %q: must be one of pin, ttl, lru", policy)
	}
	if in.RetentionTTL != nil && *in.RetentionTTL != "" {
		dur, err := time.ParseDuration(*in.RetentionTTL)
		if err != nil {
			return problem.BadRequest("Invalid retention TTL duration: %s", err)
		}
		ttl = dur.String()
		if dur == 0 {
			ttl = ""
		}
	}
	if policy == "ttl" && ttl == "" {
		return problem.BadRequest("retention policy %q requires a positive TTL duration", policy)
	}
	row.RetentionPolicy, row.RetentionTTL = policy, ttl
	return nil
}

func (in *shareInput) applyOperations(_ *state.Data, row *state.Share) error {
	if in.BlockedOperations == nil {
		return nil
	}
	for _, op := range *in.BlockedOperations {
		if !slices.Contains(nfsOperations, op) {
			return problem.BadRequest("Unknown blocked operation: %s", op)
		}
	}
	row.BlockedOperations = *in.BlockedOperations
	return nil
}

func (in *shareInput) applyOwner(d *state.Data, row *state.Share) error {
	name := deref(in.Owner)
	if name == "" {
		return nil
	}
	u := state.Find(d.Users, byUsername(name))
	switch {
	case u == nil:
		return problem.BadRequest("Owner user %q not found", name)
	case u.UID == nil:
		return problem.BadRequest("Owner user %q has no UID", name)
	}
	row.OwnerUID, row.OwnerGID = u.UID, u.GID
	return nil
}

func (in *shareInput) applyTrash(_ *state.Data, row *state.Share) error {
	if deref(in.TrashDays) < 0 {
		return problem.BadRequest("trash_retention_days must be >= 0")
	}
	for _, pattern := range deref(in.TrashExclude) {
		if _, err := path.Match(pattern, ""); err != nil {
			return problem.BadRequest("invalid exclude pattern %q: %s", pattern, err)
		}
	}
	set(&row.TrashEnabled, in.TrashEnabled)
	set(&row.TrashDays, in.TrashDays)
	set(&row.TrashAdminOnly, in.TrashAdminOnly)
	set(&row.TrashMaxBytes, in.TrashMaxBytes)
	set(&row.TrashExclude, in.TrashExclude)
	return nil
}
