package contract

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

const recordings = "../../testdata/contract"

// exchange is one recorded request with its answer.
type exchange struct {
	N          int            `json:"n"`
	Step       string         `json:"step"`
	Before     []string       `json:"before"`
	TokensFrom map[string]int `json:"tokens_from"`
	Request    struct {
		Method  string            `json:"method"`
		Path    string            `json:"path"`
		Port    int               `json:"port"`
		Headers map[string]string `json:"headers"`
		Body    json.RawMessage   `json:"body"`
	} `json:"request"`
	Response struct {
		Status      int               `json:"status"`
		ContentType *string           `json:"content_type"`
		Headers     map[string]string `json:"headers"`
		Body        any               `json:"body"`
	} `json:"response"`
}

func load(t *testing.T, file string, v any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatalf("%s: %s", file, err)
	}
}

func recordingFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(recordings, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	return files
}
