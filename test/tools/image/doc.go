// Command image writes a container image as an OCI tarball, from static
// binaries and folders, without a container engine:
//
//	go run ./image -o out.tar -t dittofs.local/manager:dev -entrypoint /manager bin/manager
//	ctr -n k8s.io images import out.tar
//
// The same input gives the same bytes: all times are zero, all names sorted.
// It pulls no base image and runs nothing inside the image.
package main
