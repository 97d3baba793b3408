package provider

import (
	"github.com/dmacvicar/terraform-provider-libvirt/libvirt"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

const Version = "0.5.4"

func tok(name string) *tfbridge.ResourceInfo {
	lower := string(name[0]|0x20) + name[1:]
	return &tfbridge.ResourceInfo{Tok: tokens.Type("libvirt:index/" + lower + ":" + name)}
}

func Info() tfbridge.ProviderInfo {
	return tfbridge.ProviderInfo{
		P:           shimv2.NewProvider(libvirt.Provider()),
		Name:        "libvirt",
		Version:     Version,
		GitHubOrg:   "dmacvicar",
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
		Resources: map[string]*tfbridge.ResourceInfo{
			"libvirt_cloudinit_disk": tok("CloudInitDisk"),
			"libvirt_domain":         tok("Domain"),
			"libvirt_ignition":       tok("Ignition"),
			"libvirt_network":        tok("Network"),
			"libvirt_pool":           tok("Pool"),
			"libvirt_volume":         tok("Volume"),
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{},
		IgnoreMappings: []string{"libvirt_combustion","libvirt_network_dns_host_template", "libvirt_network_dns_srv_template", "libvirt_network_dnsmasq_options_template", "libvirt_node_device_info", "libvirt_node_devices", "libvirt_node_info"},
	}
}
