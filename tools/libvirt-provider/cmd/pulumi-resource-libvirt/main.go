package main

import (
	"context"
	_ "embed"

	"github.com/groundplane/groundplane/tools/libvirt-provider/provider"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
)

//go:embed schema.json
var schema []byte

func main() {
	_ = context.Background()
	tfbridge.Main("libvirt", provider.Version, provider.Info(), schema)
}
