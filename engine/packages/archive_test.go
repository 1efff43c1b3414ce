package packages

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestArchiveRoundTrip(t *testing.T) {
	packed, digest, err := Archive(os.DirFS(lampDir))
	if err != nil {
		t.Fatal(err)
	}
	fromFolder := loadLamp(t)
	fromArchive, problems := LoadArchive(bytes.NewReader(packed))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if !reflect.DeepEqual(fromFolder, fromArchive) {
		t.Error("folder and archive are not the same package")
	}
	if digest != fromFolder.Digest || !strings.HasPrefix(digest, "sha256:") {
		t.Errorf("Archive says %s, Load %s", digest, fromFolder.Digest)
	}
}

func TestArchiveIsReproducible(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(lampDir)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"operator.yaml", "lamp/plans.yaml"} {
		if err := os.Chtimes(dir+"/"+name, time.Unix(1, 0), time.Unix(2, 0)); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir+"/"+name, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	one, digest1, err1 := Archive(os.DirFS(lampDir))
	two, digest2, err2 := Archive(os.DirFS(dir))
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if !bytes.Equal(one, two) || digest1 != digest2 {
		t.Error("times or modes change the archive")
	}
}

func TestArchiveHoldsOnlyWhatThePackageRuns(t *testing.T) {
	packed, _, err := Archive(os.DirFS(lampDir))
	if err != nil {
		t.Fatal(err)
	}
	files, err := unpack(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"README.md", "tests/blue.yaml"} {
		if files[name] != nil {
			t.Errorf("%s is in the archive", name)
		}
	}
	if files["lamp/templates/_labels.tpl"] == nil {
		t.Error("partials are not in the archive")
	}
}

func TestArchiveWithoutPackage(t *testing.T) {
	if _, _, err := Archive(os.DirFS(t.TempDir())); err == nil || err.Error() != "pack package: there is no operator.yaml" {
		t.Errorf("got %v", err)
	}
}

// archiveOf packs entries as they are.
func archiveOf(t *testing.T, entries ...tar.Header) []byte {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	w := tar.NewWriter(zip)
	for _, h := range entries {
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(make([]byte, h.Size)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestLoadArchiveRefuses(t *testing.T) {
	file := func(name string, size int64) tar.Header {
		return tar.Header{Name: name, Size: size, Typeflag: tar.TypeReg, Mode: 0o644}
	}
	for want, packed := range map[string][]byte{
		"gzip: invalid header": []byte("this is no archive"),
		"EOF":                  nil,
		`"../operator.yaml" leads out of the package`:                            archiveOf(t, file("../operator.yaml", 1)),
		`"/operator.yaml" leads out of the package`:                              archiveOf(t, file("/operator.yaml", 1)),
		`"a/../../b" leads out of the package`:                                   archiveOf(t, file("a/../../b", 1)),
		"link is no regular file":                                                archiveOf(t, tar.Header{Name: "link", Linkname: "/etc/passwd", Typeflag: tar.TypeSymlink}),
		"hard is no regular file":                                                archiveOf(t, tar.Header{Name: "hard", Linkname: "a", Typeflag: tar.TypeLink}),
		"./a is in it twice":                                                     archiveOf(t, file("a", 1), file("./a", 1)),
		"its files have more than 4 MiB in all":                                  archiveOf(t, file("a", MaxSize), file("b", 1)),
		"operator.yaml: the file is missing":                                     archiveOf(t, tar.Header{Name: "dir/", Typeflag: tar.TypeDir}),
		"operator.yaml:1:1: this is no YAML: control characters are not allowed": archiveOf(t, file("operator.yaml", 3)),
	} {
		p, problems := LoadArchive(bytes.NewReader(packed))
		if p != nil || !strings.Contains(problems.Error(), want) {
			t.Errorf("got %v, want %s", problems, want)
		}
	}
}
