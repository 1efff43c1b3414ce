package state

import "time"

// Data is the whole database.
type Data struct {
	Users            []User            `json:"users"`
	Groups           []Group           `json:"groups"`
	Adapters         []Adapter         `json:"adapters"`
	MetadataStores   []StoreRow        `json:"metadata_stores"`
	BlockStores      []StoreRow        `json:"block_store_configs"`
	Shares           []Share           `json:"shares"`
	Quotas           []Quota           `json:"quotas"`
	Snapshots        []Snapshot        `json:"snapshots"`
	Policies         []Policy          `json:"snapshot_policies"`
	RestoreMarkers   []RestoreMarker   `json:"restore_markers"`
	Netgroups        []Netgroup        `json:"netgroups"`
	Settings         []Setting         `json:"settings"`
	IdentityMappings []IdentityMapping `json:"identity_mappings"`
}

// User is one user; Groups are names.
type User struct {
	ID           string     `json:"id"`
	Username     string     `json:"username"`
	DisplayName  string     `json:"display_name,omitempty"`
	Email        string     `json:"email,omitempty"`
	Role         string     `json:"role"`
	UID          *uint32    `json:"uid,omitempty"`
	GID          *uint32    `json:"gid,omitempty"`
	Groups       []string   `json:"groups,omitempty"`
	Enabled      bool       `json:"enabled"`
	MustChange   bool       `json:"must_change_password"`
	CreatedAt    time.Time  `json:"created_at"`
	LastLogin    *time.Time `json:"last_login,omitempty"`
	PasswordHash string     `json:"password_hash,omitempty"`
}

// Public is the user without the hash, as the API shows it.
func (u User) Public() User {
	u.PasswordHash = ""
	return u
}

// Group is one group; members are found through the users.
type Group struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	GID         *uint32   `json:"gid,omitempty"`
	Description string    `json:"description,omitempty"`
	Members     []string  `json:"members,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
}

// Adapter is one protocol adapter.
type Adapter struct {
	ID        string         `json:"id"`
	Type      string         `json:"type"`
	Enabled   bool           `json:"enabled"`
	Port      int            `json:"port"`
	Config    map[string]any `json:"config,omitempty"`
	CreatedAt time.Time      `json:"created_at"`
	UpdatedAt time.Time      `json:"updated_at"`
	// Settings are nil as long as nobody changed them.
	Settings map[string]any `json:"settings,omitempty"`
}

// StoreRow is a metadata store (Kind "") or a block store (local, remote).
type StoreRow struct {
	ID        string         `json:"id"`
	Name      string         `json:"name"`
	Kind      string         `json:"kind,omitempty"`
	Type      string         `json:"type"`
	Config    map[string]any `json:"config"`
	CreatedAt time.Time      `json:"created_at"`
}

// Path is the path key of the config.
func (s *StoreRow) Path() string {
	p, _ := s.Config["path"].(string)
	return p
}

// Setting is one row of the settings table.
type Setting struct {
	Key       string    `json:"key"`
	Value     string    `json:"value"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Netgroup is a named list of clients.
type Netgroup struct {
	ID        string           `json:"id"`
	Name      string           `json:"name"`
	Members   []NetgroupMember `json:"members,omitempty"`
	CreatedAt time.Time        `json:"created_at"`
	UpdatedAt time.Time        `json:"updated_at"`
}

// NetgroupMember is one entry of a Netgroup.
type NetgroupMember struct {
	ID    string `json:"id"`
	Type  string `json:"type"`
	Value string `json:"value"`
}

// IdentityMapping maps a foreign principal to a user.
type IdentityMapping struct {
	ID        string    `json:"id"`
	Provider  string    `json:"provider_name"`
	Principal string    `json:"principal"`
	Username  string    `json:"username"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}
