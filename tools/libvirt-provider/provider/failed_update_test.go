package provider

import (
	"context"
	"testing"

	"github.com/dmacvicar/terraform-provider-libvirt/libvirt"
	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-plugin-sdk/v2/terraform"
)

// updated is the autostart in the state after an update from false to true.
func updated(t *testing.T, end diag.Diagnostics) string {
	t.Helper()
	resource := &schema.Resource{
		Schema: map[string]*schema.Schema{"autostart": {Type: schema.TypeBool, Optional: true}},
		UpdateContext: func(context.Context, *schema.ResourceData, interface{}) diag.Diagnostics {
			return end
		},
	}
	keepStateOfFailedUpdates(resource)
	before := &terraform.InstanceState{ID: "guest", Attributes: map[string]string{"id": "guest", "autostart": "false"}}
	change := &terraform.InstanceDiff{Attributes: map[string]*terraform.ResourceAttrDiff{"autostart": {Old: "false", New: "true"}}}
	after, said := resource.Apply(context.Background(), before, change, nil)
	if said.HasError() != end.HasError() {
		t.Fatalf("it ended with %v", said)
	}
	return after.Attributes["autostart"]
}

func TestAnUpdateThatFailsIsNotRecorded(t *testing.T) {
	if after := updated(t, diag.Errorf("the host did not answer")); after != "false" {
		t.Fatalf("the state says %s", after)
	}
	if after := updated(t, nil); after != "true" {
		t.Fatalf("of one that does not fail the state says %s", after)
	}
}

func TestEveryUpdateOfTheProviderIsOne(t *testing.T) {
	for name, resource := range libvirt.Provider().ResourcesMap {
		if resource.Update != nil || resource.UpdateWithoutTimeout != nil {
			t.Errorf("%s has an update of another kind", name)
		}
	}
}
