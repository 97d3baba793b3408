// Writes the schema that the plugin embeds: go run ./cmd/tfgen schema --skip-docs --out cmd/pulumi-resource-libvirt
package main

import (
	"github.com/groundplane/groundplane/tools/libvirt-provider/provider"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
)

func main() { tfgen.Main(provider.Name, provider.Version, provider.Info(provider.NewLimit())) }
