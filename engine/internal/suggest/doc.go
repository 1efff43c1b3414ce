// Package suggest finds the word that a person probably meant. It knows nothing of where the words
// come from.
package suggest
