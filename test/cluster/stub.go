package main

import "context"

func up(ctx context.Context, args []string) error         { return nil }
func down(ctx context.Context, args []string) error       { return nil }
func status(ctx context.Context, args []string) error     { return nil }
func kubeconfig(ctx context.Context, args []string) error { return nil }
func load(ctx context.Context, args []string) error       { return nil }
func execute(ctx context.Context, args []string) error    { return nil }
func nodeInit(ctx context.Context, args []string) error   { return nil }
func nodeRun(ctx context.Context, args []string) error    { return nil }
