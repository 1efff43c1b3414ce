package contract

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"
)

// replay is the run of one recording.
type replay struct {
	t        *testing.T
	server   *server
	s3       *fakeS3
	names    names
	answers  map[int]map[string]any
	held     *nfsMount
	raw      net.Conn
	umount   bool // the next NFS clients unmount at their end
	blocker  net.Listener
	postgres net.Listener
}

// TestReplay replays every recording. The exchanges that differ must be exactly
// those of known-gaps.json, so that the coverage cannot drop unseen.
func TestReplay(t *testing.T) {
	gaps := map[string]map[string]string{}
	load(t, filepath.Join(recordings, "../known-gaps.json"), &gaps)
	for _, file := range recordingFiles(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var list []exchange
			load(t, file, &list)
			r := &replay{t: t, server: newServer(t), s3: newS3(t), names: names{}, answers: map[int]map[string]any{}}
			t.Cleanup(func() { r.changePostgres(false) })
			r.run(list, gaps[name])
		})
	}
}

func (r *replay) run(list []exchange, gaps map[string]string) {
	equal := 0
	for i := range list {
		e := &list[i]
		difference := r.exchange(e)
		reason, known := gaps[fmt.Sprint(e.N)]
		switch {
		case difference == "":
			equal++
			if known {
				r.t.Logf("#%d replays equal now, it can leave known-gaps.json (%s)", e.N, reason)
			}
		case known:
			r.t.Logf("#%d known gap: %s", e.N, difference)
		default:
			r.t.Errorf("#%d %s %s (%s)\n  %s", e.N, e.Request.Method, e.Request.Path, e.Step, difference)
		}
	}
	r.t.Logf("%d of %d exchanges replay equal, %d known gaps", equal, len(list), len(gaps))
}

// exchange does what came before, sends the request and compares the answer.
func (r *replay) exchange(e *exchange) string {
	// At this point of 08 the mount list no longer has the share that these
	// clients wrote to, so they did unmount.
	r.umount = e.N == 15 && strings.HasSuffix(r.t.Name(), "08-system")
	polled := false
	for _, hint := range e.Before {
		if strings.HasPrefix(hint, "polled until") {
			polled = true
			r.settle()
			continue
		}
		r.before(hint)
	}
	difference := r.once(e)
	for deadline := time.Now().Add(30 * time.Second); polled && difference != "" && e.Request.Method == http.MethodGet && time.Now().Before(deadline); {
		time.Sleep(100 * time.Millisecond)
		state, _ := r.answers[e.N]["state"].(string)
		if state != "creating" && state != "running" {
			break
		}
		difference = r.once(e)
	}
	return difference
}

// settle waits until no snapshot is in the making; half a second is enough for
// all that do not wait for S3.
func (r *replay) settle() { time.Sleep(400 * time.Millisecond) }

func (r *replay) once(e *exchange) string {
	resp, body, err := r.send(e)
	if err != nil {
		if e.Response.Status == 0 {
			return ""
		}
		return "no answer: " + err.Error()
	}
	if resp.StatusCode != e.Response.Status {
		return fmt.Sprintf("status: want %d, got %d: %s", e.Response.Status, resp.StatusCode, body)
	}
	return r.compare(e, resp, body)
}

func (r *replay) compare(e *exchange, resp *http.Response, body string) string {
	want := ""
	if e.Response.ContentType != nil {
		want = *e.Response.ContentType
	}
	if got := resp.Header.Get("Content-Type"); got != want {
		return fmt.Sprintf("content type: want %q, got %q", want, got)
	}
	for _, name := range []string{"Location", "Allow", "WWW-Authenticate", "Retry-After"} {
		if d := r.names.diffText(name, headerOf(e.Response.Headers, name), resp.Header.Get(name)); d != "" {
			return d
		}
	}
	if !strings.Contains(want, "json") {
		text, _ := e.Response.Body.(string)
		return r.names.diffText("body", text, metricsOf(e, text, body))
	}
	var got any
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		return "body: " + err.Error()
	}
	if object, ok := got.(map[string]any); ok {
		r.answers[e.N] = object
	}
	return r.names.diff("body", byShare(e, e.Response.Body), byShare(e, got))
}

