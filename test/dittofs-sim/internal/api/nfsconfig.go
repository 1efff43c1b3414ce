package api

import (
	"slices"

	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"
	"github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/state"
)

func (s *Server) nfsConfigRoutes(rt *router) {
	const path = "/api/v1/shares/{name}/adapters/nfs/config"
	rt.add(levelAdmin, "GET", path, (*call).getNFSConfig)
	rt.add(levelAdmin, "PATCH", path, (*call).patchNFSConfig)
}

func (c *call) getNFSConfig() (*reply, error) {
	row, err := c.shareRow()
	if err != nil {
		return nil, err
	}
	return ok(row.Private.NFS)
}

func (c *call) patchNFSConfig() (*reply, error) {
	var in struct {
		Squash             *string `json:"squash"`
		AnonymousUID       *uint32 `json:"anonymous_uid"`
		AnonymousGID       *uint32 `json:"anonymous_gid"`
		AllowAuthSys       *bool   `json:"allow_auth_sys"`
		RequireKerberos    *bool   `json:"require_kerberos"`
		MinKerberosLevel   *string `json:"min_kerberos_level"`
		Netgroup           *string `json:"netgroup"`
		DisableReaddirplus *bool   `json:"disable_readdirplus"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	squashes := []string{"none", "root_to_admin", "root_to_guest", "all_to_admin", "all_to_guest"}
	if in.Squash != nil && !slices.Contains(squashes, *in.Squash) {
		return nil, problem.BadRequest("Invalid squash: %s (want none|root_to_admin|root_to_guest|all_to_admin|all_to_guest)", *in.Squash)
	}
	var out state.NFSConfig
	var changed state.Share
	err := c.withShare(func(d *state.Data, row *state.Share) error {
		if name := deref(in.Netgroup); name != "" && state.Find(d.Netgroups, byNetgroup(name)) == nil {
			return problem.BadRequest("Netgroup not found: %s", name)
		}
		n := &row.Private.NFS
		set(&n.Squash, in.Squash)
		set(&n.AllowAuthSys, in.AllowAuthSys)
		set(&n.RequireKerberos, in.RequireKerberos)
		set(&n.MinKerberosLevel, in.MinKerberosLevel)
		set(&n.Netgroup, in.Netgroup)
		set(&n.DisableReaddirplus, in.DisableReaddirplus)
		if in.AnonymousUID != nil {
			n.AnonymousUID = in.AnonymousUID
		}
		if in.AnonymousGID != nil {
			n.AnonymousGID = in.AnonymousGID
		}
		out, changed = *n, *row
		return nil
	})
	if err == nil {
		c.engine.ApplyShare(&changed)
	}
	return answer(out, err)
}
