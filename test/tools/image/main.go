package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// list is a flag that may be given several times.
type list []string

func (l *list) String() string     { return strings.Join(*l, ",") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

// options are what the command line says.
type options struct {
	out, user, workdir, rootfs, arch   string
	tags, entrypoint, cmd, env, labels list
	files                              []string // FILE[:DST]
}

func main() {
	opts, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err == nil {
		err = run(opts)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("image", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "usage: image -o OUT.tar -t REFERENCE [flags] FILE[:DESTINATION]...\nA folder is added whole.")
		flags.PrintDefaults()
	}
	flags.StringVar(&o.out, "o", "", "tarball to write")
	flags.Var(&o.tags, "t", "full reference of the image, such as dittofs.local/manager:dev; may be repeated")
	flags.Var(&o.entrypoint, "entrypoint", "one word of the entrypoint; may be repeated")
	flags.Var(&o.cmd, "cmd", "one word of the default arguments; may be repeated")
	flags.Var(&o.env, "env", "NAME=VALUE; may be repeated")
	flags.Var(&o.labels, "label", "NAME=VALUE; may be repeated")
	flags.StringVar(&o.user, "user", "", "UID[:GID] the image runs as")
	flags.StringVar(&o.workdir, "workdir", "/", "working directory")
	flags.StringVar(&o.rootfs, "rootfs", "", "folder to use as the bottom layer, with its owners and modes")
	flags.StringVar(&o.arch, "arch", runtime.GOARCH, "architecture, in Go's words")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	o.files = flags.Args()
	return o, o.check()
}

// check says what is missing or malformed.
func (o options) check() error {
	switch {
	case o.out == "":
		return errors.New("-o is missing: which tarball shall I write?")
	case len(o.tags) == 0:
		return errors.New("-t is missing: what shall the image be called?")
	case o.rootfs == "" && len(o.files) == 0:
		return errors.New("the image would be empty: name a FILE or a -rootfs")
	}
	for _, pair := range append(append(list{}, o.env...), o.labels...) {
		if !strings.Contains(pair, "=") {
			return fmt.Errorf("%q is not NAME=VALUE", pair)
		}
	}
	return nil
}

// run makes the layers, the image and the tarball.
func run(o options) error {
	temp, err := os.MkdirTemp("", "image-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	layers, err := makeLayers(o, temp)
	if err != nil {
		return err
	}
	img, err := makeImage(o, layers)
	if err != nil {
		return fmt.Errorf("put the image together: %w", err)
	}
	return writeArchive(img, o.tags, temp, o.out)
}
