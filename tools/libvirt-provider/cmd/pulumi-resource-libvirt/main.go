// The plugin: started by the engine with its address, prints the port that it serves on.
package main

import (
	"context"
	_ "embed"

	"github.com/groundplane/groundplane/tools/libvirt-provider/provider"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	plugin "github.com/pulumi/pulumi/pkg/v3/resource/provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

//go:embed schema.json
var schema []byte

func main() {
	ctx := context.Background()
	limit := provider.NewLimit()
	info := provider.Info(limit)
	info.P.InitLogging(ctx)
	err := plugin.Main(provider.Name, func(host *plugin.HostClient) (pulumirpc.ResourceProviderServer, error) {
		server := tfbridge.NewProvider(ctx, host, provider.Name, provider.Version, info.P, info, schema)
		return limit.Around(server), nil
	})
	if err != nil {
		cmdutil.ExitError(err.Error())
	}
}