func headerOf(headers map[string]string, name string) string {
	for k, v := range headers {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	return ""
}

var metricLine = regexp.MustCompile(`^(# (HELP|TYPE) dittofs_|dittofs_build_info)`)

// metricsOf keeps the lines of a metrics answer that the recording has.
func metricsOf(e *exchange, want, got string) string {
	if e.Request.Port != 9090 || !strings.Contains(want, "dittofs_build_info") {
		return got
	}
	out := ""
	for _, line := range strings.SplitAfter(got, "\n") {
		if metricLine.MatchString(line) && (line[0] != '#' || strings.Contains(want, "# TYPE")) {
			out += line
		}
	}
	return out
}

// byShare sorts the answers that have no order.
func byShare(e *exchange, v any) any {
	list, ok := v.([]any)
	if !ok || !strings.HasSuffix(e.Request.Path, "/mounts") {
		return v
	}
	name := func(i int) string {
		m, _ := list[i].(map[string]any)
		return fmt.Sprint(m["share_name"])
	}
	sort.Slice(list, func(i, j int) bool { return name(i) < name(j) })
	return list
}

// send sends the request with all placeholders filled in and returns the body
// in the words of the recording.
func (r *replay) send(e *exchange) (*http.Response, string, error) {
	port := 8080
	if e.Request.Port != 0 {
		port = e.Request.Port
	}
	req, err := http.NewRequest(e.Request.Method, r.server.url(port, r.fill(e, e.Request.Path)), r.body(e))
	if err != nil {
		return nil, "", err
	}
	for k, v := range e.Request.Headers {
		req.Header.Set(k, r.fill(e, v))
	}
	client := http.Client{
		Timeout: 15 * time.Second, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, r.asRecorded(string(body)), err
}

func (r *replay) body(e *exchange) io.Reader {
	raw := string(e.Request.Body)
	if raw == "" || raw == "null" {
		return nil
	}
	var text string
	if json.Unmarshal(e.Request.Body, &text) != nil {
		return strings.NewReader(r.fill(e, raw))
	}
	var size int
	if n, _ := fmt.Sscanf(text, "<a JSON object of %d bytes>", &size); n == 1 {
		return strings.NewReader(`{"name":"` + strings.Repeat("x", size-11) + `"}`)
	}
	return strings.NewReader(r.fill(e, text))
}

var shortID = regexp.MustCompile(`<first 8 characters of (uuid:\d+)>`)

// fill puts the values of this run into a request.
func (r *replay) fill(e *exchange, text string) string {
	text = shortID.ReplaceAllStringFunc(text, func(m string) string {
		id := r.names["<"+shortID.FindStringSubmatch(m)[1]+">"]
		return id[:min(8, len(id))]
	})
	for kind, key := range map[string]string{"access": "access_token", "refresh": "refresh_token"} {
		if n := e.TokensFrom[kind]; n != 0 {
			token, _ := r.answers[n][key].(string)
			text = strings.ReplaceAll(text, "<"+key+">", token)
		}
	}
	text = strings.ReplaceAll(text, "<generated_password>", r.server.password())
	text = r.names.fill(text)
	if strings.HasPrefix(text, "{") {
		text = strings.ReplaceAll(text, "/data/", r.server.dir+"/")
	}
	text = strings.ReplaceAll(text, "127.0.0.1:9000", r.s3.addr)
	return strings.ReplaceAll(text, "15432", fmt.Sprint(r.server.ports[15432]))
}

// asRecorded is the opposite for an answer.
func (r *replay) asRecorded(text string) string {
	text = strings.ReplaceAll(text, r.server.dir+"/", "/data/")
	text = strings.ReplaceAll(text, r.s3.addr, "127.0.0.1:9000")
	return strings.ReplaceAll(text, fmt.Sprint(r.server.ports[15432]), "15432")
}
