package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-sdk/v2/diag"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

// keepStateOfFailedUpdates leaves the state as it was when an update fails. The SDK records all of it as done, and what was not
// would never be done again.
func keepStateOfFailedUpdates(resource *schema.Resource) {
	update := resource.UpdateContext
	if update == nil {
		return
	}
	resource.UpdateContext = func(ctx context.Context, data *schema.ResourceData, meta interface{}) diag.Diagnostics {
		said := update(ctx, data, meta)
		if said.HasError() {
			data.Partial(true)
		}
		return said
	}
}
