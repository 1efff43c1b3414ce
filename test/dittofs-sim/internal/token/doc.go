// Package token makes and checks the HS256 JSON Web Tokens of the REST API.
// User name, role and the forced password change live in the token, as in the
// real server: a token keeps its rights until it expires.
package token
