package main

import (
	"github.com/groundplane/groundplane/tools/libvirt-provider/provider"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
)

func main() { tfgen.Main("libvirt", provider.Version, provider.Info()) }
