package cli

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"

	"golang.org/x/crypto/bcrypt"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/api"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/config"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

// bootstrap fills an empty database, and brings deleted adapters back.
func bootstrap(db *state.Store, cfg *config.Config) error {
	fresh := false
	db.View(func(d *state.Data) { fresh = len(d.Users) == 0 })
	if fresh {
		admin, err := adminUser(cfg)
		if err != nil {
			return fmt.Errorf("failed to ensure admin user: %w", err)
		}
		if err := db.Update(func(d *state.Data) error {
			d.Users = append(d.Users, admin)
			d.Groups = defaultGroups()
			d.Settings = append(d.Settings, state.Setting{Key: "machine_sid", Value: machineSID(cfg), UpdatedAt: state.Now()})
			return nil
		}); err != nil {
			return err
		}
	}
	return db.Update(func(d *state.Data) error {
		for _, def := range []struct {
			kind string
			port int
		}{{"nfs", 12049}, {"smb", 1445}} {
			if state.Find(d.Adapters, func(a *state.Adapter) bool { return a.Type == def.kind }) == nil {
				d.Adapters = append(d.Adapters, api.NewAdapter(def.kind, def.port))
			}
		}
		return nil
	})
}

// adminUser makes the first user: the password comes from the environment, or
// as a hash from the configuration, or is generated and printed.
func adminUser(cfg *config.Config) (state.User, error) {
	uid := uint32(0)
	u := state.User{
		ID: state.NewID(), Username: "admin", DisplayName: "Administrator", Email: cfg.String("admin.email"), Role: "admin",
		UID: &uid, Groups: []string{"admins"}, Enabled: true, CreatedAt: state.Now(),
	}
	var err error
	hash := cfg.String("admin.password_hash")
	switch {
	case cfg.InitialPassword != "":
		if u.PasswordHash, err = api.HashPassword(cfg.InitialPassword); err != nil {
			return u, fmt.Errorf("failed to hash password: %w", err)
		}
	case hash != "":
		if _, err := bcrypt.Cost([]byte(hash)); err != nil {
			return u, fmt.Errorf("admin.password_hash is not a valid bcrypt hash (%w); expected a $2a$/$2b$/$2y$ hash, "+
				"e.g. from `dfsctl` or `htpasswd -bnBC 10 \"\" <pw>`", err)
		}
		u.PasswordHash = hash
	default:
		password := generatedPassword()
		u.PasswordHash, err = api.HashPassword(password)
		u.MustChange = cfg.Bool("controlplane.require_initial_password_change")
		showPassword(password)
	}
	return u, err
}

func generatedPassword() string {
	raw := make([]byte, 18)
	_, _ = rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// showPassword prints the generated password to a terminal only; elsewhere it
// is lost, as with the real server. DITTOFS_SIM_PRINT_PASSWORD overrides that.
func showPassword(password string) {
	info, err := os.Stdout.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	if terminal || os.Getenv("DITTOFS_SIM_PRINT_PASSWORD") != "" {
		fmt.Printf("Generated admin password: %s\n", password)
	}
}

func defaultGroups() []state.Group {
	var out []state.Group
	for _, g := range []struct {
		name, text string
		gid        uint32
	}{
		{"admins", "System administrators", 0},
		{"operators", "Service account operators", 999},
		{"users", "Regular users", 1000},
	} {
		out = append(out, state.Group{
			ID: state.NewID(), Name: g.name, GID: &g.gid, Description: g.text, CreatedAt: state.Now(),
		})
	}
	return out
}

func machineSID(cfg *config.Config) string {
	if sid := cfg.String("identity.machine_sid"); sid != "" {
		return sid
	}
	raw := make([]byte, 12)
	_, _ = rand.Read(raw)
	return fmt.Sprintf("S-1-5-21-%d-%d-%d", binary.BigEndian.Uint32(raw),
		binary.BigEndian.Uint32(raw[4:]), binary.BigEndian.Uint32(raw[8:]))
}
