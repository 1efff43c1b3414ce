// Package pki makes a cluster's keys and certificates.
//
// What is there already is kept, so it can be called on every start. Keys are
// ECDSA P-256; everything is valid for ten years and protects a test cluster,
// nothing more.
package pki
