package problem

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// Error is an error of a handler that is sent as application/problem+json.
type Error struct {
	Status int
	Title  string
	Detail string
	Errors map[string]string
}

// Error implements error.
func (e *Error) Error() string { return e.Detail }

// New makes an Error with the usual title of the status.
func New(status int, format string, args ...any) *Error {
	return &Error{Status: status, Title: http.StatusText(status), Detail: fmt.Sprintf(format, args...)}
}

// BadRequest makes a 400.
func BadRequest(format string, args ...any) *Error {
	return New(http.StatusBadRequest, format, args...)
}

// Unauthorized makes a 401.
func Unauthorized(detail string) *Error { return New(http.StatusUnauthorized, "%s", detail) }

// Forbidden makes a 403.
func Forbidden(detail string) *Error { return New(http.StatusForbidden, "%s", detail) }

// NotFound makes a 404.
func NotFound(format string, args ...any) *Error {
	return New(http.StatusNotFound, format, args...)
}

// Conflict makes a 409.
func Conflict(detail string) *Error { return New(http.StatusConflict, "%s", detail) }

// Internal makes a 500.
func Internal(detail string) *Error { return New(http.StatusInternalServerError, "%s", detail) }

// Validation makes the 422 of adapter settings with one text per field.
func Validation(fields map[string]string) *Error {
	return &Error{
		Status: http.StatusUnprocessableEntity,
		Title:  "Validation Failed",
		Detail: "One or more settings are outside valid range",
		Errors: fields,
	}
}

type body struct {
	Type   string            `json:"type"`
	Title  string            `json:"title"`
	Status int               `json:"status"`
	Detail string            `json:"detail"`
	Errors map[string]string `json:"errors,omitempty"`
}

// Write sends the error as application/problem+json.
func Write(w http.ResponseWriter, e *Error) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(e.Status)
	_ = json.NewEncoder(w).Encode(body{"about:blank", e.Title, e.Status, e.Detail, e.Errors})
}

// Text sends the text/plain error that token and role checks make.
func Text(w http.ResponseWriter, status int, text string) { http.Error(w, text, status) }
