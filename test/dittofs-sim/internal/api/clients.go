package api

import "github.com/dittofs/dittofs-operator/test/dittofs-sim/internal/problem"

func (s *Server) clientRoutes(rt *router) {
	rt.group("/api/v1/clients")
	rt.group("/api/v1/mounts")
	rt.group("/api/v1/durable-handles")
	rt.add(levelAdmin, "GET", "/api/v1/clients", (*call).listClients)
	rt.add(levelAdmin, "DELETE", "/api/v1/clients/{id}", (*call).disconnect)
	rt.add(levelAdmin, "GET", "/api/v1/mounts", func(c *call) (*reply, error) { return ok(c.engine.Mounts("")) })
	rt.add(levelAdmin, "GET", "/api/v1/durable-handles", emptyList)
	rt.add(levelAdmin, "DELETE", "/api/v1/durable-handles/{id}", notFound("Durable handle not found"))
}

func emptyList(*call) (*reply, error) { return ok([]any{}) }

func notFound(detail string) handlerFunc {
	return func(*call) (*reply, error) { return nil, problem.NotFound("%s", detail) }
}

func (c *call) listClients() (*reply, error) {
	q := c.r.URL.Query()
	return ok(c.engine.Clients(q.Get("protocol"), q.Get("share")))
}

func (c *call) disconnect() (*reply, error) {
	if !c.engine.Disconnect(c.params["id"]) {
		return nil, problem.NotFound("client not found")
	}
	return noContent()
}
