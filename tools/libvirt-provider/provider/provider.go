// Package provider bridges terraform-provider-libvirt to Pulumi. On the wire and in states it is pulumi-libvirt 0.5.4, which
// is not maintained any more: README.md says what differs.
package provider

import (
	"github.com/dmacvicar/terraform-provider-libvirt/libvirt"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// Name of the provider in tokens: "libvirt:index/domain:Domain".
const Name = "libvirt"

// Version is what the engine asks for and states hold. It stays that of the provider whose states we take over.
const Version = "0.5.4"

var resources = map[string]string{
	"libvirt_cloudinit_disk": "CloudInitDisk",
	"libvirt_combustion":     "Combustion",
	"libvirt_domain":         "Domain",
	"libvirt_ignition":       "Ignition",
	"libvirt_network":        "Network",
	"libvirt_pool":           "Pool",
	"libvirt_volume":         "Volume",
}

var functions = map[string]string{
	"libvirt_network_dns_host_template":        "getNetworkDnsHostTemplate",
	"libvirt_network_dns_srv_template":         "getNetworkDnsSrvTemplate",
	"libvirt_network_dnsmasq_options_template": "getNetworkDnsmasqOptionsTemplate",
	"libvirt_node_device_info":                 "getNodeDeviceInfo",
	"libvirt_node_devices":                     "getNodeDevices",
	"libvirt_node_info":                        "getNodeInfo",
}

// token is "libvirt:index/domain:Domain": the module is the member with a small first letter.
func token(member string) string {
	return Name + ":index/" + string(member[0]|0x20) + member[1:] + ":" + member
}

// Info describes the provider to the bridge. The limit learns its size when the provider is configured.
func Info(limit *Limit) tfbridge.ProviderInfo {
	terraform := libvirt.Provider()
	terraform.ConfigureFunc = limit.configured(terraform.ConfigureFunc)
	for _, resource := range terraform.ResourcesMap {
		keepStateOfFailedUpdates(resource)
	}
	info := tfbridge.ProviderInfo{
		P:            shimv2.NewProvider(terraform),
		Name:         Name,
		Version:      Version,
		Description:  "libvirt: pulumi-libvirt 0.5.4, maintained by Groundplane.",
		License:      "Apache-2.0",
		GitHubOrg:    "dmacvicar",
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Config: map[string]*tfbridge.SchemaInfo{
			"uri": {Default: &tfbridge.DefaultInfo{EnvVars: []string{"LIBVIRT_DEFAULT_URI"}}},
		},
		Resources:   map[string]*tfbridge.ResourceInfo{},
		DataSources: map[string]*tfbridge.DataSourceInfo{},
	}
	for name, member := range resources {
		info.Resources[name] = &tfbridge.ResourceInfo{Tok: tokens.Type(token(member))}
	}
	for name, member := range functions {
		info.DataSources[name] = &tfbridge.DataSourceInfo{Tok: tokens.ModuleMember(token(member))}
	}
	// Where a program gives no name: the resource's, a hyphen, and seven random digits.
	info.SetAutonaming(255, "-")
	return info
}
