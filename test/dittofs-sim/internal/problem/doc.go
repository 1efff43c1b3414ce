// Package problem writes every kind of HTTP error body the server knows:
// application/problem+json from handlers, text/plain from middleware.
package problem
